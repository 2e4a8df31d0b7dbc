"""What was expected of each trip and what became of it, and what that taught."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dispatch.store.sqlite import Database

# Trips of real callers that were told with what was expected of them. One that was taken back or declined
# before the arrival tells nothing.
_TRIPS = """
    SELECT sent.at AS told_at, json_extract(sent.body, '$.expected') AS expected,
           json_extract(sent.body, '$.eta_at') AS eta_at,
           json_extract(visit.value, '$.departed_at') AS departed_at,
           json_extract(visit.value, '$.arrived_at') AS arrived_at,
           json_extract(visit.value, '$.restored_at') AS restored_at,
           json_extract(visit.value, '$.evidence') AS evidence,
           json_extract(visit.value, '$.flags') AS flags
    FROM ticket, json_each(ticket.body, '$.visits') AS visit
    JOIN event AS sent ON sent.seq = json_extract(visit.value, '$.sent_by')
    WHERE ticket.opened_at >= ? AND ticket.opened_at < ? AND expected IS NOT NULL
      AND (json_extract(visit.value, '$.over') = '' OR arrived_at IS NOT NULL)
      AND NOT EXISTS (SELECT 1 FROM json_each(ticket.body, '$.reports') AS report
                      WHERE json_extract(report.value, '$.simulated'))
    ORDER BY sent.seq
"""


_DRIVES = """
    SELECT sent.seq, json_extract(sent.body, '$.expected.drive_s') AS drive_s
    FROM json_each(?) AS asked JOIN event AS sent ON sent.seq = asked.value
    WHERE drive_s IS NOT NULL
"""


@dataclass(frozen=True, slots=True)
class Sent:
    """One trip: `expected` as it stands in its `assigned` event, and the times of its steps (epoch ms)."""

    told_at: int
    expected: Mapping[str, Any]
    eta_at: int | None
    departed_at: int | None
    arrived_at: int | None
    restored_at: int | None
    evidence: str
    flags: tuple[str, ...]


class Chances:
    """What was learnt of times, and what it is learnt from, in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def list_sent(self, since: int, until: int) -> list[Sent]:
        """The trips to tickets opened in [since, until) (epoch ms), in the order they were told."""
        rows = self._database.rows(_TRIPS, [since, until])
        return [
            Sent(**{**row, "expected": json.loads(row["expected"]), "flags": tuple(json.loads(row["flags"]))})
            for row in rows
        ]

    def drives_s(self, orders: Iterable[int]) -> dict[int, float]:
        """Seconds that the roads said of the drives of these `assigned` events, by number, where they did."""
        rows = self._database.rows(_DRIVES, [json.dumps(sorted(orders))])
        return {row["seq"]: row["drive_s"] for row in rows}

    def put_learnt(self, at: int, body: Mapping[str, Any]) -> None:
        """Keep what was learnt at `at` (epoch ms) instead of what was learnt before."""
        with self._database.transaction():
            sql = "INSERT OR REPLACE INTO learnt (one, at, body) VALUES (1, ?, ?)"
            self._database.db.execute(sql, [at, json.dumps(body, sort_keys=True)])

    def learnt(self) -> tuple[int, dict[str, Any]] | None:
        """When something was learnt last (epoch ms), and what; None before the first time."""
        row = self._database.row("SELECT at, body FROM learnt")
        return (row["at"], json.loads(row["body"])) if row else None
