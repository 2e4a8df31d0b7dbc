"""Days played to compare planners or ways of merging: on the sample, or on the tiled province's towns.

Each is played in a process of its own, as many at a time as there are cores.
"""

from __future__ import annotations

import os
import tempfile
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass, replace
from functools import lru_cache
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import numpy as np

from dispatch.config import load
from dispatch.desk import scenarios, simulated
from dispatch.roads import open_roads
from dispatch.simulate import PLANNERS
from dispatch.simulate.draw import draw
from tests.bench.roads_tiles import PROVINCE, STEP, province

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from dispatch.config import Config
    from dispatch.roads import AnyRoads
    from dispatch.simulate import Result, Scenario
    from dispatch.simulate.draw import DayKind, Town
    from dispatch.ticket import Zone
    from tests.bench.house import House

START = "2026-10-12T08:00:00+08:00"
Asked = TypeVar("Asked")  # can be hashed, pickled and told
Found = TypeVar("Found")
BLOCK = (3, 2)  # columns and rows of towns side by side that one company serves: some 75 x 50 km


@dataclass(frozen=True)
class Ground:
    """Where days are played: the town that is drawn on, and its roads."""

    config: Config
    town: Town
    roads: AnyRoads


@dataclass(frozen=True, slots=True)
class Where:
    """What a process needs to stand on a ground by itself."""

    name: Literal["sample", "province"]
    config: Path
    roads: Path


@dataclass(frozen=True, slots=True)
class Day:
    """A day to be played; `hindsight_s` is how long the best plan that knows everything is looked for."""

    where: Where
    kind: DayKind
    crews: int
    seed: int
    hindsight_s: float = 0.0

    def __str__(self) -> str:
        return f"{self.kind} of {self.crews} crews, {self.where.name}, {self.seed}"


def in_sample(house: House) -> Where:
    """The sample company's own area, zones and depots."""
    return Where("sample", house.company(), house.area)


def in_province(house: House) -> Where:
    """The sample's houses, zones and depots in BLOCK from the middle of the province, on its roads."""
    return Where("province", house.company(), province(house))


@lru_cache(maxsize=1)
def ground(where: Where) -> Ground:
    """The town and the roads, opened; the last one is kept."""
    config = load(where.config, {})
    town = scenarios.town_of(config)
    return Ground(config, town if where.name == "sample" else _tiled(town), open_roads(where.roads))


def _tiled(one: Town) -> Town:
    first = [(whole - part) // 2 for whole, part in zip(PROVINCE, BLOCK, strict=True)]
    steps = [
        ((first[0] + column) * STEP[0], -(first[1] + row) * STEP[1])
        for row in range(BLOCK[1])
        for column in range(BLOCK[0])
    ]
    zones: list[Zone] = list(one.zones) * len(steps)
    return replace(
        one,
        name=f"{len(steps)} towns, {one.name}",
        lonlat=np.concatenate([one.lonlat + step for step in steps]),
        zones=zones,
        depots=[_moved(depot, step) for step in steps for depot in one.depots],
        streets=[[_moved(place, step) for place in street] for step in steps for street in one.streets],
    )


def _moved(place: tuple[float, float], step: tuple[float, float]) -> tuple[float, float]:
    return (place[0] + step[0], place[1] + step[1])


def write_day(ground: Ground, kind: DayKind, crews: int, seed: int, path: Path) -> Path:
    """A day as a scenario file."""
    day = draw(ground.town, kind, crews=crews, seed=seed, start=START, policy="state-grid", hours=24)
    scenarios.write(day, path)
    return path


def play(asked: Iterable[Asked], one: Callable[[Asked], Found]) -> dict[Asked, Found]:
    """What `one`, a function of a module, made of each, begun in this order; prints each as it is done."""
    found = {}
    with ProcessPoolExecutor(os.cpu_count(), mp_context=get_context("spawn")) as pool:
        try:
            running = {pool.submit(one, each): each for each in asked}
            for done in as_completed(running):
                found[running[done]] = done.result()
                print(f"  played: {running[done]}", flush=True)
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            raise
    return found


def longest_first(day: Day) -> tuple[bool, int, str, int]:
    """Orders days so that no long one is begun last and alone."""
    return (day.kind != "storm", -day.crews, day.where.name, day.seed)


def drawn(day: Day) -> Scenario:
    """The day as it is read from its file."""
    with tempfile.TemporaryDirectory(prefix="dispatch-day-") as folder:
        file = write_day(ground(day.where), day.kind, day.crews, day.seed, Path(folder) / "day.json")
        return scenarios.read(file)


def played(day: Day) -> dict[str, Result]:
    """What every planner made of the day, and the best that was found in the time for hindsight."""
    at, scenario = ground(day.where), drawn(day)
    drives = simulated.RoadDrives(at.roads, scenario)
    days = [simulated.simulate(at.config, scenario, name, drives) for name in PLANNERS]
    found = {each.planner: each for each, _ in days}
    return found | {"hindsight": simulated.hindsight(scenario, drives, days, day.hindsight_s)}


def mean(results: Sequence[dict[str, Result]], planner: str, value: Any) -> float:
    """The mean over days of what `value` takes from a planner's result."""
    return float(np.mean([value(each[planner]) for each in results]))
