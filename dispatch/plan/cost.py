"""What it costs when a crew arrives at a ticket at a certain time, and what each weight trades.

    total = weight x (miss_cost x miss + late_min) + drive_cost x drive_min + hurry x wait_min
    hurry = wait_cost x weight + guard_cost x hazard
    weight = 1 + customers_cost x log10(1 + customers) + hazard_cost x hazard + critical_cost x critical

`miss` and `late_min` are summed over the callers merged into the ticket; minutes are counted from now.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from dispatch.plan.chance import Doubts, doubts, late_share

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.plan.board import Job

Floats: TypeAlias = NDArray[np.float64]

MS_PER_MIN = 60_000.0
QUEUE_FULL = 3  # tickets that wait for each crew: a storm, where a minute on the road costs the most


@dataclass(frozen=True, slots=True)
class Weights:
    """What the planner trades against what; the defaults won on storms and busy days of the seeds 11 to 15.

    Attributes:
        miss_cost: minutes of lateness that one missed promise is worth. Lower (60) loses 4-6 points of
            on-time; higher starves the reports that are already late.
        late_beyond_min: minutes of lateness beyond which each further minute counts double. A company's
            default is 120, which shortens the longest waits and costs some promises; here none does.
        drive_cost: cost of a minute on the road. Higher keeps crews near and free for the next call, lower
            sends whoever is free: on two storms 0.05 drove 18 % farther than 4 and kept no more promises.
        queue_drive: a minute on the road costs so many times more once QUEUE_FULL tickets wait for each crew
            on duty, less while fewer do, nothing more while no more wait than there are crews: in a queue it
            keeps others waiting. 0 turns it off. On two storms of 60 crews in one town (seeds 11, 12) 4
            drove 8 % less than a drive of always the same cost, 7, and kept as many promises.
        wait_cost: cost of a minute between opening and arrival, so that early is better even when safe.
        guard_cost: the same for people in danger, on top: a wire on the ground is guarded by whoever is near,
            and not as late as its promise allows.
        customers_cost: weight added for each power of ten of customers without power. Higher lets large
            faults go before the single house.
        hazard_cost: weight added when people are in danger (a wire down, fire, shock): so many ordinary
            promises may be missed to keep one to them.
        critical_cost: weight added for a critical customer (a hospital, life support at home), likewise.
        horizon_min: a pair is worth what it saves against serving the ticket this much later. Shorter makes
            tickets wait for a better crew more often, longer sends whoever can go.
        ramp_min: fixed part of the doubt about an arrival time, minutes.
        ramp_share: part of the doubt that grows with the time ahead, as a share of it.
    """

    miss_cost: float = 300.0
    late_beyond_min: float = math.inf
    drive_cost: float = 6.0
    queue_drive: float = 4.0
    wait_cost: float = 1.0
    guard_cost: float = 5.0
    customers_cost: float = 0.5
    hazard_cost: float = 9.0
    critical_cost: float = 5.0
    horizon_min: float = 40.0
    ramp_min: float = 2.0
    ramp_share: float = 0.15


@dataclass(frozen=True, slots=True)
class Stakes:
    """What each job has at stake, as arrays over jobs; times in minutes from now.

    `dues_min` has one column per caller, earliest first, infinity where a job has fewer callers; `hurry` is
    what a minute until somebody comes costs.
    """

    weight: Floats
    hurry: Floats
    dues_min: Floats
    opened_min: Floats
    doubts: Doubts


@dataclass(frozen=True, slots=True)
class Costs:
    """Cost terms [crews, jobs] of arriving at given times; the words are those of `board.Terms`."""

    miss: Floats
    late_min: Floats
    wait_min: Floats
    total: Floats


def weight_of(job: Job, weights: Weights) -> float:
    """How much a job counts: an ordinary one 1, more with customers, danger and critical customers."""
    customers = weights.customers_cost * math.log10(1 + max(job.customers, 0))
    return 1 + customers + weights.hazard_cost * job.hazard + weights.critical_cost * job.critical


def in_queue(weights: Weights, waiting: int, crews: int) -> Weights:
    """The weights while so many tickets wait for so many crews on duty: `drive_cost` as `queue_drive` says.

    What comes out is not weighed again: its `queue_drive` is 0.
    """
    full = (waiting / max(crews, 1) - 1) / (QUEUE_FULL - 1)
    dearer = 1 + weights.queue_drive * min(max(full, 0.0), 1.0)
    return replace(weights, drive_cost=weights.drive_cost * dearer, queue_drive=0.0)


def stakes(jobs: Sequence[Job], now_ms: int, weights: Weights) -> Stakes:
    """What each of the jobs has at stake, as arrays."""
    callers = max((len(job.dues_ms) for job in jobs), default=0)
    dues_min = np.full((len(jobs), callers), np.inf)
    for row, job in enumerate(jobs):
        dues_min[row, : len(job.dues_ms)] = [(due - now_ms) / MS_PER_MIN for due in sorted(job.dues_ms)]
    opened = [(job.opened_ms - now_ms) / MS_PER_MIN for job in jobs]
    weight = np.array([weight_of(job, weights) for job in jobs])
    hurry = weights.wait_cost * weight + weights.guard_cost * np.array(
        [job.hazard for job in jobs], dtype=float
    )
    return Stakes(weight, hurry, dues_min, np.array(opened), doubts([job.doubt for job in jobs]))


def miss(ahead_min: Floats, due_min: Floats | float, weights: Weights) -> Floats:
    """The chance (0-1) of missing a due time when arrival is expected `ahead_min` from now: a first guess.

    It rises from 0 to 1 over the last minutes before due: the further ahead, the earlier the doubt begins.
    It holds until the company's own drives teach better (`chance.late_share`).
    """
    ramp = np.maximum(weights.ramp_min + weights.ramp_share * ahead_min, 1e-9)
    return np.clip(1 - (due_min - ahead_min) / ramp, 0.0, 1.0)


def expected_miss(
    ahead_min: Floats, road_min: Floats | None, due_min: Floats, by: Doubts, weights: Weights
) -> Floats:
    """As `miss`, by what was learnt for each job [last axis] that has a doubt; arrays of the same shape.

    `road_min` are the minutes of `ahead_min` on the road in the last drive, None where they are not known.
    """
    found = miss(ahead_min, due_min, weights)
    known = np.flatnonzero(by.known)
    if len(known):
        road = None if road_min is None else road_min[..., known]
        found[..., known] = late_share(ahead_min[..., known], road, due_min[known], by.take(known))
    return found


def costs(
    at_stake: Stakes, ahead_min: Floats, drive_min: Floats, weights: Weights, road_min: Floats | None = None
) -> Costs:
    """Cost terms when each crew [rows] reaches each job [columns] `ahead_min` from now; values finite.

    `drive_min` is charged as drive; `road_min` says how much of the time ahead is the drive, where known.
    """
    missed, late_min = np.zeros_like(ahead_min), np.zeros_like(ahead_min)
    for dues_min in at_stake.dues_min.T:
        has = np.flatnonzero(np.isfinite(dues_min))  # only few tickets have many callers
        ahead, due = ahead_min[:, has], dues_min[has]
        late = np.maximum(ahead - due, 0.0)
        road = None if road_min is None else road_min[:, has]
        missed[:, has] += expected_miss(ahead, road, due, at_stake.doubts.take(has), weights)
        late_min[:, has] += late + np.maximum(late - weights.late_beyond_min, 0.0)
    wait_min = np.maximum(ahead_min - at_stake.opened_min, 0.0)
    harm = at_stake.weight * (weights.miss_cost * missed + late_min) + at_stake.hurry * wait_min
    return Costs(missed, late_min, wait_min, harm + weights.drive_cost * drive_min)
