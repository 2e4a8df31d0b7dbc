"""Which crew on its way to something ordinary turns to people in danger instead.

Everything else that a crew was told stands: plans that jump cost more at the desk and in the cabs than they
save on the road. A wire on the ground is another matter, where it wins enough minutes.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatch.plan.board import Board
from dispatch.plan.cost import MS_PER_MIN, weight_of
from dispatch.plan.lookahead import weighed
from dispatch.plan.simple import look_ahead

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dispatch.plan.board import Assignment, CrewState, Plan, TravelTimes
    from dispatch.plan.cost import Weights


@dataclass(frozen=True, slots=True)
class OnTheWay:
    """A crew that may be turned: how it would stand if it were called off now, and what it drives to."""

    crew: CrewState
    ticket: str


@dataclass(frozen=True, slots=True)
class Diversion:
    """A crew told to go elsewhere: what it leaves, where it goes and why it, and by how much that is sooner.

    `sooner_ms` is None where nobody would have come at all.
    """

    leaves: str
    assignment: Assignment
    sooner_ms: int | None


def divert(
    board: Board,
    plan: Plan,
    on_the_way: Iterable[OnTheWay],
    now: int,
    travel: TravelTimes,
    *,
    weights: Weights,
    gain_min: float,
    most: int,
) -> tuple[Diversion, ...]:
    """At most `most` diversions, each to a hazard that is reached at least `gain_min` minutes sooner by it.

    The heaviest hazard chooses first, ties by id. For each the look-ahead decides among the board's crews,
    those on the way taken as free where they are; it says why, as of every assignment.
    """
    weights = weighed(board, now, weights)
    turning = {each.crew.id: each for each in on_the_way}
    planned_ms = {each.ticket: each.arrive_ms for each in plan.waiting}
    planned_ms |= {each.ticket: each.arrive_ms for each in plan.told}
    crews = {crew.id: crew for crew in board.crews}
    found: list[Diversion] = []
    hazards = [job for job in board.jobs if job.hazard and job.dues_ms]  # no second half: one guards already
    for job in sorted(hazards, key=lambda job: (-weight_of(job, weights), job.ticket)):
        if len(found) == most or not turning:
            break
        before_ms = planned_ms.get(job.ticket)
        if before_ms is not None and before_ms - now < gain_min * MS_PER_MIN:
            continue  # nobody could be there so much sooner
        free = {name: each.crew for name, each in turning.items()}
        seen = Board(tuple((crews | free).values()), (job,))
        told = next(iter(look_ahead(seen, now, travel, weights).told), None)
        if told is None or told.crew not in turning:
            continue
        sooner_ms = None if before_ms is None else before_ms - told.arrive_ms
        if sooner_ms is None or sooner_ms >= gain_min * MS_PER_MIN:
            found.append(Diversion(turning.pop(told.crew).ticket, told, sooner_ms))
            del crews[told.crew]
    return tuple(found)
