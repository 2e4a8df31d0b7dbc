"""Putting 10,000 places on their nearest street, on the sample and on a province: medians of three."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from dispatch.roads import open_roads
from tests.bench.figures import Figure
from tests.bench.roads_engines import median_s, places
from tests.bench.roads_tiles import province

if TYPE_CHECKING:
    from tests.bench.house import House

PLACES, RUNS = 10_000, 3


def measure(house: House) -> list[Figure]:
    """Microseconds a place."""
    figures = []
    for where, area in (("sample", house.area), ("province", province(house))):
        roads = open_roads(area)
        drawn = places(roads, PLACES, seed=2)
        seconds = median_s(partial(roads.snap, drawn), RUNS)
        figures.append(Figure(f"{where}, one of {PLACES}", seconds / PLACES * 1e6, "µs", 50))
    return figures
