"""An area is a folder: roads, gazetteer and basemap built from one extract, complete or not there at all."""

from __future__ import annotations

import hashlib
import json
import resource
import shutil
import sys
import time
from typing import TYPE_CHECKING, Any

from dispatch.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    Progress = Callable[[str, float], None]

MANIFEST = "area.json"
# Shares of the time that the three builds of the sample took, so that the bar moves evenly.
SHARES = (("roads", 0.0, 0.3), ("gazetteer", 0.3, 0.6), ("basemap", 0.6, 1.0))


def build_area(extract: Path, out: Path, progress: Progress) -> dict[str, Any]:
    """Build `extract` into the folder `out`; nodes, edges, names, addresses, tiles, seconds and peak MB.

    Everything is written aside and moved into place at the end: an interrupted build leaves the old area in
    use. BadInput when the extract is cut off or no OpenStreetMap data.
    """
    began = time.monotonic()
    _bring_back(out)
    _check_target(out)
    part = out.with_name(out.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        built = _build(extract, part, progress)
        built |= {"seconds": round(time.monotonic() - began, 1), "peak_mb": _peak_mb()}
        manifest = {"extract": extract.name, "sha256": _sha256(extract), **built}
        (part / MANIFEST).write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")
        _move(part, out)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return built


def _bring_back(out: Path) -> None:
    """The old area, where a build was killed between putting it aside and moving the new one in."""
    old = out.with_name(out.name + ".old")
    if old.exists() and not out.exists():
        old.rename(out)


def _check_target(out: Path) -> None:
    """A folder that holds something else is not ours to replace."""
    if out.exists() and any(out.iterdir()) and not (out / MANIFEST).exists():
        raise BadInput(f"{out} is not empty and not a built area; name another folder")


def _build(extract: Path, part: Path, progress: Progress) -> dict[str, Any]:
    from dispatch.basemap.build import build_basemap  # noqa: PLC0415 -- heavy: only the build command loads them
    from dispatch.gazetteer.build import build_gazetteer  # noqa: PLC0415 -- as above
    from dispatch.roads.build import build_roads  # noqa: PLC0415 -- as above

    steps = [_part_of(progress, *share) for share in SHARES]
    roads = build_roads(extract, part, steps[0])
    places = build_gazetteer(extract, part, steps[1])
    basemap = build_basemap(extract, part, steps[2])
    progress("done", 1.0)
    return {
        "nodes": roads.nodes,
        "edges": roads.edges,
        "dropped_ways": roads.dropped_ways,
        "names": places.names,
        "addresses": places.addresses,
        "tiles": basemap.tiles,
    }


def _part_of(progress: Progress, name: str, low: float, high: float) -> Progress:
    """Progress of one build as its part of the whole."""
    return lambda _stage, share: progress(name, low + (high - low) * share)


def _move(part: Path, out: Path) -> None:
    old = out.with_name(out.name + ".old")
    shutil.rmtree(old, ignore_errors=True)
    if out.exists():
        out.rename(old)
    part.rename(out)
    shutil.rmtree(old, ignore_errors=True)


def _sha256(path: Path) -> str:
    with path.open("rb") as handle:
        return hashlib.file_digest(handle, "sha256").hexdigest()


def _peak_mb() -> int:
    """Peak memory of this process in MB; macOS counts bytes where Linux counts kilobytes."""
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return round(peak / (1024 * 1024 if sys.platform == "darwin" else 1024))
