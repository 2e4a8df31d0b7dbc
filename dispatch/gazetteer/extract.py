"""What an OpenStreetMap extract says about places: houses, streets, crossings, places, landmarks, poles.

Only the build command imports this module's reader; osmium is loaded when a file is read.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from itertools import combinations, pairwise
from typing import TYPE_CHECKING, Any, Literal

from dispatch.errors import BadInput
from dispatch.gazetteer.distance import distance_m

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    Nodes = Sequence[tuple[int, float, float]]

ThingKind = Literal["street", "place", "landmark", "transformer", "building", "pole"]

PLACES = frozenset(
    {"city", "town", "suburb", "quarter", "neighbourhood", "village", "hamlet", "isolated_dwelling"},
)
POWER = frozenset({"substation", "sub_station", "transformer"})
POLES = frozenset({"pole", "tower", "portal"})
LINES = frozenset({"line", "minor_line"})
ALIASES = ("alt_name", "short_name", "old_name", "loc_name", "official_name", "name:zh", "name:en")
LANDMARKS = (
    "amenity", "shop", "tourism", "leisure", "historic", "office", "man_made", "healthcare", "railway",
    "public_transport", "emergency", "craft", "natural", "landuse", "aeroway", "sport",
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


@dataclass(frozen=True, slots=True)
class Crossing:
    """Where two named streets share a point, degrees WGS-84; the names in their order of the alphabet."""

    streets: tuple[str, str]
    lon: float
    lat: float


@dataclass(slots=True)
class Extract:
    """All that was read, in the order of the file.

    `aliases` are things once more under another name that they bear; `poles` bear a number, and the name of
    their line as `detail` where the map says it.
    """

    houses: list[House] = field(default_factory=list)
    things: list[Thing] = field(default_factory=list)
    aliases: list[Thing] = field(default_factory=list)
    poles: list[Thing] = field(default_factory=list)
    crossings: list[Crossing] = field(default_factory=list)


@dataclass(slots=True)
class _Ways:
    """What is known of the points of ways while a file is read: which streets and which line pass there."""

    first: dict[int, str] = field(default_factory=dict)
    crossed: dict[int, tuple[set[str], float, float]] = field(default_factory=dict)
    lines: dict[int, str] = field(default_factory=dict)

    def add(self, tags: Mapping[str, str], nodes: Nodes) -> None:
        name = _clean(tags.get("name") or tags.get("ref"))
        if name and "highway" in tags:
            for ref, lon, lat in nodes:
                if (other := self.first.setdefault(ref, name)) != name:
                    self.crossed.setdefault(ref, ({other}, lon, lat))[0].add(name)
        elif name and tags.get("power") in LINES:
            self.lines.update(dict.fromkeys((ref for ref, _, _ in nodes), name))

    def crossings(self) -> Iterator[Crossing]:
        for names, lon, lat in self.crossed.values():
            for pair in combinations(sorted(names), 2):
                yield Crossing(pair, round(lon, 7), round(lat, 7))


def read_extract(path: Path) -> Extract:
    """Read houses and named things from an extract (.osm.pbf, .osm, .osm.bz2, .osm.gz).

    Raises BadInput when the file is missing, cut off or not OpenStreetMap data.
    """
    if not path.is_file():
        raise BadInput(f"There is no file {path.name}; give the path of an OpenStreetMap extract.")
    found, ways = Extract(), _Ways()
    try:
        for osm, tags, nodes in _objects(path):
            _take(found, osm, tags, [(lon, lat) for _, lon, lat in nodes])
            if osm[0] == "w":
                ways.add(tags, nodes)
    except (RuntimeError, OSError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise BadInput(
            f"{path.name} is cut off or not an OpenStreetMap extract: {reason}. Download it again.",
        ) from error
    found.crossings = list(ways.crossings())
    found.poles = [replace(pole, detail=ways.lines.get(int(pole.osm[1:]), "")) for pole in found.poles]
    if not found.houses and not found.things:
        raise BadInput(f"{path.name} holds no street, place or address; give an extract of your area.")
    return found


def _objects(path: Path) -> Iterator[tuple[str, Mapping[str, str], Nodes]]:
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


def _points(thing: Any) -> Nodes:
    """The (id, lon, lat) of an object's points; nodes that a clipped extract lacks are left out."""
    if thing.is_node():
        return [(thing.id, thing.lon, thing.lat)]
    if thing.is_way():
        return [(node.ref, node.lon, node.lat) for node in thing.nodes if node.location.valid()]
    return (
        [(node.ref, node.lon, node.lat) for node in next(iter(thing.outer_rings()))]
        if thing.is_area()
        else []
    )


def _take(found: Extract, osm: str, tags: Mapping[str, str], points: list[tuple[float, float]]) -> None:
    """Add what one object says to `found`; a house that is a pharmacy is both."""
    lon, lat = centre(points)
    number = _clean(tags.get("addr:housenumber"))
    if number:
        street = _clean(tags.get("addr:street") or tags.get("addr:place"))
        city, postcode = _clean(tags.get("addr:city")), _clean(tags.get("addr:postcode"))
        found.houses.append(House(osm, street, number, city, postcode, lon, lat))
    if tags.get("power") in POLES and osm[0] == "n" and (ref := _clean(tags.get("ref"))):
        found.poles.append(Thing(osm, ref, "pole", "", lon, lat))
    kind, detail = _kind(tags)
    name = _clean(tags.get("name"))
    if not kind or not (name or kind == "transformer"):
        return
    if kind == "street":
        lon, lat = points[len(points) // 2]  # a point of the road; a bend's centroid may lie in a field
    reach = max(distance_m((lon, lat), point) for point in points)
    thing = Thing(osm, name, kind, detail, lon, lat, round(reach, 1))
    found.things.append(thing)
    found.aliases += [replace(thing, name=alias) for alias in _aliases(tags, name)]


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
    if not named and "building" in tags:
        return "building", tags["building"]
    if tags.get("highway") == "bus_stop":
        named = "bus_stop"
    return ("landmark", named) if named else (None, "")


def _aliases(tags: Mapping[str, str], name: str) -> list[str]:
    """The other names of a thing, and a substation's number."""
    refs = ("ref",) if tags.get("power") in POWER else ()
    said = [part for tag in (*ALIASES, *refs) for part in tags.get(tag, "").split(";")]
    return [alias for alias in dict.fromkeys(map(_clean, said)) if alias and alias != name]


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
