"""Which open tickets may be of the fault a report speaks of, how sure that is, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatch import zone
from dispatch.desk.attempts import list_attempts
from dispatch.samefault import Sign, farthest_m, of_ticket

if TYPE_CHECKING:
    from dispatch.desk import Desk
    from dispatch.samefault import Likeness
    from dispatch.ticket import Report, Ticket

NEARBY_M = 300.0  # one low-voltage feeder is about this long
FAR_M = 1500.0  # nobody looks for one low-voltage fault beyond
ROUNDED = 0.001  # the last digit of a score
LIKELY = 0.6  # from here on joining is right more often than not: see `make bench ONLY=merging`


@dataclass(frozen=True, slots=True)
class Nearby:
    """An open ticket that may be of the same fault: how far, how sure (0-1), and why, as codes."""

    ticket: str
    distance_m: float
    opened_at: int
    score: float
    reasons: tuple[str, ...]


def nearby(desk: Desk, ticket: Ticket, report: Report | None = None) -> tuple[Nearby, ...]:
    """Open tickets within NEARBY_M of a report, or likely of the same fault, the likeliest first.

    Without a report the ticket's first that needs a trip is compared.
    """
    report = report or next((r for r in ticket.reports if r.needs_trip), None)
    if report is None or report.place is None:
        return ()
    sign = sign_of(desk, ticket, report)
    around = zone.box_around(report.place.lonlat, _reach_m(desk))
    others = (each for each in desk.store.tickets.list_open_within(*around) if each.id != ticket.id)
    found = (_near(desk, report, sign, other) for other in others)
    close = [each for each in found if each and (each.distance_m <= NEARBY_M or each.score >= LIKELY)]
    return tuple(sorted(close, key=lambda each: (-each.score, each.distance_m, each.ticket)))


def _reach_m(desk: Desk) -> float:
    """How far off a caller of a ticket may be that `nearby` names: to there alone the store is asked.

    A ticket is seen from FAR_M at most, by the place its crew goes to, which is one of its callers'.
    """
    likely_m = farthest_m(LIKELY - ROUNDED, desk.rulebook.same)
    return min(max(NEARBY_M, likely_m), FAR_M) + 1  # places are rounded to decimetres


def _near(desk: Desk, report: Report, sign: Sign | None, other: Ticket) -> Nearby | None:
    """The other ticket as seen from the report, or None when it is out of sight."""
    if sign is None or other.place is None:
        return None
    apart_m = round(zone.metres(other.place.lonlat, sign.lonlat), 1)
    signs = signs_of(desk, other) if apart_m <= FAR_M else ()
    if not signs:
        return None
    alike = of_ticket(sign, signs, desk.rulebook.same)
    reasons = (*alike.reasons, *_danger(desk, report, other))
    return Nearby(other.id, apart_m, other.opened_at, round(alike.score, 3), reasons)


def _danger(desk: Desk, report: Report, other: Ticket) -> tuple[str, ...]:
    """Whether one speaks of danger: whoever merges must know that it stays on the ticket."""
    reports = (report, *other.reports)
    return ("danger",) if any(desk.rulebook.faults[each.fault].hazard for each in reports) else ()


def signs_of(desk: Desk, ticket: Ticket) -> tuple[Sign, ...]:
    """What each report of a ticket that waits for a trip tells of its fault, where its place is known."""
    signs = (sign_of(desk, ticket, each) for each in ticket.reports if each.needs_trip)
    return tuple(sign for sign in signs if sign)


def sign_of(desk: Desk, ticket: Ticket, report: Report) -> Sign | None:
    """What a report tells of its fault; None without a place."""
    place = report.place
    if place is None:
        return None
    area = _transformer(desk, ticket, report)
    return Sign(report.fault, report.received_at, place.lonlat, place.precision_m, area, report.unit)


def _transformer(desk: Desk, ticket: Ticket, report: Report) -> str:
    """The transformer that supplies the caller: by the account, else the one the place was found by."""
    account = desk.store.company.find_account(report.account_no) if report.account_no else None
    if account:
        return str(account["transformer"])
    if report.place is None or report.place.method != "transformer":
        return ""
    tries = list_attempts(desk, ticket, report)
    return next((each["raw"] for each in tries if each["method"] == "transformer"), "")


def likeness(desk: Desk, source: Ticket, report: Report, target: Ticket) -> Likeness | None:
    """How alike a report and a ticket are, to be kept with a merge that a person makes; None if unknown."""
    sign, signs = sign_of(desk, source, report), signs_of(desk, target)
    return of_ticket(sign, signs, desk.rulebook.same) if sign and signs else None
