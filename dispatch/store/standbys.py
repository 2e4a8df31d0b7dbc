"""Which crews were asked to stand by, where and since when."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dispatch.store.sqlite import Database


@dataclass(frozen=True, slots=True)
class StandBy:
    """A crew asked at `at` to wait at (lon, lat), near a street or village, and there at `arrive_at`.

    Times are epoch ms. `gain` is how many more accounts were in reach by it; 0 where a person chose.
    """

    crew: str
    lon: float
    lat: float
    near: str
    gain: int
    at: int
    arrive_at: int
    by: str

    @property
    def place(self) -> tuple[float, float]:
        """(lon, lat) in degrees WGS-84."""
        return (self.lon, self.lat)


class StandBys:
    """The crews on stand-by in one database; at most one place a crew."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, standby: StandBy) -> None:
        """Ask a crew to stand by, instead of where it was asked before."""
        with self._database.transaction():
            sql = "INSERT OR REPLACE INTO standby VALUES (:crew,:lon,:lat,:near,:gain,:at,:arrive_at,:by)"
            self._database.db.execute(sql, asdict(standby))

    def remove(self, crew: str) -> bool:
        """Ask it no longer; whether it had been asked."""
        with self._database.transaction():
            done = self._database.db.execute("DELETE FROM standby WHERE crew = ?", [crew])
            return bool(done.rowcount)

    def all(self) -> dict[str, StandBy]:
        """Every crew that was asked, by id."""
        rows = self._database.rows("SELECT * FROM standby ORDER BY crew")
        return {row["crew"]: StandBy(**row) for row in rows}
