"""Opening the roads of a province of a million junctions, each engine in its own process: median of three.

"ready" is until the first drive is answered, imports not counted; MB is what is held then. Goals for
cch: 2 s and 500 MB.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
from typing import TYPE_CHECKING

from dispatch.paths import ROOT
from tests.bench.figures import Figure
from tests.bench.roads_tiles import province

if TYPE_CHECKING:
    from tests.bench.house import House

RUNS, LIMIT_S = 3, 120
ONCE = """
import json, sys, time
import dispatch.roads as roads
began = time.monotonic()
opened = roads.open_roads(sys.argv[1], sys.argv[2])
opened_s = time.monotonic() - began
west, south, east, north = opened.bounds
opened.matrix([(west, south)], [(east, north)])
ready_s = time.monotonic() - began
held = int(open("/proc/self/statm").read().split()[1]) * 4096
print(json.dumps([opened_s, ready_s, held / 2**20]))
"""


def measure(house: House) -> list[Figure]:
    """Seconds and MB of each engine; Linux only."""
    figures = []
    for engine, goals in (("cch", (2, 500)), ("dijkstra", (None, None))):
        runs = [_once(str(province(house)), engine) for _ in range(RUNS)]
        opened_s, ready_s, megabytes = (statistics.median(run[part] for run in runs) for part in range(3))
        figures += [
            Figure(f"{engine}, opened", opened_s, "s"),
            Figure(f"{engine}, ready", ready_s, "s", goals[0]),
            Figure(f"{engine}, held", megabytes, "MB", goals[1]),
        ]
    return figures


def _once(area: str, engine: str) -> list[float]:
    command = [sys.executable, "-c", ONCE, area, engine]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, timeout=LIMIT_S)
    measured: list[float] = json.loads(done.stdout)
    return measured
