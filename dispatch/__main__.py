"""Where `dispatch` and `python -m dispatch` begin: a user's mistake is one line, ours keeps its trace."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

import click

from dispatch.cli import commands
from dispatch.errors import DispatchError

if TYPE_CHECKING:
    from typing import NoReturn

USERS_MISTAKE = 2
INTERRUPTED = 130


def main() -> None:
    """Run the command line; exit 2 for what the user or the set-up can mend."""
    _refuse_bytes(sys.argv[1:])
    try:
        sys.exit(commands.main(prog_name="dispatch", standalone_mode=False) or 0)
    except click.exceptions.NoArgsIsHelpError as bare:
        sys.stderr.write(f"{bare.format_message()}\n")
        sys.exit(USERS_MISTAKE)
    except click.ClickException as error:
        _refuse(_with_hint(error))
    except click.Abort:
        sys.stderr.write("dispatch: interrupted\n")
        sys.exit(INTERRUPTED)
    except DispatchError as error:
        _refuse(
            str(error), *(f"{fault.field}: {fault.message}" for fault in getattr(error, "errors", ())[1:])
        )
    except BrokenPipeError:  # whoever read the answer has enough of it
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except OSError as error:  # a full disk, a folder nobody may write to
        if error.filename is None:
            raise
        _refuse(f"{error.filename}: {error.strerror}")


def _refuse_bytes(arguments: list[str]) -> None:
    """Refuse what is no text: no database holds it and no terminal prints it."""
    for number, each in enumerate(arguments, 1):
        if not each.isascii() and each.encode("utf-8", "replace").decode() != each:
            _refuse(f"argument {number} is not UTF-8 text; set the terminal to UTF-8 and type it again")


def _with_hint(error: click.ClickException) -> str:
    """What is wrong with the command, and where its help is."""
    context = getattr(error, "ctx", None)
    hint = f" (see {context.command_path} --help)" if context else ""
    return f"{error.format_message().rstrip('.')}{hint}"


def _refuse(sentence: str, *more: str) -> NoReturn:
    """Say what is wrong, on one line; further bad rows of a file on a line each."""
    sys.stderr.write(f"dispatch: {' '.join(sentence.split())}\n")
    sys.stderr.writelines(f"  {' '.join(each.split())}\n" for each in more)
    sys.exit(USERS_MISTAKE)


if __name__ == "__main__":
    main()
