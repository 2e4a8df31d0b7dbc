"""How long the work and the drive of a past trip lasted, and whether its ticket took two crews."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from dispatch.desk.board import PLANNER, crews_for

if TYPE_CHECKING:
    from dispatch.desk import Desk
    from dispatch.ticket import Ticket, Visit

SHORTEST_S, LONGEST_S = 60.0, 86_400.0  # work on site beyond is a forgotten button
LEAST_FACTOR, MOST_FACTOR = 0.5, 4.0  # of a drive: beyond, the crew was not simply driving
SURE_S = 120.0  # shorter drives say nothing about the road


def worked_s(visit: Visit | None, expected_s: float) -> float:
    """Seconds on site: until the crew closed the ticket, else until power was back, else as expected."""
    left = (visit.closed_at or visit.restored_at) if visit else None
    if visit is None or visit.arrived_at is None or left is None:
        return expected_s
    return min(max((left - visit.arrived_at) / 1000, SHORTEST_S), LONGEST_S)


def drive_factor(visit: Visit | None, road_s: float | None) -> float:
    """How much longer the drive took than the roads say, `road_s` seconds; 1 where nobody can say.

    Where it was not written down what the roads say, the planner's estimate stands for it: only free crews
    have its orders. One made by hand may hold the work that the crew had still to finish elsewhere.
    """
    if visit is None or visit.arrived_at is None or visit.departed_at is None:
        return 1.0
    if road_s is None and visit.by == PLANNER and visit.eta_at is not None:
        road_s = (visit.eta_at - visit.assigned_at) / 1000
    if road_s is None or road_s < SURE_S:
        return 1.0
    return min(max((visit.arrived_at - visit.departed_at) / 1000 / road_s, LEAST_FACTOR), MOST_FACTOR)


def took_two(desk: Desk, ticket: Ticket) -> bool:
    """Whether its kind of fault needs two crews, or two were sent beside each other, whoever wanted that."""
    if crews_for(desk, ticket) > 1:
        return True
    trips = [visit for visit in ticket.visits if visit.over in {"", "reopened"}]
    pairs = combinations(sorted(trips, key=lambda visit: visit.assigned_at), 2)
    return any(one.crew != two.crew and _stands(one, two.assigned_at) for one, two in pairs)


def _stands(visit: Visit, at: int) -> bool:
    """Whether the trip was neither closed nor ended at that moment."""
    return all(end is None or at < end for end in (visit.over_at, visit.closed_at))
