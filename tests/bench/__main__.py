"""Measure Dispatch against its goals: `python -m tests.bench [SECTION …]`, all short ones when none is named.

Prints tables and writes `data/local/bench.json`, which holds what this run measured. A goal that is missed is
said, and is no failure of the run: figures of a busy machine prove nothing.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dispatch.paths import LOCAL
from tests.bench import (
    accounts,
    assign,
    build,
    calibration,
    coverage,
    first_plan,
    foresight,
    help,  # noqa: A004 -- named after the command
    imports,
    matrix,
    merging,
    month,
    options,
    places,
    plan,
    plan_quick,
    roads_build,
    roads_closures,
    roads_load,
    roads_matrix,
    roads_osrm,
    roads_snap,
    turns,
    zones,
)
from tests.bench.figures import machine, table
from tests.bench.house import House

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from types import ModuleType

# build comes first: a large parent would be counted into the peak of the process it starts.
SECTIONS: Mapping[str, ModuleType] = {
    "build": build,
    "help": help,
    "matrix": matrix,
    "options": options,
    "calibration": calibration,
    "coverage": coverage,
    "first-plan": first_plan,
    "plan-quick": plan_quick,
    "assign": assign,
    "month": month,
    "zones": zones,
    "accounts": accounts,
    "imports": imports,
}
# These make a million houses or junctions first and take up to an hour: only when they are named.
LONG: Mapping[str, ModuleType] = {
    "plan": plan,
    "foresight": foresight,
    "places": places,
    "merging": merging,
    "roads-build": roads_build,
    "roads-closures": roads_closures,
    "roads-load": roads_load,
    "roads-matrix": roads_matrix,
    "roads-osrm": roads_osrm,
    "roads-snap": roads_snap,
    "turns": turns,
}
ROADS = tuple(name for name in LONG if name.startswith("roads-"))  # what "roads" stands for
RESULT = LOCAL / "bench.json"


def main(named: Sequence[str]) -> None:
    """Run the sections that are named, else all; one line and nothing else when there is no such section."""
    named = [each for name in named for each in (ROADS if name == "roads" else [name])]
    unknown = [name for name in named if name not in {**SECTIONS, **LONG}]
    if unknown:
        sys.exit(f"there is no section {unknown[0]!r}; use one of {', '.join([*SECTIONS, *LONG])}")
    result: dict[str, Any] = {"machine": machine(), "sections": {}}
    print("\n".join(f"{name:<10} {value}" for name, value in result["machine"].items()))
    with tempfile.TemporaryDirectory(prefix="dispatch-bench-") as home:
        house = House(Path(home))
        for name in named or SECTIONS:
            result["sections"][name] = _run(name, house)
            _write(result)
    _conclude(result["sections"])


def _run(name: str, house: House) -> list[dict[str, Any]]:
    section = {**SECTIONS, **LONG}[name]
    print(f"\n{name}: {(section.__doc__ or '').strip()}\n", flush=True)
    began = time.monotonic()
    figures = section.measure(house)
    print(f"{table(figures)}\n  (measured in {time.monotonic() - began:.0f} s)", flush=True)
    return [figure.as_json() for figure in figures]


def _write(result: Mapping[str, Any]) -> None:
    RESULT.parent.mkdir(parents=True, exist_ok=True)
    beside = RESULT.with_name(f"{RESULT.name}.part")
    beside.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    beside.replace(RESULT)


def _conclude(sections: Mapping[str, Sequence[Mapping[str, Any]]]) -> None:
    goals = [
        (name, each) for name, figures in sections.items() for each in figures if each["goal"] is not None
    ]
    missed = [f"{name}: {each['metric']}" for name, each in goals if not each["holds"]]
    print(f"\n{len(goals) - len(missed)} of {len(goals)} goals hold; load now {os.getloadavg()[0]:.1f}")
    print("".join(f"  missed: {each}\n" for each in missed) + f"written to {RESULT}")


def _stand_alone() -> None:
    """Work on databases of our own whatever the environment says, and clear up when told to stop."""
    for name in ("DISPATCH_STORE_URL", "DISPATCH_CONFIG"):
        os.environ.pop(name, None)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


if __name__ == "__main__":
    _stand_alone()
    main(sys.argv[1:])
