"""Who need not go any more: a crew that is called off a ticket, or all of one that needs no trip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.errors import Conflict, NotFound
from dispatch.ticket import BEFORE_ARRIVAL, visit_state

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dispatch.desk import Desk
    from dispatch.store.people import Person
    from dispatch.ticket import Ticket
    from dispatch.timeline import Event

ORDERS = {"assigned", "taken_back", "declined"}  # what says whether a crew is to go


def call_off(desk: Desk, ticket_id: str, crew: str, why: Mapping[str, str], *, by: str) -> None:
    """Write down that a crew is taken back; inside the caller's transaction.

    `why` holds a person's own words as `reason` and, where the desk knows why, a `code` and its facts:
    `merged` (`into`), `resolved` (`how`), `sent_instead` (`instead`, a crew), `hazard` (`for`, a ticket),
    `out_of_service`.
    Pages put a code into words; older events have no code, but English words as `reason`.
    """
    now = desk.clock()
    desk.store.tickets.append(ticket_id, "taken_back", {"crew": crew, **why}, at=now, now=now, by=by)


def take_back(desk: Desk, ticket_id: str, reason: str, by: Person, crew: str = "") -> Ticket:
    """Take a crew off a ticket before it arrives: the one named, else the one that leads.

    Who is left leads then; with nobody left the ticket waits again, for the desk's own choice first unless
    the crew is out of service. Conflict when there is none to take back.
    """
    with desk.store.transaction():
        ticket = desk.store.tickets.get(ticket_id)
        visit = ticket.trip_of(crew) if crew else ticket.visit
        if visit is None or ticket.visit is None or visit_state(visit) not in BEFORE_ARRIVAL:
            why = f"{ticket_id} is {ticket.state}; there is no assignment{crew and ' of '}{crew} to take back"
            raise Conflict(why, code="nothing_to_take_back", ticket=ticket_id, state=ticket.state)
        out = desk.store.out_of_service.holding(desk.clock()).get(visit.crew)
        known = {"code": "out_of_service", "reason": reason or out.reason} if out else {"reason": reason}
        call_off(desk, ticket_id, visit.crew, known, by=by.name)
        return desk.store.tickets.get(ticket_id)


def why_not_going(desk: Desk, ticket_id: str, crew: str) -> Event | None:
    """What took the crew off the ticket, that it was once sent to; None when nothing did.

    NotFound for a ticket that it was never sent to: whom others visit is not its business.
    """
    ticket = desk.store.tickets.find(ticket_id)
    if ticket is None or all(visit.crew != crew for visit in ticket.visits):
        raise NotFound(f"{crew} was never sent to {ticket_id[:40]!r}; look at your jobs again.")
    if ticket.trip_of(crew):
        return None
    mine = [each for each in desk.store.tickets.events(ticket_id) if each.body.get("crew") == crew]
    last = next(each for each in reversed(mine) if each.kind in ORDERS)  # steps may be stored long after it
    return last if last.kind == "taken_back" else None


def recall_all(desk: Desk, ticket: Ticket, why: Mapping[str, str], *, by: str) -> None:
    """Take every crew off a ticket that needs no trip any more, `why` as in `call_off`; in a transaction."""
    crews = [trip.crew for trip in ticket.trips] or ([ticket.visit.crew] if ticket.visit else [])
    for crew in crews:
        call_off(desk, ticket.id, crew, why, by=by)
