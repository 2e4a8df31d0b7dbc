"""How it is told which crew a ticket waits for, which second one goes or is missing, who rests or is out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dispatch.desk.board import crews_for, lacks_second
from dispatch.plan import SECOND
from dispatch.ticket import visit_state
from dispatch.web import shapes, shapes_road

if TYPE_CHECKING:
    from dispatch.crew import Crew
    from dispatch.store.out_of_service import OutOfService
    from dispatch.ticket import State, Ticket
    from dispatch.web.tell import Teller

NO_WAIT = {"waiting_for": None, "nobody": None}


def waits(ticket: Ticket, teller: Teller) -> dict[str, Any]:
    """What the planner last said of a ticket that waits: its busy crew, or why nobody can go."""
    return _waits(ticket.id, teller) if ticket.state == "waiting" else NO_WAIT


def second(ticket: Ticket, teller: Teller, beside: str = "") -> shapes.SecondOut | None:
    """The crew beside the one that leads, or beside `beside`; one that is missing, and why; else None."""
    mine = beside or (ticket.visit.crew if ticket.visit else "")
    other = next((trip for trip in ticket.trips if trip.crew != mine), None)
    if other:
        return shapes.SecondOut(
            crew=other.crew,
            crew_name=teller.crew_name(other.crew),
            step=visit_state(other),
            eta_at=teller.maybe(other.eta_at),
            **NO_WAIT,
        )
    asked = ticket.state == "waiting" and crews_for(teller.desk, ticket) > 1
    if not asked and not lacks_second(teller.desk, ticket):
        return None
    said = _waits(f"{ticket.id}{SECOND}", teller)
    return shapes.SecondOut(crew=None, crew_name=None, step=None, eta_at=None, **said)


def _waits(job: str, teller: Teller) -> dict[str, Any]:
    said = teller.waiting.get(job)
    if said is None:
        return NO_WAIT
    if said["crew"] is None:
        return {"waiting_for": None, "nobody": list(said["codes"])}
    start_at, codes = teller.iso(said["start_ms"]), list(said["codes"])
    return {
        "waiting_for": shapes.WaitingOut(crew=said["crew"], start_at=start_at, codes=codes),
        "nobody": None,
    }


def breaks(crew: Crew, teller: Teller) -> list[shapes_road.SpanOut]:
    """The crew's breaks of its shift now, or of the next, in order."""
    shift = crew.shift.window(teller.now, teller.desk.timezone)
    found = crew.breaks_within(*shift, teller.desk.timezone)
    return [shapes_road.SpanOut(from_=teller.iso(since), until=teller.iso(until)) for since, until in found]


def crew_state(crew: Crew, step: State | None, teller: Teller) -> str:
    """busy, driving, out_of_service, free or off; `step` is how far it is with its ticket, if it has one.

    What somebody said of a crew is told before what the roster says.
    """
    if step is not None:
        return "driving" if step == "departed" else "busy"
    if crew.id in teller.out:
        return "out_of_service"
    return "free" if crew.on_duty(teller.now, teller.desk.timezone) else "off"


def out_of_service(crew: Crew, teller: Teller) -> shapes_road.OutOfServiceOut | None:
    """Why and until when the crew is out of service; None while it is not."""
    said = teller.out.get(crew.id)
    return out_shown(said, teller) if said else None


def out_shown(said: OutOfService, teller: Teller) -> shapes_road.OutOfServiceOut:
    """What somebody said of a crew, as board and phone show it."""
    until = teller.maybe(said.until_at)
    return shapes_road.OutOfServiceOut(
        id=said.id,
        at=teller.iso(said.at),
        until=until,
        reason=said.reason,
        by=said.by,
        by_crew=teller.desk.store.people.is_crew(said.by),
    )


def rests_until(crew: Crew, teller: Teller) -> str | None:
    """When the break that lasts now is over; None in no break, and off duty."""
    zone, now = teller.desk.timezone, teller.now
    lasts = crew.breaks_within(now, now + 1, zone) if crew.on_duty(now, zone) else ()
    return teller.iso(max(until for _, until in lasts)) if lasts else None
