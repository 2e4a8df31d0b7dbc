"""Closures coming into force on a province of a million junctions, by every engine: medians of twenty.

"one polygon" closes some 200 edges of one quarter, "100 streets" are lines along streets far apart; every
change replaces the one before. Goal: 10 ms for the polygon.
"""

from __future__ import annotations

import statistics
from functools import partial
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely

from dispatch.roads import Closure
from tests.bench.figures import Figure
from tests.bench.month import timed
from tests.bench.roads_engines import ENGINES, places
from tests.bench.roads_tiles import province

if TYPE_CHECKING:
    from tests.bench.house import House

RUNS = 20
EDGES = 200


def measure(house: House) -> list[Figure]:
    """Milliseconds, and how many edges were touched."""
    figures = []
    opened = {name: open_engine(province(house)) for name, open_engine in ENGINES.items()}
    first = next(iter(opened.values()))
    quarters = [_quarter(first, corner) for corner in places(first, RUNS + 1, seed=4)]
    kinds = {"one polygon": quarters, "100 streets": _streets(first)}
    for name, roads in opened.items():
        for kind, changes in kinds.items():
            runs = [timed(partial(roads.apply, change)) for change in changes][1:]
            milliseconds = statistics.median(run[0] for run in runs) * 1000
            goal = 10 if (name, kind) == ("cch", "one polygon") else None
            figures.append(Figure(f"{kind}, {name}", milliseconds, "ms", goal))
            figures.append(
                Figure(f"{kind}, {name}, edges", statistics.median(sum(run[1]) for run in runs), "")
            )
    return figures


def _quarter(roads: Any, place: tuple[float, float]) -> list[Closure]:
    """A square about a place, grown until it touches enough edges."""
    size = 0.002
    while True:
        square = [Closure(shapely.box(place[0] - size, place[1] - size, place[0] + size, place[1] + size), 0)]
        if sum(roads.apply(square)) >= EDGES:
            return square
        size *= 1.2


def _streets(roads: Any) -> list[list[Closure]]:
    network, dice = roads._network, np.random.default_rng(3)
    return [
        [
            Closure(shapely.LineString(network.line_lonlat(line)), 0.3)
            for line in dice.integers(0, network.line_count, 100).tolist()
        ]
        for _ in range(RUNS + 1)
    ]
