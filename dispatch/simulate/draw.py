"""What a stormy, a busy or an ordinary day looks like on a town: a scenario drawn by dice.

The same town and seed give the same scenario. How many faults a day has, how they lie in time and how far the
truth strays from what is expected are guesses of ours, chosen so that a storm is more than the crews can do:
no public figures are known to us. Every number of them stands in this module.
"""

from __future__ import annotations

import math
import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, get_args

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from dispatch.plan import Place
    from dispatch.ticket import FaultKind, Zone

DayKind = Literal["storm", "busy", "ordinary"]
DAY_KINDS: tuple[DayKind, ...] = get_args(DayKind)
SKILLS = (("lv", "hv", "meter"), ("lv", "hv"), ("lv",))  # crew by crew, over and over
NEIGHBOURS = 12  # so many around the first caller notice the same fault
OVERTIME = 1.5  # in a storm everybody stays until the queue is done, at most this many days
# Who has the evening also has the night's first hours, when the day's last calls are served.
NIGHT_S = 4 * 3600


@dataclass(frozen=True, slots=True)
class Usual:
    """What a kind of fault usually needs: a skill, seconds on site, and whether it endangers people."""

    needs: str
    work_s: float
    hazard: bool


@dataclass(frozen=True, slots=True)
class Town:
    """Where people may call from and crews start: `lonlat` [n, 2] with a zone each, and the depots.

    `streets` are pieces of road, each at least two (lon, lat), on which a tree may fall.
    """

    name: str
    lonlat: NDArray[np.float64]
    zones: Sequence[Zone]
    depots: Sequence[Place]
    streets: Sequence[Sequence[Place]]
    usual: Mapping[FaultKind, Usual]


@dataclass(frozen=True, slots=True)
class Weather:
    """What makes a kind of day: faults a crew and day, calls a fault, and how far truth strays.

    `more_calls` is the chance of one more call after each. `front` is the share of faults that come within
    the storm's hours, as a gamma distribution beginning at the hour `front_h`. Work and drives take
    `work_slower` and `drive_slower` times what is expected, spread log-normally by `work_sigma` and
    `drive_sigma`. `faults` are shares.
    """

    per_crew: float
    more_calls: float
    front: float
    work_slower: float
    drive_slower: float
    work_sigma: float
    drive_sigma: float
    closures_per_crew: float
    faults: Mapping[FaultKind, float]
    front_h: float = 2.0


CALM: Mapping[FaultKind, float] = {
    "no_power": 62,
    "partial": 14,
    "low_voltage": 9,
    "meter": 6,
    "other": 6,
    "wire_down": 2,
    "fire_or_shock": 1,
}
STORMY: Mapping[FaultKind, float] = {
    "no_power": 68,
    "partial": 8,
    "low_voltage": 8,
    "meter": 2,
    "other": 4,
    "wire_down": 8,
    "fire_or_shock": 2,
}
WEATHERS: Mapping[DayKind, Weather] = {
    "storm": Weather(14.65, 0.55, 0.65, 1.5, 1.2, 0.4, 0.2, 0.25, STORMY),
    "busy": Weather(10.0, 0.25, 0.0, 1.1, 1.05, 0.35, 0.15, 0.05, CALM),
    "ordinary": Weather(2.5, 0.15, 0.0, 1.0, 1.0, 0.3, 0.1, 0.0, CALM),
}
MOST_CALLS = 12
CALL_GAP_S = 480.0  # mean between two calls about one fault
FRONT_SHAPE, FRONT_SCALE_H = 2.5, 1.6  # most of a front passes within eight hours
CUSTOMERS = {1: 80, 6: 14, 24: 6}
CRITICAL = 0.01


def draw(
    town: Town, kind: DayKind, *, crews: int, seed: int, start: str, policy: str, hours: float
) -> dict[str, Any]:
    """A scenario as its file holds it; `start` is ISO time with offset, at eight in the morning as a rule."""
    dice = random.Random(f"{kind} {crews} {seed}")  # noqa: S311 -- a day to be drawn again, no secret
    weather = WEATHERS[kind]
    count = max(1, round(weather.per_crew * crews * hours / 24))
    faults = sorted(_moment_s(weather, hours, dice) for _ in range(count))
    calls = [
        call for number, at_s in enumerate(faults, 1) for call in _calls(town, weather, number, at_s, dice)
    ]
    calls = sorted((c for c in calls if c["at_s"] < hours * 3600), key=lambda call: call["at_s"])
    used = _spread(town.depots, max(1, crews // len(SKILLS)))
    return {
        "name": f"{kind}, {crews} crews, seed {seed}, {town.name}",
        "start": start,
        "hours": hours,
        "policy": policy,
        "depots": [{"id": f"D{n}", "lon": lon, "lat": lat} for n, (lon, lat) in enumerate(used, 1)],
        "crews": [_crew(number, kind, len(used), hours) for number in range(crews)],
        "reports": [{"id": f"R{n}", **call} for n, call in enumerate(calls, 1)],
        "closures": _closures(town, weather, crews, hours, dice),
    }


def _spread(depots: Sequence[Place], most: int) -> list[Place]:
    """As many of the depots, taken evenly from their order, as have crews of every skill."""
    count = min(most, len(depots))
    return [depots[number * len(depots) // count] for number in range(count)]


def _moment_s(weather: Weather, hours: float, dice: random.Random) -> float:
    """When a fault happens: in the front of a storm; else any time, thrice as often by day as by night."""
    day_s = hours * 3600
    if dice.random() < weather.front:
        at_s = 3600 * (weather.front_h + dice.gammavariate(FRONT_SHAPE, FRONT_SCALE_H))
        if at_s < day_s:
            return at_s
    while True:
        at_s = dice.uniform(0, day_s)
        if weather.front or dice.random() < (2 + math.sin(2 * math.pi * at_s / 86_400)) / 3:
            return at_s


def _calls(
    town: Town, weather: Weather, number: int, at_s: float, dice: random.Random
) -> list[dict[str, Any]]:
    """The calls about one fault: the first caller's, then neighbours'."""
    kind = dice.choices(list(weather.faults), list(weather.faults.values()))[0]
    usual = town.usual[kind]
    fault = {
        "needs": usual.needs,
        "hazard": usual.hazard,
        "critical": dice.random() < CRITICAL,
        "work_s": usual.work_s,
        "true_work_s": round(usual.work_s * weather.work_slower * dice.lognormvariate(0, weather.work_sigma)),
        "travel_factor": round(weather.drive_slower * dice.lognormvariate(0, weather.drive_sigma), 3),
        "fault": f"F{number}",
    }
    here = dice.randrange(len(town.lonlat))
    around = _around(town, here)
    calls = []
    while True:
        calls.append(_call(town, here, at_s, dice) | fault)
        if len(calls) == MOST_CALLS or dice.random() >= weather.more_calls:
            return calls
        here, at_s = dice.choice(around), at_s + dice.expovariate(1 / CALL_GAP_S)


def _call(town: Town, here: int, at_s: float, dice: random.Random) -> dict[str, Any]:
    lon, lat = (float(degrees) for degrees in town.lonlat[here])
    customers = dice.choices(list(CUSTOMERS), list(CUSTOMERS.values()))[0]
    return {"at_s": round(at_s), "lon": lon, "lat": lat, "zone": town.zones[here], "customers": customers}


def _around(town: Town, here: int) -> list[int]:
    """The nearest places, the place itself left out."""
    squeeze = math.cos(math.radians(float(town.lonlat[here, 1])))
    apart = ((town.lonlat - town.lonlat[here]) * (squeeze, 1)) ** 2
    near = np.argsort(apart.sum(axis=1), kind="stable")[: NEIGHBOURS + 1]
    return [int(each) for each in near if each != here] or [here]


def _crew(number: int, kind: DayKind, depots: int, hours: float) -> dict[str, Any]:
    """On a storm day everybody is there throughout; else a third works the second half and into the night."""
    day_s = hours * 3600
    shift = [0, round(OVERTIME * day_s)] if kind == "storm" else [0, round(day_s / 2)]
    if kind != "storm" and (number // depots // 3 + number) % 3 == 2:  # crews of every skill
        shift = [round(day_s / 2), round(day_s) + NIGHT_S]
    return {
        "id": f"C{number + 1}",
        "depot": f"D{number % depots + 1}",
        "skills": list(SKILLS[number // depots % len(SKILLS)]),
        "shift_s": shift,
    }


def _closures(
    town: Town, weather: Weather, crews: int, hours: float, dice: random.Random
) -> list[dict[str, Any]]:
    """Fallen trees: a street is closed for one to five hours."""
    count = min(8, round(weather.closures_per_crew * crews), len(town.streets))
    found = []
    for street in dice.sample(list(town.streets), count):
        at_s = _moment_s(weather, hours, dice)
        line = {"type": "LineString", "coordinates": [list(place) for place in street]}
        until_s = at_s + dice.uniform(3600, 5 * 3600)
        found.append({"at_s": round(at_s), "until_s": round(until_s), "geometry": line, "factor": 0})
    return sorted(found, key=lambda closure: closure["at_s"])
