"""Building the roads of a large county, the sample's in two rows of seven tiles, in a fresh process; once.

Raw nodes are those of all roads that are driven. Seconds count from the start of the process to its end,
imports included; the peak is the most memory it ever held. Goals: 200 s and 2000 MB for 305,000 raw nodes.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import osmium

from dispatch.paths import ROOT
from dispatch.roads.extract import write_drivable
from dispatch.roads.speeds import default_speeds
from tests.bench.figures import Figure
from tests.bench.month import timed
from tests.bench.roads_tiles import tile_extract
from tests.conftest import EXTRACT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bench.house import House

GRID, LIMIT_S = (7, 2), 900
ONCE = """
import json, sys
from pathlib import Path
from dispatch.area import _peak_mb
from dispatch.roads.build import build_roads
heard = []
built = build_roads(Path(sys.argv[1]), Path(sys.argv[2]), lambda stage, share: heard.append(stage))
print(json.dumps([built.nodes, _peak_mb(), len(heard)]))
"""


def measure(house: House) -> list[Figure]:
    """Seconds, MB and counts."""
    folder = house.folder()
    extract = tile_extract(EXTRACT, folder / "tiles.osm.pbf", GRID)
    command = [sys.executable, "-c", ONCE, str(extract), str(folder / "area")]
    seconds, done = timed(
        lambda: subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, timeout=LIMIT_S)
    )
    junctions, peak_mb, stages = json.loads(done.stdout)
    return [
        Figure("raw nodes", _raw_nodes(extract), "", 305_000, "least"),
        Figure("junctions", junctions, ""),
        Figure("built", seconds, "s", 200),
        Figure("peak", peak_mb, "MB", 2000),
        Figure("stages of progress heard", stages, ""),
    ]


def _raw_nodes(extract: Path) -> int:
    drivable = extract.with_name("drivable.osm")
    write_drivable(extract, drivable, default_speeds())
    return sum(1 for _node in osmium.FileProcessor(str(drivable), osmium.osm.NODE))
