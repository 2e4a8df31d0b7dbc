"""The command line over a fresh sample company, run in this process."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from typing import Any

import pytest

from dispatch.__main__ import main


@dataclass(frozen=True)
class Told:
    """What a command said, and how it ended."""

    code: Any
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.out.splitlines()


class Command:
    """Runs `dispatch ARGS`: `command("zone", "13.26", "53.55")`."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
        self._monkeypatch, self._capsys = monkeypatch, capsys

    def __call__(self, *args: object) -> Told:
        self._monkeypatch.setattr(sys, "argv", ["dispatch", *map(str, args)])
        with pytest.raises(SystemExit) as ended:
            main()
        said = self._capsys.readouterr()
        return Told(ended.value.code, said.out, said.err)

    def refused(self, *args: object) -> str:
        """The one line that says why the command was refused."""
        told = self(*args)
        assert told.code == 2, told
        assert told.err.startswith("dispatch: ")
        assert told.err.count("\n") == 1, told.err
        assert "Traceback" not in told.err
        return told.err


@pytest.fixture
def bare(monkeypatch, capsys):
    """The command line without any company."""
    for name in ("DISPATCH_CONFIG", "DISPATCH_STORE_URL"):
        monkeypatch.delenv(name, raising=False)
    return Command(monkeypatch, capsys)


@pytest.fixture
def command(bare, config_file, monkeypatch):
    """The command line over a fresh sample company."""
    monkeypatch.setenv("DISPATCH_CONFIG", str(config_file))
    return bare
