"""How many crews were called off for people in danger lately, by the timeline and the order of its events."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dispatch.store.sqlite import Database

# The condition is word for word that of the index `event_called_off`, or SQLite reads the whole timeline.
_LAST = (
    "SELECT seq, recorded_at FROM event"
    " WHERE kind = 'taken_back' AND json_valid(body) AND json_extract(body, '$.code') = 'hazard'"
    " ORDER BY seq DESC LIMIT ?"
)
_LATER = "SELECT seq FROM event WHERE seq > ? AND recorded_at <= ? ORDER BY seq DESC LIMIT 1"


class Diversions:
    """The crews of one database that were called off for danger."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def count_since(self, since: int, now: int, most: int) -> int:
        """How many of the last `most` were called off after `since`, at `now` (both epoch ms).

        One that was later than `now` counts, too, as the clock was set back after it; until something else
        that was written after it is as old as `since`: so long ago it was at least.
        """
        rows = self._database.rows(_LAST, [most])
        return sum(self._is_since(row["seq"], row["recorded_at"], since, now) for row in rows)

    def _is_since(self, seq: int, at: int, since: int, now: int) -> bool:
        if at <= now:
            return at > since
        return self._database.row(_LATER, [seq, since]) is None
