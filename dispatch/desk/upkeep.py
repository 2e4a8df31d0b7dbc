"""Setting the company up, proving the database sound, and keeping copies of it."""

from __future__ import annotations

import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from dispatch.desk import company, open_desk, people, publish, zoning
from dispatch.errors import BadInput, Conflict, SetupError
from dispatch.paths import SAMPLE, from_root
from dispatch.store import store_path
from dispatch.store.people import Person
from dispatch.store.sqlite import Database
from dispatch.tables import read_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from dispatch.config import Config
    from dispatch.desk import Desk

SETUP = Person("setup", "supervisor")
USER = ("user", "name", "role", "crew", "password")


def init(desk: Desk) -> dict[str, int | str]:
    """Take in the files that the configuration names; what was taken, by kind."""
    files = desk.config.company
    return _take_in(
        desk, {name: getattr(files, name) for name in type(files).model_fields}, desk.config.zones.file
    )


def create_sample(config: Config) -> dict[str, int | str]:
    """The shipped company in a database of its own, written aside and moved into place when it is whole."""
    target = store_path(config.store.url)
    if target.exists():
        return init_sample(open_desk(config))
    part = target.with_name(target.name + ".new")
    for suffix in ("", "-wal", "-shm"):
        part.with_name(part.name + suffix).unlink(missing_ok=True)
    desk = open_desk(_at(config, part), create=True)
    done = init_sample(desk)
    desk.store.database.close()
    part.rename(target)
    return done


def _at(config: Config, path: Path) -> Config:
    """The same configuration over the database file at `path`."""
    url = f"sqlite:{path.resolve()}"
    return config.model_copy(update={"store": config.store.model_copy(update={"url": url})})


def init_sample(desk: Desk) -> dict[str, int | str]:
    """The shipped company with its users: once; a second time changes nothing."""
    if desk.store.company.setting("sample"):
        return {}
    if desk.store.company.units() or desk.store.company.crews() or desk.store.tickets.find("T1"):
        raise Conflict("this database holds a company of its own; the sample needs an empty one")
    names = ("units", "crews", "transformers", "accounts", "outages")
    with desk.store.transaction():
        done = _take_in(
            desk, {name: str(SAMPLE / f"{name}.csv") for name in names}, str(SAMPLE / "zones.geojson")
        )
        for user in sample_rows():
            people.add_person(desk, user["user"], user["role"], user["password"], user["crew"])
        desk.store.company.set_setting("sample", "1")
    return {**done, "users": len(sample_rows())}


def _take_in(desk: Desk, files: dict[str, str], zones: str) -> dict[str, int | str]:
    """Units before crews, crews before everything that names them; all or nothing."""
    acts: dict[str, Callable[[Desk, Path], int]] = {
        "units": company.import_units,
        "crews": company.import_crews,
        "transformers": company.import_transformers,
        "accounts": company.import_accounts,
        "outages": lambda desk, path: publish.import_outages(desk, path, SETUP),
    }
    done: dict[str, int | str] = {}
    with desk.store.transaction():
        for name, act in acts.items():
            if files.get(name):
                done[name] = act(desk, from_root(files[name]))
        if zones:
            done["zones"] = zoning.import_zones(desk, from_root(zones), SETUP).zone_set
    return done


def sample_rows() -> list[dict[str, str]]:
    """The users of the sample company, with passwords that everybody may know."""
    return [row for _, row in read_rows(SAMPLE / "users.csv", USER, ())]


def sample_users(desk: Desk) -> list[dict[str, str]]:
    """The sample sign-ins while this is the sample company, to be shown; otherwise nobody."""
    return sample_rows() if desk.store.company.setting("sample") else []


def check(desk: Desk) -> list[str]:
    """What is wrong with the database, a sentence each: SQLite's own view, the chain, row = fold."""
    if damage := desk.store.database.damage():
        return [f"the file is damaged: {damage}"]
    with desk.store.snapshot():
        return _check_rows(desk)


def _check_rows(desk: Desk) -> list[str]:
    found = []
    if (seq := desk.store.tickets.broken_link()) is not None:
        found.append(f"the chain of events breaks at sequence number {seq}")
    found += [f"the row of {ticket} is not what its events make" for ticket in desk.store.tickets.unfolded()]
    return found


def backup(desk: Desk, target: Path) -> Path:
    """Write a verified copy while work goes on; BadInput when the file exists."""
    if target.exists():
        raise BadInput(f"{target} exists already; name a new file")
    part = target.with_name(target.name + ".part")
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        part.unlink(missing_ok=True)
        try:
            desk.store.database.copy_to(part)
            _prove(desk.config, part)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    except OSError as error:
        raise BadInput(f"{target} cannot be written: {error.strerror}") from error
    return target


def _prove(config: Config, path: Path) -> None:
    """Raise SetupError unless there is a sound database of Dispatch at `path`."""
    _check_ours(path)
    desk = open_desk(_at(config, path))
    try:
        found = check(desk)
    finally:
        desk.store.database.close()
        for suffix in ("-wal", "-shm"):
            path.with_name(path.name + suffix).unlink(missing_ok=True)
    if found:
        raise SetupError(f"{path} is not sound: {found[0]}")


def _check_ours(path: Path) -> None:
    """Raise SetupError for a database of something else: to open it as ours would make an empty one of it."""
    database = Database(path)
    try:
        if not database.knows("event"):
            raise SetupError(f"{path} is no database of Dispatch")
    finally:
        database.close()


def restore(config: Config, source: Path) -> Path:
    """Put a copy in the database's place, keeping the old one beside it; only while nothing runs."""
    if not source.is_file():
        raise BadInput(f"there is no file {source}")
    target = store_path(config.store.url)
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_name(target.name + ".restored")
    with alone(config):
        try:
            shutil.copyfile(source, part)
            _prove(config, part)
            _put_aside(target)
            part.replace(target)
        finally:
            part.unlink(missing_ok=True)
    return target


def _put_aside(path: Path) -> None:
    """Move a database, sound or not, out of the way together with what was not yet folded into its file."""
    for suffix in ("", "-wal", "-shm"):
        kept = path.with_name(f"{path.name}.before-restore{suffix}")
        kept.unlink(missing_ok=True)
        now = path.with_name(path.name + suffix)
        if now.exists():
            now.replace(kept)


@contextmanager
def present(config: Config) -> Iterator[None]:
    """Held by every process that serves or plans, so that nobody restores beneath it."""
    with _lock(config, "running", exclusive=False):
        yield


@contextmanager
def alone(config: Config) -> Iterator[None]:
    """Held by a restore; Conflict while anything runs on the database."""
    with _lock(config, "running", exclusive=True):
        yield


@contextmanager
def leading(config: Config) -> Iterator[None]:
    """Held by the one process that plans; Conflict when another one does."""
    with _lock(config, "jobs", exclusive=True):
        yield


@contextmanager
def _lock(config: Config, name: str, *, exclusive: bool) -> Iterator[None]:
    """A lock the system lets go of when the process ends, however it ends."""
    import fcntl  # noqa: PLC0415 -- not on every system, and only these three need it

    path = store_path(config.store.url)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(f"{path.name}.{name}.lock").open("w") as handle:
        try:
            fcntl.flock(handle, (fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH) | fcntl.LOCK_NB)
        except BlockingIOError as error:
            raise Conflict(f"dispatch is at work on {path}; stop it first") from error
        yield
