"""Building the sample area, each time in a fresh process: median of three.

Seconds count from the start of the process to its end, imports included; the peak is the most memory the
process ever held. The parts follow each other: a part's seconds begin at its first sign of progress, its peak
includes the parts before it. Goals: 60 s and 800 MB, for the first `make run` on an ordinary office machine.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from dispatch.paths import ROOT
from tests.bench.figures import Figure
from tests.conftest import EXTRACT

if TYPE_CHECKING:
    from pathlib import Path

    from tests.bench.house import House

RUNS = 3
LIMIT_S = 120

Parts = dict[str, tuple[float, float]]


def measure(house: House) -> list[Figure]:
    """Seconds and peak MB of the whole and of its parts."""
    runs = [_build(house.folder() / "area") for _ in range(RUNS)]
    middle = {name: _median([run[name] for run in runs]) for name in runs[0]}
    seconds, peak = middle.pop("whole")
    figures = [Figure("whole area", seconds, "s", 60), Figure("whole area, peak", peak, "MB", 800)]
    for name, (part_s, part_mb) in middle.items():
        figures += [Figure(name, part_s, "s"), Figure(f"{name}, peak until its end", part_mb, "MB")]
    return figures


def _build(out: Path) -> Parts:
    began = time.monotonic()
    command = [sys.executable, "-m", "tests.bench.build_once", str(EXTRACT), str(out)]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, timeout=LIMIT_S)
    parts: Parts = json.loads(done.stdout)
    return {"whole": (time.monotonic() - began, max(peak for _, peak in parts.values())), **parts}


def _median(values: list[tuple[float, float]]) -> tuple[float, float]:
    return statistics.median(s for s, _ in values), statistics.median(mb for _, mb in values)
