"""A zone proposal beside the zones in force: made, and whom it would touch. Never applied."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.geometry import shape

from dispatch import proposal, zone
from dispatch.roads import open_roads
from dispatch.zone import STRICTEST_FIRST, ZonePolygon, ZoneSet

if TYPE_CHECKING:
    from pathlib import Path

    from dispatch.desk import Desk
    from dispatch.proposal import Limits


@dataclass(frozen=True, slots=True)
class Change:
    """How many accounts would come from one class to another.

    Of them `by_record` would keep their promise, since the class on their own record wins.
    """

    before: str
    after: str  # none where the proposal has no cell
    accounts: int
    by_record: int


@dataclass(frozen=True, slots=True)
class Comparison:
    """A proposal beside the zone set in force."""

    zone_set: str
    accounts: int
    changes: tuple[Change, ...]


def propose(desk: Desk, extract: Path, area: Path | None, limits: Limits) -> dict[str, Any]:
    """A proposal from an extract, driven from the units' depots on the roads of `area` or the desk's own."""
    depots = [unit.depot for unit in desk.store.company.units()]
    roads = open_roads(area) if area else desk.roads
    return proposal.propose(extract, roads, depots, limits)


def compare(desk: Desk, proposed: dict[str, Any]) -> Comparison:
    """Which accounts the polygons in force and the proposal class apart, most first."""
    lons, lats, records = desk.store.company.account_places()
    at = np.array(lons, dtype=np.float64), np.array(lats, dtype=np.float64)
    zones = desk.zones_at(desk.clock())
    before = zone.classify_many(zones, *at, default=desk.config.zones.default).zone.tolist()
    found = zone.classify_many(_dissolved(proposed), *at)
    after = np.where(found.covered, found.zone, "none").tolist()
    wins = desk.config.zones.account_class == "wins"
    moved = Counter[tuple[str, str]]()
    kept = Counter[tuple[str, str]]()
    for now, then, record in zip(before, after, records, strict=True):
        moved[now, then] += now != then
        kept[now, then] += now != then and wins and zone.class_of(record) is not None
    changes = [Change(*pair, count, kept[pair]) for pair, count in moved.most_common() if count]
    return Comparison(zones.id, len(records), tuple(changes))


def _dissolved(proposed: dict[str, Any]) -> ZoneSet:
    """The cells of each class in one piece: three polygons are asked faster than a thousand cells."""
    by_code: dict[str, list[shapely.Geometry]] = {code: [] for code in STRICTEST_FIRST}
    for feature in proposed["features"]:
        by_code[feature["properties"]["code"]].append(shape(feature["geometry"]))
    return ZoneSet(
        "proposal",
        tuple(
            ZonePolygon(code, code, 0, "", "", shapely.union_all(by_code[code])) for code in STRICTEST_FIRST
        ),
    )
