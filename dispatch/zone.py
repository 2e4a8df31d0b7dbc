"""Which zone a place lies in, by which zone set, how far from an edge, and what is doubtful about it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, get_args

import shapely
from shapely.geometry import shape
from shapely.ops import nearest_points

from dispatch.ticket import Zone, Zoned

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

STRICTEST_FIRST: tuple[Zone, ...] = get_args(Zone)  # urban has the shortest promise in every policy
METRES_PER_DEGREE = 111_195.0  # mean Earth radius 6371.009 km


@dataclass(frozen=True, slots=True)
class ZonePolygon:
    """One polygon of a zone set, (lon, lat) WGS-84; the higher priority wins where two overlap."""

    code: Zone
    name: str
    priority: int
    source: str
    approved_by: str
    geometry: shapely.Geometry


@dataclass(frozen=True, slots=True)
class ZoneSet:
    """The published polygons of one version, prepared for asking."""

    id: str
    polygons: tuple[ZonePolygon, ...]

    def __post_init__(self) -> None:
        for polygon in self.polygons:
            shapely.prepare(polygon.geometry)


def classify(zones: ZoneSet, lonlat: tuple[float, float], precision_m: float, default: str = "") -> Zoned:
    """The zone of a place. An edge belongs to both sides; overlap goes by priority, then to the strictest.

    Where no polygon lies, `default` holds if the company set one, otherwise the strictest target, and the
    doubt asks for a decision (FINDINGS §5). A place nearer to an edge than its precision is doubtful too.
    """
    point = shapely.Point(lonlat)
    here = [p for p in zones.polygons if p.geometry.intersects(point)]
    edge_m = min((distance_m(point, p.geometry.boundary) for p in zones.polygons), default=math.inf)
    edge_m = round(min(edge_m, 1e7), 1)
    if not here:
        zone = next((z for z in STRICTEST_FIRST if z == default), STRICTEST_FIRST[0])
        return Zoned(zone, zones.id, edge_m, "no_polygon")
    best = min(here, key=lambda p: (-p.priority, STRICTEST_FIRST.index(p.code)))
    if any(p.code != best.code and p.priority == best.priority for p in here):
        doubt = "overlap"
    else:
        doubt = "near_edge" if edge_m < precision_m and _changes_at_edge(zones, point, precision_m) else ""
    return Zoned(best.code, zones.id, edge_m, doubt)


def _changes_at_edge(zones: ZoneSet, point: shapely.Point, reach_m: float) -> bool:
    """Whether polygons of more than one class lie within reach of the point."""
    near = {p.code for p in zones.polygons if distance_m(point, p.geometry) <= reach_m}
    return len(near) > 1


def distance_m(point: shapely.Point, geometry: shapely.Geometry) -> float:
    """Metres from `point` to the nearest spot of `geometry`, on a sphere; 0 inside."""
    _, nearest = nearest_points(point, geometry)
    return metres((point.x, point.y), (nearest.x, nearest.y))


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle metres between two (lon, lat) places, haversine on the mean sphere."""
    lon_1, lat_1, lon_2, lat_2 = map(math.radians, (*one, *other))
    half = math.sin((lat_2 - lat_1) / 2) ** 2
    half += math.cos(lat_1) * math.cos(lat_2) * math.sin((lon_2 - lon_1) / 2) ** 2
    return 2 * METRES_PER_DEGREE * math.degrees(math.asin(min(1.0, math.sqrt(half))))


def faults_of(features: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """What is wrong with the polygons of a zone set, as (which, why) with the place of each fault."""
    found = []
    for number, feature in enumerate(features, 1):
        geometry = shape(feature["geometry"])
        name = feature["properties"].get("name") or f"feature {number}"
        found += [(name, why) for why in _faults(geometry, feature["properties"])]
    return found


def _faults(geometry: shapely.Geometry, properties: Mapping[str, Any]) -> list[str]:
    found = []
    if geometry.geom_type not in {"Polygon", "MultiPolygon"} or geometry.is_empty:
        found.append(f"is a {geometry.geom_type}, not a polygon with an area")
    elif not geometry.is_valid:
        found.append(f"crosses or touches itself: {shapely.is_valid_reason(geometry)}")
    elif not _on_earth(geometry):
        found.append("has coordinates that are not degrees (lon, lat) in WGS-84")
    if properties.get("code") not in STRICTEST_FIRST:
        found.append(f"has the code {properties.get('code')!r}; use one of {', '.join(STRICTEST_FIRST)}")
    return found


def _on_earth(geometry: shapely.Geometry) -> bool:
    west, south, east, north = geometry.bounds
    return bool(-180 <= west <= east <= 180 and -90 <= south <= north <= 90)


def covers(area: Mapping[str, Any], lonlat: tuple[float, float]) -> bool:
    """Whether a GeoJSON area holds a place; its edge counts as inside."""
    return bool(shape(area).intersects(shapely.Point(lonlat)))
