"""The first minute of a storm: every crew is free, hundreds of tickets wait, and the planner looks once.

One look of the desk as the planner's process makes it, from reading the board to the last crew that is told:
reasons, the check and every write included, over the sample's roads and a database of its own. The first look
tells nearly everybody, the second those that were left. RUNS times each, on a fresh company each.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.config import load
from dispatch.desk import assign, open_desk
from tests.bench.crowd import call, muster
from tests.bench.figures import Figure
from tests.bench.month import timed

if TYPE_CHECKING:
    from tests.bench.house import House

RUNS = 5
CROWDS = ((60, 340, 500), (300, 1500, 1000))  # crews, tickets waiting, milliseconds that are the goal


def measure(house: House) -> list[Figure]:
    """Milliseconds of the first and the second look, and how many crews the first one tells."""
    return [figure for crowd in CROWDS for figure in _crowd(house, *crowd)]


def _crowd(house: House, crews: int, waiting: int, goal_ms: float) -> list[Figure]:
    first, second, told = [], [], 0
    for _ in range(RUNS):
        config_file = house.company()
        desk = open_desk(load(config_file, {}))
        muster(desk, config_file.parent, crews)
        call(desk, "no_power", crews + waiting)
        seconds, made = timed(lambda desk=desk: assign.replan(desk))
        first.append(1000 * seconds)
        told = len(made.told)
        second.append(1000 * timed(lambda desk=desk: assign.replan(desk))[0])
        desk.store.database.close()
    what = f"{crews} crews, {crews + waiting} tickets"
    return [
        Figure(f"{what}: first look, crews told", told, ""),
        Figure(f"{what}: first look, median", sorted(first)[RUNS // 2], "ms"),
        Figure(f"{what}: first look, longest of {RUNS}", max(first), "ms", goal_ms),
        Figure(f"{what}: second look, longest of {RUNS}", max(second), "ms", goal_ms),
    ]
