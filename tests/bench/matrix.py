"""The drive times of 8 crews to 50 tickets, which is what every plan asks for; no goal.

"opened" reads the built roads; "cold" is the first matrix of roads just opened, "warm" the same once more,
"one ticket more" the matrix of 8 crews and one place that was not asked for before. Median of ten openings.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from itertools import product
from typing import TYPE_CHECKING

from dispatch.config import load
from dispatch.desk import open_desk
from dispatch.roads import open_roads
from tests.bench.figures import Figure
from tests.bench.month import timed

if TYPE_CHECKING:
    from pathlib import Path

    from dispatch.roads import EngineName
    from tests.bench.house import House

    Places = list[tuple[float, float]]

CREWS, TICKETS, RUNS = 8, 50, 10


def measure(house: House) -> list[Figure]:
    """Milliseconds of each, for the engine that is taken here and for the one that is always there."""
    desk = open_desk(load(house.company(), {}))
    places = [(row["lon"], row["lat"]) for row in desk.store.company.sample_accounts(200)]
    desk.store.database.close()
    taken: dict[str, list[float]] = defaultdict(list)
    engines: tuple[EngineName, ...] = ("auto", "dijkstra")
    for engine, number in product(engines, range(RUNS)):
        for what, seconds in _once(house.area, engine, places, number).items():
            taken[what].append(seconds * 1000)
    return [Figure(what, statistics.median(values), "ms") for what, values in taken.items()]


def _once(area: Path, engine: EngineName, places: Places, number: int) -> dict[str, float]:
    crews, tickets = places[:CREWS], places[CREWS : CREWS + TICKETS]
    news = [places[CREWS + TICKETS + number]]
    opened_s, roads = timed(open_roads, area, engine)
    return {
        f"{roads.engine}: opened": opened_s,
        f"{roads.engine}: {CREWS} x {TICKETS} cold": timed(roads.matrix, crews, tickets)[0],
        f"{roads.engine}: {CREWS} x {TICKETS} warm": timed(roads.matrix, crews, tickets)[0],
        f"{roads.engine}: one ticket more": timed(roads.matrix, crews, news)[0],
    }
