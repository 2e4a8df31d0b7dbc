"""How a command comes to the desk: the configuration, then the store, opened when the command runs."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dispatch.config import Config
    from dispatch.desk import Desk
    from dispatch.store.people import Person


def config() -> Config:
    """The configuration as file and environment give it."""
    from dispatch.config import load

    return load()


def desk(*, create: bool = False) -> Desk:
    """The desk; heavy imports happen here and not when somebody asks for help."""
    from dispatch.desk import open_desk

    return open_desk(config(), create=create)


def operator() -> Person:
    """Who works at the command line: whoever may read the database may do everything."""
    from dispatch.store.people import Person

    return Person("command line", "supervisor")
