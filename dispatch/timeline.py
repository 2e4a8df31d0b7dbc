"""The events of a ticket and `apply(ticket, event)`, the only way a ticket changes."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from dispatch.ticket import Place, Promise, Report, Ticket, Visit, Zoned, find_visit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping


@dataclass(frozen=True, slots=True)
class Event:
    """One line of the timeline. `at` is when it happened, `recorded_at` when we wrote it down."""

    seq: int
    ticket: str  # empty for what concerns the company, not a ticket
    kind: str
    at: int
    recorded_at: int
    by: str
    body: Mapping[str, Any]


def apply(ticket: Ticket | None, event: Event) -> Ticket:
    """The ticket after `event`. The first event of a ticket is `received`; an unknown kind is our mistake."""
    if ticket is None:
        if event.kind != "received":
            raise ValueError(f"{event.ticket} begins with {event.kind}, not received")
        ticket = Ticket(id=event.ticket, opened_at=event.at)
    return replace(_CHANGES[event.kind](ticket, event), version=event.seq)


def fold(events: Iterable[Event]) -> Ticket:
    """The ticket that a whole timeline makes; the events of one ticket, in order of sequence."""
    ticket: Ticket | None = None
    for event in events:
        ticket = apply(ticket, event)
    if ticket is None:
        raise ValueError("a ticket needs at least one event")
    return ticket


def _report(body: Mapping[str, Any]) -> Report:
    """A report as it stands in an event's body."""
    fields = dict(body)
    if fields.get("place"):
        raw = fields["place"].get("raw")
        fields["place"] = Place(**{**fields["place"], "raw": tuple(raw) if raw else None})
    if fields.get("zoned"):
        fields["zoned"] = Zoned(**fields["zoned"])
    if fields.get("promise"):
        fields["promise"] = Promise(**fields["promise"])
    fields["shadows"] = tuple(Promise(**each) for each in fields.get("shadows", ()))
    return Report(**fields)


def _with_report(ticket: Ticket, report_id: str, **changes: Any) -> Ticket:
    _demand(ticket, report_id, there=True)
    reports = tuple(replace(r, **changes) if r.id == report_id else r for r in ticket.reports)
    return replace(ticket, reports=reports)


def _demand(ticket: Ticket, report_id: str, *, there: bool) -> None:
    """Raise ValueError unless the report is (or is not) on the ticket: nothing may be lost or count twice."""
    if any(report.id == report_id for report in ticket.reports) is not there:
        raise ValueError(f"{report_id} is {'not' if there else 'already'} on {ticket.id}")


def _received(ticket: Ticket, event: Event) -> Ticket:
    report = _report(event.body["report"])
    _demand(ticket, report.id, there=False)
    return replace(ticket, reports=(*ticket.reports, report))


def _located(ticket: Ticket, event: Event) -> Ticket:
    place = _report({**_BLANK, "place": event.body["place"]}).place
    found = _with_report(ticket, event.body["report"], place=place, unit=event.body["unit"])
    if "doubt" not in event.body:
        return found
    zoned = next(report.zoned for report in found.reports if report.id == event.body["report"])
    told = replace(zoned, doubt=event.body["doubt"]) if zoned else None
    return _with_report(found, event.body["report"], zoned=told)


_BLANK = {"id": "", "first_ticket": "", "received_at": 0, "channel": "phone", "fault": "other"}


def _promised(ticket: Ticket, event: Event) -> Ticket:
    body = event.body
    return _with_report(
        ticket,
        body["report"],
        zoned=Zoned(**body["zoned"]),
        promise=Promise(**body["promise"]),
        shadows=tuple(Promise(**each) for each in body["shadows"]),
    )


def _explained(ticket: Ticket, event: Event) -> Ticket:
    return _with_report(ticket, event.body["report"], outage=event.body["outage"], resolved="planned_outage")


def _resolved(ticket: Ticket, event: Event) -> Ticket:
    return _with_report(ticket, event.body["report"], resolved=event.body["how"])


def _left(ticket: Ticket, event: Event) -> Ticket:
    """A report leaves this ticket: merged into another, or parted from it again."""
    gone = event.body["report"]
    _demand(ticket, gone, there=True)
    reports = tuple(r for r in ticket.reports if r.id != gone)
    return replace(ticket, reports=reports, into=event.body.get("into", ticket.into))


def _joined(ticket: Ticket, event: Event) -> Ticket:
    """A report comes to this ticket from another, whole; one that comes home takes its first place again."""
    report = _report(event.body["report"])
    _demand(ticket, report.id, there=False)
    home = report.first_ticket == ticket.id
    return replace(ticket, reports=(report, *ticket.reports) if home else (*ticket.reports, report), into="")


def _assigned(ticket: Ticket, event: Event) -> Ticket:
    body = event.body
    visit = Visit(
        crew=body["crew"],
        assigned_at=event.at,
        by=event.by,
        pinned=body.get("pinned", False),
        eta_at=body.get("eta_at"),
        sent_by=event.seq,
        instead_of=body.get("instead_of", ""),
    )
    freed = ticket if body.get("second") else _all_ended(ticket, "taken_back", event.at)
    return replace(freed, visits=(*freed.visits, visit))


_WHY_OVER = {"hazard": "diverted", "out_of_service": "out_of_service"}  # codes of `taken_back`


def _taken_back(ticket: Ticket, event: Event) -> Ticket:
    visit = ticket.trip_of(event.body.get("crew", "")) or ticket.visit
    why = _WHY_OVER.get(event.body.get("code", ""), "taken_back")
    return _end_visit(ticket, visit, why, event.at) if visit else ticket


def _all_ended(ticket: Ticket, why: str, at: int) -> Ticket:
    """The ticket with the trip that leads ended and every other that counts."""
    for visit in (ticket.visit, *ticket.trips):
        if visit:
            ticket = _end_visit(ticket, visit, why, at)
    return ticket


def _declined(ticket: Ticket, event: Event) -> Ticket:
    ended = _end_visit(ticket, _get_visit(ticket, event), "declined", event.at)
    decliners = dict.fromkeys((*ticket.declined_by, event.body["crew"]))
    return replace(ended, declined_by=tuple(decliners))


def _end_visit(ticket: Ticket, visit: Visit, why: str, at: int) -> Ticket:
    """The ticket with the visit ended; what ended it first stands, but a reopening always shows."""
    if visit.over and why != "reopened":
        return ticket
    return _with_visit(ticket, visit, over=why, over_at=at if visit.over_at is None else visit.over_at)


def _with_visit(ticket: Ticket, visit: Visit, **changes: Any) -> Ticket:
    """The ticket with this very visit changed (two visits may look the same)."""
    visits = tuple(replace(each, **changes) if each is visit else each for each in ticket.visits)
    return replace(ticket, visits=visits)


def _get_visit(ticket: Ticket, event: Event) -> Visit:
    visit = find_visit(ticket, event.body["crew"], event.at)
    if visit is None:
        raise ValueError(f"{event.kind} of {event.body['crew']}, who was never assigned to {ticket.id}")
    return visit


def _step(ticket: Ticket, event: Event) -> Ticket:
    """A step of the crew; the first one stored of each kind stands, later ones only leave their flags."""
    visit = _get_visit(ticket, event)
    changes: dict[str, Any] = {"flags": tuple(dict.fromkeys((*visit.flags, *event.body.get("flags", ()))))}
    if getattr(visit, f"{event.kind}_at") is None:
        changes[f"{event.kind}_at"] = event.at
        if event.kind == "arrived":
            changes["evidence"] = event.body["evidence"]
    return _with_visit(ticket, visit, **changes)


def _called_back(ticket: Ticket, event: Event) -> Ticket:
    """Somebody was reached; one who is still dark ends nothing, whatever follows."""
    if not event.body["reached"] or event.body.get("power_back") is False:
        return ticket
    return replace(ticket, called_back_at=event.at, satisfied=event.body.get("satisfied"))


def _reopened(ticket: Ticket, event: Event) -> Ticket:
    """Still dark: the visit is over, and if every report was answered without a trip, all need one now."""
    reports = ticket.reports
    if not any(report.needs_trip for report in reports):
        reports = tuple(replace(report, resolved="") for report in reports)
    return replace(
        _all_ended(ticket, "reopened", event.at),
        reports=reports,
        called_back_at=None,
        satisfied=None,
        reopened_at=event.at,
        reopened_due=event.body["due_at"],
    )


_CHANGES: Mapping[str, Callable[[Ticket, Event], Ticket]] = {
    "received": _received,
    "located": _located,
    "promised": _promised,
    "explained": _explained,
    "resolved": _resolved,
    "merged": _left,
    "parted": _left,
    "joined": _joined,
    "assigned": _assigned,
    "taken_back": _taken_back,
    "declined": _declined,
    "accepted": _step,
    "departed": _step,
    "arrived": _step,
    "restored": _step,
    "closed": _step,
    "called_back": _called_back,
    "reopened": _reopened,
}
EVENT_KINDS: tuple[str, ...] = tuple(_CHANGES)
