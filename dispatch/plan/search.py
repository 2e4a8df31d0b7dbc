"""The best routes found for all crews: insertion, then ruin and recreate for as long as one is let go on.

Start from the routes of the last plan (or, if there was none, from look-ahead after look-ahead), put in what
is new, and then again and again take some jobs that lie near each other off their routes and put each back
where it costs least. What is better is kept; what is a little worse is kept for a while, so as to come out of
a dead end.
(Schrimpf et al. 2000, "Record breaking optimization results using the ruin and recreate principle".)
"""

from __future__ import annotations

import random
import zlib
from typing import TYPE_CHECKING

import numpy as np

from dispatch.plan.lookahead import pair, savings
from dispatch.plan.routes import MOST_STOPS, Routes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from numpy.typing import NDArray

    from dispatch.plan.cost import Floats
    from dispatch.plan.problem import Problem

MOST_RUINED = 10  # jobs taken off their routes in one round
WORSE = 0.003  # a round may end so much worse than the best and still be gone on from
MOST_PAIRED = 4_000_000  # crews x jobs looked at before the search begins
MOST_NEW = 60  # of the jobs on no route so many, the dearest, are tried before the search


def search(
    problem: Problem, before: Sequence[Sequence[int]], keep_going: Callable[[int], bool], seed: str
) -> list[list[int]]:
    """The jobs of each crew, in order; `before` are such routes to start from, `seed` any text.

    `keep_going(round)` is asked before each round of ruin and recreate, from 0 on.
    """
    dice = random.Random(zlib.crc32(seed.encode()))  # noqa: S311 -- for a search that can be repeated, no secret
    routes = _begin(problem, before)
    best, number = routes.copy(), 0
    while problem.jobs > 1 and problem.able.any() and keep_going(number):
        tried = routes.copy()
        _round(tried, dice)
        if tried.total <= best.total * (1 + WORSE * dice.random()):
            routes = tried
        if tried.total < best.total - 1e-9:
            best = tried.copy()
        number += 1
    return [best.of(crew) for crew in range(problem.crews)]


def _begin(problem: Problem, before: Sequence[Sequence[int]]) -> Routes:
    """The better of two: the routes before and what is new put in, or look-ahead after look-ahead."""
    warm = Routes(problem)
    for crew, jobs in enumerate(before):
        warm.put(crew, jobs)
    known = int((warm.crew_of >= 0).sum())
    if known * 4 < 3 * min(problem.jobs, problem.crews * 3) or problem.able.size < 20_000:
        cold = _ahead(problem)
        if cold.total < warm.total or not known:
            warm = cold
    _fill(warm, _dearest_left(warm)[:MOST_NEW])
    return warm


def _dearest_left(routes: Routes) -> list[int]:
    """The jobs on no route that somebody could do, the dearest first."""
    known = routes.problem
    left = np.flatnonzero((routes.crew_of[:-1] < 0) & known.able.any(axis=0))
    dear = known.harm[left, 0] + known.weight[left]
    return [int(job) for job in left[np.argsort(-dear, kind="stable")]]


def _fill(routes: Routes, jobs: Iterable[int], shy: Floats | None = None) -> None:
    for job in jobs:
        routes.insert(job, shy)


def _ahead(problem: Problem) -> Routes:
    """Look-ahead after look-ahead: whoever got a job is looked at from its site, when it is done there."""
    routes: list[list[int]] = [[] for _ in range(problem.crews)]
    node, leave = np.arange(problem.crews), problem.start.copy()
    left = np.flatnonzero(problem.able.any(axis=0))
    for _ in range(min(MOST_STOPS, MOST_PAIRED // max(problem.able.size, 1) + 1)):
        made = _paired(problem, node, leave, left)
        for crew, job, arrive in made:
            routes[crew].append(job)
            node[crew], leave[crew] = problem.crews + job, arrive + problem.work[job]
        left = np.setdiff1d(left, [job for _, job, _ in made])
        if not made or not len(left):
            break
    found = Routes(problem)
    for crew, jobs in enumerate(routes):
        found.put(crew, jobs)
    return found


def _paired(
    problem: Problem, node: NDArray[np.intp], leave: Floats, left: NDArray[np.intp]
) -> list[tuple[int, int, float]]:
    """(crew, job, arrival) of one look-ahead over the jobs that are left."""
    drive = problem.drive[node][:, left]
    arrive = problem.arrivals(leave[:, None], drive, slice(None))
    can = problem.able[:, left] & (arrive < problem.limit[:, None])
    base = problem.weights.drive_cost * drive
    soon, later = (
        np.where(can, problem.harm_at(left[None], arrive + wait) + base, np.inf)
        for wait in (0.0, problem.weights.horizon_min)
    )
    return [(crew, int(left[job]), float(arrive[crew, job])) for crew, job in pair(savings(soon, later))]


def _round(routes: Routes, dice: random.Random) -> None:
    """Take jobs near a chosen one off their routes, and put them back in some order."""
    problem = routes.problem
    seed = dice.randrange(problem.jobs)
    many = dice.randint(1, min(MOST_RUINED, problem.jobs))
    gone = _near(problem, seed, many)
    if dice.random() < 0.3:
        crew = int(routes.crew_of[seed])
        gone = list(dict.fromkeys([*gone[:4], *(routes.of(crew) if crew >= 0 else [])]))
    routes.take_out(gone)
    shy = np.array([dice.random() for _ in range(problem.crews)]) * dice.choice((0.0, 1.0, 30.0, 1000.0))
    _fill(routes, _ordered(problem, gone, dice), shy if problem.crews > 1 else None)


def _near(problem: Problem, job: int, many: int) -> list[int]:
    """The `many` jobs nearest to this one by road, itself first."""
    away = problem.drive[problem.crews + job, : problem.jobs].copy()
    away[job] = -1.0
    return [int(each) for each in np.argsort(away, kind="stable")[:many]]


def _ordered(problem: Problem, jobs: list[int], dice: random.Random) -> list[int]:
    """The jobs in one of several orders: by chance, by weight, by due time."""
    dice.shuffle(jobs)
    choice = dice.randrange(3)
    if choice == 1:
        jobs.sort(key=lambda job: -problem.weight[job])
    if choice == 2:
        jobs.sort(key=lambda job: problem.due[job])
    return jobs
