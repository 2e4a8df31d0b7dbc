"""Where `dispatch` and `python -m dispatch` begin: a user's mistake is one line, ours keeps its trace."""

from __future__ import annotations

import sys

from dispatch.cli import commands
from dispatch.errors import DispatchError

USERS_MISTAKE = 2


def main() -> None:
    """Run the command line; exit 2 for what the user or the set-up can mend."""
    try:
        commands()
    except DispatchError as error:
        sys.stderr.write(f"dispatch: {error}\n")
        for fault in getattr(error, "errors", ())[1:]:
            sys.stderr.write(f"  {fault.field}: {fault.message}\n")
        sys.exit(USERS_MISTAKE)


if __name__ == "__main__":
    main()
