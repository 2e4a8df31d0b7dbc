"""Which zone a place lies in, by which zone set, how far from an edge, and what is doubtful about it."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, get_args

import numpy as np
import shapely
from shapely.geometry import shape
from shapely.ops import nearest_points

from dispatch.ticket import Zone, Zoned

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from numpy.typing import NDArray

STRICTEST_FIRST: tuple[Zone, ...] = get_args(Zone)  # urban has the shortest promise in every policy
METRES_PER_DEGREE = 111_195.0  # mean Earth radius 6371.009 km
# How customer records write the class; the numbers are those of the companies' own systems (城乡类别).
CLASSES: dict[str, Zone] = {
    **dict.fromkeys(("urban", "01", "1", "城区", "城市", "城镇"), "urban"),
    **dict.fromkeys(("rural", "02", "2", "农村", "乡村"), "rural"),
    **dict.fromkeys(("remote", "03", "3", "特殊边远", "特殊边远地区", "边远"), "remote"),
}
SLIVER_M = 1.0  # neighbours drawn apart leave strips in which no house stands


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


@dataclass(frozen=True, slots=True)
class Classes:
    """The zones of many places: `zone` holds their codes, `covered` whether any polygon lies there."""

    zone: NDArray[np.str_]
    covered: NDArray[np.bool_]


def classify(zones: ZoneSet, lonlat: tuple[float, float], precision_m: float, default: str = "") -> Zoned:
    """The zone of a place. An edge belongs to both sides; overlap goes by priority, then to the strictest.

    Where no polygon lies, `default` holds if the company set one (never remote, which is only ever said of
    a place by name), otherwise the strictest target, and the doubt asks for a decision. A place is doubtful
    too when the class changes within its precision. `edge_m` is the way to the nearest edge of any polygon.
    """
    point = shapely.Point(lonlat)
    beyond = _beyond(default)
    here = [p for p in zones.polygons if p.geometry.intersects(point)]
    edge_m = min((distance_m(point, p.geometry.boundary) for p in zones.polygons), default=math.inf)
    edge_m = round(min(edge_m, 1e7), 1)
    if not here:
        return Zoned(beyond, zones.id, edge_m, "no_polygon", "default")
    best = min(here, key=_rank)
    if any(p.code != best.code and p.priority == best.priority for p in here):
        doubt = "overlap"
    elif edge_m < precision_m and best.code != _sole_class(zones, _disc(point, precision_m), beyond):
        doubt = "near_edge"
    else:
        doubt = ""
    return Zoned(best.code, zones.id, edge_m, doubt)


def classify_many(
    zones: ZoneSet, lons: NDArray[np.float64], lats: NDArray[np.float64], default: str = ""
) -> Classes:
    """The zones of many places at once, each as `classify` gives it, without the way to an edge.

    `lons` and `lats` are degrees, of one length.
    """
    lons, lats = np.asarray(lons, dtype=np.float64), np.asarray(lats, dtype=np.float64)
    code = np.full(len(lons), STRICTEST_FIRST.index(_beyond(default)), dtype=np.int8)
    open_ = np.arange(len(lons))  # a place that its best polygon holds is asked no further
    for polygon in sorted(zones.polygons, key=_rank):
        inside = shapely.intersects_xy(polygon.geometry, lons[open_], lats[open_])
        code[open_[inside]] = STRICTEST_FIRST.index(polygon.code)
        open_ = open_[~inside]
    covered = np.ones(len(lons), dtype=np.bool_)
    covered[open_] = False
    return Classes(np.array(STRICTEST_FIRST)[code], covered)


def is_covered(zones: ZoneSet, lonlat: tuple[float, float]) -> bool:
    """Whether any polygon of the set holds a place; its edge counts."""
    point = shapely.Point(lonlat)
    return any(each.geometry.intersects(point) for each in zones.polygons)


def _beyond(default: str) -> Zone:
    """The class where no polygon lies: the company's default, never remote; else the strictest."""
    return next((z for z in STRICTEST_FIRST if z == default != "remote"), STRICTEST_FIRST[0])


def _rank(polygon: ZonePolygon) -> tuple[int, int]:
    """Where polygons overlap the first by this rank holds."""
    return -polygon.priority, STRICTEST_FIRST.index(polygon.code)


def class_of(said: str) -> Zone | None:
    """The zone that a customer record's class names (urban, 01, 城区 …); None when it names none we know."""
    return CLASSES.get(said.strip().lower())


def with_account(zoned: Zoned, said: Zone | None, rule: str) -> Zoned:
    """The zone when the company's own record of the account says `said`; `rule` is wins, shown or ignored.

    A record that wins needs no polygon and fears no edge; one that contradicts the polygons always shows.
    """
    if said is None or rule == "ignored":
        return zoned
    differs = zoned.method == "polygon" and said != zoned.zone
    if rule == "wins":
        return replace(zoned, zone=said, method="account", doubt="account_differs" if differs else "")
    return replace(zoned, doubt="account_differs") if differs else zoned


def _sole_class(zones: ZoneSet, disc: shapely.Geometry, beyond: Zone) -> Zone | None:
    """The one class that holds all over the disc, or None; an edge hidden under a higher priority is none."""
    near = [p for p in zones.polygons if p.geometry.intersects(disc)]
    rest, found = disc, set[Zone]()
    for priority in sorted({p.priority for p in near}, reverse=True):
        level = [p for p in near if p.priority == priority and p.geometry.intersects(rest)]
        found |= {p.code for p in level}
        rest = rest.difference(shapely.union_all([p.geometry for p in level]))
        if rest.buffer(-SLIVER_M / 2 / METRES_PER_DEGREE).is_empty:
            break
    else:
        found.add(beyond)
    return found.pop() if len(found) == 1 else None


def _disc(point: shapely.Point, reach_m: float) -> shapely.Geometry:
    """Everything within `reach_m` of the point, as a polygon in degrees."""
    squeeze = _squeeze(point)
    disc = shapely.Point(0, 0).buffer(reach_m / METRES_PER_DEGREE)
    return shapely.transform(disc, lambda xy: xy / (squeeze, 1) + (point.x, point.y))


def _squeeze(point: shapely.Point) -> float:
    """How much shorter a degree of longitude is than one of latitude; kept above 0 at the poles."""
    return max(math.cos(math.radians(point.y)), 1e-6)


def distance_m(point: shapely.Point, geometry: shapely.Geometry) -> float:
    """Metres from `point` to the nearest spot of `geometry`, on a sphere; 0 inside.

    The nearest spot is looked for where a metre is as long in every direction: in plain degrees a slanting
    edge would come out up to half as far again. Within 0.5 % of the ellipsoid from 20° to 60° of latitude.
    """
    west, _, east, _ = geometry.bounds
    turn = 360 * round((point.x - (west + east) / 2) / 360)  # the other side of the date line is near
    squeeze = _squeeze(point)
    flat = shapely.transform(geometry, lambda xy: (xy - (point.x - turn, point.y)) * (squeeze, 1))
    _, nearest = nearest_points(shapely.Point(0, 0), flat)
    return metres((point.x, point.y), (point.x + nearest.x / squeeze, point.y + nearest.y))


def metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Great-circle metres between two (lon, lat) places, haversine on the mean sphere."""
    lon_1, lat_1, lon_2, lat_2 = map(math.radians, (*one, *other))
    half = math.sin((lat_2 - lat_1) / 2) ** 2
    half += math.cos(lat_1) * math.cos(lat_2) * math.sin((lon_2 - lon_1) / 2) ** 2
    return 2 * METRES_PER_DEGREE * math.degrees(math.asin(min(1.0, math.sqrt(half))))


def box_around(lonlat: tuple[float, float], reach_m: float) -> tuple[float, float, float, float]:
    """(west, south, east, north) in degrees, with every place within `reach_m` metres; lon may pass 180."""
    lon, lat = lonlat
    high = reach_m / METRES_PER_DEGREE
    shrunk = math.cos(math.radians(lat))  # of the circle of latitude
    share = math.sin(math.radians(min(high, 90))) / max(shrunk, 1e-12)
    # a circle over a pole meets every meridian
    wide = math.degrees(math.asin(share)) if share < 1 and abs(lat) + high < 90 else 180.0
    return (lon - wide, lat - high, lon + wide, lat + high)


def faults_of(features: Iterable[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """What is wrong with the polygons of a zone set, as (which, why) with the place of each fault."""
    found = []
    for number, feature in enumerate(features, 1):
        properties = feature.get("properties") or {}
        name = str(properties.get("name") or f"feature {number}")
        found += [(name, why) for why in _faults(feature.get("geometry"), properties)]
    return found


def _faults(geojson: Mapping[str, Any] | None, properties: Mapping[str, Any]) -> list[str]:
    found = area_faults(geojson)
    if properties.get("code") not in STRICTEST_FIRST:
        found.append(f"has the code {properties.get('code')!r}; use one of {', '.join(STRICTEST_FIRST)}")
    return found


def area_faults(geojson: Mapping[str, Any] | None) -> list[str]:
    """What is wrong with a GeoJSON area in (lon, lat) WGS-84, with the place of the fault."""
    found = []
    geometry = _find_shape(geojson)
    if geometry is None:
        found.append("has no geometry, or one that cannot be read; draw it again")
    elif geometry.geom_type not in {"Polygon", "MultiPolygon"} or geometry.is_empty:
        found.append(f"is a {geometry.geom_type}, not a polygon with an area")
    elif not geometry.is_valid:
        found.append(f"crosses or touches itself: {shapely.is_valid_reason(geometry)}{_crossings(geometry)}")
    elif not _on_earth(geometry):
        west, south, *_ = geometry.bounds
        found.append(f"has coordinates that are not degrees (lon, lat) in WGS-84: [{west:g} {south:g}]")
    return found


def _crossings(geometry: shapely.Geometry) -> str:
    """Where the drawn lines cross each other between their corners, ten places at most."""
    corners = shapely.get_coordinates(geometry)
    if not np.isfinite(corners).all():
        return ""
    drawn = {tuple(corner) for corner in corners.tolist()}
    noded = {tuple(corner) for corner in shapely.get_coordinates(shapely.node(geometry.boundary)).tolist()}
    places = [f"[{x:.6g} {y:.6g}]" for x, y in sorted(noded - drawn)]
    return f"; its lines cross at {', '.join(places[:10])}{' …' if places[10:] else ''}" if places else ""


def _find_shape(geojson: Mapping[str, Any] | None) -> shapely.Geometry | None:
    """The geometry, or None where there is none or its coordinates make none."""
    try:
        return shape(geojson) if geojson else None
    except (shapely.errors.ShapelyError, ValueError, TypeError, LookupError, AttributeError):
        return None


def _on_earth(geometry: shapely.Geometry) -> bool:
    west, south, east, north = geometry.bounds
    return bool(-180 <= west <= east <= 180 and -90 <= south <= north <= 90)


def covers(area: Mapping[str, Any], lonlat: tuple[float, float]) -> bool:
    """Whether a GeoJSON area holds a place; its edge counts as inside."""
    return bool(shape(area).intersects(shapely.Point(lonlat)))
