"""Which crew should serve which ticket next, counting busy crews from their expected finish.

A Hungarian assignment over all crews on duty and all waiting jobs. A ticket may so be paired with a busy crew
that will serve it better than a free one. What a pair is worth is what it saves against the best service
`horizon_min` later; a pair that saves nothing is not made.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.optimize import linear_sum_assignment

from dispatch.plan.cost import MS_PER_MIN, Costs, Floats, Weights, costs, in_queue, stakes

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from dispatch.plan.board import Board, CrewState, Job, Place, TravelTimes

CODES = (
    "",
    "shift_ends",
    "unreachable",
    "pinned_elsewhere",
    "declined",
    "same_crew",
    "off_shift",
    "out_of_service",
    "skill",
)
"""Why a crew cannot go; a later one hides an earlier one, so the most lasting reason is named.

What somebody said of this crew is named before what the roster says of it.
"""
SHIFT_ENDS, UNREACHABLE, PINNED, DECLINED, SAME_CREW, OFF_SHIFT, OUT_OF_SERVICE, SKILL = range(1, 9)

LONGEST_DRIVE_S = 30 * 86_400.0  # beyond a month a figure is an engine's way of saying "never"
TIE = 1e-7  # cost far below a millisecond of anything: only decides between equals


@dataclass(frozen=True, slots=True)
class Outlook:
    """Every crew against every job: when it would arrive, at what cost, or why it cannot.

    Arrays are [crews, jobs], both sorted by id; `job_weight` is per job, `shift_left_ms` a column.
    `ahead_ms` (from now until arrival), `total` and `later` (the same service `horizon_min` later) are
    infinity where `code` names a reason of `CODES`.
    """

    now_ms: int
    crews: tuple[CrewState, ...]
    jobs: tuple[Job, ...]
    weights: Weights
    job_weight: Floats
    shift_left_ms: Floats
    travel_s: Floats
    code: NDArray[np.int8]
    ahead_ms: Floats
    terms: Costs
    total: Floats
    later: Floats


def travel_between(travel: TravelTimes, origins: Sequence[Place], destinations: Sequence[Place]) -> Floats:
    """Seconds [origins, destinations], infinity for what is no possible drive (NaN, negative, endless).

    The engine is not asked when either side is empty. Raises ValueError when it answers in another shape.
    """
    shape = (len(origins), len(destinations))
    if 0 in shape:
        return np.zeros(shape)
    seconds = np.asarray(travel.matrix(origins, destinations), dtype=np.float64).reshape(shape)
    return np.where((seconds >= 0) & (seconds <= LONGEST_DRIVE_S), seconds, np.inf)


def drives_to(travel: TravelTimes, origins: Sequence[Place], jobs: Sequence[Job]) -> Floats:
    """Seconds [origins, jobs], each as much longer than the roads say as drives to that job take."""
    slower = np.array([job.slower for job in jobs])
    found: Floats = travel_between(travel, origins, [job.place for job in jobs]) * slower
    return found


def look(
    crews: tuple[CrewState, ...], jobs: tuple[Job, ...], now_ms: int, travel_s: Floats, weights: Weights
) -> Outlook:
    """The outlook of crews and jobs (both sorted by id) with `travel_s` seconds [crews, jobs] between them.

    A crew must arrive before its shift ends; it may finish the work after. Nobody sets out beyond that.
    """
    shift_left_ms = _column([crew.shift_until_ms - now_ms for crew in crews])
    drive_ms = np.ceil(travel_s * 1000)
    arrival_ms = departures_ms(crews, now_ms, drive_ms) + drive_ms
    code = _code(crews, jobs, now_ms, travel_s, arrival_ms >= shift_left_ms)
    can = code == 0
    ahead_min = np.where(can, arrival_ms, 0.0) / MS_PER_MIN
    drive_min = np.where(can, travel_s, 0.0) / 60
    at_stake = stakes(jobs, now_ms, weights)
    at_stake = replace(at_stake, doubts=at_stake.doubts.after([crew.free_width for crew in crews]))
    terms = costs(at_stake, ahead_min, drive_min, weights, road_min=drive_min)
    later = costs(at_stake, ahead_min + weights.horizon_min, drive_min, weights, road_min=drive_min).total
    # infinite where impossible, so that no later sum can mistake a zero for a bargain
    ahead_ms, total, later = (np.where(can, value, np.inf) for value in (arrival_ms, terms.total, later))
    return Outlook(
        now_ms=now_ms,
        crews=crews,
        jobs=jobs,
        weights=weights,
        job_weight=at_stake.weight,
        shift_left_ms=shift_left_ms,
        travel_s=travel_s,
        code=code,
        ahead_ms=ahead_ms,
        terms=terms,
        total=total,
        later=later,
    )


def departures_ms(crews: Sequence[CrewState], now_ms: int, drive_ms: Floats) -> Floats:
    """Milliseconds from now until drives of `drive_ms` [crews, places] begin: [crews, places] or a column.

    A crew sets out as soon as it is free, and after every break that the drive would run into.
    """
    start_ms = _column([max(crew.free_at_ms - now_ms, 0) for crew in crews])
    for since, until in break_windows(crews, now_ms, 1.0):
        runs_into = (start_ms < until[:, None]) & (start_ms + drive_ms > since[:, None])
        start_ms = np.where(runs_into, until[:, None], start_ms)
    return start_ms


def break_windows(
    crews: Sequence[CrewState], now_ms: int, unit_ms: float
) -> tuple[tuple[Floats, Floats], ...]:
    """The first break of each crew, then the second, ...: (from, until) columns in units from now.

    A crew with fewer breaks has one that never comes: from infinity until minus infinity.
    """
    most = max((len(crew.breaks) for crew in crews), default=0)
    rows = [[*sorted(crew.breaks), *[(np.inf, -np.inf)] * (most - len(crew.breaks))] for crew in crews]
    windows = (np.array(rows, dtype=np.float64).reshape(len(crews), most, 2) - now_ms) / unit_ms
    return tuple((windows[:, number, 0], windows[:, number, 1]) for number in range(most))


def _column(values: Sequence[float] | Floats) -> Floats:
    return np.array(values, dtype=np.float64).reshape(-1, 1)


def _code(
    crews: Sequence[CrewState],
    jobs: Sequence[Job],
    now_ms: int,
    travel_s: Floats,
    too_late: NDArray[np.bool_],
) -> NDArray[np.int8]:
    """Why each crew cannot go to each job, as an index of CODES; 0 where it can."""
    code = np.where(too_late, SHIFT_ENDS, 0).astype(np.int8)
    code[~np.isfinite(travel_s)] = UNREACHABLE
    row = {crew.id: index for index, crew in enumerate(crews)}
    for column, job in enumerate(jobs):
        if job.pinned is not None:
            code[np.arange(len(crews)) != row.get(job.pinned, -1), column] = PINNED
        code[[row[crew] for crew in job.barred if crew in row], column] = DECLINED
        code[[row[crew] for crew in job.there if crew in row], column] = SAME_CREW
    code[[not on_duty(crew, now_ms) for crew in crews], :] = OFF_SHIFT
    code[[crew.out_of_service for crew in crews], :] = OUT_OF_SERVICE
    code[_lacks_skill(crews, jobs)] = SKILL
    return code


def weighed(board: Board, now_ms: int, weights: Weights | None) -> Weights:
    """The weights (the defaults where there are none) as the queue of this board makes them."""
    crews = sum(on_duty(crew, now_ms) and not crew.out_of_service for crew in board.crews)
    return in_queue(weights or Weights(), len(board.jobs), crews)


def on_duty(crew: CrewState, now_ms: int) -> bool:
    """Whether the roster has the crew at work at this moment."""
    return crew.shift_from_ms <= now_ms < crew.shift_until_ms


def is_idle(crew: CrewState, now_ms: int) -> bool:
    """Whether the crew is on duty and in service and has nothing to do, be it at rest or not."""
    return on_duty(crew, now_ms) and not crew.out_of_service and crew.free_at_ms <= now_ms


def at_rest(crew: CrewState, now_ms: int) -> bool:
    """Whether one of its breaks holds this moment."""
    return any(since <= now_ms < until for since, until in crew.breaks)


def at_hand(crew: CrewState, now_ms: int) -> bool:
    """Whether the crew could set out at this moment: idle, and not at rest."""
    return is_idle(crew, now_ms) and not at_rest(crew, now_ms)


def _lacks_skill(crews: Sequence[CrewState], jobs: Sequence[Job]) -> NDArray[np.bool_]:
    """Where a job [column] needs a skill that the crew [row] has not."""
    names = sorted({name for job in jobs for name in job.needs})
    lacks = np.array([[name not in crew.skills for name in names] for crew in crews], dtype=np.float64)
    needs = np.array([[name in job.needs for name in names] for job in jobs], dtype=np.float64)
    lacking = lacks.reshape(len(crews), len(names)) @ needs.reshape(len(jobs), len(names)).T
    return np.asarray(lacking > 0, dtype=np.bool_)


def savings(total: Floats, later: Floats) -> Floats:
    """What each pair saves against the best service of the job `horizon_min` later, as a cost of 0 or less.

    0 means: leave it. An impossible pair has infinite cost and saves nothing; infinity is never subtracted
    from infinity, because the result would attract every job.
    """
    saved = np.zeros(total.shape)
    if total.size:
        np.subtract(total, later.min(axis=0), out=saved, where=np.isfinite(total))
    return np.minimum(saved, 0.0)


def pair(saved: Floats, prices: Floats | None = None) -> tuple[tuple[int, int], ...]:
    """The (crew, job) pairs that save the most together, each crew and each job at most once.

    Among equals the lower index goes to the lower index. A pair that saves nothing is left unmade. With the
    `prices` of a pairing that is nearly this one it is found the sooner; what is found is the same.
    """
    cost = _tied(saved) if prices is None else _tied(saved, square=True) - prices
    rows, columns = linear_sum_assignment(cost)
    inside = (rows < saved.shape[0]) & (columns < saved.shape[1])
    rows, columns = rows[inside], columns[inside]
    made = saved[rows, columns] < 0
    return tuple(zip(rows[made].tolist(), columns[made].tolist(), strict=True))


def prices_of(saved: Floats) -> Floats:
    """What a pairing makes of each crew plus each job [n, n]: less it, no pair costs less than nothing.

    They are the dual solution of the assignment, by shortest paths from its own pairs (Bellman-Ford).
    """
    cost = _tied(saved, square=True)
    columns = linear_sum_assignment(cost)[1]
    own, of_job = cost[np.arange(len(cost)), columns], np.zeros(len(cost))
    for _ in range(len(cost)):
        of_crew = own - of_job[columns]
        lower = np.minimum(of_job, (cost - of_crew[:, None]).min(axis=0, initial=np.inf))
        if np.array_equal(lower, of_job):
            break
        of_job = lower
    prices: Floats = (own - of_job[columns])[:, None] + of_job
    return prices


def _tied(saved: Floats, *, square: bool = False) -> Floats:
    """The costs of all pairs, equals told apart by index; `square` fills up with pairs that cost nothing."""
    crews, jobs = saved.shape
    i, j = np.arange(crews)[:, None], np.arange(jobs)
    order = (i + j) / (crews + jobs + 1) - 0.1 * i * j / (crews * jobs + 1)
    cost = np.where(saved < 0, saved + TIE * order, 0.0)
    if not square:
        return cost
    whole = np.zeros((max(crews, jobs), max(crews, jobs)))
    whole[:crews, :jobs] = cost
    return whole


def without_idling(outlook: Outlook, planned: Mapping[int, int]) -> dict[int, int]:
    """`planned` (crew -> job) with no ticket left waiting while an idle crew could be there sooner.

    A free crew that the pairing gave no job has no better use just now, and no saved drive is worth a longer
    time in the dark that nobody at the desk could explain. The heaviest ticket chooses first, ties by id.
    """
    made = dict(planned)
    crew_of = {job: crew for crew, job in planned.items()}
    free = {row for row, crew in enumerate(outlook.crews) if crew.free_at_ms <= outlook.now_ms}
    idle = free - made.keys()
    for job in sorted(range(len(outlook.jobs)), key=lambda job: (-outlook.job_weight[job], job)):
        crew = crew_of.get(job)
        if crew in free:
            continue
        until_ms = np.inf if crew is None else outlook.ahead_ms[crew, job]
        sooner = [row for row in idle if outlook.ahead_ms[row, job] < until_ms]
        if sooner:
            best = min(sooner, key=lambda row: (outlook.total[row, job], row))
            if crew is not None:
                del made[crew]
            made[best] = job
            idle.remove(best)
    return made
