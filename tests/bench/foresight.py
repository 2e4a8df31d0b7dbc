"""What foreknowledge is worth: the desk's planner, were it told of every call some minutes before it comes.

Hindsight knows the whole day, no desk does. A planner that hears of each call H minutes early and may send at
once, even so that the crew is there before the call, does what it would do on the same day if every promise
were H minutes longer: so it is played. Where half an hour of it does not close the gap to hindsight, the gap
is made of what nobody can know, not of how it is planned. The days are those of the section `plan` that lie
farthest from hindsight: few crews for the province's six towns.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from statistics import mean
from typing import TYPE_CHECKING

from dispatch.desk import simulated
from dispatch.simulate import World, result
from tests.bench.figures import Figure
from tests.bench.plan_days import Day, drawn, ground, in_province, play

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dispatch.simulate import Result
    from dispatch.simulate.draw import DayKind
    from tests.bench.house import House

EARLY_MIN = (0, 15, 30)
SEEDS = (1, 2, 3)
DAYS: tuple[tuple[DayKind, int], ...] = (("storm", 20), ("busy", 20), ("busy", 60))  # with so many crews


@dataclass(frozen=True, slots=True)
class Warned:
    """A day whose every call is known so many minutes before it comes."""

    day: Day
    early_min: int

    def __str__(self) -> str:
        return f"{self.day}, told {self.early_min} minutes early"


def played(asked: Warned) -> Result:
    """What the desk's planner made of it."""
    at, scenario = ground(asked.day.where), drawn(asked.day)
    drives, planner = simulated.RoadDrives(at.roads, scenario), simulated.as_configured(at.config, "default")
    minutes = {zone: limit + asked.early_min for zone, limit in simulated.limits(scenario).items()}
    return result("default", scenario, minutes, World(scenario, minutes, planner, drives).play(), drives)


def measure(house: House) -> list[Figure]:
    """Weighted on time, in %, by how early each call is known; means over the seeds."""
    where = in_province(house)
    days = [Day(where, kind, crews, seed) for kind, crews in DAYS for seed in SEEDS]
    found = play([Warned(*each) for each in product(days, EARLY_MIN)], played)
    return [_figure(kind, crews, early, found) for (kind, crews), early in product(DAYS, EARLY_MIN)]


def _figure(kind: DayKind, crews: int, early_min: int, found: Mapping[Warned, Result]) -> Figure:
    kept = [
        each.weighted_on_time
        for warned, each in found.items()
        if (warned.day.kind, warned.day.crews, warned.early_min) == (kind, crews, early_min)
    ]
    said = f"{kind}, {crews} crews, {len(kept)} seeds, calls known {early_min} min early: weighted on time"
    return Figure(said, 100 * mean(kept), "%")
