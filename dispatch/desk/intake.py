"""From the call to the promise: take a report, find its place, explain, promise, merge, resolve."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from dispatch import zone
from dispatch.desk import place as places
from dispatch.desk.given import check_lonlat
from dispatch.desk.merge import join_by_itself
from dispatch.desk.outside import refuse_outside
from dispatch.desk.place import PIN_PRECISION_M, SHOWN, Located, Pin, locate, nearest_unit, pinned
from dispatch.desk.recall import recall_all
from dispatch.desk.same import Nearby, nearby
from dispatch.desk.settle import decide, open_tickets, settled
from dispatch.errors import BadInput, Conflict, Fault, NotFound
from dispatch.gazetteer import Candidate
from dispatch.store.people import Caller, Person
from dispatch.ticket import (
    BEFORE_ARRIVAL,
    OVER,
    Channel,
    FaultKind,
    Report,
    Resolution,
    Ticket,
    Zoned,
    get_report,
)

if TYPE_CHECKING:
    from dispatch.desk import Desk
    from dispatch.outage import Notice
    from dispatch.ticket import Place

DESK = frozenset({"dispatcher", "supervisor"})  # whose pin on a call is a confirmed place
AHEAD_MS = 120_000  # clocks of callers' systems may run two minutes ahead of ours


@dataclass(frozen=True, slots=True)
class Draft:
    """What a caller, a partner or a file says about a fault, before anything was made of it."""

    fault: FaultKind
    received_at: int | None = None
    channel: Channel = "phone"
    caller: Caller = field(default_factory=Caller)
    account_no: str = ""
    transformer: str = ""
    address: str = ""
    pin: Pin | None = None
    note: str = ""
    customers: int = 1
    critical: bool = False
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What became of a report, told to whoever brought it."""

    report: Report
    ticket: Ticket
    candidates: tuple[Candidate, ...] = ()
    notice: Notice | None = None
    nearby: tuple[Nearby, ...] = ()

    @property
    def outcome(self) -> str:
        """dispatchable, needs_place, planned_outage or merged."""
        if self.report.resolved == "planned_outage":
            return "planned_outage"
        if self.ticket.id != self.report.first_ticket:
            return "merged"
        return "dispatchable" if self.report.place else "needs_place"


@dataclass(frozen=True, slots=True)
class RequestKey:
    """What a program sends so that a repeated request makes no second report."""

    key: str
    body_hash: str


def take_report(desk: Desk, draft: Draft, by: Person, request: RequestKey | None = None) -> Answer:
    """Receive one report: locate, explain or promise; a ticket of its own is opened at once.

    The same request key and body again answers for the first report; another body is a Conflict.
    """
    now = desk.clock()
    if request and (known := _known(desk, by, request)):
        return answer_for(desk, known)
    check(desk, draft, now)
    located = locate(desk, draft, by.name, online=not by.simulated)
    decided = decide(desk, draft, located, by)
    with desk.store.transaction():
        if request and (known := _known(desk, by, request)):
            return answer_for(desk, known)
        (report,) = open_tickets(desk, [decided], by)
        if draft.pin and located.place and by.role in DESK:
            places.learn(
                desk, get_report(desk.store.tickets.get_of_report(report), report), located.place, now
            )
        join_by_itself(desk, report)
        if request:
            desk.store.people.put_request(by.name, request.key, request.body_hash, report)
    return answer_for(desk, report, located.candidates)


def _known(desk: Desk, by: Person, request: RequestKey) -> str:
    """The report an earlier request of this key made, or an empty string."""
    found = desk.store.people.find_request(by.name, request.key)
    if found and found[0] != request.body_hash:
        raise Conflict("this Idempotency-Key was used for another report; take a new key")
    return found[1] if found else ""


def check(desk: Desk, draft: Draft, now: int) -> None:
    """Raise BadInput for what no field can show by itself: a call in the future, an unknown unit."""
    if draft.received_at is not None and draft.received_at > now + AHEAD_MS:
        fault = Fault("received_at", "lies in the future; send the time of the call")
        raise BadInput("The time of the call lies in the future.", (fault,), code="call_in_future")
    if draft.unit and draft.unit not in {unit.id for unit in desk.store.company.units()}:
        known = ", ".join(unit.id for unit in desk.store.company.units())
        why = f"There is no unit {draft.unit!r}; use one of {known}."
        raise BadInput(why, (Fault("unit", "unknown"),), code="no_such_unit", unit=draft.unit, known=known)


def answer_for(desk: Desk, report_id: str, candidates: tuple[Candidate, ...] = ()) -> Answer:
    """What a report has become by now; without a place, what its address could have meant."""
    ticket = desk.store.tickets.get_of_report(report_id)
    report = get_report(ticket, report_id)
    if report.address and not report.place and not candidates:
        caller = desk.store.people.find_caller(report_id) or Caller()
        candidates = places.by_words(desk, report.address, caller.phone, "").candidates
    notice = next((n for n in desk.store.company.notices() if n.id == report.outage), None)
    return Answer(report, ticket, candidates[:SHOWN], notice, nearby(desk, ticket, report))


def set_place(desk: Desk, report_id: str, pin: Pin, reason: str, by: Person) -> Answer:
    """The desk says where a report is; a promise made stays, a first place makes it, from the call."""
    now = desk.clock()
    check_lonlat(desk, (pin.lon, pin.lat))
    _, report = _placeable(desk, report_id, reason)
    place = pinned(pin, "pin", by.name)
    refuse_outside(desk, place.lonlat, report.received_at)
    place = places.named(desk, place)
    unit = _unit_after(desk, report, place)
    found = Located(places.reached_by(desk, place, unit), unit, (), (places.of_pin(pin, place),))
    with desk.store.transaction():
        ticket, report = _placeable(desk, report_id, reason)  # others wrote while the place was looked at
        for kind, body in settled(desk, report, found):
            told = {"report": report_id, **body}
            desk.store.tickets.append(ticket.id, kind, told, at=now, now=now, by=by.name)
        places.learn(desk, report, place, now)
        join_by_itself(desk, report_id)
    return answer_for(desk, report_id)


def _placeable(desk: Desk, report_id: str, reason: str) -> tuple[Ticket, Report]:
    """The report and its ticket; BadInput when a reason is missing, Conflict when no place matters now."""
    ticket = desk.store.tickets.get_of_report(report_id)
    report = get_report(ticket, report_id)
    if report.place and not reason.strip():
        fault = Fault("reason", "say why the place changes")
        why = f"{report_id} has a place already; say why it changes."
        raise BadInput(why, (fault,), code="place_needs_reason", report=report_id)
    if report.resolved or ticket.state in OVER:
        why = f"{report_id} is {report.resolved or ticket.state}; its place no longer matters"
        raise Conflict(why, code="place_too_late", report=report_id)
    return ticket, report


def _unit_after(desk: Desk, report: Report, place: Place) -> str:
    """The unit that serves the new place; one that the call or the account named stays."""
    call = desk.store.tickets.events(report.first_ticket)[0]
    account = desk.store.company.find_account(report.account_no) if report.account_no else None
    said: str = call.body["report"]["unit"] or (account["unit"] if account else "")
    return said or nearest_unit(desk, place.lonlat)


def resolve(desk: Desk, report_id: str, how: Resolution, note: str, by: Person) -> Answer:
    """Answer a report without a trip: by phone, customer's side, planned outage, false alarm."""
    now = desk.clock()
    with desk.store.transaction():
        ticket = desk.store.tickets.get_of_report(report_id)
        report = get_report(ticket, report_id)
        if report.resolved:
            why = f"{report_id} was resolved already ({report.resolved})"
            raise Conflict(why, code="resolved_already", report=report_id, how=report.resolved)
        if ticket.visit and ticket.state not in BEFORE_ARRIVAL:
            why = f"a crew has been there for {ticket.id} ({ticket.state}); it was a trip"
            raise Conflict(why, code="was_a_trip", ticket=ticket.id, state=ticket.state)
        if len([r for r in ticket.reports if r.needs_trip]) == 1:
            recall_all(desk, ticket, {"code": "resolved", "how": how}, by=by.name)
        body = {"report": report_id, "how": how, "note": note}
        desk.store.tickets.append(ticket.id, "resolved", body, at=now, now=now, by=by.name)
    return answer_for(desk, report_id)


def zone_of(desk: Desk, lonlat: tuple[float, float]) -> Zoned:
    """The zone of a place, as a report from there would get it; BadInput for no place on earth."""
    check_lonlat(desk, lonlat)
    return zone.classify(desk.zones_at(desk.clock()), lonlat, PIN_PRECISION_M, desk.config.zones.default)


def list_candidates(desk: Desk, text: str, account_no: str = "") -> list[Candidate]:
    """The account's own place first, if there is such an account, then what the text may mean."""
    account = desk.store.company.find_account(account_no) if account_no else None
    if account_no and account is None:
        raise NotFound(f"there is no account {account_no[:40]!r}")
    found = list(desk.gazetteer.locate(text)) if text else []
    if account:
        own = Candidate(account["address"], account["lon"], account["lat"], "account", 100.0, 20.0, "A")
        found.insert(0, own)
    return found
