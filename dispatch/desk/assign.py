"""Who goes: the planner's plan made known, and the dispatcher's own choice."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

from dispatch import plan as planning
from dispatch.desk import chance
from dispatch.desk.board import PLANNER, board, list_trips, needs
from dispatch.desk.chain import Chain, weights
from dispatch.desk.closures import roads_now
from dispatch.desk.divert import divert_for_danger
from dispatch.desk.recall import call_off
from dispatch.desk.tell import tell
from dispatch.errors import BadInput, Conflict, Fault, RoadsUnavailable
from dispatch.ticket import BEFORE_ARRIVAL, Ticket

if TYPE_CHECKING:
    from dispatch.desk import Desk
    from dispatch.plan import Assignment, Option, Plan
    from dispatch.store.people import Person


def replan(desk: Desk, chain: Chain | None = None) -> Plan:
    """Plan the board as it is now and tell free crews their next job; what changed meanwhile stays.

    `chain` is what planned before, whose routes the search begins with.
    """
    chain = chain or Chain(desk.config.plan.budget_s)
    now = desk.clock()
    roads = roads_now(desk, now)
    with desk.store.snapshot():
        tickets = desk.store.tickets.list_open()
        known = _Known(
            desk.store.tickets.head(), {t.id: t.version for t in tickets}, set(list_trips(tickets))
        )
        ahead = chance.outlook(desk, now)
        seen = board(desk, now, ahead=ahead)
    made = chain.plan(seen, now, roads, weights(desk.config))
    made = divert_for_danger(desk, made, seen, tickets, chain=chain, travel=roads, ahead=ahead)
    for assignment in made.told:
        _tell(desk, assignment, known, ahead)
    said = {"by": made.by, "waiting": [asdict(each) for each in made.waiting]}
    desk.store.company.put_plan(now, said)
    return made


@dataclass
class _Known:
    """What is known of the board while a plan is told: its last event, tickets by version, crews told one."""

    head: tuple[int, str]
    versions: dict[str, int]
    busy: set[str]


def _tell(desk: Desk, assignment: Assignment, known: _Known, ahead: chance.Outlook) -> None:
    """Write an assignment down unless its ticket or its crew changed since the board was read.

    Of the two halves of a ticket the one told later is the second crew's; `known` is kept up for it. Only
    where somebody else has written since are all open tickets read again: the first plan of a storm tells
    hundreds of crews.
    """
    tickets = desk.store.tickets
    with desk.store.transaction():
        ticket = tickets.get(assignment.ticket.removesuffix(planning.SECOND))
        if tickets.head() != known.head:
            known.busy = set(list_trips(tickets.list_open()))
        away = known.busy | desk.store.out_of_service.holding(desk.clock()).keys()
        if ticket.version == known.versions[ticket.id] and assignment.crew not in away:
            second, slower = bool(ticket.trips), ahead.slower_to(ticket)
            told = tell(desk, ticket, assignment.crew, assignment, slower, second=second)
            known.versions[ticket.id] = told.seq
            known.busy.add(assignment.crew)
        known.head = tickets.head()


def options(desk: Desk, ticket_id: str, *, second: bool = False) -> list[Option]:
    """Every crew ranked by when it could be there, or why it cannot go; `second` beside the one that goes."""
    now = desk.clock()
    ticket = desk.store.tickets.get(ticket_id)
    _check_open(ticket, second=second)
    roads, ahead = roads_now(desk, now), chance.outlook(desk, now)
    seen = board(desk, now, also=ticket, second=second, ahead=ahead)
    return planning.options(seen, ticket_id, now, roads, weights(desk.config))


def _check_open(ticket: Ticket, *, second: bool = False) -> None:
    if ticket.state == "needs_place":
        raise Conflict(
            f"{ticket.id} has no place yet; set it on the map first", code="no_place_yet", ticket=ticket.id
        )
    if second and len(ticket.trips) > 1:
        sent = [trip.crew for trip in ticket.trips]
        why = f"{' and '.join(sent)} go to {ticket.id} already; take one back first"
        raise Conflict(why, code="two_sent", ticket=ticket.id, sent=" ".join(sent))
    if ticket.state not in {"waiting", *BEFORE_ARRIVAL} and not (second and ticket.state == "arrived"):
        why = f"{ticket.id} is {ticket.state}; no crew can be sent to it now"
        raise Conflict(why, code="no_crew_now", ticket=ticket.id, state=ticket.state)


def assign(
    desk: Desk,
    ticket_id: str,
    crew_id: str,
    by: Person,
    *,
    reason: str = "",
    pin: bool = True,
    second: bool = False,
    replaces: str = "",
) -> Ticket:
    """The dispatcher sends a crew, in place of the one that leads, which is told so in the same transaction.

    What a person decided by hand stands unless `replaces` names the crew that leads by it; with `second` the
    crew goes beside the one that leads, whether the fault needs two or not. BadInput when the crew cannot do
    it (skill, out of service, shift, no road), Conflict when somebody was faster: another crew leads than
    `replaces`. While the roads' server is silent a crew is sent without an estimate, whatever its shift and
    the roads say.
    """
    if second and replaces:
        fault = Fault("replaces", "leave it out, or leave out second")
        raise BadInput("A crew goes either beside another one or in place of it.", (fault,))
    desk.store.company.get_crew(crew_id)
    known = _already(desk.store.tickets.get(ticket_id), crew_id, second=second, replaces=replaces)
    if known is not None:
        return known
    told, slower = _weigh(desk, ticket_id, crew_id, second=second)
    with desk.store.transaction():
        ticket = desk.store.tickets.get(ticket_id)
        _check_open(ticket, second=second)
        if (known := _already(ticket, crew_id, second=second, replaces=replaces)) is not None:
            return known
        _check_in_service(desk, ticket_id, crew_id)
        stays = [trip for trip in ticket.trips if second or trip is not ticket.visit]
        if not second and ticket.visit and (stays or ticket.visit.crew != crew_id):
            back = {"code": "sent_instead", "instead": crew_id, "reason": reason}
            call_off(desk, ticket_id, ticket.visit.crew, back, by=by.name)
        said = {"pinned": pin, "reason": reason}
        tell(desk, ticket, crew_id, told, slower, second=bool(stays), by=by.name, **said)
        return desk.store.tickets.get(ticket_id)


def _weigh(desk: Desk, ticket_id: str, crew_id: str, *, second: bool) -> tuple[Assignment | None, float]:
    """What sending the crew would mean, and by how much drives there take longer than the roads say.

    None while nobody knows the roads; BadInput when the crew cannot do it.
    """
    now, ticket = desk.clock(), desk.store.tickets.get(ticket_id)
    _check_open(ticket, second=second)
    try:
        roads, ahead = roads_now(desk, now), chance.outlook(desk, now)
        seen = board(desk, now, also=ticket, second=second, ahead=ahead)
        found = planning.order(seen, ticket_id, crew_id, now=now, travel=roads, weights=weights(desk.config))
    except RoadsUnavailable:
        _check_in_service(desk, ticket_id, crew_id)
        if needs(desk, ticket) <= desk.store.company.get_crew(crew_id).skills:
            return None, 1.0
        found = planning.Cannot(crew_id, "skill")
    if isinstance(found, planning.Cannot):
        raise _cannot_go(ticket_id, crew_id, found.code)
    return found, ahead.slower_to(ticket)


def _check_in_service(desk: Desk, ticket: str, crew: str) -> None:
    """Raise BadInput when somebody said that the crew is out of service, though it was only just now."""
    if crew in desk.store.out_of_service.holding(desk.clock()):
        raise _cannot_go(ticket, crew, "out_of_service")


def _cannot_go(ticket: str, crew: str, code: str) -> BadInput:
    why = f"{crew} cannot go to {ticket}: {code.replace('_', ' ')}; choose another crew."
    told = {"crew": crew, "ticket": ticket, "why": code}
    return BadInput(why, (Fault("crew", code),), code="cannot_go", **told)


def _already(ticket: Ticket, crew: str, *, second: bool, replaces: str) -> Ticket | None:
    """The ticket if this crew goes already, by hand or on its way; Conflict when somebody sent another."""
    visit = ticket.visit
    if (mine := ticket.trip_of(crew)) and (second or mine is not visit):
        if visit and visit.crew == replaces:
            why = f"{crew} goes to {ticket.id} already, beside {replaces}; take {replaces} back"
            raise Conflict(why, code="goes_beside", ticket=ticket.id, crew=crew, sent=replaces)
        return ticket
    if second or visit is None or ticket.state not in BEFORE_ARRIVAL:
        return None
    if visit.crew == crew:
        return None if visit.by == PLANNER and ticket.state == "assigned" else ticket
    if visit.crew == replaces or (visit.by == PLANNER and not replaces):
        return None
    why = f"{visit.by} has sent {visit.crew} to {ticket.id}; take that back first if {crew} shall go"
    raise Conflict(why, code="sent_by_other", by=visit.by, sent=visit.crew, ticket=ticket.id, crew=crew)
