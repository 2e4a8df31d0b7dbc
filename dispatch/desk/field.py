"""What crews report from the road, and the call back to the customer when the work is done."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any

from dispatch import evidence, promise, zone
from dispatch.crew import Position
from dispatch.desk.board import list_trips
from dispatch.errors import BadInput, Conflict, Fault, UserError
from dispatch.ticket import OVER, FieldKind, Ticket, find_visit

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.desk import Desk
    from dispatch.evidence import Fix
    from dispatch.store.people import Person
    from dispatch.ticket import Place, Visit


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a crew as its phone sent it; `at` is the device's time, `seq` its own count."""

    id: str
    ticket: str
    kind: FieldKind
    at: int
    seq: int
    fix: Fix | None = None
    note: str = ""
    photos: tuple[str, ...] = ()  # ids the phone gave its pictures
    boot_ms: int | None = None


@dataclass(frozen=True, slots=True)
class StepResult:
    """What became of a step: stored, duplicate (was stored before) or refused, and why.

    A refusal has the code and the facts of its `UserError`, where that has any.
    """

    id: str
    result: str
    reason: str = ""
    code: str = ""
    facts: dict[str, str] = field(default_factory=dict)


def record_field_events(desk: Desk, steps: Sequence[Step], by: Person) -> list[StepResult]:
    """Store each step once, whatever order and however late; what cannot be true is refused with a reason.

    Inside one delivery the phone's own count gives the order; the answers keep the order of the input.
    """
    results: dict[int, StepResult] = {}
    for number in sorted(range(len(steps)), key=lambda number: steps[number].seq):
        try:
            results[number] = _record(desk, steps[number], by)
        except UserError as refusal:  # a full disk is no refusal: the phone keeps its steps and tries again
            case = refusal.code, refusal.facts
            results[number] = StepResult(steps[number].id, "refused", str(refusal), *case)
    return [results[number] for number in range(len(steps))]


def _record(desk: Desk, step: Step, by: Person) -> StepResult:
    now = desk.clock()
    with desk.store.transaction():
        sender = desk.store.people.crew_of_field_event(step.id)
        if sender == by.crew:
            return StepResult(step.id, "duplicate")
        if sender:
            why = f"the id {step.id} was used by {sender}; send the step under an id of its own"
            raise Conflict(why, code="step_id_taken", sent=sender)
        ticket = desk.store.tickets.get(step.ticket)
        visit = _visit_for(ticket, step, by.crew, now)
        flags = evidence.oddities(step.kind, step.at, visit, now)
        body = _body(step, by.crew, flags) | _proof(desk, ticket, step)
        desk.store.tickets.append(ticket.id, step.kind, body, at=step.at, now=now, by=by.name)
        desk.store.people.put_field_event(step.id, by.crew, step.seq)
        if step.fix and not step.fix.mock and step.fix.at <= now + evidence.CLOCK_SKEW_MS:
            fix = step.fix  # a phone that sends nothing but steps is planned from there, too
            desk.store.company.put_position(Position(by.crew, fix.at, fix.lon, fix.lat, fix.accuracy_m))
    return StepResult(step.id, "stored", ", ".join(flags))


def _visit_for(ticket: Ticket, step: Step, crew: str, now: int) -> Visit:
    """The trip the step belongs to, or Conflict with what the crew should do."""
    if step.at > now + evidence.CLOCK_SKEW_MS:
        ahead_s = (step.at - now) // 1000
        why = f"the phone's clock is {ahead_s} s ahead; set it to network time and send again"
        raise Conflict(why, code="clock_ahead", seconds=str(ahead_s))
    visit = find_visit(ticket, crew, step.at)
    if visit is None:
        why = f"{ticket.id} was never given to {crew}; ask the desk"
        raise Conflict(why, code="never_given", ticket=ticket.id, crew=crew)
    ended_at = visit.closed_at
    if ended_at is not None and step.at > ended_at:
        why = f"{ticket.id} was closed; ask the desk to reopen it"
        raise Conflict(why, code="step_after_closing", ticket=ticket.id)
    if step.kind == "declined" and (visit.over or visit.arrived_at is not None):
        why = f"{ticket.id} can no longer be declined"
        raise Conflict(why, code="decline_too_late", ticket=ticket.id)
    if ticket.state in OVER and ticket.state != "archived" and visit.arrived_at is None and not visit.over:
        raise Conflict(f"{ticket.id} needs no trip any more", code="no_trip_needed", ticket=ticket.id)
    return visit


def _body(step: Step, crew: str, flags: tuple[str, ...]) -> dict[str, Any]:
    body: dict[str, Any] = {"id": step.id, "crew": crew, "phone_seq": step.seq, "note": step.note}
    if step.fix:
        body["fix"] = asdict(step.fix)
    if step.photos:
        body["photos"] = list(step.photos)
    if step.boot_ms is not None:
        body["boot_ms"] = step.boot_ms
    if flags:
        body["flags"] = list(flags)
    return body


def _proof(desk: Desk, ticket: Ticket, step: Step) -> dict[str, Any]:
    """How well an arrival is proven, and the metres from its fix to the place; other steps prove nothing."""
    if step.kind != "arrived":
        return {}
    place = ticket.place or _place_before_merge(desk, ticket)
    away_m = None
    if step.fix and place:
        away_m = round(zone.metres((step.fix.lon, step.fix.lat), place.lonlat), 1)
    return {"evidence": evidence.grade(away_m, step.fix, step.at), "distance_m": away_m}


def _place_before_merge(desk: Desk, ticket: Ticket) -> Place | None:
    """Where the reports were that a ticket has lost to another one."""
    into = desk.store.tickets.find(ticket.into) if ticket.into else None
    came = (report.place for report in into.reports if report.first_ticket == ticket.id) if into else ()
    return next((place for place in came if place), None)


def record_positions(desk: Desk, positions: Sequence[Position]) -> int:
    """Keep the newest position of a crew; how many of them were news. A time ahead of ours is refused."""
    now = desk.clock()
    for position in positions:
        if position.at > now + evidence.CLOCK_SKEW_MS:
            fault = Fault("at", "lies in the future; set the phone to network time")
            raise BadInput("The phone's clock is ahead of the server's.", (fault,))
    return sum(desk.store.company.put_position(p) for p in sorted(positions, key=lambda p: p.at))


def jobs_of(desk: Desk, crew: str) -> list[Ticket]:
    """What a crew has been told and not finished, the one to do now first."""
    desk.store.company.get_crew(crew)
    return list_trips(desk.store.tickets.list_open()).get(crew, [])


@dataclass(frozen=True, slots=True)
class Callback:
    """What the customer said when called back."""

    reached: bool
    satisfied: bool | None = None
    power_back: bool | None = None
    note: str = ""


def call_back(desk: Desk, ticket_id: str, said: Callback, by: Person) -> Ticket:
    """Write the call-back down; still dark reopens the ticket with a promise of its own from now on."""
    now = desk.clock()
    tickets = desk.store.tickets
    with desk.store.transaction():
        ticket = tickets.get(ticket_id)
        if ticket.state != "closed":
            why = f"{ticket_id} is {ticket.state}; call back when the crew has closed it"
            raise Conflict(why, code="callback_too_early", ticket=ticket_id, state=ticket.state)
        tickets.append(ticket_id, "called_back", asdict(said), at=now, now=now, by=by.name)
        if said.reached and said.power_back is False:
            body = {"due_at": _repeat_due(desk, ticket, now)}
            tickets.append(ticket_id, "reopened", body, at=now, now=now, by=by.name)
        return tickets.get(ticket_id)


def _repeat_due(desk: Desk, ticket: Ticket, now: int) -> int:
    """The repeat visit is promised the minutes of the ticket's strictest caller, from this call on."""
    minutes = [report.promise.minutes for report in ticket.reports if report.promise]
    strictest = min(minutes, default=min(desk.rulebook.binding.minutes.values()))
    return now + strictest * promise.MINUTE_MS
