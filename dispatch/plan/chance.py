"""How likely a crew is there in time, by how this company's own drives and works have turned out so far.

A drive that was expected to take t took t x F. The logarithm of F is taken as normally distributed around

    centre = base + effect(class of road) + effect(hour) + effect(weather)

and every effect is shrunk: of n drives with mean residual r it is n r / (n + SHRINK), the best linear
unbiased prediction of a random effect (Robinson 1991, "That BLUP is a good thing"). So a company's first
drives move little, and the table of speeds by class, for which every effect is 0, holds while data are few.
The same is done for the time of work by kind of fault.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import asdict, dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.special import ndtr, ndtri

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

SHRINK = 20  # so many drives of one kind count as much as the table does
FEWEST = 30  # with fewer drives nothing is learnt, and the ramp of `cost.miss` holds
USUAL_WIDTH = 0.25  # of log F before anything is known: two in three drives within 22 % less and 28 % more
NARROWEST = 0.02
FARTHEST = math.log(6)  # a drive six times as long as expected was no drive: a stop, a wrong tap
AT_ONCE_MIN = 1e-6
ROUNDS = 8  # of going over the effects in turn; they settle within a few
HOURS_APART = 3  # hours of the day are taken together by threes


@dataclass(frozen=True, slots=True)
class Spread:
    """The logarithm of (true / expected) time: its `centre` and its `width` (standard deviation)."""

    centre: float = 0.0
    width: float = USUAL_WIDTH

    def quantile(self, share: float) -> float:
        """The factor on the expected time that is not exceeded in `share` (0-1) of all cases."""
        return math.exp(self.centre + self.width * float(ndtri(share)))


@dataclass(frozen=True, slots=True)
class Doubt:
    """What makes an arrival uncertain: the drive to this place now, and the work before it.

    `work` is as unsure as any; what is told, not the search over tours, knows a crew's own (`Doubts.after`).
    `drive_min` is how long a drive of this company usually is: where only the whole time ahead is known, as
    in that search, so much of it is taken as the drive and the rest as work.
    """

    drive: Spread
    work: Spread
    drive_min: float


@dataclass(frozen=True, slots=True)
class Trip:
    """A drive that was made: the expected and the true seconds, and what it may have depended on."""

    expected_s: float
    true_s: float
    road_class: str
    hour: int
    severe: bool


@dataclass(frozen=True, slots=True)
class Work:
    """A repair that was made: the expected and the true seconds on site."""

    expected_s: float
    true_s: float
    fault: str


@dataclass(frozen=True, slots=True)
class Effects:
    """What was learnt of one kind of time: the centre for all, and by how much each group lies beside it.

    `width` is that of all; `widths` those of the groups by which cases differ most, shrunk towards it.
    """

    count: int = 0
    base: float = 0.0
    width: float = USUAL_WIDTH
    of: Mapping[str, float] = field(default_factory=dict)
    widths: Mapping[str, float] = field(default_factory=dict)

    def spread(self, groups: Sequence[str]) -> Spread:
        """The spread of a case that belongs to these groups; unknown ones change nothing."""
        return Spread(self.base + sum(self.of.get(group, 0.0) for group in groups), self.width_of(groups))

    def width_of(self, groups: Sequence[str]) -> float:
        """The width of a case that belongs to these groups."""
        return next((self.widths[group] for group in groups if group in self.widths), self.width)


@dataclass(frozen=True, slots=True)
class Learnt:
    """What the company's own drives and works teach; empty before there are enough."""

    drives: Effects = Effects()
    works: Effects = Effects()
    drive_min: float = 0.0

    @property
    def enough(self) -> bool:
        """Whether the drives are enough to go by."""
        return self.drives.count >= FEWEST

    def doubt(self, road_class: str) -> Doubt | None:
        """The doubt about an arrival over this class of road; None while too little is known.

        It lies around the time that is told: a drive's median, which holds `drive_centre`, and a work's mean,
        which holds `work_factor` and the day.
        """
        if not self.enough:
            return None
        return Doubt(Spread(0.0, self.drive_width(road_class)), around_mean(self.works.width), self.drive_min)

    def drive_centre(self, road_class: str, hour: int, *, severe: bool) -> float:
        """The centre of drives over this class of road, at this hour, in this weather; 0 while unknown."""
        if not self.enough:
            return 0.0
        return self.drives.spread(_drive_groups(road_class, hour, severe=severe)).centre

    def drive_width(self, road_class: str) -> float:
        """How unsure drives over this class of road are."""
        return self.drives.width_of((f"class:{road_class}",))

    def drive_factor(self, trip: Trip) -> float:
        """By how much longer (the median) such a drive usually takes than the roads say."""
        return math.exp(self.drive_centre(trip.road_class, trip.hour, severe=trip.severe))

    def work_factor(self, fault: str) -> float:
        """By how much work on this kind of fault usually (the median) takes longer than the table says."""
        return math.exp(self.works.spread(_work_groups(fault)).centre) if self.works.count >= FEWEST else 1.0

    def work_width(self, fault: str) -> float:
        """How unsure the time of work on this kind of fault is."""
        return self.works.width_of(_work_groups(fault))

    def as_json(self) -> dict[str, Any]:
        """As it is kept."""
        return asdict(self)

    @staticmethod
    def from_json(kept: Mapping[str, Any]) -> Learnt:
        """As it was kept by `as_json`."""
        return Learnt(Effects(**kept["drives"]), Effects(**kept["works"]), kept["drive_min"])


def around_mean(width: float) -> Spread:
    """The spread of a time of which the mean is expected."""
    return Spread(-(width**2) / 2, width)


def learn(trips: Sequence[Trip], works: Sequence[Work]) -> Learnt:
    """What these drives and works teach. What cannot be true (no time, six times too long) is left out."""
    good = [trip for trip in trips if _is_sound(trip)]
    drives = _effects(
        [math.log(trip.true_s / trip.expected_s) for trip in good],
        [_drive_groups(trip.road_class, trip.hour, severe=trip.severe) for trip in good],
    )
    done = [work for work in works if _is_sound(work)]
    faults = _effects(
        [math.log(work.true_s / work.expected_s) for work in done],
        [_work_groups(work.fault) for work in done],
    )
    usual_min = float(np.median([trip.expected_s for trip in good])) / 60 if good else 0.0
    return Learnt(drives, faults, usual_min)


def _is_sound(case: Trip | Work) -> bool:
    if not (0 < case.expected_s < math.inf and 0 < case.true_s < math.inf):
        return False
    return abs(math.log(case.true_s / case.expected_s)) <= FARTHEST


def _drive_groups(road_class: str, hour: int, *, severe: bool) -> tuple[str, ...]:
    first = hour // HOURS_APART * HOURS_APART
    return (f"class:{road_class}", f"hour:{first}", "weather:severe" if severe else "weather:usual")


def _work_groups(fault: str) -> tuple[str, ...]:
    return (f"fault:{fault}",)


def _effects(logs: Sequence[float], groups: Sequence[tuple[str, ...]]) -> Effects:
    """Effects in turn, each on what the others leave, until they settle; what is left then is the width.

    The first of each case's groups has a width of its own.
    """
    if not logs:
        return Effects()
    left = np.array(logs)
    rows = _rows_of(groups)
    base, of = 0.0, dict.fromkeys(rows, 0.0)
    for _ in range(ROUNDS):
        mean = (float(left.sum()) + len(left) * base) / (len(left) + SHRINK)
        base, left = mean, left - (mean - base)
        for name, where in rows.items():
            mean = (float(left[where].sum()) + len(where) * of[name]) / (len(where) + SHRINK)
            left[where] -= mean - of[name]
            of[name] = mean
    width = _width(left, USUAL_WIDTH)
    first = {names[0] for names in groups}
    widths = {name: _width(left[where], width) for name, where in rows.items() if name in first}
    return Effects(len(left), base, width, of, widths)


def _width(left: Floats, usual: float) -> float:
    """The standard deviation of what the centres leave, as if SHRINK more cases had the usual one."""
    squares = float((left**2).sum()) + SHRINK * usual**2
    return max(NARROWEST, math.sqrt(squares / (len(left) + SHRINK)))


def _rows_of(groups: Sequence[tuple[str, ...]]) -> dict[str, NDArray[np.intp]]:
    rows: dict[str, list[int]] = defaultdict(list)
    for row, names in enumerate(groups):
        for name in names:
            rows[name].append(row)
    return {name: np.array(rows[name]) for name in sorted(rows)}


@dataclass(frozen=True, slots=True)
class Doubts:
    """The doubts of many jobs as arrays, [jobs]; NaN where a job has none."""

    drive: Floats
    drive_width: Floats
    work: Floats
    work_width: Floats
    drive_min: Floats

    @property
    def known(self) -> NDArray[np.bool_]:
        """Which jobs have one."""
        return np.isfinite(self.drive_min)

    def take(self, jobs: NDArray[np.intp]) -> Doubts:
        """Those of some jobs."""
        columns = (self.drive, self.drive_width, self.work, self.work_width, self.drive_min)
        return Doubts(*(column[..., jobs] for column in columns))

    def after(self, widths: Sequence[float | None]) -> Doubts:
        """The doubts when each crew [rows] is free after a time of this width; None: as works are."""
        if all(width is None for width in widths):
            return self
        own = np.array([[np.nan if width is None else width] for width in widths])
        centre, width = (
            np.where(np.isnan(own), usual, of_crew)
            for usual, of_crew in ((self.work, -(own**2) / 2), (self.work_width, own))
        )
        return replace(self, work=centre, work_width=width)


def doubts(each: Sequence[Doubt | None]) -> Doubts:
    """The doubts as arrays."""
    rows = [
        (it.drive.centre, it.drive.width, it.work.centre, it.work.width, it.drive_min)
        if it
        else (np.nan,) * 5
        for it in each
    ]
    return Doubts(*np.array(rows, dtype=np.float64).reshape(-1, 5).T)


def late_share(ahead_min: Floats, drive_min: Floats | None, due_min: Floats | float, by: Doubts) -> Floats:
    """The chance (0-1) that an arrival expected `ahead_min` from now comes after `due_min` from now.

    `drive_min` of it are the drive (None: as long as a drive usually is), the rest is work before it. The sum
    of two log-normal times is taken as log-normal with the same mean and variance (Fenton 1960). Arrays
    broadcast, jobs last.
    """
    drive = np.minimum(ahead_min, by.drive_min if drive_min is None else drive_min)
    mean, variance = np.zeros(np.shape(ahead_min)), np.zeros(np.shape(ahead_min))
    for minutes, centre, width in (
        (drive, by.drive, by.drive_width),
        (ahead_min - drive, by.work, by.work_width),
    ):
        part = minutes * np.exp(centre + width**2 / 2)
        mean, variance = mean + part, variance + part**2 * np.expm1(width**2)
    with np.errstate(divide="ignore", invalid="ignore"):
        width = np.sqrt(np.log1p(variance / mean**2))
        share = ndtr((np.log(mean) - width**2 / 2 - np.log(np.maximum(due_min, 0.0))) / width)
    at_once = np.where(np.asarray(due_min) >= 0, 0.0, 1.0)  # nothing ahead: there is nothing to doubt
    found: Floats = np.where(mean > AT_ONCE_MIN, share, at_once)
    return found
