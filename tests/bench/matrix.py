"""The drive times of 8 crews to 50 tickets, which is what every plan asks for; no goal.

"opened" reads the built roads; "cold" is the first matrix of roads just opened, "warm" the same once more,
"one ticket more" the matrix of 8 crews and one place that was not asked for before. Median of ten openings.
"""

from __future__ import annotations

import statistics
from typing import TYPE_CHECKING

from dispatch.config import load
from dispatch.desk import open_desk
from dispatch.roads import open_roads
from tests.bench.figures import Figure
from tests.bench.month import timed

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bench.house import House

    Places = list[tuple[float, float]]

CREWS, TICKETS, RUNS = 8, 50, 10


def measure(house: House) -> list[Figure]:
    """Milliseconds of each."""
    desk = open_desk(load(house.company(), {}))
    rows = desk.store.company.sample_accounts(200)
    desk.store.database.close()
    places = [(row["lon"], row["lat"]) for row in rows]
    runs = [_once(house.area, places, number) for number in range(RUNS)]
    return [Figure(name, statistics.median(run[name] for run in runs) * 1000, "ms") for name in runs[0]]


def _once(area: Path, places: Places, number: int) -> dict[str, float]:
    crews, tickets = places[:CREWS], places[CREWS : CREWS + TICKETS]
    news = [places[CREWS + TICKETS + number]]
    opened_s, roads = timed(lambda: open_roads(area))
    return {
        "roads opened": opened_s,
        f"{CREWS} x {TICKETS} cold": timed(lambda: roads.matrix(crews, tickets))[0],
        f"{CREWS} x {TICKETS} warm": timed(lambda: roads.matrix(crews, tickets))[0],
        "one ticket more": timed(lambda: roads.matrix(crews, news))[0],
    }
