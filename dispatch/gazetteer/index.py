"""What the gazetteer file of an area holds under a key: the only place that knows its SQL.

The file is read and never written, so that any number of threads may ask at once. Keys come from `words`,
hold letters and digits only, and are always bound, never pasted into SQL.
"""

from __future__ import annotations

import math
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from dispatch.errors import SetupError

try:  # the one that sqlite-utils, which wrote the file, picks when it is installed
    import pysqlite3 as sqlite3
except ImportError:
    import sqlite3

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from dispatch.gazetteer.candidate import Kind

ARCHIVE = "gazetteer.db"
FORMAT = 3
_END = "\U0010ffff"  # sorts after every key that begins with what stands before it
MOST_POSTINGS = 12_000  # names looked at for one search: rare pieces first
FEWEST_PIECES = 6
MOST_ROWS = 120  # of one name; a common one needs its locality
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


@dataclass(frozen=True, slots=True)
class Term:
    """A distinct name as it is searched: its key, and how that sounds when it is Chinese."""

    key: str
    sound: str


_Row = TypeVar("_Row", House, Name)


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

    def houses(self, street: str, number: str, near: Sequence[str] = ()) -> list[House]:
        """The houses of streets with this key that bear this number: those in localities `near`, else all."""
        where = "WHERE street_key = ? AND number_key = ?"
        return self._near_or_any(self._houses, where, "city_key, near_key", (street, number), near)

    def houses_going_on(self, street: str, number: str, near: Sequence[str] = ()) -> list[House]:
        """The houses of a street whose number begins like this, the shortest first; `near` as above."""
        where = "WHERE street_key = ? AND number_key >= ? AND number_key < ?"
        values = street, number, number + _END
        found = self._near_or_any(self._houses, where, "number_key, city_key, near_key", values, near)
        return sorted(found, key=lambda house: (len(house.number_key), house.number_key))[:40]

    def localities(self, street: str) -> int:
        """In how many localities there is a street with this key; more than one may be told as two."""
        named = self._rows(
            "SELECT DISTINCT city_key FROM name WHERE key = ? AND kind = 'street' LIMIT 2", street
        )
        if len(named) > 1:
            return 2
        sql = "SELECT DISTINCT city_key FROM house WHERE street_key = ? LIMIT 2"
        return len({*named, *self._rows(sql, street)})

    def names(self, key: str, near: Sequence[str] = ()) -> list[Name]:
        """Everything that has exactly this key: what lies in localities `near`, else all."""
        return self._near_or_any(self._names, "WHERE key = ?", "city_key, near_key", (key,), near)

    def places_around(self, lon: float, lat: float, reach_m: float) -> list[Name]:
        """The settlements and quarters in a box of `reach_m` metres to each side."""
        high = reach_m / 111_195.0
        wide = high / max(math.cos(math.radians(lat)), 0.01)
        where = "WHERE kind = 'place' AND lon BETWEEN ? AND ? AND lat BETWEEN ? AND ? ORDER BY id"
        return self._names(where, lon - wide, lon + wide, lat - high, lat + high)

    def names_sounding(self, sound: str) -> list[Name]:
        """Everything whose Chinese name sounds exactly like this."""
        return self._names("WHERE key IN (SELECT key FROM term WHERE sound = ?) ORDER BY id LIMIT 200", sound)

    def every_house(self) -> list[tuple[float, float]]:
        """(lon, lat) of every house with a number, each once, from west to east."""
        return [
            (lon, lat) for lon, lat in self._rows("SELECT DISTINCT lon, lat FROM house ORDER BY lon, lat")
        ]

    def every_name(self, kind: Kind) -> list[tuple[float, float]]:
        """(lon, lat) of everything of a kind, each once, from west to east."""
        rows = self._rows("SELECT DISTINCT lon, lat FROM name WHERE kind = ? ORDER BY lon, lat", kind)
        return [(lon, lat) for lon, lat in rows]

    def crossings(self, one: str, other: str) -> list[tuple[str, float, float]]:
        """Where two streets meet: (label, lon, lat)."""
        rows = self._rows(
            "SELECT label, lon, lat FROM crossing WHERE a_key = ? AND b_key = ? ORDER BY id LIMIT 50",
            *sorted((one, other)),
        )
        return [(label, lon, lat) for label, lon, lat in rows]

    def terms_like(self, pieces: Sequence[str], most: int) -> list[Term]:
        """The distinct names that share most of these pieces, the likest first."""
        return self._like("term", pieces, most)

    def localities_like(self, pieces: Sequence[str], most: int) -> list[Term]:
        """The localities that share most of these pieces, the likest first."""
        return self._like("locality", pieces, most)

    def localities_going_on(self, prefix: str, most: int) -> list[str]:
        """The keys of the localities that begin like this, the shortest first."""
        sql = "SELECT key FROM locality WHERE key >= ? AND key < ? ORDER BY length(key), key LIMIT ?"
        return [str(key) for (key,) in self._rows(sql, prefix, prefix + _END, most)]

    def sound_of_locality(self, key: str) -> str:
        """How a locality sounds, "" when it is not Chinese."""
        rows = self._rows("SELECT sound FROM locality WHERE key = ?", key)
        return str(rows[0][0]) if rows else ""

    def names_going_on(self, prefix: str, near: Sequence[str] = ()) -> list[Name]:
        """Everything whose key begins like this, the shortest first; `near` as above."""
        keys = self._rows(
            "SELECT key FROM term WHERE key >= ? AND key < ? ORDER BY length(key), key LIMIT 20",
            prefix,
            prefix + _END,
        )
        return [name for (key,) in keys for name in self.names(key, near)][:MOST_ROWS]

    def names_with(self, words: Sequence[str]) -> list[Name]:
        """Everything in whose name each of these words, or a longer one that begins like it, stands."""
        match = " AND ".join(f'"{word}"*' for word in words if word.isalnum())
        if not match:
            return []
        return self._names(
            "WHERE id IN (SELECT rowid FROM name_fts WHERE name_fts MATCH ? LIMIT 200) "
            "ORDER BY length(key), key, id LIMIT 40",
            match,
        )

    def _like(self, table: str, pieces: Sequence[str], most: int) -> list[Term]:
        rare = self._rare(table, pieces)
        if not rare:
            return []
        rows = self._rows(
            f"SELECT key, sound FROM (SELECT rowid, rank FROM {table}_fts WHERE {table}_fts MATCH ? "  # noqa: S608 -- two fixed names
            f"ORDER BY rank LIMIT ?) AS hit JOIN {table} ON {table}.id = hit.rowid ORDER BY hit.rank, key",
            " OR ".join(f'"{piece}"' for piece in rare),
            most,
        )
        return [Term(*row) for row in rows]

    def _rare(self, table: str, pieces: Sequence[str]) -> list[str]:
        """The rarest of the pieces that occur at all, as many as can be looked at in a moment."""
        holes = ",".join("?" * len(pieces))
        rows = self._rows(
            f"SELECT gram, n FROM {table}_gram WHERE gram IN ({holes}) ORDER BY n, gram",  # noqa: S608 -- holes
            *pieces,
        )
        kept: list[str] = []
        looked_at = 0
        for gram, count in rows:
            looked_at += count
            if kept and looked_at > (MOST_POSTINGS if len(kept) >= FEWEST_PIECES else 3 * MOST_POSTINGS):
                break
            kept.append(gram)
        return kept

    def close(self) -> None:
        """Close every thread's connection; nothing may be asked afterwards."""
        with self._lock:
            while self._opened:
                self._opened.pop().close()

    def __del__(self) -> None:
        self.close()

    def _near_or_any(
        self,
        ask: Callable[..., list[_Row]],
        where: str,
        order: str,
        values: tuple[str, ...],
        near: Sequence[str],
    ) -> list[_Row]:
        """What lies in the localities `near`, else anywhere, in the order of the index."""
        tail = f"ORDER BY {order}, id LIMIT {MOST_ROWS}"
        if near:
            holes = ",".join("?" * len(near))
            there = f"{where} AND (city_key IN ({holes}) OR near_key IN ({holes})) {tail}"
            if found := ask(there, *values, *near, *near):
                return found
        return ask(f"{where} {tail}", *values)

    def _houses(self, where: str, *values: str) -> list[House]:
        return [House(*row) for row in self._rows(f"{_HOUSE} {where}", *values)]

    def _names(self, where: str, *values: str | float) -> list[Name]:
        return [Name(*row) for row in self._rows(f"{_NAME} {where}", *values)]

    def _rows(self, sql: str, *values: str | float) -> list[tuple[Any, ...]]:
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
