"""Whether chances of arriving in time come true, on a simulated month whose spread is known.

6,000 trips between customers of the sample area are drawn by rule (seeded). Half the crews are free when they
are sent; the others are at work, for as long as a call at any moment finds them there, and nobody knows when
they will end. A drive's true factor on the roads' time depends on the class of the very road driven, the hour
and the weather, and scatters log-normally around them; a work's on its kind of fault, each kind scattering by
a width of its own. The desk knows the class of road only as it does in truth: that of the way from the unit's
depot.

The learner sees what came of the first half of the month; of the second half the chance is said when a crew
is sent, by the rules of the desk, beside the ramp that holds without history (on the table's own times,
on those learnt), the base rate, and whoever knows the rules by which was drawn. A Brier score is better the
lower it is (0 is perfect). Goal: 0.9 of the ramp's. Fitting 100,000 drives and works is timed once.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

import numpy as np

from dispatch.config import load
from dispatch.desk import open_desk
from dispatch.plan.calibration import Said, calibrate
from dispatch.plan.chance import Learnt, Spread, Trip, Work, doubts, late_share, learn
from dispatch.plan.cost import Weights, miss
from dispatch.plan.pace import BY_TABLE, left_s, left_variance, log_width
from tests.bench.figures import Figure
from tests.bench.month import timed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from tests.bench.house import House

TRIPS, MANY, SEEDS = 6000, 100_000, (1, 2, 3)
FACTOR = {"primary": 0.9, "secondary": 1.0, "tertiary": 1.15, "unclassified": 1.25, "residential": 1.4}
OTHER_ROADS, RUSH, STORM, WIDTH = 1.6, 1.25, 1.4, 0.3
WORKS = {"no_power": (40, 1.0, 0.35), "meter": (30, 0.8, 0.2), "wire_down": (90, 1.2, 0.6)}
"""Minutes by the table, true factor (median) and width of each kind of work."""
DRAWS = 2000  # so many ends of each trip are drawn for whoever knows the rules
SITES = 150


@dataclass(frozen=True, slots=True)
class Sent:
    """A trip as it was and as the desk knew it: `done_s` on a work of `kind` when sent, 0 for a free crew.

    `true_class` is that of the road driven, `trip.road_class` the desk's; `left_s` was left of the work.
    """

    trip: Trip
    true_class: str
    kind: str
    done_s: float
    left_s: float
    after: Work

    @property
    def arrives_s(self) -> float:
        """When it was there, from the sending on."""
        return self.left_s + self.trip.true_s


def measure(house: House) -> list[Figure]:
    """Brier scores, means of three months, and the seconds of a fit."""
    ways = _ways(house)
    months = [_month(ways, random.Random(seed)) for seed in SEEDS]
    scores = {name: float(np.mean([month[name] for month in months])) for name in months[0]}
    unlike = float(np.mean([known != true for _, known, true in ways]))
    dice = random.Random(9)
    drawn = [_sent(ways, dice, number / MANY) for number in range(MANY)]
    trips, works = [each.trip for each in drawn], [each.after for each in drawn]
    return [
        Figure("ways over another class of road than the desk knows", unlike, ""),
        *(Figure(f"Brier score, {name}", score, "") for name, score in scores.items()),
        Figure("learnt / ramp", scores["learnt"] / scores["ramp"], "x", 0.9),
        Figure("learnt / ramp on the same times", scores["learnt"] / scores["ramp on what was learnt"], "x"),
        Figure(f"fit of {MANY:,} drives and works", timed(learn, trips, works)[0], "s"),
    ]


def _ways(house: House) -> list[tuple[float, str, str]]:
    """Drives between customers of the sample: seconds, class as the desk knows it, and the true one."""
    desk = open_desk(load(house.company(), {}))
    depots = [unit.depot for unit in desk.store.company.units()]
    sites = [(each["lon"], each["lat"]) for each in desk.store.company.sample_accounts(SITES)]
    of_depot = desk.roads.matrix(depots, sites).argmin(axis=0)
    known = [desk.roads.way_class(depots[depot], site) for depot, site in zip(of_depot, sites, strict=True)]
    seconds = desk.roads.matrix(sites, sites)
    pairs = np.argwhere((seconds > 60) & np.isfinite(seconds))
    some = random.Random(5).sample(pairs.tolist(), 5000)
    found = [(float(seconds[a, b]), known[b], desk.roads.way_class(sites[a], sites[b])) for a, b in some]
    desk.store.database.close()
    return found


def _sent(ways: Sequence[tuple[float, str, str]], dice: random.Random, share: float) -> Sent:
    """One trip at this share of the month, of which every fifth day is one of storm."""
    expected_s, known, true = dice.choice(ways)
    hour, severe = dice.randrange(24), int(share * 30) % 5 == 4
    true_s = expected_s * _factor(true, hour, severe=severe) * math.exp(dice.gauss(0, WIDTH))
    kind, done_s, left = _at_work(dice) if dice.random() < 0.5 else ("", 0.0, 0.0)
    after = dice.choice(list(WORKS))
    trip = Trip(expected_s, true_s, known, hour, severe)
    return Sent(trip, true, kind, done_s, left, Work(WORKS[after][0] * 60, _work_s(dice, after), after))


def _factor(road_class: str, hour: int, *, severe: bool) -> float:
    rush = RUSH if hour in {7, 8, 17, 18} else 1.0
    return FACTOR.get(road_class, OTHER_ROADS) * rush * (STORM if severe else 1.0)


def _work_s(dice: random.Random, kind: str) -> float:
    minutes, factor, width = WORKS[kind]
    return 60 * minutes * factor * math.exp(dice.gauss(0, width))


def _at_work(dice: random.Random) -> tuple[str, float, float]:
    """A work as a call at any moment finds it: the longer, the likelier; done and left in seconds."""
    while True:
        kind = dice.choice(list(WORKS))
        whole_s = _work_s(dice, kind)
        if dice.random() * 36_000 < whole_s:
            done_s = dice.random() * whole_s
            return kind, done_s, whole_s - done_s


def _month(ways: Sequence[tuple[float, str, str]], dice: random.Random) -> dict[str, float]:
    """Brier scores of the second half, by who said the chance."""
    drawn = [_sent(ways, dice, number / TRIPS) for number in range(TRIPS)]
    past, later = drawn[: TRIPS // 2], drawn[TRIPS // 2 :]
    known = learn([each.trip for each in past], [each.after for each in past])
    alike = replace(known, works=replace(known.works, widths={}), drives=replace(known.drives, widths={}))
    dues = [_ahead(Learnt(), each)[0] * dice.uniform(0.8, 2.2) for each in later]
    came = [each.arrives_s / 60 <= due for each, due in zip(later, dues, strict=True)]
    by: dict[str, Callable[[Sent, float], float]] = {
        "learnt": lambda each, due: _chance(known, each, due),
        "learnt, one width for all": lambda each, due: _chance(alike, each, due),
        "learnt, any work's width before a drive": lambda each, due: _chance(known, each, due, of_crew=False),
        "ramp": lambda each, due: _ramp(Learnt(), each, due),
        "ramp on what was learnt": lambda each, due: _ramp(known, each, due),
        "whoever knows the truth": partial(_truth, np.random.default_rng(7), _ends()),
    }
    scores, base = {}, 0.0
    for name, chance in by.items():
        said = (chance(each, due) for each, due in zip(later, dues, strict=True))
        found = calibrate([Said(one, one, on_time) for one, on_time in zip(said, came, strict=True)])
        scores[name], base = found.brier or 0.0, found.brier_base_rate or 0.0
    return {**scores, "base rate": base}


def _ahead(known: Learnt, sent: Sent) -> tuple[float, float, float | None]:
    """What the desk tells: minutes until the arrival, those of the drive, the width of the time before it."""
    road_s = sent.trip.expected_s * known.drive_factor(sent.trip)
    if not sent.kind:
        return road_s / 60, road_s / 60, None
    usual_s = WORKS[sent.kind][0] * 60 * known.work_factor(sent.kind)
    spread = Spread(0.0, known.work_width(sent.kind)) if known.works.count else BY_TABLE
    left, variance = (of(usual_s, sent.done_s, spread) for of in (left_s, left_variance))
    return (left + road_s) / 60, road_s / 60, log_width(left, variance)


def _chance(known: Learnt, sent: Sent, due_min: float, *, of_crew: bool = True) -> float:
    ahead, road, width = _ahead(known, sent)
    by = doubts([known.doubt(sent.trip.road_class)]).after([width if of_crew else None])
    late = late_share(np.array([[ahead]]), np.array([[road]]), np.array([due_min]), by)
    return 1 - float(late[0, 0])


def _ramp(known: Learnt, sent: Sent, due_min: float) -> float:
    return 1 - float(miss(np.array([_ahead(known, sent)[0]]), due_min, Weights())[0])


def _ends() -> dict[str, NDArray[np.float64]]:
    """So many whole works of each kind, in seconds, the shortest first."""
    dice = np.random.default_rng(8)
    return {
        kind: 60 * minutes * factor * np.exp(width * np.sort(dice.standard_normal(100 * DRAWS)))
        for kind, (minutes, factor, width) in WORKS.items()
    }


def _truth(
    dice: np.random.Generator, ends: Mapping[str, NDArray[np.float64]], sent: Sent, due_min: float
) -> float:
    """The share of many ends of this trip that are in time, drawn by the rules from what can be known."""
    trip = sent.trip
    median_s = trip.expected_s * _factor(sent.true_class, trip.hour, severe=trip.severe)
    seconds = median_s * np.exp(WIDTH * dice.standard_normal(DRAWS))
    if sent.kind:
        whole = ends[sent.kind]
        first = min(int(np.searchsorted(whole, sent.done_s)), len(whole) - 1)  # the longest there is
        seconds += whole[dice.integers(first, len(whole), DRAWS)] - sent.done_s
    return float(np.mean(seconds / 60 <= due_min))
