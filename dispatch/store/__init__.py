"""Where everything is kept: the timeline and its tickets, the company's data, the people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatch.errors import SetupError
from dispatch.paths import from_root
from dispatch.store.alerts import Alerts
from dispatch.store.chances import Chances
from dispatch.store.closures import Closures
from dispatch.store.company import Company
from dispatch.store.diversions import Diversions
from dispatch.store.out_of_service import OutsOfService
from dispatch.store.people import People
from dispatch.store.places import Places
from dispatch.store.sqlite import Database
from dispatch.store.standbys import StandBys
from dispatch.store.tickets import Tickets
from dispatch.store.weathers import Weathers

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from pathlib import Path


@dataclass(frozen=True, slots=True)
class Store:
    """One database; writes of several rooms belong together inside `transaction()`."""

    database: Database
    tickets: Tickets
    company: Company
    people: People
    closures: Closures
    places: Places
    alerts: Alerts
    chances: Chances
    standbys: StandBys
    weathers: Weathers
    out_of_service: OutsOfService
    diversions: Diversions

    def stamp(self) -> tuple[object, ...]:
        """Differs when another thread or process has written anything since this thread last asked."""
        return self.database.stamp()

    def transaction(self) -> AbstractContextManager[None]:
        """Everything written inside is stored as one, or nothing."""
        return self.database.transaction()

    def snapshot(self) -> AbstractContextManager[None]:
        """Everything read inside is of one moment; nothing can be written in it."""
        return self.database.snapshot()


def store_path(url: str) -> Path:
    """The file a store URL names; SetupError when it is not `sqlite:PATH`."""
    scheme, _, path = url.partition(":")
    if scheme != "sqlite" or not path:
        raise SetupError(f"store url {url!r}: use sqlite:PATH (PostgreSQL is not supported yet)")
    return from_root(path)


def open_store(url: str, *, create: bool = False) -> Store:
    """The store at `sqlite:PATH`, migrated; SetupError when it is missing and `create` is not set."""
    path = store_path(url)
    if not create and not path.exists():
        raise SetupError(
            f"there is no database at {path}; run `dispatch init` first (or `dispatch init --sample`)"
        )
    database = Database(path)
    path.parent.mkdir(parents=True, exist_ok=True)
    database.migrate()
    rooms = (Company(database), People(database), Closures(database), Places(database))
    more = (Alerts(database), Chances(database), StandBys(database), Weathers(database))
    return Store(database, Tickets(database), *rooms, *more, OutsOfService(database), Diversions(database))
