"""What an OpenStreetMap extract says about places: house numbers, streets, places, landmarks, transformers.

Only the build command imports this module's reader; osmium is loaded when a file is read.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

from dispatch.errors import BadInput
from dispatch.gazetteer.distance import distance_m

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

ThingKind = Literal["street", "place", "landmark", "transformer"]

PLACES = frozenset(
    {"city", "town", "suburb", "quarter", "neighbourhood", "village", "hamlet", "isolated_dwelling"},
)
POWER = frozenset({"substation", "sub_station", "transformer"})
LANDMARKS = (
    "amenity", "shop", "tourism", "leisure", "historic", "office", "man_made", "healthcare", "railway",
    "public_transport", "emergency", "craft", "building", "natural", "landuse", "aeroway", "sport",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class House:
    """A house number on the map; `street` and `city` are empty when not tagged. Degrees WGS-84."""

    osm: str
    street: str
    number: str
    city: str
    postcode: str
    lon: float
    lat: float


@dataclass(frozen=True, slots=True)
class Thing:
    """Something with a place and perhaps a name; `detail` is its tag's value (`village`, `pharmacy`).

    `reach_m` is how far it extends from (lon, lat), degrees WGS-84.
    """

    osm: str
    name: str
    kind: ThingKind
    detail: str
    lon: float
    lat: float
    reach_m: float = 0.0


@dataclass(slots=True)
class Extract:
    """All that was read, in the order of the file."""

    houses: list[House] = field(default_factory=list)
    things: list[Thing] = field(default_factory=list)


def read_extract(path: Path) -> Extract:
    """Read houses and named things from an extract (.osm.pbf, .osm, .osm.bz2, .osm.gz).

    Raises BadInput when the file is missing, cut off or not OpenStreetMap data.
    """
    if not path.is_file():
        raise BadInput(f"There is no file {path.name}; give the path of an OpenStreetMap extract.")
    found = Extract()
    try:
        for osm, tags, points in _objects(path):
            _take(found, osm, tags, points)
    except (RuntimeError, OSError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise BadInput(
            f"{path.name} is cut off or not an OpenStreetMap extract: {reason}. Download it again.",
        ) from error
    if not found.houses and not found.things:
        raise BadInput(f"{path.name} holds no street, place or address; give an extract of your area.")
    return found


def _objects(path: Path) -> Iterator[tuple[str, Mapping[str, str], list[tuple[float, float]]]]:
    """Every tagged node, way and multipolygon with its id (`n12`), tags and points."""
    import osmium  # noqa: PLC0415 -- heavy, and only the build command needs it

    for thing in osmium.FileProcessor(str(path)).with_areas():
        if not len(thing.tags):
            continue
        name = f"{thing.type_str()}{thing.id}"
        if isinstance(thing, osmium.osm.Area):
            if thing.from_way():
                continue  # the way itself has been seen
            name = f"r{thing.orig_id()}"
        # A relation has no points; it comes again, put together, as an area.
        points = _points(thing)
        if points:
            yield name, dict(thing.tags), points


def _points(thing: Any) -> list[tuple[float, float]]:
    """The (lon, lat) points of an object; nodes that a clipped extract lacks are left out."""
    if thing.is_node():
        return [(thing.lon, thing.lat)]
    if thing.is_way():
        return [(node.lon, node.lat) for node in thing.nodes if node.location.valid()]
    return [(node.lon, node.lat) for node in next(iter(thing.outer_rings()))] if thing.is_area() else []


def _take(found: Extract, osm: str, tags: Mapping[str, str], points: list[tuple[float, float]]) -> None:
    """Add what one object says to `found`; a house that is a pharmacy is both."""
    lon, lat = centre(points)
    number = _clean(tags.get("addr:housenumber"))
    if number:
        street = _clean(tags.get("addr:street") or tags.get("addr:place"))
        city, postcode = _clean(tags.get("addr:city")), _clean(tags.get("addr:postcode"))
        found.houses.append(House(osm, street, number, city, postcode, lon, lat))
    kind, detail = _kind(tags)
    name = _clean(tags.get("name"))
    if not kind or not (name or kind == "transformer"):
        return
    if kind == "street":
        lon, lat = points[len(points) // 2]  # a point of the road; a bend's centroid may lie in a field
    reach = max(distance_m((lon, lat), point) for point in points)
    found.things.append(Thing(osm, name, kind, detail, lon, lat, round(reach, 1)))


def _kind(tags: Mapping[str, str]) -> tuple[ThingKind | None, str]:
    """What sort of thing the tags describe, and the tag's value; (None, "") when nobody looks for it."""
    if tags.get("power") in POWER:
        # Traction current feeds trains, not customers.
        return ("landmark" if tags.get("substation") == "traction" else "transformer"), tags["power"]
    if tags.get("place") in PLACES:
        return "place", tags["place"]
    if "highway" in tags and tags["highway"] not in {"bus_stop", "platform", "speed_camera"}:
        return "street", tags["highway"]
    named = next((tags[tag] for tag in LANDMARKS if tag in tags), None)
    if tags.get("highway") == "bus_stop":
        named = "bus_stop"
    return ("landmark", named) if named else (None, "")


def _clean(value: str | None) -> str:
    """A tag's value with single blanks, and nothing unprintable."""
    return " ".join("".join(ch if ch.isprintable() else " " for ch in value or "").split())


def centre(points: Sequence[tuple[float, float]]) -> tuple[float, float]:
    """The centre of gravity (lon, lat) of a ring, or of the points themselves when they enclose nothing."""
    lon0, lat0 = points[0]
    doubled, lon, lat = 0.0, 0.0, 0.0
    if points[0] == points[-1]:
        for (x1, y1), (x2, y2) in pairwise(points):
            cross = (x1 - lon0) * (y2 - lat0) - (x2 - lon0) * (y1 - lat0)
            doubled += cross
            lon += (x1 + x2 - 2 * lon0) * cross
            lat += (y1 + y2 - 2 * lat0) * cross
    if abs(doubled) > 1e-14:
        return round(lon0 + lon / (3 * doubled), 7), round(lat0 + lat / (3 * doubled), 7)
    return round(_mean(x for x, _ in points), 7), round(_mean(y for _, y in points), 7)


def _mean(values: Iterable[float]) -> float:
    taken = list(values)
    return math.fsum(taken) / len(taken)
