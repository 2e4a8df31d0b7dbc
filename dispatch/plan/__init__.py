"""Who should go where now: `plan(board, now, travel)`, pure and total.

Same board, same moment, same travel times and as many rounds of search give the same plan, whatever the
order of the input. Nobody able or nothing to do gives an empty plan, not an error. Only the first job of a
free crew is told; everything else waits and is planned again at the next change.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.plan.board import (
    SECOND,
    Assignment,
    Board,
    Cannot,
    CrewState,
    Delay,
    Job,
    Other,
    Place,
    Plan,
    Rank,
    Reasons,
    Route,
    Stop,
    Terms,
    TravelTimes,
    Waiting,
    halves,
    second_half,
)
from dispatch.plan.check import plan_cost, validate, validate_turned
from dispatch.plan.cost import Weights
from dispatch.plan.divert import Diversion, OnTheWay, divert
from dispatch.plan.explain import made
from dispatch.plan.lookahead import drives_to, look, weighed
from dispatch.plan.options import Option, options, order
from dispatch.plan.problem import pressing, problem
from dispatch.plan.search import search
from dispatch.plan.simple import look_ahead, nearest_able
from dispatch.plan.turned import with_breaks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dispatch.plan.lookahead import Outlook

__all__ = [
    "SECOND",
    "Assignment",
    "Board",
    "Cannot",
    "CrewState",
    "Delay",
    "Diversion",
    "Job",
    "OnTheWay",
    "Option",
    "Other",
    "Place",
    "Plan",
    "Rank",
    "Reasons",
    "Route",
    "Stop",
    "Terms",
    "TravelTimes",
    "Waiting",
    "Weights",
    "divert",
    "halves",
    "look_ahead",
    "nearest_able",
    "options",
    "order",
    "plan",
    "plan_cost",
    "second_half",
    "validate",
    "validate_turned",
    "with_breaks",
]


ROUNDS = 60  # of search where no clock may count


def a_while(number: int) -> bool:
    """As many rounds of search as a plan is worth that is to be had again, the same."""
    return number < ROUNDS


def plan(
    board: Board,
    now: int,
    travel: TravelTimes,
    weights: Weights | None = None,
    *,
    before: Plan | None = None,
    keep_going: Callable[[int], bool] = a_while,
) -> Plan:
    """Who is told to go now, and what each other ticket waits for; `now` is epoch ms.

    The search begins with the routes of the plan `before` and asks `keep_going(round)` before each round: a
    clock in service, a number where the same plan must come out again. The travel engine is asked twice: from
    the crews to every site, and between the sites that are searched. Ties are broken by id.
    """
    crews = tuple(sorted(board.crews, key=lambda crew: crew.id))
    jobs = tuple(sorted(board.jobs, key=lambda job: job.ticket))
    seconds = drives_to(travel, [crew.place for crew in crews], jobs)
    outlook = look(crews, jobs, now, seconds, weighed(board, now, weights))
    chosen = pressing(outlook)
    searched = [jobs[job] for job in chosen]
    legs_s = drives_to(travel, [job.place for job in searched], searched)
    known = problem(outlook, chosen, legs_s)
    seed = " ".join([str(now), *(crew.id for crew in crews), *(job.ticket for job in jobs)])
    routes = search(known, _routes_before(outlook, chosen, before), keep_going, seed)
    stops = [known.stops(outlook, crew, jobs) for crew, jobs in enumerate(routes)]
    return made(outlook, stops, "search")


def _routes_before(outlook: Outlook, chosen: Sequence[int], before: Plan | None) -> list[list[int]]:
    """The routes of the last plan as places in `chosen`; what is gone since is left out."""
    number = {outlook.jobs[job].ticket: index for index, job in enumerate(chosen)}
    stops = {route.crew: route.stops for route in before.routes} if before else {}
    return [
        [number[stop.ticket] for stop in stops.get(crew.id, ()) if stop.ticket in number]
        for crew in outlook.crews
    ]
