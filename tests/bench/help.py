"""How long `dispatch --help` keeps somebody waiting: median of fifteen, files warm in the system's cache.

Beside it, in turns, what Python itself takes to start and do nothing. Goal: 0.3 s, so that a mistyped command
answers at once; what breaks it is a heavy import at the top of a module that every command loads.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

from dispatch.paths import ROOT
from tests.bench.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.bench.house import House

RUNS = 15
LIMIT_S = 20


def measure(_house: House) -> list[Figure]:
    """Wall seconds of both, after one run of each that is not counted."""
    commands = {"dispatch --help": _help(), "python -c pass": [sys.executable, "-c", "pass"]}
    taken: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(RUNS + 1):
        for name, command in commands.items():
            taken[name].append(_seconds(command))
    middle = {name: statistics.median(values[1:]) for name, values in taken.items()}
    goals = {"dispatch --help": 0.3}
    return [Figure(name, seconds, "s", goals.get(name)) for name, seconds in middle.items()]


def _help() -> Sequence[str]:
    """The installed command, or the module where it is not installed."""
    script = Path(sys.executable).with_name("dispatch")
    return [str(script), "--help"] if script.exists() else [sys.executable, "-m", "dispatch", "--help"]


def _seconds(command: Sequence[str]) -> float:
    began = time.monotonic()
    subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL, timeout=LIMIT_S)
    return time.monotonic() - began
