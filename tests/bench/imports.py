"""How long others wait while a table of 10,000 reports is taken in.

`dispatch import reports FILE` runs in a process of its own; this one writes a setting every 20 ms meanwhile,
as a page or a phone would, and notes how long each write waited. A writer gives up after 10 s and is refused.
Goal: 3 s.
Half of the reports name an account, half a pin. Beside it, how long the desk takes for a call with nothing
open and with all of the table's tickets open, up to the answer with what lies near: it should hardly differ.
"""

from __future__ import annotations

import csv
import subprocess
import sys
import time
from itertools import islice
from typing import TYPE_CHECKING

from dispatch.config import load
from dispatch.desk import open_desk
from dispatch.desk.intake import Draft, take_report
from dispatch.errors import SetupError
from dispatch.paths import ROOT
from tests.bench.crowd import BENCH
from tests.bench.figures import Figure, percentile
from tests.conftest import TOWN_HALL, clean_environ

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from dispatch.desk import Desk
    from dispatch.store import Store
    from tests.bench.house import House

REPORTS = 10_000
HEADER = ("received_at", "fault", "account_no", "lon", "lat", "name", "phone")
PAUSE_S = 0.02
CALLS = 40


def measure(house: House) -> list[Figure]:
    """Seconds of the command, and of the writes of others meanwhile."""
    config = house.company()
    desk = open_desk(load(config, {}))
    store = desk.store
    accounts = [each["account_no"] for each in store.company.sample_accounts(2000)]
    file = config.with_name("reports.csv")
    with file.open("w", encoding="utf-8", newline="") as table:
        csv.writer(table).writerows([HEADER, *islice(_rows(accounts), REPORTS)])
    quiet = _calls_ms(desk, accounts)
    before = store.tickets.head()[0]
    seconds, waited, refused = _beside(config, file, store)
    taken = store.tickets.head()[0] - before
    stormy = _calls_ms(desk, accounts)
    store.database.close()
    return [
        Figure("events of the reports taken in", taken, ""),
        Figure(f"{REPORTS:,} reports, the command", seconds, "s"),
        Figure("writes of others meanwhile", len(waited), ""),
        Figure("refused of them", refused, "", 0),
        Figure("the longest of them waited", max(waited), "s", 3),
        Figure("half of them waited at most", percentile(waited, 50), "s"),
        Figure("a call, nothing open, P50", percentile(quiet, 50), "ms"),
        Figure(f"a call, {REPORTS:,} open, P50", percentile(stormy, 50), "ms"),
    ]


def _calls_ms(desk: Desk, accounts: Sequence[str]) -> list[float]:
    """Milliseconds of each of some calls from accounts all over the area."""
    took = []
    for account in accounts[:: len(accounts) // CALLS]:
        began = time.monotonic()
        take_report(desk, Draft("no_power", account_no=account), BENCH)
        took.append(1000 * (time.monotonic() - began))
    return took


def _beside(config: Path, file: Path, store: Store) -> tuple[float, list[float], int]:
    """(seconds of the import, seconds of each write of ours until it was over, how many were refused)."""
    environ = {**clean_environ(), "DISPATCH_CONFIG": str(config)}
    command = [sys.executable, "-m", "dispatch", "import", "reports", str(file)]
    waited: list[float] = []
    began, refused = time.monotonic(), 0
    with subprocess.Popen(command, cwd=ROOT, env=environ, stdout=subprocess.DEVNULL) as taking:
        while taking.poll() is None:
            asked = time.monotonic()
            try:
                store.company.set_setting("bench", str(len(waited)))
            except SetupError:
                refused += 1
            waited.append(time.monotonic() - asked)
            time.sleep(PAUSE_S)
        seconds = time.monotonic() - began
    if taking.returncode:
        raise RuntimeError(f"the import failed with {taking.returncode}")
    return seconds, waited, refused


def _rows(accounts: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """Calls of October 2026, one every 4 minutes; every other one by a pin near the town hall."""
    number = 0
    while True:
        day, minute = number * 4 // 1440 % 28 + 1, number * 4 % 1440
        at = f"2026-10-{day:02d}T{minute // 60:02d}:{minute % 60:02d}:00+08:00"
        lon, lat = TOWN_HALL[0] + number % 97 / 2000, TOWN_HALL[1] + number % 89 / 2000
        where = (accounts[number % len(accounts)], "", "") if number % 2 else ("", f"{lon:.6f}", f"{lat:.6f}")
        yield (at, "no_power", *where, f"caller {number}", f"069-9{number:07d}")
        number += 1
