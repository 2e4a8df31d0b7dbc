"""When the weather was said to be severe, by whom, and what was ended before its time."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from dispatch.errors import NotFound

if TYPE_CHECKING:
    from dispatch.store.sqlite import Database

_ENDS = "min(until_at, coalesce(ended_at, until_at))"
_ORDER = "ORDER BY from_at DESC, length(id) DESC, id DESC"


@dataclass(frozen=True, slots=True)
class Weather:
    """Severe weather from `from_at` to before `until_at`, or before `ended_at` where that was said sooner.

    Times are epoch ms.
    """

    id: str
    from_at: int
    until_at: int
    kind: str
    by: str
    ended_at: int | None = None
    ended_by: str = ""

    def over(self, now: int) -> bool:
        """Whether it holds neither at `now` (epoch ms) nor later."""
        return self.until_at <= now or self.ended_at is not None

    @property
    def withdrawn(self) -> bool:
        """Whether it was ended before it began: then it never held."""
        return self.ended_at is not None and self.ended_at < self.from_at


class Weathers:
    """The severe weather of one database; nothing that was declared is forgotten."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, weather: Weather) -> None:
        """Keep it, in place of what was known under its id."""
        with self._database.transaction():
            self._database.db.table("severe_weather").insert(asdict(weather), replace=True)

    def get(self, weather: str) -> Weather:
        """One by its id; NotFound when there is none."""
        row = self._database.row("SELECT * FROM severe_weather WHERE id = ?", [weather])
        if row is None:
            raise NotFound(f"no severe weather {weather[:40]!r} was declared")
        return Weather(**row)

    def list_since(self, since: int) -> list[Weather]:
        """What holds or held after `since` (epoch ms) or is to come, the latest beginning first."""
        sql = f"SELECT * FROM severe_weather WHERE until_at > ? {_ORDER}"  # noqa: S608 -- our own words
        return [Weather(**row) for row in self._database.rows(sql, [since])]

    def is_severe(self, at: int) -> bool:
        """Whether the weather was said to be severe at `at` (epoch ms)."""
        sql = f"SELECT 1 AS x FROM severe_weather WHERE from_at <= ? AND {_ENDS} > ?"  # noqa: S608 -- as above
        return self._database.row(sql, [at, at]) is not None
