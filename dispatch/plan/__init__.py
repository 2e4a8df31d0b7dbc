"""Who should go where now: `plan(board, now, travel)`, pure and total.

Same board, same moment and same travel times give the same plan, whatever the order of the input. Nobody able
or nothing to do gives an empty plan, not an error. Only the first job of a free crew is told; everything else
waits and is planned again at the next change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.plan.board import (
    Assignment,
    Board,
    Cannot,
    CrewState,
    Job,
    Other,
    Place,
    Plan,
    Reasons,
    Terms,
    TravelTimes,
    Waiting,
    validate,
)
from dispatch.plan.cost import Weights
from dispatch.plan.explain import Delay, Option, assignment, options, waiting
from dispatch.plan.lookahead import look, pair, savings, travel_between, without_idling

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dispatch.plan.lookahead import Outlook

__all__ = [
    "Assignment",
    "Board",
    "Cannot",
    "CrewState",
    "Delay",
    "Job",
    "Option",
    "Other",
    "Place",
    "Plan",
    "Reasons",
    "Terms",
    "TravelTimes",
    "Waiting",
    "Weights",
    "options",
    "plan",
    "validate",
]


def plan(board: Board, now: int, travel: TravelTimes, weights: Weights | None = None) -> Plan:
    """Who is told to go now, and what each other ticket waits for; `now` is epoch ms.

    The travel engine is asked once. Ties are broken by id.
    """
    crews = tuple(sorted(board.crews, key=lambda crew: crew.id))
    jobs = tuple(sorted(board.jobs, key=lambda job: job.ticket))
    seconds = travel_between(travel, [crew.place for crew in crews], [job.place for job in jobs])
    outlook = look(crews, jobs, now, seconds, weights or Weights())
    planned = dict(pair(savings(outlook.total, outlook.later)))
    return _told(outlook, without_idling(outlook, planned))


def _told(outlook: Outlook, planned: Mapping[int, int]) -> Plan:
    """The plan that follows from crew -> job: free crews are told, busy crews are told nothing."""
    crew_of = {job: crew for crew, job in planned.items()}
    free = {job for job, crew in crew_of.items() if outlook.crews[crew].free_at_ms <= outlook.now_ms}
    every = range(len(outlook.jobs))
    return Plan(
        told=tuple(assignment(outlook, crew_of[job], job, planned) for job in every if job in free),
        waiting=tuple(waiting(outlook, job, planned) for job in every if job not in free),
    )
