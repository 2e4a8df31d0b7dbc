"""A real OSRM over roads of ours: its programs, its input with exactly our times, a server on a free port.

One way is written for each edge, in its own direction, with its deciseconds; the profile takes them as they
are: no turn costs, no restrictions.
"""

from __future__ import annotations

import platform
import subprocess
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import numpy as np
import osmium
import pytest
import requests

from dispatch.paths import ROOT
from dispatch.roads.network import UNITS_PER_DEGREE
from tests.conftest import free_port

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dispatch.roads.network import Arrays

PROGRAMS = ROOT / ".venv" / "osrm" / "osrm" / "bin"
PROFILE = """
api_version = 4
function setup()
  return {
    properties = {
      weight_name = 'duration', u_turn_penalty = 0, traffic_signal_penalty = 0,
      continue_straight_at_waypoint = false, use_turn_restrictions = false, max_speed_for_map_matching = 50
    },
    default_mode = mode.driving, default_speed = 10
  }
end
function process_way(profile, way, result)
  local deciseconds = way:get_value_by_key('ds')
  if not deciseconds then return end
  result.forward_mode = mode.driving
  result.backward_mode = mode.inaccessible
  result.duration = tonumber(deciseconds) / 10
  result.weight = result.duration
  result.name = way:get_value_by_key('name') or ''
end
function process_turn(profile, turn)
  turn.duration = 0
  turn.weight = 0
end
return {setup = setup, process_way = process_way, process_turn = process_turn}
"""


def wanted() -> None:
    """Skip, in words, where no OSRM exists for the machine; fail where it should be and is not."""
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        pytest.skip("there is no OSRM to fetch for this machine: nothing was asked of a real server")
    assert (PROGRAMS / "osrm-routed").exists(), "OSRM was not fetched: run .ci/osrm with a network"


def core_edges(arrays: Arrays) -> Any:
    """The edges that everybody may drive through; loops from a node to itself help no drive."""
    core = ~arrays.last_mile & (arrays.tail != arrays.head)
    return np.flatnonzero(core)


def write_edges(arrays: Arrays, target: Path) -> Path:
    """The core edges as OpenStreetMap ways of two nodes; node n of ours is node n + 1 there."""
    edges = core_edges(arrays)
    tail, head, ds = arrays.tail[edges], arrays.head[edges], arrays.time_ds[edges]
    used = np.unique(np.concatenate([tail, head]))
    lonlat = (arrays.node[used] / UNITS_PER_DEGREE).tolist()
    with osmium.SimpleWriter(str(target), overwrite=True) as writer:
        for node, place in zip(used.tolist(), lonlat, strict=True):
            writer.add_node(osmium.osm.mutable.Node(id=node + 1, location=tuple(place), version=1))
        for number, (one, other, each) in enumerate(
            zip(tail.tolist(), head.tolist(), ds.tolist(), strict=True), start=1
        ):
            tags = {"highway": "road", "ds": str(each), "name": f"Street {number}"}
            writer.add_way(
                osmium.osm.mutable.Way(id=number, nodes=[one + 1, other + 1], tags=tags, version=1)
            )
    return target


def contract(extract: Path, limit_s: float = 120) -> Path:
    """The contraction hierarchies of an extract made by `write_edges`; their base name."""
    profile = extract.with_name("profile.lua")
    profile.write_text(PROFILE, encoding="utf-8")
    base = extract.with_name(extract.name.partition(".")[0] + ".osrm")
    run("osrm-extract", "-p", str(profile), str(extract), limit_s=limit_s)
    run("osrm-contract", str(base), limit_s=limit_s)
    return base


def run(program: str, *args: str, limit_s: float) -> None:
    """Run one of OSRM's programs; its own words when it fails."""
    done = subprocess.run(
        [PROGRAMS / program, *args], capture_output=True, text=True, timeout=limit_s, check=False
    )
    assert done.returncode == 0, f"{program}: {done.stdout[-2000:]}{done.stderr[-2000:]}"


@contextmanager
def served(base: Path, *options: str, limit_s: float = 60) -> Iterator[str]:
    """The address of an `osrm-routed` over `base` while the block runs."""
    port = free_port()
    log = base.with_name("routed.log")
    command = [
        str(PROGRAMS / "osrm-routed"),
        "-i",
        "127.0.0.1",
        "-p",
        str(port),
        "-a",
        "CH",
        *options,
        str(base),
    ]
    with log.open("w") as out:
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
    try:
        _wait(port, process, log, limit_s)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(timeout=20)


def _wait(port: int, process: subprocess.Popen[bytes], log: Path, limit_s: float) -> None:
    until = time.monotonic() + limit_s
    while time.monotonic() < until and process.poll() is None:
        try:
            requests.get(f"http://127.0.0.1:{port}/", timeout=2)
        except requests.ConnectionError:
            time.sleep(0.05)
        else:
            return
    pytest.fail(f"osrm-routed did not start: {log.read_text(encoding='utf-8')[-2000:]}")
