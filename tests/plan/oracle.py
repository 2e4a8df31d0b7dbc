"""The cheapest plan of a small board, found by trying every one; the cost is that of `plan_cost`."""

from __future__ import annotations

import math
from itertools import permutations

import numpy as np

from dispatch.plan import Weights
from dispatch.plan.check import NEVER_MIN
from dispatch.plan.cost import MS_PER_MIN, costs, stakes
from dispatch.plan.lookahead import weighed


def cheapest(board, now, travel):
    """The cost of the best of all plans; breaks are not known here."""
    crews, jobs = board.crews, board.jobs
    sites = [job.place for job in jobs]
    seconds = travel.matrix([crew.place for crew in crews] + sites, sites)
    orders = [order for size in range(len(jobs) + 1) for order in permutations(range(len(jobs)), size)]
    orders = [
        order for order in orders if not {jobs[n].ticket for n in order} & {jobs[n].apart_from for n in order}
    ]
    stops: list[tuple[int, float, float]] = []
    found: list[tuple[int, tuple[int, ...], int, int]] = []
    for crew in range(len(crews)):
        for order in orders:
            drives = _drives(board, now, seconds, crew, order)
            if drives is not None:
                found.append((crew, order, len(stops), len(stops) + len(order)))
                stops += drives
    never = _never(jobs, now)
    prices = _cost(jobs, stops, now, weighed(board, now, None))
    best = {0: 0.0}
    for crew in range(len(crews)):
        routes: dict[int, float] = {}
        for of, order, first, last in found:
            if of == crew:
                mask = sum(1 << job for job in order)
                routes[mask] = min(routes.get(mask, math.inf), sum(prices[first:last]))
        then: dict[int, float] = {}
        for done, cost in best.items():
            for mask, price in routes.items():
                if not done & mask:
                    then[done | mask] = min(then.get(done | mask, math.inf), cost + price)
        best = then
    every = range(len(jobs))
    return min(cost + sum(never[job] for job in every if not done >> job & 1) for done, cost in best.items())


def _drives(board, now, seconds, crew, order):
    """(job, minutes until arrival, minutes of driving) along a route; None when the crew cannot do it."""
    state, stops, node = board.crews[crew], [], crew
    leave_ms = max(state.free_at_ms - now, 0)
    on_duty = not state.out_of_service and state.shift_from_ms <= now < state.shift_until_ms
    for number in order:
        job, drive_s = board.jobs[number], seconds[node, number]
        able = on_duty and job.needs <= state.skills and state.id not in job.barred | job.there
        if not (able and job.pinned in {None, state.id} and math.isfinite(drive_s)):
            return None
        arrive_ms = leave_ms + math.ceil(drive_s * 1000)
        if now + arrive_ms >= state.shift_until_ms:
            return None
        stops.append((number, arrive_ms / MS_PER_MIN, drive_s / 60))
        leave_ms, node = arrive_ms + math.ceil(job.work_s * 1000), len(board.crews) + number
    return stops


def _cost(jobs, stops, now, weights):
    at_stake = stakes([jobs[job] for job, _, _ in stops], now, weights)
    ahead, drive = (np.array([[stop[at] for stop in stops]]) for at in (1, 2))
    return costs(at_stake, ahead, drive, weights).total[0].tolist()


def _never(jobs, now):
    late = _cost(jobs, [(job, NEVER_MIN, 0.0) for job in range(len(jobs))], now, Weights())
    weight = stakes(jobs, now, Weights()).weight
    return [cost + Weights().miss_cost * float(one) for cost, one in zip(late, weight, strict=True)]
