"""Whether a plan may be trusted, and what it costs: both are asked of the plan, not of who made it."""

from __future__ import annotations

import math
from collections import Counter
from typing import TYPE_CHECKING

import numpy as np

from dispatch.plan.board import Route, Stop
from dispatch.plan.cost import MS_PER_MIN, Weights, costs, stakes
from dispatch.plan.lookahead import drives_to, weighed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dispatch.plan.board import Board, CrewState, Job, Plan, TravelTimes
    from dispatch.plan.divert import Diversion, OnTheWay

NEVER_MIN = 24 * 60.0  # a ticket that nobody serves is charged as if somebody came a day later, and one miss


def validate(plan: Plan, board: Board) -> tuple[str, ...]:
    """What is wrong with a plan for this board; empty when it may be trusted.

    Sorted codes `rule:crew:ticket` (`crew_twice:C1`, `ticket_missing:T1` where only one is meant).
    Checked: every ticket told or waiting exactly once, each crew told and routed once, skills, crews out of
    service, shift, breaks, pins, declined crews, the halves of a ticket by two crews, that a crew leaves for
    a ticket when it is free and not before it is done with the one before, and that what is told and what
    waits is what the routes say. A plan without routes, as simple planners make, is one stop for each crew.
    """
    crews = {crew.id: crew for crew in board.crews}
    jobs = {job.ticket: job for job in board.jobs}
    found = set(_counted(plan, board))
    for route in plan.routes or _one_by_one(plan):
        crew, free_ms = crews.get(route.crew), 0
        found |= set(_both_halves(route, jobs))
        for stop in route.stops:
            job = jobs.get(stop.ticket)
            if crew is None or job is None:
                found.add(f"unknown:{route.crew}:{stop.ticket}")
                continue
            broken = _broken(crew, job, stop, max(free_ms, crew.free_at_ms))
            found |= {f"{rule}:{crew.id}:{stop.ticket}" for rule in broken}
            free_ms = stop.arrive_ms + math.ceil(job.work_s * 1000)
    return tuple(sorted(found))


def validate_turned(
    found: Sequence[Diversion], board: Board, on_the_way: Sequence[OnTheWay]
) -> tuple[str, ...]:
    """What is wrong with turning crews to danger, in the codes of `validate`; empty when it may be trusted.

    A crew is held against how it would stand once it is called off; only one of `on_the_way` may be.
    """
    crews = {way.crew.id: way.crew for way in on_the_way}
    jobs = {job.ticket: job for job in board.jobs}
    told = [each.assignment for each in found]
    times = Counter(each.crew for each in told), Counter(each.ticket for each in told)
    wrong = {f"crew_twice:{crew}" for crew, count in times[0].items() if count > 1}
    wrong |= {f"ticket_twice:{ticket}" for ticket, count in times[1].items() if count > 1}
    for each in told:
        crew, job = crews.get(each.crew), jobs.get(each.ticket)
        if crew is None or job is None:
            wrong.add(f"unknown:{each.crew}:{each.ticket}")
            continue
        stop = Stop(each.ticket, each.arrive_ms - math.ceil(each.travel_s * 1000), each.arrive_ms)
        wrong |= {f"{rule}:{crew.id}:{each.ticket}" for rule in _broken(crew, job, stop, crew.free_at_ms)}
    return tuple(sorted(wrong))


def _one_by_one(plan: Plan) -> list[Route]:
    """A plan's orders as routes of one stop each."""
    told = [
        (each.crew, Stop(each.ticket, each.arrive_ms - math.ceil(each.travel_s * 1000), each.arrive_ms))
        for each in plan.told
    ]
    planned = [
        (each.crew, Stop(each.ticket, each.start_ms or 0, each.arrive_ms or 0))
        for each in plan.waiting
        if each.crew is not None
    ]
    return [Route(crew, (stop,)) for crew, stop in (*told, *planned)]


def _counted(plan: Plan, board: Board) -> Iterator[str]:
    told = Counter(told.crew for told in plan.told)
    routed = Counter(route.crew for route in plan.routes or _one_by_one(plan))
    yield from (f"crew_twice:{crew}" for crew, times in (told | routed).items() if times > 1)
    tickets = Counter([*(told.ticket for told in plan.told), *(each.ticket for each in plan.waiting)])
    stops = Counter(stop.ticket for route in plan.routes for stop in route.stops)
    yield from (f"ticket_twice:{ticket}" for ticket, times in (tickets | stops).items() if times > 1)
    yield from (f"ticket_missing:{job.ticket}" for job in board.jobs if job.ticket not in tickets)
    if plan.routes:
        yield from _not_routed(plan)


def _not_routed(plan: Plan) -> Iterator[str]:
    """What is told or waits for a crew and is not what the routes say."""
    stops = {stop.ticket: (route.crew, stop.arrive_ms) for route in plan.routes for stop in route.stops}
    first = {route.stops[0].ticket for route in plan.routes if route.stops}
    for told in plan.told:
        if told.ticket not in first or stops[told.ticket] != (told.crew, told.arrive_ms):
            yield f"not_routed:{told.crew}:{told.ticket}"
    for each in plan.waiting:
        if stops.get(each.ticket, (None, None)) != (each.crew, each.arrive_ms):
            yield f"not_routed:{each.crew}:{each.ticket}"


def _both_halves(route: Route, jobs: Mapping[str, Job]) -> Iterator[str]:
    mine = {stop.ticket for stop in route.stops}
    for ticket in mine & jobs.keys():
        if jobs[ticket].apart_from in mine:
            yield f"same_crew:{route.crew}:{ticket}"


def _broken(crew: CrewState, job: Job, stop: Stop, free_ms: int) -> Iterator[str]:
    if not job.needs <= crew.skills:
        yield "skill"
    if crew.out_of_service:
        yield "out_of_service"
    if stop.depart_ms < crew.shift_from_ms or stop.arrive_ms >= crew.shift_until_ms:
        yield "shift"
    if any(stop.depart_ms < until and stop.arrive_ms > since for since, until in crew.breaks):
        yield "break"
    if stop.depart_ms < free_ms:
        yield "busy"
    if stop.arrive_ms < stop.depart_ms:
        yield "backwards"
    if job.pinned not in {None, crew.id}:
        yield "pinned"
    if crew.id in job.barred:
        yield "declined"
    if crew.id in job.there:
        yield "same_crew"


def plan_cost(
    plan: Plan, board: Board, now: int, travel: TravelTimes, weights: Weights | None = None
) -> float:
    """What a plan costs by the arrivals of its routes, in the unit of `dispatch.plan.cost`.

    The drives are asked of `travel` again, stop by stop. A ticket on no route is charged as if somebody came
    NEVER_MIN later, and one missed promise on top, so that serving it is always better.
    """
    weights = weighed(board, now, weights)
    crews = {crew.id: crew for crew in board.crews}
    jobs = {job.ticket: job for job in board.jobs}
    order, ahead_min, drive_min = [], [], []
    for route in plan.routes or _one_by_one(plan):
        place = crews[route.crew].place
        for stop in route.stops:
            job = jobs.pop(stop.ticket)
            order.append(job)
            ahead_min.append((stop.arrive_ms - now) / MS_PER_MIN)
            drive_min.append(float(drives_to(travel, [place], [job])[0, 0]) / 60)
            place = job.place
    left = list(jobs.values())
    ahead = np.array([[*ahead_min, *[NEVER_MIN] * len(left)]])
    drive = np.array([[*drive_min, *[0.0] * len(left)]])
    at_stake = stakes([*order, *left], now, weights)
    unserved = weights.miss_cost * at_stake.weight[len(order) :].sum()
    return float(costs(at_stake, ahead, drive, weights).total.sum() + unserved)
