"""Which zones a place would get by where people live and how far the roads lead: proposed, never decided.

The cells are H3 hexagons of about 0.7 km², judged as the degree of urbanisation does. What comes out is a
GeoJSON file for people to look at, correct and approve; nothing here publishes anything.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from dispatch.errors import BadInput
from dispatch.paths import LOCAL
from dispatch.proposal.degree import Cell, Judged, Limits, judge

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from dispatch.proposal.survey import Ground
    from dispatch.roads import Snapped

    LonLat = tuple[float, float]

__all__ = ["KEPT", "Limits", "propose", "read", "write"]

KEPT = LOCAL / "proposal.geojson"  # the last proposal, shown on the map page
SOURCE = "proposed by degree of urbanisation; © OpenStreetMap contributors, ODbL 1.0"
BATCH = 500  # cells a travel-time matrix


class Drives(Protocol):
    """What is asked of the roads: seconds between places, and metres to the nearest road."""

    def matrix(self, origins: Sequence[LonLat], destinations: Sequence[LonLat]) -> Any:
        """Seconds [len(origins), len(destinations)], inf where no road leads."""

    def snap(self, places: Sequence[LonLat]) -> Snapped:
        """Where the places meet a road."""


def propose(extract: Path, roads: Drives, depots: Sequence[LonLat], limits: Limits) -> dict[str, Any]:
    """The proposal as a GeoJSON FeatureCollection, one feature a cell with its class and reasons.

    Without depots nothing is far by road. BadInput when the extract cannot be read or names no settlement.
    """
    import h3  # noqa: PLC0415 -- only proposals need it

    from dispatch.proposal.survey import survey  # noqa: PLC0415 -- loads osmium and h3

    grounds = survey(extract)
    if not grounds:
        raise BadInput(
            f"{extract.name} holds no building, place or residential area; give an extract of your area."
        )
    cells = _measured(grounds, roads, depots)
    for name in [near for cell in grounds for near in h3.grid_disk(cell, 1)]:
        cells.setdefault(name, Cell(h3.cell_area(name, "km^2")))  # the fields around belong to somebody too
    judged = judge(cells, lambda name: h3.grid_disk(name, 1), limits)
    features = [_feature(name, cells[name], judged[name]) for name in sorted(cells)]
    about = {"extract": extract.name, "depots": len(depots), "limits": limits.as_json()}
    return {"type": "FeatureCollection", "proposal": about, "features": features}


def _measured(grounds: Mapping[str, Ground], roads: Drives, depots: Sequence[LonLat]) -> dict[str, Cell]:
    import h3  # noqa: PLC0415 -- as above

    names = list(grounds)
    found = {}
    for begin in range(0, len(names), BATCH):
        batch = names[begin : begin + BATCH]
        middles = [grounds[name].middle for name in batch]
        road_m = roads.snap(middles).distance_m
        drives = roads.matrix(depots, middles).min(axis=0) if depots else np.full(len(batch), np.nan)
        for name, drive_s, off_m in zip(batch, drives.tolist(), road_m.tolist(), strict=True):
            area = h3.cell_area(name, "km^2")
            drive_min = None if np.isnan(drive_s) else drive_s / 60
            found[name] = grounds[name].as_cell(area, drive_min, np.inf if np.isnan(off_m) else off_m)
    return found


def _feature(name: str, cell: Cell, judged: Judged) -> dict[str, Any]:
    import h3  # noqa: PLC0415 -- as above

    ring = [[round(lon, 6), round(lat, 6)] for lat, lon in h3.cell_to_boundary(name)]
    properties = {
        "code": judged.code,
        "name": f"{cell.place} {name}".strip(),
        "priority": 0,
        "source": SOURCE,
        "approved_by": "",
        "proposed": True,
        "cell": name,
        "why": judged.why,
        "reason": judged.reason,
        "cluster_people": round(judged.cluster_people),
        **cell.as_json(),
    }
    geometry = {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}
    return {"type": "Feature", "properties": properties, "geometry": geometry}


def write(proposal: Mapping[str, Any], *paths: Path) -> None:
    """Write a proposal as GeoJSON, whole or not at all."""
    text = "".join(_lines(proposal))
    for path in paths:
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f"{path.name}.part")
        beside.write_text(text, encoding="utf-8")
        beside.replace(path)


def _lines(proposal: Mapping[str, Any]) -> Iterator[str]:
    """A feature a line, so that two proposals can be compared."""
    about = json.dumps(proposal["proposal"], ensure_ascii=False)
    yield f'{{"type": "FeatureCollection", "proposal": {about}, "features": [\n'
    yield ",\n".join(json.dumps(feature, ensure_ascii=False) for feature in proposal["features"])
    yield "\n]}\n"


def read(path: Path) -> dict[str, Any] | None:
    """The proposal kept at `path`, or None when there is none yet."""
    try:
        found: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    return found
