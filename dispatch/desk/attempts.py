"""What came of each way in which a report was looked for; every one is kept, with who stands for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from dispatch.desk import Desk
    from dispatch.gazetteer import Candidate
    from dispatch.ticket import Place, Report, Ticket


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way in which a report was looked for. `raw` is what was looked up; of a caller, the earlier report.

    `result`: taken; unsure, so that somebody has to look; unused, because something better spoke against it;
    unknown, because nothing was found; failed, because nobody answered. `reason` is a code that says more.
    (`lon`, `lat`) in WGS-84 is what was found; `answer` how it was told, in `datum`. `confirmed_by` is the
    person who stood for the place, empty where only a record, a map or a provider says so.
    """

    method: str
    raw: str
    result: str
    score: float = 0.0
    precision_m: float | None = None
    datum: str = "wgs84"
    lon: float | None = None
    lat: float | None = None
    confirmed_by: str = ""
    reason: str = ""
    answer: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """What one or more ways of looking came to."""

    place: Place | None = None
    attempts: tuple[Attempt, ...] = ()
    candidates: tuple[Candidate, ...] = ()


def list_attempts(desk: Desk, ticket: Ticket, report: Report) -> list[dict[str, Any]]:
    """Every attempt to find a report, in order, each with when (`at`, epoch ms) and by whom it was made."""
    tickets = dict.fromkeys((report.first_ticket, ticket.id))
    events = (event for name in tickets for event in desk.store.tickets.events(name))
    found: list[dict[str, Any]] = []
    for event in events:
        of = event.body.get("report")
        if (of["id"] if isinstance(of, dict) else of) == report.id:
            found += [
                {**each, "at": event.recorded_at, "by": event.by} for each in event.body.get("attempts", ())
            ]
    return found
