"""The month of 10,000 reports as files: XLSX, CSV, JSON and the printable page.

10,000 are what a county has in a month of nothing but busy days (300 each); they are made by the desk's own
acts and store appends (see `month_walk.py`). "count and write" is `desk.month.month` and `write_month`
in this process, median of three; its parts follow, each once more by itself. "whole command" is
`dispatch export 2026-10 --out DIR`, start of Python included, median of three. Goal: 2 s for count and write.
"""

from __future__ import annotations

import statistics
import time
from typing import TYPE_CHECKING, Any

from dispatch.config import load
from dispatch.desk import open_desk
from dispatch.desk.month import month
from dispatch.export import csv_bytes, html_text, json_bytes, write_month, xlsx_bytes
from tests.bench.figures import Figure
from tests.bench.month_walk import MONTH, Clock, fill
from tests.conftest import dispatch

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from dispatch.compliance import Month
    from dispatch.desk import Desk
    from tests.bench.house import House

REPORTS = 10_000
RUNS = 3
MAKERS: Mapping[str, Callable[[Month], object]] = {
    "month.xlsx": xlsx_bytes,
    "reports.csv": csv_bytes,
    "month.json": json_bytes,
    "month.html": html_text,
}


def measure(house: House) -> list[Figure]:
    """Seconds of the whole, of its parts, and of the command."""
    config_file, clock = house.company(), Clock()
    desk = open_desk(load(config_file, {}), clock=clock)
    filled_s, _ = timed(lambda: fill(desk, clock, REPORTS))
    whole = [_whole(desk, house.folder()) for _ in range(RUNS)]
    count_s, counted = timed(lambda: month(desk, MONTH))
    parts = [Figure(f"of it: {name}", timed(make, counted)[0], "s") for name, make in MAKERS.items()]
    desk.store.database.close()
    command_s = [_command(config_file, house.folder()) for _ in range(RUNS)]
    return [
        Figure("reports in the month", counted.counts["reports"], ""),
        Figure("count and write", statistics.median(wall_s for wall_s, _ in whole), "s", 2),
        Figure("of it: processor time", statistics.median(cpu_s for _, cpu_s in whole), "s"),
        Figure("of it: count", count_s, "s"),
        *parts,
        Figure("whole command", statistics.median(command_s), "s"),
        Figure("filling the database", filled_s, "s"),
    ]


def timed(act: Callable[..., Any], *given: Any) -> tuple[float, Any]:
    """(seconds, answer) of one call."""
    began = time.monotonic()
    answer = act(*given)
    return time.monotonic() - began, answer


def _whole(desk: Desk, out: Path) -> tuple[float, float]:
    """(wall, processor) seconds: on a busy machine they differ."""
    began_s = time.process_time()
    wall_s, _ = timed(lambda: write_month(month(desk, MONTH), out))
    return wall_s, time.process_time() - began_s


def _command(config_file: Path, out: Path) -> float:
    taken_s, done = timed(lambda: dispatch(config_file, "export", MONTH, "--out", str(out)))
    assert done.returncode == 0, done.stderr
    return float(taken_s)
