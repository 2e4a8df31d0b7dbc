"""What is to be decided, as arrays the search can count with: drives, works, limits, and the harm of waiting.

Everything is in minutes from now. A *node* is where a drive may begin: crew c is node c, the site of job j is
node `crews + j`. Job number `jobs` is a blank that costs nothing and takes no time: it fills up short routes.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dispatch.plan.board import Stop
from dispatch.plan.check import NEVER_MIN
from dispatch.plan.cost import MS_PER_MIN, Floats, Weights, costs, stakes
from dispatch.plan.lookahead import SHIFT_ENDS, break_windows, savings

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dispatch.plan.board import Job
    from dispatch.plan.lookahead import Outlook

# The harm is known for every quarter of a minute, because the shortest ramp of a promise is two minutes; from
# three hours on, where doubt is half an hour, for every second minute; what is reached after twelve hours is
# not worth telling apart, for it is planned again before.
PER_MIN, FINE_MIN = 4, 180
COARSE_MIN, HORIZON_MIN = 2, 12 * 60
GRID_MIN = np.concatenate(
    [np.arange(FINE_MIN * PER_MIN) / PER_MIN, np.arange(FINE_MIN, HORIZON_MIN + 1, COARSE_MIN)]
)
ENDLESS_MIN = 1e9
ABLE = (0, SHIFT_ENDS)  # whether the shift ends before the arrival depends on the route
FEW_JOBS, JOBS_PER_CREW = 120, 4  # as many as may be reached before everything is planned anew


@dataclass(frozen=True, slots=True)
class Problem:
    """Crews [n] of the outlook they come from, and of its jobs those in `order` [m].

    `drive` is [n + m + 1, m + 1] minutes between nodes and jobs (blanks last, ENDLESS_MIN where no road
    leads), `able` [n, m] who may go at all, `harm` [m + 1, len(GRID_MIN)] the cost of being there at the
    minutes of the grid, `never` [m + 1] that of never coming. `start` and `limit` [n] are when a
    crew is free and when its shift ends, `breaks` are (from, until) columns [n].
    `half` [m + 1] is the job that the crew of this one must not do, m for none.
    """

    order: tuple[int, ...]
    drive: Floats
    able: NDArray[np.bool_]
    work: Floats
    harm: Floats
    never: Floats
    start: Floats
    limit: Floats
    breaks: tuple[tuple[Floats, Floats], ...]
    weights: Weights
    weight: Floats
    due: Floats
    half: NDArray[np.intp]

    @property
    def crews(self) -> int:
        """How many crews there are."""
        return len(self.able)

    @property
    def jobs(self) -> int:
        """How many jobs there are, the blank left out."""
        return len(self.order)

    def harm_at(self, job: NDArray[np.intp], arrive: Floats) -> Floats:
        """The cost of reaching each job at the given minute, drives left out."""
        columns = self.harm.shape[1]
        coarse = (
            FINE_MIN * PER_MIN + (arrive - FINE_MIN) / COARSE_MIN
        )  # the less of both is the one that holds
        nearest = np.minimum(np.minimum(arrive * PER_MIN, coarse) + 0.5, columns - 1).astype(np.intp)
        found: Floats = self.harm.take(job * columns + nearest)
        return found

    def arrivals(self, leave: Floats, drive: Floats, crew: NDArray[np.intp] | slice) -> Floats:
        """When each drive is over that may begin at `leave`; the axes of `crew` come first."""
        for since, until in self.breaks:
            shape = (-1,) + (1,) * (drive.ndim - 1)
            begins, ends = since[crew].reshape(shape), until[crew].reshape(shape)
            leave = np.where((leave < ends) & (leave + drive > begins), ends, leave)
        return leave + drive

    def reached(self, crews: NDArray[np.intp], drive: Floats, work: Floats) -> Floats:
        """When each stop of routes is reached; `drive` to it, `work` there: [crews, variants, stops]."""
        arrive = drive.copy()
        if not self.breaks:
            arrive[:, :, :1] += self.start[crews, None, None]
            arrive[:, :, 1:] += work[:, :, :-1]
            return arrive.cumsum(axis=2, out=arrive)
        leave = np.broadcast_to(self.start[crews, None], drive.shape[:2])
        for number in range(drive.shape[2]):
            arrive[:, :, number] = self.arrivals(leave, drive[:, :, number], crews)
            leave = arrive[:, :, number] + work[:, :, number]
        return arrive

    def stops(self, outlook: Outlook, crew: int, jobs: Sequence[int]) -> tuple[Stop, ...]:
        """When a crew that does these jobs in order leaves for each and is there."""
        found, node, leave = [], crew, self.start[crew : crew + 1]
        for job in jobs:
            drive = self.drive[node, job]
            arrive = self.arrivals(leave, np.array([drive]), slice(crew, crew + 1))
            arrive_ms = outlook.now_ms + round(float(arrive[0]) * MS_PER_MIN)
            depart_ms = arrive_ms - round(float(drive) * MS_PER_MIN)
            found.append(Stop(outlook.jobs[self.order[job]].ticket, depart_ms, arrive_ms))
            node, leave = self.crews + job, arrive + self.work[job]
        return tuple(found)


def pressing(outlook: Outlook, per_crew: int = JOBS_PER_CREW) -> tuple[int, ...]:
    """The jobs worth a search: of very many, those that save most by being served now. The rest wait.

    Very many are more than FEW_JOBS and than so many for each crew. Crews of the same skills find as many
    each among them as well, if there are so many that they can do: else those that cannot go to the dangers
    of a storm would stand idle beside hundreds of other tickets.
    """
    able = np.isin(outlook.code, ABLE)
    some = np.flatnonzero(able.any(axis=0))
    most = max(FEW_JOBS, per_crew * len(outlook.crews))
    if len(some) <= most:
        return tuple(some.tolist())
    saved = savings(outlook.total, outlook.later)
    chosen = _best(saved, some, most)
    for crews in _alike(outlook, able):
        can = np.flatnonzero(able[crews].any(axis=0))
        lacks = per_crew * len(crews) - int(np.isin(can, chosen).sum())
        if lacks > 0:
            chosen = np.union1d(chosen, _best(saved[crews], np.setdiff1d(can, chosen), lacks))
    return tuple(chosen.tolist())


def _best(saved: Floats, jobs: NDArray[np.intp], most: int) -> NDArray[np.intp]:
    """Of the jobs so many that save most by one of the crews [rows of `saved`], in order."""
    order = np.argsort(saved.min(axis=0)[jobs], kind="stable")
    return np.sort(jobs[order[:most]])


def _alike(outlook: Outlook, able: NDArray[np.bool_]) -> list[list[int]]:
    """The crews that can go anywhere, by row, those of the same skills together."""
    found: dict[frozenset[str], list[int]] = {}
    for row in np.flatnonzero(able.any(axis=1)).tolist():
        found.setdefault(outlook.crews[row].skills, []).append(row)
    return list(found.values())


def problem(outlook: Outlook, chosen: Sequence[int], legs_s: Floats) -> Problem:
    """What the outlook leaves to decide about the jobs `chosen`; `legs_s` are seconds between their sites."""
    crews, columns = len(outlook.crews), list(chosen)
    jobs = tuple(outlook.jobs[job] for job in columns)
    drive = np.zeros((crews + len(jobs) + 1, len(jobs) + 1))
    drive[:crews, :-1], drive[crews:-1, :-1] = outlook.travel_s[:, columns], legs_s
    # rounded up to milliseconds from the very seconds, as every arrival that is told: minutes of a whole
    # second come out a hair too long, and would be another millisecond
    drive = np.where(np.isfinite(drive), np.ceil(drive * 1000) / MS_PER_MIN, ENDLESS_MIN)
    now_ms = outlook.now_ms
    at_stake = stakes(jobs, now_ms, outlook.weights)
    return Problem(
        order=tuple(chosen),
        drive=drive,
        able=np.isin(outlook.code[:, columns], ABLE),
        work=np.array([*(math.ceil(job.work_s * 1000) / MS_PER_MIN for job in jobs), 0.0]),
        harm=_harm(jobs, outlook),
        never=_never(jobs, outlook),
        start=np.array([max(crew.free_at_ms - now_ms, 0) / MS_PER_MIN for crew in outlook.crews]),
        limit=outlook.shift_left_ms[:, 0] / MS_PER_MIN,
        breaks=break_windows(outlook.crews, now_ms, MS_PER_MIN),
        weights=outlook.weights,
        weight=at_stake.weight,
        due=at_stake.dues_min.min(axis=1, initial=np.inf),
        half=_halves(jobs),
    )


def _halves(jobs: Sequence[Job]) -> NDArray[np.intp]:
    """The number of each job's other half [jobs + 1], that of the blank where it has none here."""
    half = np.full(len(jobs) + 1, len(jobs), dtype=np.intp)
    number = {job.ticket: index for index, job in enumerate(jobs)}
    for index, job in enumerate(jobs):
        if (other := number.get(job.apart_from or "")) is not None:
            half[index], half[other] = other, index
    return half


def _harm(jobs: Sequence[Job], outlook: Outlook) -> Floats:
    """The cost of each job [rows, a blank last] by the minute of the arrival in the grid.

    How unsure a crew's own release is (`CrewState.free_width`) is left out: that would take such a table for
    every crew, 3 GB for 300 crews and the 1,200 jobs that are searched. Look-ahead and what is told count it.
    """
    found = np.zeros((len(jobs) + 1, len(GRID_MIN)))
    for begin in range(0, len(jobs), 256):  # in pieces, so that the memory stays small
        some = jobs[begin : begin + 256]
        ahead = np.repeat(GRID_MIN[:, None], len(some), axis=1)
        at_stake = stakes(some, outlook.now_ms, outlook.weights)
        charged = costs(at_stake, ahead, np.zeros_like(ahead), outlook.weights).total
        found[begin : begin + len(some)] = charged.T
    return found


def _never(jobs: Sequence[Job], outlook: Outlook) -> Floats:
    """What is charged for each job when nobody comes, as `check.plan_cost` does."""
    at_stake = stakes(jobs, outlook.now_ms, outlook.weights)
    ahead = np.full((1, len(jobs)), NEVER_MIN)
    late = costs(at_stake, ahead, np.zeros_like(ahead), outlook.weights).total[0]
    return np.append(late + outlook.weights.miss_cost * at_stake.weight, 0.0)
