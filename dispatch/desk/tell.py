"""What is written down when the planner tells a crew to go."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from dispatch.desk import chance
from dispatch.desk.board import PLANNER, work_s

if TYPE_CHECKING:
    from dispatch.desk import Desk
    from dispatch.plan import Assignment
    from dispatch.ticket import Ticket
    from dispatch.timeline import Event


def tell(desk: Desk, ticket: Ticket, told: Assignment, slower: float, **more: Any) -> Event:
    """Write an assignment on its ticket, `more` with it; inside the caller's transaction.

    Drives took `slower` times what the roads say; what the roads say is kept, to be learnt from. Where a crew
    goes already the one told is the second.
    """
    now = desk.clock()
    expected = chance.expected(
        desk,
        ticket,
        now,
        drive_s=told.travel_s / slower,
        chance=told.p_on_time,
        work_s=work_s(desk, ticket),
    )
    body = {
        "crew": told.crew,
        "pinned": False,
        "eta_at": told.arrive_ms,
        "reasons": asdict(told.reasons),
        "expected": expected,
        **({"second": True} if ticket.trips else {}),
        **more,
    }
    return desk.store.tickets.append(ticket.id, "assigned", body, at=now, now=now, by=PLANNER)
