"""The engines that are measured beside each other, and places that they are asked for."""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Any

import numpy as np

from dispatch.roads import open_roads
from tests.bench.figures import Figure
from tests.bench.month import timed

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from dispatch.roads import Roads

    Places = list[tuple[float, float]]

# Another engine stands beside these once it is named here: anything with `matrix(origins, destinations)`.
ENGINES: Mapping[str, Callable[[Path], Any]] = {
    "cch": lambda area: open_roads(area, "cch"),
    "scipy": lambda area: open_roads(area, "dijkstra"),
}


def places(roads: Roads, count: int, seed: int, share: float = 1.0) -> Places:
    """Places drawn evenly from the middle `share` of the area, those far from any road left out."""
    west, south, east, north = roads.bounds
    middle, half = (
        np.array([(west + east) / 2, (south + north) / 2]),
        np.array([east - west, north - south]) / 2,
    )
    drawn = np.random.default_rng(seed).uniform(middle - half * share, middle + half * share, (3 * count, 2))
    near = np.flatnonzero(np.nan_to_num(roads.snap(drawn.tolist()).distance_m, nan=1e9) < 500)[:count]
    return [(float(lon), float(lat)) for lon, lat in drawn[near]]


def median_s(act: Callable[[], object], runs: int) -> float:
    """Seconds of the middle one of some runs."""
    return statistics.median(timed(act)[0] for _ in range(runs))


def compared(what: str, seconds: Mapping[str, float]) -> list[Figure]:
    """Milliseconds of each engine, and how many times as long the others take as the first."""
    first, *others = seconds
    figures = [Figure(f"{what}, {name}", each * 1000, "ms") for name, each in seconds.items()]
    return figures + [
        Figure(f"{what}, {name} / {first}", seconds[name] / seconds[first], "x") for name in others
    ]
