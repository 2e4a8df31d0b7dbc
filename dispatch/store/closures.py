"""Which roads somebody closed or slowed, where, and for how long."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from dispatch.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dispatch.store.sqlite import Database

_HOLDS = "from_at <= ? AND (until_at IS NULL OR until_at > ?)"
_ORDER = "ORDER BY from_at, length(id), id"


@dataclass(frozen=True, slots=True)
class Closure:
    """A road closed (`factor` 0) or slowed to `factor` of its speed from `from_at` to before `until_at`.

    `geometry` is a GeoJSON line or polygon in (lon, lat) WGS-84, times are epoch ms; without `until_at` it
    holds until somebody takes it away.
    """

    id: str
    geometry: Mapping[str, Any]
    factor: float
    from_at: int
    until_at: int | None
    reason: str
    by: str = ""


class Closures:
    """The closures of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, closure: Closure) -> None:
        """Keep a closure; it never changes while it is kept."""
        row = asdict(closure) | {"geometry": json.dumps(closure.geometry)}
        with self._database.transaction():
            self._database.db.table("closure").insert(row)

    def remove(self, closure: str) -> None:
        """Forget a closure."""
        with self._database.transaction():
            self._database.db.execute("DELETE FROM closure WHERE id = ?", [closure])

    def get(self, closure: str, now: int) -> Closure:
        """A closure that is not over at `now` (epoch ms); NotFound when there is none."""
        sql = "SELECT * FROM closure WHERE id = ? AND (until_at IS NULL OR until_at > ?)"
        row = self._database.row(sql, [closure, now])
        if row is None:
            raise NotFound(f"there is no closure {closure[:40]!r} that holds or is to come")
        return _closure(row)

    def ids_at(self, now: int) -> tuple[str, ...]:
        """The ids of the closures that hold at `now` (epoch ms), in one order."""
        sql = f"SELECT id FROM closure WHERE {_HOLDS} {_ORDER}"  # noqa: S608 -- our own words
        return tuple(row["id"] for row in self._database.rows(sql, [now, now]))

    def list_at(self, now: int) -> list[Closure]:
        """The closures that hold at `now` (epoch ms), in the order of `ids_at`."""
        sql = f"SELECT * FROM closure WHERE {_HOLDS} {_ORDER}"  # noqa: S608 -- our own words
        return [_closure(row) for row in self._database.rows(sql, [now, now])]

    def list_not_over(self, now: int) -> list[Closure]:
        """The closures that hold at `now` (epoch ms) or will, by their beginning."""
        sql = f"SELECT * FROM closure WHERE until_at IS NULL OR until_at > ? {_ORDER}"  # noqa: S608 -- as above
        return [_closure(row) for row in self._database.rows(sql, [now])]


def _closure(row: Mapping[str, Any]) -> Closure:
    return Closure(**{**row, "geometry": json.loads(row["geometry"])})
