"""Where the sample's three zones lie: the built-up towns, one listed remote corner, and the rest of the map.

Drawn from land use, so that the sample needs no file but the extract; a real company brings approved ones.
"""

from __future__ import annotations

import json
import math
from typing import TYPE_CHECKING, Any

import shapely

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dispatch.gazetteer.extract import Thing

BBOX = (13.093, 53.418, 13.436, 53.626)  # degrees; the extract's own limits
BUILT_UP = frozenset(
    {"residential", "industrial", "commercial", "retail", "garages", "construction", "village_green"}
)
# The towns, and those quarters of Neubrandenburg that fields part from it.
URBAN_CENTRES = ("Neubrandenburg", "Burg Stargard", "Malerviertel", "Lindenberg Süd", "Am Steep", "Carlshöhe")
# "Remote" is only ever said by name, with its reason: settlement, radius in metres.
REMOTE_PLACES = (("Prillwitz", 1100), ("Zippelow", 1100), ("Usadel", 1100), ("Krickow", 900))
REMOTE_REASON = "beyond the southern end of the Tollensesee: the longest drives from every depot"
REMOTE_JOIN_M = 1400  # the gaps between the listed hamlets close, so that the zone is one piece
_GRID = 1e-6  # degrees; a decimetre
_SHRINK = math.cos(math.radians((BBOX[1] + BBOX[3]) / 2))  # a degree of longitude, in degrees of latitude
_M = 1 / 111_195.0  # one metre in degrees of latitude


def make_zones(extract: Path, things: list[Thing]) -> tuple[dict[str, shapely.Geometry], str]:
    """The zones by code, in degrees WGS-84, and the same as the text of a GeoJSON file."""
    whole = shapely.box(*BBOX)
    places = {t.name: (t.lon, t.lat) for t in things if t.kind == "place" and t.osm.startswith("n")}
    remote = _on_grid(shapely.intersection(_remote(places), whole))
    urban = _on_grid(shapely.difference(shapely.intersection(_urban(extract, places), whole), remote))
    rural = shapely.difference(whole, shapely.union(urban, remote))
    zones = {"urban": urban, "rural": rural, "remote": remote}
    assert all(shapely.is_valid(zone) for zone in zones.values())  # noqa: S101 -- a build script, not a service
    assert shapely.coverage_is_valid(list(zones.values()))  # noqa: S101 -- as above
    return zones, _geojson(zones)


def zone_of(zones: dict[str, shapely.Geometry], lon: float, lat: float) -> str:
    """The code of the zone that (lon, lat) lies in; the stricter one on an edge."""
    return next(code for code in ("urban", "rural", "remote") if shapely.intersects_xy(zones[code], lon, lat))


def hull_wkt(points: list[tuple[float, float]], margin_m: float) -> str:
    """A polygon around points (lon, lat) with a margin, as WKT."""
    hull = shapely.convex_hull(_flat(shapely.MultiPoint(points)))
    around = shapely.buffer(hull, margin_m * _M, quad_segs=2)
    return str(shapely.to_wkt(_on_grid(_round(around)), rounding_precision=6, trim=True))


def _urban(extract: Path, places: dict[str, tuple[float, float]]) -> shapely.Geometry:
    """The built-up area around the listed centres: land use, gaps closed, thin arms and holes dropped."""
    built = shapely.union_all([_flat(area) for area in _built_up(extract)])
    closed = shapely.buffer(shapely.buffer(built, 160 * _M, quad_segs=4), -120 * _M, quad_segs=4)
    opened = shapely.buffer(shapely.buffer(closed, -60 * _M, quad_segs=4), 60 * _M, quad_segs=4)
    centres = [_flat(shapely.Point(places[name])) for name in URBAN_CENTRES]
    parts = [
        shapely.Polygon(part.exterior)
        for part in shapely.get_parts(opened)
        if any(shapely.distance(part, centre) < 300 * _M for centre in centres)
    ]
    return _round(shapely.simplify(shapely.union_all(parts), 25 * _M))


def _built_up(extract: Path) -> Iterator[shapely.Geometry]:
    import osmium  # noqa: PLC0415 -- only when the zones are made

    factory: Any = osmium.geom.GeoJSONFactory()
    for area in (
        osmium.FileProcessor(str(extract)).with_areas().with_filter(osmium.filter.KeyFilter("landuse"))
    ):
        if area.type_str() == "a" and area.tags["landuse"] in BUILT_UP:
            yield shapely.make_valid(shapely.from_geojson(factory.create_multipolygon(area)))


def _remote(places: dict[str, tuple[float, float]]) -> shapely.Geometry:
    circles = [
        shapely.buffer(_flat(shapely.Point(places[name])), radius_m * _M, quad_segs=6)
        for name, radius_m in REMOTE_PLACES
    ]
    joined = shapely.buffer(shapely.union_all(circles), REMOTE_JOIN_M * _M, quad_segs=6)
    return _round(shapely.buffer(joined, -REMOTE_JOIN_M * _M, quad_segs=6))


def _flat(geometry: shapely.Geometry) -> shapely.Geometry:
    """Longitudes shrunk, so that a metre is as long eastwards as northwards."""
    return shapely.transform(geometry, lambda xy: xy * [_SHRINK, 1.0])


def _round(geometry: shapely.Geometry) -> shapely.Geometry:
    """Back to degrees of the round earth."""
    return shapely.transform(geometry, lambda xy: xy / [_SHRINK, 1.0])


def _on_grid(geometry: shapely.Geometry) -> shapely.Geometry:
    """Snapped to 1e-6 degrees, so that what is written is what was computed."""
    snapped = shapely.normalize(shapely.set_precision(geometry, _GRID))
    return shapely.set_precision(shapely.transform(snapped, lambda xy: xy.round(6)), 0)


def _geojson(zones: dict[str, shapely.Geometry]) -> str:
    source = "OpenStreetMap land use of the extract, drawn by data/sample/make_sample.py"
    remote = f"listed by name ({', '.join(name for name, _ in REMOTE_PLACES)}): {REMOTE_REASON}"
    said = {
        "urban": ("城区 Neubrandenburg, Burg Stargard", 20, source),
        "rural": ("农村 rest of the map", 10, source),
        "remote": ("特殊边远 Tollensesee Süd", 30, remote),
    }
    features = [_feature(code, *said[code], zone) for code, zone in zones.items()]
    return '{"type": "FeatureCollection", "features": [\n' + ",\n".join(features) + "\n]}\n"


def _feature(code: str, name: str, priority: int, source: str, zone: shapely.Geometry) -> str:
    properties: dict[str, Any] = {"code": code, "name": name, "priority": priority, "source": source}
    properties["approved_by"] = "supervisor (sample, fictional)"
    geometry = json.loads(shapely.to_geojson(shapely.normalize(zone)))
    feature = {"type": "Feature", "properties": properties, "geometry": geometry}
    return json.dumps(feature, ensure_ascii=False)
