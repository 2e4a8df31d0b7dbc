"""What the gazetteer file of an area holds under a key: the only place that knows its SQL.

The file is read and never written, so that any number of threads may ask at once. Keys come from `words`,
hold letters and digits only, and are always bound, never pasted into SQL.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dispatch.errors import SetupError

try:  # the one that sqlite-utils, which wrote the file, picks when it is installed
    import pysqlite3 as sqlite3
except ImportError:
    import sqlite3

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dispatch.gazetteer.candidate import Kind

ARCHIVE = "gazetteer.db"
FORMAT = 1
_END = "\U0010ffff"  # sorts after every key that begins with what stands before it
_HOUSE = "SELECT label, near, city_key, near_key, lon, lat, number_key FROM house"
_NAME = "SELECT label, near, city_key, near_key, lon, lat, key, kind, reach_m FROM name"


@dataclass(frozen=True, slots=True)
class House:
    """A house number as the file holds it; (lon, lat) in degrees WGS-84."""

    label: str
    near: str
    city_key: str
    near_key: str
    lon: float
    lat: float
    number_key: str


@dataclass(frozen=True, slots=True)
class Name:
    """A street, place, landmark or transformer as the file holds it, reaching `reach_m` metres around."""

    label: str
    near: str
    city_key: str
    near_key: str
    lon: float
    lat: float
    key: str
    kind: Kind
    reach_m: float


class Index:
    """The open file; one connection for each thread that asks."""

    def __init__(self, path: Path) -> None:
        """Open `path`. Raises SetupError when it is missing, damaged or of another version."""
        self._path = path
        self._local = threading.local()
        self._opened: list[Any] = []
        self._lock = threading.Lock()
        if not path.is_file():
            raise SetupError(
                f"There is no gazetteer in {path.parent}; run dispatch build for this area first."
            )
        if self._version() != FORMAT:
            raise SetupError(f"{path.name} is damaged or of another version; run dispatch build again.")

    def houses(self, street: str, number: str) -> list[House]:
        """The houses of the streets with this key that bear this number."""
        return self._houses("WHERE street_key = ? AND number_key = ? ORDER BY id LIMIT 200", street, number)

    def houses_going_on(self, street: str, number: str) -> list[House]:
        """The houses of a street whose number begins like this, the shortest number first."""
        return self._houses(
            "WHERE street_key = ? AND number_key >= ? AND number_key < ? "
            "ORDER BY length(number_key), number_key, id LIMIT 40",
            street,
            number,
            number + _END,
        )

    def localities(self, street: str) -> int:
        """In how many localities there is a street with this key."""
        rows = self._rows(
            "SELECT city_key FROM house WHERE street_key = ? "
            "UNION SELECT city_key FROM name WHERE key = ? AND kind = 'street'",
            street,
            street,
        )
        return len(rows)

    def names(self, key: str) -> list[Name]:
        """Everything that has exactly this key."""
        return self._names("WHERE key = ? ORDER BY id LIMIT 200", key)

    def names_going_on(self, prefix: str) -> list[Name]:
        """Everything whose key begins like this, the shortest first."""
        return self._names(
            "WHERE key >= ? AND key < ? ORDER BY length(key), key, id LIMIT 40", prefix, prefix + _END
        )

    def names_with(self, words: Sequence[str]) -> list[Name]:
        """Everything in whose name each of these words, or a longer one that begins like it, stands."""
        match = " AND ".join(f'"{word}"*' for word in words if word.isalnum())
        if not match:
            return []
        return self._names(
            "WHERE id IN (SELECT rowid FROM name_fts WHERE name_fts MATCH ?) "
            "ORDER BY length(key), key, id LIMIT 40",
            match,
        )

    def close(self) -> None:
        """Close every thread's connection; nothing may be asked afterwards."""
        with self._lock:
            while self._opened:
                self._opened.pop().close()

    def __del__(self) -> None:
        self.close()

    def _houses(self, where: str, *values: str) -> list[House]:
        return [House(*row) for row in self._rows(f"{_HOUSE} {where}", *values)]

    def _names(self, where: str, *values: str) -> list[Name]:
        return [Name(*row) for row in self._rows(f"{_NAME} {where}", *values)]

    def _rows(self, sql: str, *values: str) -> list[tuple[Any, ...]]:
        return list(self._connection().execute(sql, values).fetchall())

    def _version(self) -> int:
        try:
            return int(self._rows("PRAGMA user_version")[0][0])
        except sqlite3.DatabaseError:
            return 0

    def _connection(self) -> Any:
        """This thread's connection; the file is not locked, for a new build replaces it as a whole."""
        if not hasattr(self._local, "connection"):
            uri = f"{self._path.resolve().as_uri()}?mode=ro&immutable=1"
            self._local.connection = sqlite3.connect(uri, uri=True, check_same_thread=False)
            with self._lock:
                self._opened.append(self._local.connection)
        return self._local.connection
