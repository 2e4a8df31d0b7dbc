"""Whether reports are the same fault: what is near, and moving a report from one ticket to another."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from dispatch import zone
from dispatch.errors import Conflict
from dispatch.ticket import OVER, Place, Report, Ticket, get_report

if TYPE_CHECKING:
    from dispatch.desk import Desk
    from dispatch.store.people import Person

NEARBY_M = 300.0  # one low-voltage feeder is about this long
BEFORE_ARRIVAL = frozenset({"assigned", "accepted", "departed"})


@dataclass(frozen=True, slots=True)
class Nearby:
    """An open ticket close to a report: perhaps the same fault."""

    ticket: str
    distance_m: float
    opened_at: int


def nearby(desk: Desk, ticket: Ticket, place: Place | None) -> tuple[Nearby, ...]:
    """Open tickets within NEARBY_M of the place, nearest first: the same fault, perhaps."""
    if place is None:
        return ()
    others = [t for t in desk.store.tickets.list_open() if t.id != ticket.id and t.place]
    found = (Nearby(t.id, _apart_m(t, place), t.opened_at) for t in others)
    close = [each for each in found if each.distance_m <= NEARBY_M]
    return tuple(sorted(close, key=lambda each: (each.distance_m, each.ticket)))


def _apart_m(ticket: Ticket, place: Place) -> float:
    there = ticket.place
    return round(zone.metres(there.lonlat, place.lonlat), 1) if there else float("inf")


def merge(desk: Desk, report_id: str, into: str, by: Person) -> None:
    """Move a report to an open ticket of the same fault; it keeps its own clock."""
    now = desk.clock()
    tickets = desk.store.tickets
    with desk.store.transaction():
        source, target = tickets.get_of_report(report_id), tickets.get(into)
        report = get_report(source, report_id)
        _check_merge(source, target, report)
        if source.visit and len([r for r in source.reports if r.needs_trip]) == 1:
            body = {"crew": source.visit.crew, "reason": f"merged into {into}"}
            tickets.append(source.id, "taken_back", body, at=now, now=now, by=by.name)
        body = {"report": report_id, "into": into}
        tickets.append(source.id, "merged", body, at=now, now=now, by=by.name)
        moved = {"report": asdict(report), "from": source.id}
        tickets.append(into, "joined", moved, at=now, now=now, by=by.name)


def _check_merge(source: Ticket, target: Ticket, report: Report) -> None:
    if source.id == target.id:
        raise Conflict(f"{report.id} is on {target.id} already")
    if report.resolved:
        raise Conflict(f"{report.id} was answered without a trip ({report.resolved}); it needs no merging")
    if target.state in OVER or target.state == "closed":
        raise Conflict(f"{target.id} is {target.state}; merge into an open ticket or keep {source.id}")
    if source.visit and source.state not in BEFORE_ARRIVAL:
        raise Conflict(f"a crew has been there for {source.id}; it can no longer be merged away")
    nowhere = next((t.id for t in (source, target) if t.state == "needs_place"), None)
    if nowhere or report.place is None:  # without a place there is no promise, and its clock would not count
        raise Conflict(f"{nowhere or report.id} has no place yet; set it on the map first")


def unmerge(desk: Desk, report_id: str, by: Person) -> None:
    """Give a merged report back to the ticket it came with."""
    now = desk.clock()
    tickets = desk.store.tickets
    with desk.store.transaction():
        source = tickets.get_of_report(report_id)
        report = get_report(source, report_id)
        if source.id == report.first_ticket:
            raise Conflict(f"{report_id} is not merged; it is on its own ticket {source.id}")
        if source.visit and [r for r in source.reports if r.needs_trip] == [report]:
            raise Conflict(
                f"{report_id} alone is why {source.visit.crew} goes to {source.id}; take that back first"
            )
        tickets.append(source.id, "parted", {"report": report_id}, at=now, now=now, by=by.name)
        moved = {"report": asdict(report), "from": source.id}
        tickets.append(report.first_ticket, "joined", moved, at=now, now=now, by=by.name)


def as_served(desk: Desk, ticket: Ticket, report: Report) -> Ticket:
    """The ticket of a merged report with the trips that were made for it before, whenever they became known.

    A phone in a valley may tell only after the merge that its crew had been at the caller's place: that
    caller was served. A first ticket that other reports are still on keeps its trips to itself.
    """
    if ticket.id == report.first_ticket:
        return ticket
    first = desk.store.tickets.find(report.first_ticket)
    if first is None or first.reports:
        return ticket
    been = tuple(visit for visit in first.visits if visit.arrived_at is not None)
    return replace(ticket, visits=(*been, *ticket.visits))
