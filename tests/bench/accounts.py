"""Taking in accounts, CSV and XLSX, by the command in a process of its own.

200,000 accounts in an ordinary run; a million with BENCH_FULL=1 in the environment, for which the goals are:
120 s, 1000 MB. The files are made by rule; making them is not counted.
"""

from __future__ import annotations

import csv
import os
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import xlsxwriter

from dispatch.paths import ROOT
from tests.bench.figures import Figure
from tests.conftest import clean_environ, write_config

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.bench.house import House

# A process begins with the peak of the one that started it, so a small one stands between.
WATCH = """
import resource, subprocess, sys
subprocess.run(sys.argv[1:], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)
"""
HEADER = ("account_no", "name", "phone", "address", "lon", "lat", "unit", "zone")


def measure(house: House) -> list[Figure]:
    """Seconds, peak MB of the process, and accounts a second, of each kind of file."""
    rows = 1_000_000 if os.environ.get("BENCH_FULL") == "1" else 200_000
    home = house.folder()
    files = {"CSV": home / "accounts.csv", "XLSX": home / "accounts.xlsx"}
    _write_csv(files["CSV"], rows)
    _write_xlsx(files["XLSX"], rows)
    figures = []
    for kind, path in files.items():
        config = write_config(house.folder(), house.home / "no area needed")
        seconds, peak_mb = _import(config, path)
        figures += [
            Figure(f"{rows:,} accounts, {kind}", seconds, "s", 120),
            Figure(f"{rows:,} accounts, {kind}, peak", peak_mb, "MB", 1000),
            Figure(f"{kind}, accounts a second", rows / seconds, ""),
        ]
    return figures


def _import(config: Path, file: Path) -> tuple[float, float]:
    """(seconds, peak MB) of `dispatch import accounts FILE`."""
    environ = {**clean_environ(), "DISPATCH_CONFIG": str(config)}
    command = [sys.executable, "-c", WATCH, sys.executable, "-m", "dispatch", "import", "accounts", str(file)]
    began = time.monotonic()
    done = subprocess.run(command, cwd=ROOT, env=environ, check=True, stdout=subprocess.PIPE)
    seconds = time.monotonic() - began
    return seconds, int(done.stdout) / (2**20 if sys.platform == "darwin" else 1024)


def _rows(count: int) -> Iterator[tuple[str, ...]]:
    zones = ("urban", "rural", "remote", "")
    for number in range(count):
        house, street = number % 300 + 1, number // 300
        yield (
            f"15{number * 7919 % 10**8:08d}", f"用户{number}", f"138{number * 104_729 % 10**8:08d}",
            f"敖汉旗第{street}街{house}号{number % 6 + 1}单元", f"{119.5 + street % 97 / 100:.6f}",
            f"{42.0 + house / 1000:.6f}", f"U{number % 3 + 1}", zones[number % 4],
        )  # fmt: skip


def _write_csv(path: Path, count: int) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADER)
        writer.writerows(_rows(count))


def _write_xlsx(path: Path, count: int) -> None:
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_formulas": False})
    sheet = book.add_worksheet()
    for number, cells in enumerate((HEADER, *_rows(count))):
        sheet.write_row(number, 0, cells)
    book.close()
