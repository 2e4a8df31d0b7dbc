"""How the database file is opened, kept safe and migrated; one connection a thread, one writer at a time."""

from __future__ import annotations

import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import sqlite_utils
from sqlite_utils import Migrations
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # the one it picked: pysqlite3 if there

from dispatch.errors import SetupError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

SCHEMA = Path(__file__).parent / "schema"
BUSY_MS = 10_000
# The WAL-reset bug loses commits with several connections; these releases carry the mend.
MENDED = {(3, 44): 6, (3, 50): 7}
MENDED_FROM = (3, 51, 3)
# What the machine may refuse, by SQLite's primary error code; every other error is ours and keeps its trace.
MACHINE = {
    "FULL": "the disk is full; free some space",
    "BUSY": "another process holds it; try again",
    "READONLY": "it may not be written; check the file's rights",
    "PERM": "it may not be opened; check the file's rights",
    "CANTOPEN": "it cannot be opened; check the folder and its rights",
    "IOERR": "the disk fails; run `dispatch check`",
    "CORRUPT": "the file is damaged; run `dispatch check` and restore a copy",
    "NOTADB": "the file is no database",
}


def is_affected(version: tuple[int, int, int]) -> bool:
    """Whether this SQLite can lose commits in WAL mode: 3.7.0-3.51.2 without the mend."""
    return version < MENDED_FROM and version[2] < MENDED.get(version[:2], 999)


def check_version(version: tuple[int, int, int] | None = None) -> None:
    """Raise SetupError when the SQLite in use can lose commits."""
    version = version or sqlite3.sqlite_version_info
    if is_affected(version):
        number = ".".join(map(str, version))
        raise SetupError(
            f"SQLite {number} can lose commits in WAL mode; install the pysqlite3 package "
            "(it is in requirements.txt) or an SQLite of 3.51.3 or newer"
        )


@contextmanager
def told_plainly(path: Path) -> Iterator[None]:
    """Turn what the machine refuses into a SetupError of one sentence; nothing was written then."""
    try:
        yield
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorname", "").removeprefix("SQLITE_").split("_")[0]
        if code not in MACHINE:
            raise
        raise SetupError(f"nothing was written to {path.name}: {MACHINE[code]} ({error})") from error


def _migrations() -> Migrations:
    steps = Migrations("dispatch")
    for path in sorted(SCHEMA.glob("*.sql")):
        steps(name=path.stem)(_step(path.read_text(encoding="utf-8")))
    return steps


def _step(script: str) -> Callable[[Any], None]:
    def run(db: Any) -> None:
        for statement in _statements(script):
            db.execute(statement)

    return run


def _statements(script: str) -> Iterator[str]:
    """The statements of a schema file; a trigger's inner semicolons do not end one."""
    piece = ""
    for line in script.splitlines():
        piece += line + "\n"
        if sqlite3.complete_statement(piece):
            yield piece
            piece = ""


class Database:
    """One SQLite file in WAL mode with full synchronisation."""

    def __init__(self, path: Path) -> None:
        check_version()
        self.path = path
        self._local = threading.local()

    @property
    def db(self) -> sqlite_utils.Database:
        """This thread's connection, opened when first asked for."""
        if not hasattr(self._local, "db"):
            self._local.db = self._connect()
        db: sqlite_utils.Database = self._local.db
        return db

    def _connect(self) -> sqlite_utils.Database:
        try:
            connection = sqlite3.connect(str(self.path), timeout=BUSY_MS / 1000)
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute("PRAGMA synchronous=FULL")
        except sqlite3.DatabaseError as error:
            raise SetupError(f"{self.path} cannot be used as the database: {error}") from error
        return sqlite_utils.Database(connection)

    def migrate(self) -> None:
        """Bring the schema up to date; run by `init` and at every start before workers exist."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.transaction():
            _migrations().apply(self.db)

    def close(self) -> None:
        """Close this thread's connection."""
        if hasattr(self._local, "db"):
            self._local.db.close()
            del self._local.db

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Everything inside is stored as one, or nothing; writers queue here instead of failing halfway.

        BEGIN IMMEDIATE comes first because sqlite-utils begins deferred, and a read that turns into a
        write under other writers fails with "busy". Inside another transaction it joins it.
        SetupError when the machine refuses: disk full, file damaged or not writable, another writer too long.
        """
        connection = self.db.conn
        if getattr(self._local, "reading", False):
            raise RuntimeError("a snapshot only reads; its writes would be lost")
        if connection.in_transaction:
            yield
            return
        with told_plainly(self.path):
            connection.execute("BEGIN IMMEDIATE")
            try:
                yield
                connection.commit()  # a full disk may show only here
            except BaseException:
                connection.rollback()
                raise

    @contextmanager
    def snapshot(self) -> Iterator[None]:
        """Everything read inside is of one moment, while others go on writing."""
        connection = self.db.conn
        if connection.in_transaction:
            yield
            return
        connection.execute("BEGIN")
        self._local.reading = True
        try:
            yield
        finally:
            self._local.reading = False
            connection.rollback()

    def stamp(self) -> tuple[object, ...]:
        """Differs when another thread or process has written since this thread last asked."""
        return tuple(self.db.conn.execute("PRAGMA data_version").fetchone())

    def rows(self, sql: str, params: Sequence[object] | dict[str, object] = ()) -> list[dict[str, Any]]:
        """All rows of a query."""
        return list(self.db.query(sql, params))

    def row(self, sql: str, params: Sequence[object] | dict[str, object] = ()) -> dict[str, Any] | None:
        """The first row of a query, or None."""
        return next(iter(self.db.query(sql, params)), None)

    def copy_to(self, path: Path) -> None:
        """Write a consistent copy while others go on writing; `path` must not exist. SetupError as above."""
        with told_plainly(path):
            self.db.execute("VACUUM INTO ?", [str(path)])

    def knows(self, table: str) -> bool:
        """Whether the file has this table."""
        return self.row("SELECT 1 AS x FROM sqlite_master WHERE name = ?", [table]) is not None

    def damage(self) -> str:
        """What SQLite itself finds broken in the file, or an empty string."""
        try:
            found = [row["integrity_check"] for row in self.rows("PRAGMA integrity_check")]
        except sqlite3.DatabaseError as error:
            return str(error)
        return "" if found == ["ok"] else "; ".join(found[:3])
