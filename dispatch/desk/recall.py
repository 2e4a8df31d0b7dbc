"""Who need not go any more: a crew that the dispatcher takes back, or all of a ticket that needs no trip."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.errors import Conflict
from dispatch.ticket import BEFORE_ARRIVAL, visit_state

if TYPE_CHECKING:
    from dispatch.desk import Desk
    from dispatch.store.people import Person
    from dispatch.ticket import Ticket


def take_back(desk: Desk, ticket_id: str, reason: str, by: Person, crew: str = "") -> Ticket:
    """Take a crew off a ticket before it arrives: the one named, else the one that leads.

    Who is left leads then; with nobody left the ticket waits again. Conflict when there is none to take back.
    """
    now = desk.clock()
    with desk.store.transaction():
        ticket = desk.store.tickets.get(ticket_id)
        visit = ticket.trip_of(crew) if crew else ticket.visit
        if visit is None or ticket.visit is None or visit_state(visit) not in BEFORE_ARRIVAL:
            why = f"{ticket_id} is {ticket.state}; there is no assignment{crew and ' of '}{crew} to take back"
            raise Conflict(why, code="nothing_to_take_back", ticket=ticket_id, state=ticket.state)
        body = {"crew": visit.crew, "reason": reason}
        desk.store.tickets.append(ticket_id, "taken_back", body, at=now, now=now, by=by.name)
        return desk.store.tickets.get(ticket_id)


def recall_all(desk: Desk, ticket: Ticket, reason: str, *, by: str) -> None:
    """Take every crew off a ticket that needs no trip any more; inside the caller's transaction."""
    now = desk.clock()
    crews = [trip.crew for trip in ticket.trips] or ([ticket.visit.crew] if ticket.visit else [])
    for crew in crews:
        body = {"crew": crew, "reason": reason}
        desk.store.tickets.append(ticket.id, "taken_back", body, at=now, now=now, by=by)
