"""What of an OpenStreetMap extract the basemap draws, and from which zoom on.

Only the build command imports this module: what it imports is too heavy for serving.
"""

from __future__ import annotations

import math
from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import osmium
import shapely

from dispatch.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

# The fields a tile carries, per layer; every layer of the basemap is named here.
FIELDS: dict[str, tuple[str, ...]] = {
    "landuse": ("kind",),
    "water": ("kind", "name"),
    "buildings": (),
    "boundaries": ("kind",),
    "power": ("kind", "name"),
    "railways": ("kind",),
    "roads": ("kind", "name", "ref"),
    "places": ("kind", "name", "name_zh", "name_en", "population"),
}
# Zooms drawn alike: a feature first seen at zoom 11 is drawn from 12 on.
TIERS = ((8, 9), (10, 11), (12, 12), (13, 13), (14, 14))

_GREEN = frozenset(
    (
        *("forest", "wood", "scrub", "orchard", "vineyard", "nature_reserve"),
        *("grass", "meadow", "grassland", "heath", "wetland", "village_green"),
        *("park", "garden", "recreation_ground", "golf_course", "pitch", "allotments", "cemetery"),
    )
)
_INDUSTRIAL = frozenset(
    ("industrial", "commercial", "retail", "railway", "garages", "quarry", "landfill", "farmyard", "port")
)
_ROADS = {
    **dict.fromkeys(("motorway", "trunk", "primary"), 8),
    **dict.fromkeys(("secondary", "tertiary"), 10),
    **dict.fromkeys(("unclassified", "residential", "living_street", "road", "pedestrian"), 12),
    **dict.fromkeys(("service", "track"), 13),
    **dict.fromkeys(("footway", "cycleway", "path", "steps", "bridleway"), 14),
}
_ROAD_KIND = {
    **dict.fromkeys(("unclassified", "residential", "living_street", "road", "pedestrian"), "minor"),
    **dict.fromkeys(("footway", "cycleway", "path", "steps", "bridleway"), "path"),
}
_WATERWAYS = {"river": 10, "canal": 10, "stream": 13, "drain": 13, "ditch": 13}
_RAILWAYS = {"rail": 10, "narrow_gauge": 10, "light_rail": 12, "subway": 12, "tram": 13}
_PLACES = {
    **dict.fromkeys(("city", "town"), 8),
    "village": 10,
    **dict.fromkeys(("suburb", "quarter", "hamlet"), 12),
    **dict.fromkeys(("neighbourhood", "isolated_dwelling", "locality", "farm"), 13),
}
_POWER_LINES = {"line": 10, "minor_line": 12, "cable": 13}
_POWER_SITES = {"substation": 12, "sub_station": 12, "transformer": 14}
# An area of at least so many square metres is drawn from that zoom on; smaller ones from 13.
_AREA_ZOOMS = ((1_000_000.0, 8), (100_000.0, 10), (10_000.0, 12))
_SMALLEST_AREAS_ZOOM = 13
_KEYS = (
    *("highway", "railway", "waterway", "water", "natural", "landuse", "leisure"),
    *("building", "power", "place", "boundary"),
)


@dataclass(frozen=True, slots=True)
class Feature:
    """One thing drawn: its layer, the first zoom that shows it, its fields, its shape in (lon, lat)."""

    layer: str
    min_zoom: int
    fields: tuple[str | int, ...]
    shape: Any


def classify_node(tags: Mapping[str, str]) -> tuple[str, int, tuple[str | int, ...]] | None:
    """Layer, first zoom and fields of a point with `tags`; None when the map does not show it."""
    if tags.get("place") in _PLACES and "name" in tags:
        names = (tags["name"], tags.get("name:zh", ""), tags.get("name:en", ""))
        return "places", _PLACES[tags["place"]], (tags["place"], *names, _population(tags))
    if tags.get("power") in _POWER_SITES:
        return _power_site(tags)
    return None


def classify_line(tags: Mapping[str, str]) -> tuple[str, int, tuple[str | int, ...]] | None:
    """Layer, first zoom and fields of a line with `tags`; None when the map does not show it."""
    name = tags.get("name", "")
    road = tags.get("highway", "").removesuffix("_link")
    if road in _ROADS and tags.get("area") != "yes":
        return "roads", _ROADS[road], (_ROAD_KIND.get(road, road), name, tags.get("ref", ""))
    if tags.get("waterway") in _WATERWAYS:
        kind = "river" if _WATERWAYS[tags["waterway"]] == _WATERWAYS["river"] else "stream"
        return "water", _WATERWAYS[tags["waterway"]], (kind, name)
    if tags.get("railway") in _RAILWAYS:
        siding = "service" in tags
        return "railways", 13 if siding else _RAILWAYS[tags["railway"]], ("siding" if siding else "rail",)
    if tags.get("power") in _POWER_LINES:
        return "power", _POWER_LINES[tags["power"]], (tags["power"], name)
    if tags.get("boundary") == "administrative":
        return "boundaries", 8, ("administrative",)
    return None


def classify_area(tags: Mapping[str, str]) -> tuple[str, int, tuple[str | int, ...]] | None:
    """Layer, first zoom and fields of an area with `tags`; None when the map does not show it."""
    if tags.get("building", "no") != "no":
        return "buildings", 13, ()
    if tags.get("power") in _POWER_SITES:
        return _power_site(tags)
    ground = tags.get("natural") or tags.get("landuse") or tags.get("leisure") or ""
    if ground in {"water", "reservoir", "basin"} or tags.get("waterway") == "riverbank":
        return "water", 8, ("area", tags.get("name", ""))
    for kind, grounds in (("green", _GREEN), ("industrial", _INDUSTRIAL), ("residential", {"residential"})):
        if ground in grounds:
            return "landuse", 8, (kind,)
    return None


def read_features(extract: Path) -> list[Feature]:
    """All features the basemap draws of `extract`; BadInput when it is cut off or not OpenStreetMap."""
    try:
        found = list(_read(extract))
    except RuntimeError as error:
        raise BadInput(
            f"{extract.name} cannot be read as an OpenStreetMap extract ({error}); download it again."
        ) from error
    if not found:
        raise BadInput(f"{extract.name} holds nothing a map could show; choose another extract.")
    return _joined(_by_size(found))


def _read(extract: Path) -> Iterator[Feature]:
    drawn = osmium.filter.KeyFilter(*_KEYS)
    shapes = osmium.geom.WKBFactory()
    things: Any = osmium.FileProcessor(str(extract)).with_areas(drawn).with_filter(drawn)
    for thing in things:
        if thing.is_node():
            yield from _feature(classify_node(_tags(thing)), shapes.create_point, thing)
        elif thing.is_way():
            yield from _feature(classify_line(_tags(thing)), shapes.create_linestring, thing)
        elif thing.is_area():
            yield from _feature(classify_area(_tags(thing)), shapes.create_multipolygon, thing)


def _feature(kind: tuple[str, int, tuple[str | int, ...]] | None, shape_of: Any, thing: Any) -> list[Feature]:
    """The feature of `thing`; none when its shape cannot be made: an extract clips what crosses its edge."""
    if kind is None:
        return []
    try:
        shape = shapely.from_wkb(shape_of(thing))
    except (RuntimeError, osmium.InvalidLocationError):
        return []
    return [Feature(*kind, shape)]


def _tags(thing: Any) -> dict[str, str]:
    return {tag.k: tag.v for tag in thing.tags}


def _population(tags: Mapping[str, str]) -> int:
    digits = tags.get("population", "").replace(" ", "").replace(",", "")
    return int(digits) if digits.isascii() and digits.isdigit() else 0


def _power_site(tags: Mapping[str, str]) -> tuple[str, int, tuple[str | int, ...]]:
    kind = "transformer" if tags["power"] == "transformer" else "substation"
    return "power", _POWER_SITES[tags["power"]], (kind, tags.get("name", ""))


def _by_size(features: Iterable[Feature]) -> list[Feature]:
    """The features with small woods, fields and ponds left to the zooms where they can be seen."""
    return [
        replace(feature, min_zoom=_zoom_of_area(_area_m2(feature.shape)))
        if feature.layer in {"landuse", "water"} and feature.shape.area > 0
        else feature
        for feature in features
    ]


def _area_m2(shape: Any) -> float:
    """Square metres of `shape` in degrees, good to a few per cent: it only picks a zoom."""
    metres_per_degree = 111_320.0
    return float(shape.area * metres_per_degree**2 * math.cos(math.radians(shape.bounds[1])))


def _zoom_of_area(area_m2: float) -> int:
    return next((zoom for least, zoom in _AREA_ZOOMS if area_m2 >= least), _SMALLEST_AREAS_ZOOM)


def _joined(features: Iterable[Feature]) -> list[Feature]:
    """The features with the pieces of each street joined, so that a name fits on its line."""
    kept: list[Feature] = []
    pieces: defaultdict[tuple[str, int, tuple[str | int, ...]], list[Any]] = defaultdict(list)
    for feature in features:
        if feature.shape.geom_type == "LineString":
            pieces[feature.layer, feature.min_zoom, feature.fields].append(feature.shape)
        else:
            kept.append(feature)
    for kind, shapes in pieces.items():
        merged = shapely.get_parts(shapely.line_merge(shapely.MultiLineString(shapes)))
        kept.extend(Feature(*kind, shape) for shape in merged)
    return kept
