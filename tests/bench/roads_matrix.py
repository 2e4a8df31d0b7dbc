"""Matrices of drive times by every engine, on the sample and on a province of a million junctions out of it.

Places lie anywhere in the sample; in the province within a square of 100 km ("near") or anywhere. Every place
is new to the engine: medians of three sets of places. scipy is asked for at most 20 origins of a province's
matrix and its time multiplied ("scaled"), as it searches once an origin.
"""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING, Any

from tests.bench.month import timed
from tests.bench.roads_engines import ENGINES, compared, places
from tests.bench.roads_tiles import province

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bench.figures import Figure
    from tests.bench.house import House

SIZES = ((60, 50), (300, 300), (1000, 1000), (1, 500))
RUNS = 3
MOST_SEARCHES = 20
NEAR = 100 / 315  # of the province's breadth


def measure(house: House) -> list[Figure]:
    """Milliseconds and ratios."""
    figures = _measured("sample", house.area, 1.0)
    return (
        figures
        + _measured("province near", province(house), NEAR)
        + _measured("province", province(house), 1.0)
    )


def _measured(where: str, area: Path, share: float) -> list[Figure]:
    opened = {name: open_engine(area) for name, open_engine in ENGINES.items()}
    figures = []
    for rows, columns in SIZES:
        seconds = {}
        for name, roads in opened.items():
            said = name if _asked(name, roads, rows) == rows else f"{name} scaled"
            seconds[said] = _median_s(name, roads, (rows, columns), share)
        figures += compared(f"{where} {rows} x {columns}", seconds)
    return figures


def _median_s(name: str, roads: Any, size: tuple[int, int], share: float) -> float:
    rows, columns = size
    asked = _asked(name, roads, rows)
    taken = []
    for run in range(RUNS if asked == rows else 1):
        drawn = places(roads, rows + columns, seed=1000 * run + rows, share=share)
        taken.append(timed(lambda drawn=drawn: roads.matrix(drawn[:asked], drawn[-columns:]))[0])
    return statistics.median(taken) * rows / asked


def _asked(name: str, roads: Any, rows: int) -> int:
    """Of how many origins the matrix is really asked."""
    return min(rows, MOST_SEARCHES) if name == "scipy" and roads.nodes > 100_000 else rows
