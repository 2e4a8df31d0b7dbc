"""What is written down when a crew is sent, by the planner or by hand: the order, with its reasons."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from dispatch.desk import chance
from dispatch.desk.board import PLANNER, work_s
from dispatch.plan import SECOND

if TYPE_CHECKING:
    from dispatch.desk import Desk
    from dispatch.plan import Assignment
    from dispatch.ticket import Ticket
    from dispatch.timeline import Event


def tell(
    desk: Desk,
    ticket: Ticket,
    crew: str,
    told: Assignment | None,
    slower: float,
    *,
    second: bool,
    by: str = PLANNER,
    **more: Any,
) -> Event:
    """Write on the ticket that the crew is sent, `more` with it; inside the caller's transaction.

    `told` is what was calculated of it, None while nobody knows the roads; `second` sends it beside another
    crew. Drives there took `slower` times what the roads say; what the roads say is kept, to be learnt from.
    """
    now = desk.clock()
    found = _calculated(desk, ticket, told, now, slower) if told else {}
    beside = {"second": True} if second else {}
    if told and (second or told.ticket.endswith(SECOND)):
        found["expected"]["due_at"] = None  # another crew keeps the promise: no chance was said of it
    body = {"crew": crew, "pinned": False, "eta_at": None, **found, **beside, **more}
    return desk.store.tickets.append(ticket.id, "assigned", body, at=now, now=now, by=by)


def _calculated(desk: Desk, ticket: Ticket, told: Assignment, now: int, slower: float) -> dict[str, Any]:
    drive_s, usual_s = told.travel_s / slower, work_s(desk, ticket)
    expected = chance.expected(desk, ticket, now, drive_s=drive_s, chance=told.p_on_time, work_s=usual_s)
    return {"eta_at": told.arrive_ms, "reasons": asdict(told.reasons), "expected": expected}


def tell_again(desk: Desk, ticket_id: str, sent: Event, code: str) -> None:
    """Write an order that was ended down once more, as it was, with a code for why."""
    now = desk.clock()
    body = {**sent.body, "code": code}
    desk.store.tickets.append(ticket_id, "assigned", body, at=now, now=now, by=sent.by)
