"""Matrices by OSRM's contraction hierarchies beside our own engine: same streets, same times, same junctions.

Junctions lie anywhere in the sample; in the province within a square of 100 km ("near") or anywhere. Both are
asked for junctions that are new to them, in turn: medians of three. OSRM answers over a kept HTTP connection;
"inside" is what its server says a question took. Goals: ours / OSRM at most 0.5 within 100 km, 1.5 at
300 x 300, 2.5 at 1000 x 1000. The province takes OSRM ten minutes to contract: only with BENCH_FULL=1, and
kept in data/local/bench from then on.
"""

from __future__ import annotations

import hashlib
import os
import re
import statistics
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
import requests

from dispatch.paths import LOCAL
from dispatch.roads import open_roads
from dispatch.roads.network import FILE_NAME, UNITS_PER_DEGREE, load
from tests.bench.figures import Figure
from tests.bench.month import timed
from tests.bench.roads_tiles import PROVINCE, province, tile_arrays
from tests.roads import osrm

if TYPE_CHECKING:
    from pathlib import Path

    from dispatch.roads import Roads
    from dispatch.roads.network import Arrays
    from tests.bench.house import House

SIZES = ((60, 50), (1, 500), (300, 300), (1000, 1000))
RUNS = 3
NEAR = 100 / 315  # of the province's breadth
CONTRACT_S = 3600
LARGEST = "2000"  # coordinates of a table
TOOK = re.compile(r" ([0-9.]+)ms .* /table/")


def measure(house: House) -> list[Figure]:
    """Milliseconds and ratios; in words what was left out."""
    try:
        osrm.wanted()
    except (AssertionError, pytest.skip.Exception) as reason:
        print(f"  not measured: {reason}")
        return []
    figures = _beside(house.area, {"sample": 1.0})
    streets = tile_arrays(load(house.area / FILE_NAME).arrays, PROVINCE)
    if not os.environ.get("BENCH_FULL") and not _kept(streets).exists():
        print("  the province is left out: OSRM has not contracted it yet (10 min); set BENCH_FULL=1 for it")
        return figures
    return figures + _beside(province(house), {"province near": NEAR, "province": 1.0})


def _kept(arrays: Arrays) -> Path:
    """Where the contracted streets of an area lie; other streets, times or profile, another folder."""
    edges, told = osrm.core_edges(arrays), hashlib.sha256(osrm.PROFILE.encode())
    for column in (arrays.node, arrays.tail[edges], arrays.head[edges], arrays.time_ds[edges]):
        told.update(np.ascontiguousarray(column).tobytes())
    return LOCAL / "bench" / f"osrm-{told.hexdigest()[:16]}" / "core.osrm"


def contracted(area: Path) -> Path:
    """The contracted streets of an area, made when they are not kept from an earlier run."""
    arrays = load(area / FILE_NAME).arrays
    base = _kept(arrays)
    if not base.exists():
        base.parent.mkdir(parents=True, exist_ok=True)
        extract = osrm.write_edges(arrays, base.with_name("core.osm.pbf"))
        seconds, _ = timed(lambda: osrm.contract(extract, CONTRACT_S))
        base.write_text(f"contracted in {seconds:.0f} s\n", encoding="utf-8")
    return base


def _beside(area: Path, shares: dict[str, float]) -> list[Figure]:
    figures, ours, base = [], open_roads(area), contracted(area)
    options = ("--max-table-size", LARGEST, "--max-header-size", "1000000")
    with osrm.served(base, *options, limit_s=300) as address:
        theirs = _Theirs(address, base.with_name("routed.log"))
        for where, share in shares.items():
            for rows, columns in SIZES:
                figures += _compared(f"{where} {rows} x {columns}", ours, theirs, (rows, columns), share)
    return figures


class _Theirs:
    """OSRM's table over one kept connection."""

    def __init__(self, address: str, log: Path) -> None:
        self._address, self._log, self._session = address, log, requests.Session()

    def matrix(self, origins: Any, destinations: Any) -> Any:
        """Seconds [origins, destinations], in one question."""
        places = ";".join(f"{lon:.6f},{lat:.6f}" for lon, lat in [*origins, *destinations])
        first, end = len(origins), len(origins) + len(destinations)
        asked = {"sources": _numbers(0, first), "destinations": _numbers(first, end)}
        answer = self._session.get(f"{self._address}/table/v1/driving/{places}", params=asked, timeout=300)
        answer.raise_for_status()
        return np.array(answer.json()["durations"], dtype=np.float64)

    def inside_s(self) -> float:
        """Seconds that the server says its last table took."""
        return float(TOOK.findall(self._log.read_text(encoding="utf-8"))[-1]) / 1000


def _numbers(first: int, end: int) -> str:
    return ";".join(map(str, range(first, end)))


def _compared(what: str, ours: Roads, theirs: _Theirs, size: tuple[int, int], share: float) -> list[Figure]:
    own, seen, inside, alike = [], [], [], []
    for run in range(RUNS + 1):
        drawn = _junctions(ours, sum(size), seed=1000 * run + size[0], share=share)
        origins, destinations = drawn[: size[0]], drawn[size[0] :]
        own_s, mine = timed(lambda o=origins, d=destinations: ours.matrix(o, d))
        seen_s, said = timed(lambda o=origins, d=destinations: theirs.matrix(o, d))
        if run:  # the first warms both
            own.append(own_s)
            seen.append(seen_s)
            inside.append(theirs.inside_s())
            alike.append(float((np.abs(mine - said) <= 0.25).mean()))
    mine_s, seen_s, inside_s = map(statistics.median, (own, seen, inside))
    return [
        Figure(f"{what}, ours", mine_s * 1000, "ms"),
        Figure(f"{what}, osrm ch", seen_s * 1000, "ms"),
        Figure(f"{what}, osrm ch inside", inside_s * 1000, "ms"),
        Figure(f"{what}, ours / osrm ch", mine_s / seen_s, "x", _goal(what, size)),
        Figure(f"{what}, ours / osrm ch inside", mine_s / inside_s, "x"),
        Figure(f"{what}, same time within 0.25 s", 100 * statistics.median(alike), "%"),
    ]


def _goal(what: str, size: tuple[int, int]) -> float | None:
    if size in {(300, 300), (1000, 1000)}:
        return 1.5 if size == (300, 300) else 2.5
    return None if what.startswith("province ") and "near" not in what else 0.5


def _junctions(roads: Roads, count: int, seed: int, share: float) -> list[tuple[float, float]]:
    """Junctions of streets open to all, drawn from the middle `share` of the area, off every island."""
    arrays = roads._network.arrays
    junctions = np.unique(arrays.tail[osrm.core_edges(arrays)])
    lonlat = arrays.node[junctions[arrays.part[junctions] == 0]] / UNITS_PER_DEGREE
    west, south, east, north = roads.bounds
    middle, half = np.array([west + east, south + north]) / 2, np.array([east - west, north - south]) / 2
    inside = lonlat[(np.abs(lonlat - middle) <= half * share).all(axis=1)]
    return [tuple(each) for each in np.random.default_rng(seed).choice(inside, count).tolist()]
