"""Which crews were said to be out of service, by whom, why and until when; and who ended it."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from dispatch.errors import NotFound

if TYPE_CHECKING:
    from dispatch.store.sqlite import Database

_OPEN = "SELECT * FROM out_of_service WHERE ended_at IS NULL"
_BEFORE = (
    "SELECT * FROM out_of_service WHERE crew = ? AND ended_at = ? AND ended_by = ?"
    " AND CAST(substr(id, 2) AS INTEGER) < ? ORDER BY CAST(substr(id, 2) AS INTEGER) DESC LIMIT 1"
)


@dataclass(frozen=True, slots=True)
class OutOfService:
    """A crew out of service from the word said at `at`: to before `until_at`, or until it is ended.

    Times are epoch ms. It holds from the word, not by its time: a clock set back does not undo what was said.
    """

    id: str
    crew: str
    at: int
    until_at: int | None
    reason: str
    by: str
    ended_at: int | None = None
    ended_by: str = ""

    @property
    def number(self) -> int:
        """The number of its id: a later word has a higher one, whatever the clock said."""
        return int(self.id[1:])


class OutsOfService:
    """What was said of the crews of one database; nothing is forgotten, one word a crew holds."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, said: OutOfService) -> None:
        """Keep it, in place of what was known under its id."""
        with self._database.transaction():
            self._database.db.table("out_of_service").insert(asdict(said), replace=True)

    def get(self, said: str) -> OutOfService:
        """One by its id; NotFound when there is none."""
        row = self._database.row("SELECT * FROM out_of_service WHERE id = ?", [said])
        if row is None:
            raise NotFound(f"nobody said {said[:40]!r} of a crew")
        return OutOfService(**row)

    def holding(self, now: int) -> dict[str, OutOfService]:
        """What holds at `now` (epoch ms), by crew."""
        rows = self._database.rows(f"{_OPEN} AND (until_at IS NULL OR until_at > ?)", [now])
        return {row["crew"]: OutOfService(**row) for row in rows}

    def first_of(self, said: OutOfService) -> OutOfService:
        """The word that put the crew out of service: `said`, or the first of those it took the place of."""
        first = said
        while (
            row := self._database.row(_BEFORE, [first.crew, first.at, first.by, first.number])
        ) is not None:
            first = OutOfService(**row)
        return first

    def list_run_out(self, now: int) -> list[OutOfService]:
        """What nobody ended and whose time was over by `now` (epoch ms)."""
        rows = self._database.rows(f"{_OPEN} AND until_at <= ? ORDER BY until_at, id", [now])
        return [OutOfService(**row) for row in rows]
