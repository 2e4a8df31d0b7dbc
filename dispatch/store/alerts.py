"""What the desk was warned of, when, and who has seen it: each warning once, however often it is raised."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dispatch.errors import NotFound
from dispatch.escalation import Alert

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dispatch.store.sqlite import Database

_NEXT_TURN = "(SELECT coalesce(max(turn), 0) + 1 FROM alert)"


@dataclass(frozen=True, slots=True)
class Raised:
    """A warning as it was raised (epoch ms) and, once somebody has seen it, when and by whom."""

    id: int
    alert: Alert
    raised_at: int
    acknowledged_at: int | None
    acknowledged_by: str


class Alerts:
    """The warnings of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def raise_all(self, alerts: Iterable[Alert], now: int) -> int:
        """Keep the warnings that were never raised before; how many. Of two that raise the same, one does."""
        fields = ("ticket", "kind", "about", "at", "crew")
        added = 0
        with self._database.transaction():
            for each in alerts:
                row = [*(getattr(each, name) for name in fields), now]
                added += self._database.db.execute(
                    "INSERT OR IGNORE INTO alert (ticket, kind, about, at, crew, raised_at, turn)"  # noqa: S608 -- our own words
                    f" VALUES (?,?,?,?,?,?, {_NEXT_TURN})",
                    row,
                ).rowcount
        return added

    def acknowledge(self, number: int, now: int, by: str) -> Raised:
        """Keep who has seen a warning first; NotFound when there is none of this number."""
        with self._database.transaction():
            self._database.db.execute(
                f"UPDATE alert SET acknowledged_at = ?, acknowledged_by = ?, turn = {_NEXT_TURN}"  # noqa: S608 -- as above
                " WHERE id = ? AND acknowledged_at IS NULL",
                [now, by, number],
            )
            row = self._database.row("SELECT * FROM alert WHERE id = ?", [number])
        if row is None:
            raise NotFound(f"there is no alert A{number}")
        return _raised(row)

    def list_of(self, *tickets: str) -> list[Raised]:
        """Every warning there ever was about these tickets, in the order they were raised."""
        sql = "SELECT * FROM alert WHERE ticket IN (SELECT value FROM json_each(?)) ORDER BY id"
        rows = self._database.rows(sql, [json.dumps(tickets)])
        return [_raised(row) for row in rows]

    def list_after(self, turn: int) -> tuple[list[Raised], int]:
        """(the warnings raised or acknowledged after `turn`, the newest turn)."""
        rows = self._database.rows("SELECT * FROM alert WHERE turn > ? ORDER BY turn", [turn])
        return [_raised(row) for row in rows], (rows[-1]["turn"] if rows else turn)

    def turn(self) -> int:
        """The number of the newest change; 0 before the first."""
        row = self._database.row("SELECT max(turn) AS turn FROM alert")
        return (row["turn"] or 0) if row else 0


def _raised(row: Mapping[str, Any]) -> Raised:
    fields = {name: row[name] for name in ("ticket", "kind", "about", "at", "crew")}
    return Raised(
        row["id"], Alert(**fields), row["raised_at"], row["acknowledged_at"], row["acknowledged_by"]
    )
