"""What the sections share: a temporary home, the sample area built once, companies over it, servers."""

from __future__ import annotations

from contextlib import contextmanager
from functools import cached_property
from itertools import count
from typing import TYPE_CHECKING

from dispatch.area import build_area
from tests.conftest import EXTRACT, start_server, stop_server, write_config

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.conftest import Server


class House:
    """Everything a run of the bench makes, inside one folder that goes when it ends."""

    def __init__(self, home: Path) -> None:
        self.home = home
        self._numbers = count(1)

    def folder(self) -> Path:
        """A new empty folder."""
        made = self.home / f"{next(self._numbers):03d}"
        made.mkdir()
        return made

    @cached_property
    def area(self) -> Path:
        """The sample area; built when a section first asks for it."""
        area = self.home / "area"
        build_area(EXTRACT, area, lambda _stage, _share: None)
        return area

    def company(self) -> Path:
        """The config.toml of a fresh sample company with a database of its own."""
        return write_config(self.folder(), self.area)


@contextmanager
def running(config_file: Path) -> Iterator[Server]:
    """`dispatch run`, both processes, on a free port of 127.0.0.1; ended afterwards, come what may."""
    server = start_server(config_file, config_file.with_name("server.log"))
    try:
        yield server
    finally:
        stop_server(server)
