"""Whether chances of arriving in time come true, on a simulated month whose spread is known.

6,000 drives are drawn by rule (seeded): the true factor on the expected time depends on the class of road,
the hour and the weather, and scatters log-normally around them. The planner's learner sees the first half of
the month; the second half is predicted at the moment of sending, beside the ramp that holds without history,
the base rate, and whoever knows the truth. A Brier score is better the lower it is (0 is perfect). Goal:
0.9 of the ramp's. Fitting 100,000 drives and works is timed once.
"""

from __future__ import annotations

import math
import random
from itertools import starmap
from typing import TYPE_CHECKING

import numpy as np

from dispatch.plan.calibration import Said, calibrate
from dispatch.plan.chance import Doubt, Learnt, Spread, Trip, Work, doubts, late_share, learn
from dispatch.plan.cost import Weights, miss
from tests.bench.figures import Figure
from tests.bench.month import timed

if TYPE_CHECKING:
    from tests.bench.house import House

DRIVES, MANY, SEEDS = 6000, 100_000, (1, 2, 3)
CLASSES = {"primary": 0.95, "secondary": 1.0, "residential": 1.15, "track": 1.5}
RUSH, STORM, WIDTH = 1.25, 1.4, 0.3


def measure(_house: House) -> list[Figure]:
    """Brier scores, means of three months, and the seconds of a fit."""
    scores = np.mean([_month(seed) for seed in SEEDS], axis=0)
    learnt, ramp, base, truth = (float(score) for score in scores)
    dice = random.Random(9)
    trips = [trip for trip, _due in _drawn(dice, MANY)]
    works = [Work(3600, 3600 * math.exp(dice.gauss(0, 0.4)), "no_power") for _ in range(MANY)]
    return [
        Figure("Brier score, learnt", learnt, ""),
        Figure("Brier score, ramp", ramp, ""),
        Figure("Brier score, base rate", base, ""),
        Figure("Brier score, whoever knows the truth", truth, ""),
        Figure("learnt / ramp", learnt / ramp, "x", 0.9),
        Figure(f"fit of {MANY:,} drives and works", timed(learn, trips, works)[0], "s"),
    ]


def _month(seed: int) -> tuple[float, float, float, float]:
    """Brier scores of the second half: learnt from the first, ramp, base rate, truth."""
    drawn = _drawn(random.Random(seed), DRIVES)
    known = learn([trip for trip, _due in drawn[: DRIVES // 2]], [])
    later = drawn[DRIVES // 2 :]
    learnt = calibrate(list(starmap(lambda trip, due: _said(trip, due, _learnt(known, trip)), later)))
    truth = calibrate(list(starmap(lambda trip, due: _said(trip, due, _truth(trip)), later)))
    assert learnt.brier is not None
    assert learnt.brier_ramp is not None
    assert learnt.brier_base_rate is not None
    assert truth.brier is not None
    return learnt.brier, learnt.brier_ramp, learnt.brier_base_rate, truth.brier


def _learnt(known: Learnt, trip: Trip) -> Doubt:
    found = known.doubt(trip.road_class, trip.hour, severe=trip.severe)
    assert found is not None
    return found


def _truth(trip: Trip) -> Doubt:
    return Doubt(Spread(math.log(_factor(trip.road_class, trip.hour, trip.severe)), WIDTH), Spread(), 0.0)


def _factor(road_class: str, hour: int, severe: bool) -> float:
    return CLASSES[road_class] * (RUSH if hour in {7, 8, 17, 18} else 1.0) * (STORM if severe else 1.0)


def _drawn(dice: random.Random, count: int) -> list[tuple[Trip, float]]:
    """Drives and by how many seconds each was due when it began; every fifth day is one of storm."""
    found = []
    for number in range(count):
        road_class, hour = dice.choice(list(CLASSES)), dice.randrange(24)
        severe = number * 30 // count % 5 == 4
        expected_s = 60 * min(45.0, dice.lognormvariate(math.log(14), 0.6))
        true_s = expected_s * _factor(road_class, hour, severe) * math.exp(dice.gauss(0, WIDTH))
        due_s = expected_s * dice.uniform(0.8, 2.2)
        found.append((Trip(expected_s, true_s, road_class, hour, severe), due_s))
    return found


def _said(trip: Trip, due_s: float, by: Doubt) -> Said:
    ahead, due = np.array([trip.expected_s / 60]), np.array([due_s / 60])
    late = float(late_share(ahead, ahead, due, doubts([by]))[0])
    return Said(1 - late, 1 - float(miss(ahead, due, Weights())[0]), trip.true_s <= due_s)
