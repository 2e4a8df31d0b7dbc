"""Days on which planners are compared: on the sample, and on towns side by side in the tiled province."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from dispatch.config import load
from dispatch.desk import scenarios, simulated
from dispatch.roads import open_roads
from dispatch.simulate import PLANNERS
from dispatch.simulate.draw import draw
from tests.bench.roads_tiles import PROVINCE, STEP, province

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dispatch.config import Config
    from dispatch.roads import AnyRoads
    from dispatch.simulate import Result
    from dispatch.simulate.draw import DayKind, Town
    from dispatch.ticket import Zone
    from tests.bench.house import House

START = "2026-10-12T08:00:00+08:00"
BLOCK = (3, 2)  # columns and rows of towns side by side that one company serves: some 75 x 50 km


@dataclass(frozen=True)
class Ground:
    """Where days are played: the town that is drawn on, and its roads."""

    name: str
    config: Config
    town: Town
    roads: AnyRoads


def sample(house: House) -> Ground:
    """The sample company's own area, zones and depots."""
    config = load(house.company(), {})
    return Ground("sample", config, scenarios.town_of(config), open_roads(house.area))


def tiled(house: House, one: Ground) -> Ground:
    """The sample's houses, zones and depots in BLOCK from the middle of the province, on its roads."""
    first = [(whole - part) // 2 for whole, part in zip(PROVINCE, BLOCK, strict=True)]
    steps = [
        ((first[0] + column) * STEP[0], -(first[1] + row) * STEP[1])
        for row in range(BLOCK[1])
        for column in range(BLOCK[0])
    ]
    zones: list[Zone] = list(one.town.zones) * len(steps)
    town = replace(
        one.town,
        name=f"{len(steps)} towns, {one.town.name}",
        lonlat=np.concatenate([one.town.lonlat + step for step in steps]),
        zones=zones,
        depots=[_moved(depot, step) for step in steps for depot in one.town.depots],
        streets=[[_moved(place, step) for place in street] for step in steps for street in one.town.streets],
    )
    return Ground("province", one.config, town, open_roads(province(house)))


def _moved(place: tuple[float, float], step: tuple[float, float]) -> tuple[float, float]:
    return (place[0] + step[0], place[1] + step[1])


def write_day(ground: Ground, kind: DayKind, crews: int, seed: int, path: Path) -> Path:
    """A day as a scenario file."""
    drawn = draw(ground.town, kind, crews=crews, seed=seed, start=START, policy="state-grid", hours=24)
    scenarios.write(drawn, path)
    return path


def played(ground: Ground, path: Path, hindsight_s: float) -> dict[str, Result]:
    """What every planner made of the day, and the best that was found in `hindsight_s`."""
    day = scenarios.read(path)
    drives = simulated.RoadDrives(ground.roads, day)
    days = [simulated.simulate(ground.config, day, name, drives) for name in PLANNERS]
    found = {each.planner: each for each, _ in days}
    return found | {"hindsight": simulated.hindsight(day, drives, days, hindsight_s)}


def mean(results: Sequence[dict[str, Result]], planner: str, value: Any) -> float:
    """The mean over days of what `value` takes from a planner's result."""
    return float(np.mean([value(each[planner]) for each in results]))
