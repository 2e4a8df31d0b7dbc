"""How soon the board knows what nobody free reaches, and what waiting elsewhere would change.

60 crews on duty stand at houses of the sample area, which has 100,000 accounts here (the sample's, each fifty
times within 300 m). "coverage" and "suggestions" are worked out anew each time, because a crew has moved;
"accounts gathered" is the first question after accounts were taken in. Goal: P95 of coverage 1 s.

Stand-by is played on ordinary days (seeds 1 to 5) of four and of eight crews: idle ones go home to their
depots, or to the places where the rule sends them when none has a ticket. On the sample every house is within
its promise from every depot, so the rule moves nobody there; the days are played again with a quarter of the
promise, as if the county were four times as wide. Crews are not moved during the day, which the service
would do.
"""

from __future__ import annotations

import random
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

import numpy as np

from dispatch.config import load
from dispatch.crew import Position
from dispatch.desk import open_desk, scenarios, simulated
from dispatch.desk.chain import weights
from dispatch.desk.coverage import coverage_now
from dispatch.desk.customers import list_spots
from dispatch.desk.standby import stand_by, standing, suggestions
from dispatch.simulate import PLANNERS, World, result
from tests.bench.figures import Figure, spread
from tests.bench.month import timed
from tests.bench.plan_days import ground, in_sample, write_day

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dispatch.desk import Desk
    from dispatch.plan import Place
    from dispatch.simulate import Scenario
    from dispatch.ticket import Zone
    from tests.bench.house import House
    from tests.bench.plan_days import Ground

CREWS, ACCOUNTS, TIMES = 60, 100_000, 20
AROUND_DEG = 0.003
SEEDS = range(1, 6)
DAYS = ((4, "the promise", 1.0), (4, "a quarter of it", 0.25), (8, "a quarter of it", 0.25))


def measure(house: House) -> list[Figure]:
    """The times, then the days with and without stand-by."""
    town = ground(in_sample(house))
    figures = _times(house)
    for crews, said, part in DAYS:
        figures += _days(house, town, crews, f"{crews} crews, {said}", part)
    return figures


def _times(house: House) -> list[Figure]:
    desk = open_desk(load(house.company(), {}))
    chance = random.Random(1)
    _fill(desk, chance)
    gathered_s, spots = timed(list_spots, desk, desk.clock())
    taken: dict[str, list[float]] = {"coverage": [], "suggestions": []}
    for number in range(TIMES):
        _move(desk, "C1", spots.place[number], desk.clock() + number)
        for name, act in (("coverage", coverage_now), ("suggestions", suggestions)):
            taken[name].append(timed(act, desk)[0])
    desk.store.database.close()
    return [
        Figure(f"accounts gathered, {ACCOUNTS:,}", gathered_s, "s"),
        Figure("cells", len(spots.cell), ""),
        *spread(f"coverage at {CREWS} crews", taken["coverage"], "s", 1.0),
        *spread(f"suggestions at {CREWS} crews", taken["suggestions"], "s"),
    ]


def _fill(desk: Desk, chance: random.Random) -> None:
    known = desk.store.company.sample_accounts(10_000)
    copies, numbers = ACCOUNTS // len(known), count(1)

    def near(value: float) -> float:
        return value + chance.uniform(-AROUND_DEG, AROUND_DEG)

    rows = [
        each | {"account_no": f"9{next(numbers):09d}", "lon": near(each["lon"]), "lat": near(each["lat"])}
        for each in known
        for _ in range(copies)
    ]
    desk.store.company.take_accounts(rows)
    _put_crews(desk, [(f"C{n}", (known[n]["lon"], known[n]["lat"])) for n in range(1, CREWS + 1)])


def _put_crews(desk: Desk, crews: Sequence[tuple[str, Place]]) -> None:
    same = {"unit": "U1", "skills": "lv", "shift": "00:00-24:00", "phone": "", "active": 1}
    gone = [
        {**same, "id": each.id, "name": each.name, "lon": 0, "lat": 0, "active": 0}
        for each in desk.store.company.crews()
    ]
    there = [{**same, "id": name, "name": name, "lon": lon, "lat": lat} for name, (lon, lat) in crews]
    with desk.store.transaction():
        desk.store.company.put_crews([*gone, *there])


def _move(desk: Desk, crew: str, place: Place, at: int) -> None:
    desk.store.company.put_position(Position(crew, at, *place, 10.0))


def _days(house: House, ground: Ground, crews: int, said: str, part: float) -> list[Figure]:
    folder = house.folder()
    files = [write_day(ground, "ordinary", crews, seed, folder / f"{seed}.json") for seed in SEEDS]
    days = [scenarios.read(file) for file in files]
    minutes = {zone: max(1, round(each * part)) for zone, each in simulated.limits(days[0]).items()}
    waits = _places(house, days[0], minutes)
    found = [Figure(f"{said}: crews that the rule moves", len(waits), "")]
    for name, moved in (("from depots", {}), ("from stand-by", waits)):
        played = [_played(ground, day, minutes, moved) for day in days]
        kept, arrival = (float(np.mean([each[n] for each in played])) for n in (0, 1))
        found += [
            Figure(f"{said}, {name}: on time", 100 * kept, "%"),
            Figure(f"{said}, {name}: call to arrival, mean", arrival, "min"),
        ]
    return found


def _places(house: House, day: Scenario, minutes: Mapping[Zone, int]) -> dict[str, Place]:
    """Where the rule sends the day's crews when all of them are idle at their depots."""
    desk = open_desk(load(house.company(), {}))
    binding = replace(desk.rulebook.binding, minutes=minutes)
    desk.rulebook = replace(desk.rulebook, binding=binding)
    _put_crews(desk, [(duty.id, duty.depot) for duty in day.crews])
    while found := suggestions(desk):
        for each in found:
            stand_by(desk, each.crew, each.place, gain=each.gain)
    places = {crew: each.place for crew, each in standing(desk, desk.clock()).items()}
    desk.store.database.close()
    return places


def _played(
    ground: Ground, day: Scenario, minutes: Mapping[Zone, int], moved: Mapping[str, Place]
) -> tuple[float, float]:
    """(share on time, mean minutes from call to arrival) of a day whose crews wait where they are sent."""
    crews = tuple(replace(duty, depot=moved.get(duty.id, duty.depot)) for duty in day.crews)
    day = replace(day, crews=crews)
    drives = simulated.RoadDrives(ground.roads, day)
    played = World(day, minutes, PLANNERS["default"](weights(ground.config)), drives).play()
    found = result("default", day, minutes, played, drives)
    called = {call.id: call.at_s for call in day.calls}
    waits = [each.arrived_s - called[each.report] for each in found.arrivals if each.arrived_s is not None]
    return found.on_time, float(np.mean(waits)) / 60
