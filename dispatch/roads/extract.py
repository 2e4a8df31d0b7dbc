"""Which ways of an OpenStreetMap extract a repair van may drive, written apart for the graph builder.

osmnx reads XML only and filters nothing, so the drivable ways and their nodes are written to a small .osm
file first; what else the extract holds (buildings, footways, private roads) never reaches the graph.
"""

from __future__ import annotations

import math
import re
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from dispatch.errors import BadInput
from dispatch.roads.network import EARTH_M_PER_DEGREE

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from osmium.osm import Node, Way

    from dispatch.roads.speeds import Speeds

# The end of the file's name, in small letters or large, and what osmium calls its format.
FORMATS = {".pbf": "pbf", ".osm": "osm", ".osm.bz2": "osm.bz2", ".osm.gz": "osm.gz"}
# The most specific tag decides, as https://wiki.openstreetmap.org/wiki/Key:access says.
ACCESS_KEYS = ("motorcar", "motor_vehicle", "vehicle", "access")
CLOSED_TO_US = frozenset({"no", "military", "emergency"})
# Who may only enter to get to a place there: a repair van may too, but it does not drive through.
LAST_MILE_ONLY = frozenset({"private", "destination", "customers", "delivery", "agricultural", "forestry"})
LAST_MILE_CLASSES = frozenset({"track"})
NOT_A_ROAD = frozenset({"parking_aisle", "emergency_access", "drive-through", "private"})
ONE_WAY_UNLESS_SAID = frozenset({"motorway", "motorway_link"})
KEPT_TAGS = ("highway", "oneway", "junction", "name", "maxspeed")
SLOWEST_FERRY_KMH = 0.1
FERRY = "ferry"  # a class of road here, though OpenStreetMap has it as a route

_DURATION = re.compile(r"[0-9]{1,4}(:[0-9]{2}){0,2}")


@dataclass(frozen=True, slots=True)
class Drivable:
    """What the filter kept: number of ways, and of drivable ways dropped because nodes are missing."""

    ways: int
    dropped_ways: int


def is_drivable(tags: Mapping[str, str], speeds: Speeds) -> bool:
    """Whether a way with these tags is a road or car ferry that a repair van may use."""
    if road_class(tags) not in speeds.class_kmh or tags.get("area") == "yes":
        return False
    if tags.get("service") in NOT_A_ROAD:
        return False
    return _access(tags) not in CLOSED_TO_US


def road_class(tags: Mapping[str, str]) -> str:
    """The class of the way: its highway tag, `ferry` for a ferry that is said to take cars, else ""."""
    if tags.get("route") != FERRY:
        return tags.get("highway", "")
    takes_cars = any(tags.get(key) in {"yes", "designated"} for key in ("motorcar", "motor_vehicle"))
    return FERRY if takes_cars else ""


def is_last_mile(tags: Mapping[str, str]) -> bool:
    """Whether the way is driven only to get to, or away from, a place on it or behind it."""
    return _access(tags) in LAST_MILE_ONLY or tags.get("highway") in LAST_MILE_CLASSES


def _access(tags: Mapping[str, str]) -> str:
    return next((tags[key] for key in ACCESS_KEYS if key in tags), "yes")


def write_drivable(extract: Path, target: Path, speeds: Speeds) -> Drivable:
    """Write the drivable ways of `extract` with their nodes to `target` (.osm).

    Raises BadInput when the file is missing, of another kind, cut off, not OpenStreetMap or without roads.
    """
    _check_name(extract)
    try:
        kept = _filter(extract, target, speeds)
    except (RuntimeError, OSError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise BadInput(
            f"{extract.name} is cut off or not an OpenStreetMap extract: {reason}. Download it again.",
        ) from error
    if not kept.ways:
        raise BadInput(f"{extract.name} holds no road that a van may drive. Choose another extract.")
    return kept


def _check_name(extract: Path) -> None:
    if not _format(extract):
        raise BadInput(f"{extract.name} is not an extract: its name must end in {', '.join(FORMATS)}.")
    if not extract.is_file():
        raise BadInput(f"There is no file {extract}. Name an OpenStreetMap extract.")
    if extract.stat().st_size == 0:
        raise BadInput(f"{extract.name} is empty, not an OpenStreetMap extract. Download it again.")


def _format(extract: Path) -> str:
    return next((name for end, name in FORMATS.items() if extract.name.lower().endswith(end)), "")


def _filter(extract: Path, target: Path, speeds: Speeds) -> Drivable:
    """Three passes: which nodes the roads need, which of them are there, then the roads that are whole."""
    import osmium  # noqa: PLC0415 -- only building reads extracts

    needed: set[int] = set()
    afloat: set[int] = set()
    for way in _ways(extract, speeds):
        refs = [node.ref for node in way.nodes]
        needed.update(refs)
        if way.tags.get("route") == FERRY:
            afloat.update(refs)
    ways = dropped = 0
    with osmium.SimpleWriter(str(target)) as writer:
        present: set[int] = set()
        sea: dict[int, tuple[float, float]] = {}
        for node in _nodes(extract, needed):
            present.add(node.id)
            if node.id in afloat:
                sea[node.id] = (node.lon, node.lat)
            writer.add_node(node.replace(tags={}))
        for way in _ways(extract, speeds):
            refs = [node.ref for node in way.nodes]
            if present.issuperset(refs):
                ways += 1
                course = [sea[ref] for ref in refs] if way.tags.get("route") == FERRY else []
                writer.add_way(way.replace(tags=_tags(dict(way.tags), course, speeds)))
            else:
                dropped += 1
    return Drivable(ways, dropped)


def _ways(extract: Path, speeds: Speeds) -> Iterator[Way]:
    import osmium  # noqa: PLC0415 -- only building reads extracts

    source = osmium.io.File(str(extract), _format(extract))
    kept = osmium.filter.KeyFilter("highway", "route")
    for way in osmium.FileProcessor(source, osmium.osm.WAY).with_filter(kept):
        if isinstance(way, osmium.osm.Way) and is_drivable(dict(way.tags), speeds) and len(way.nodes) > 1:
            yield way


def _nodes(extract: Path, needed: set[int]) -> Iterator[Node]:
    import osmium  # noqa: PLC0415 -- only building reads extracts

    source = osmium.io.File(str(extract), _format(extract))
    for node in osmium.FileProcessor(source, osmium.osm.NODE):
        if isinstance(node, osmium.osm.Node) and node.id in needed and node.location.valid():
            yield node


def _tags(tags: dict[str, str], course: list[tuple[float, float]], speeds: Speeds) -> dict[str, str]:
    """What the graph needs to know. `access` says only whether the way is for the last mile."""
    kept = {key: tags[key] for key in KEPT_TAGS if key in tags}
    if course:
        return {
            **kept,
            "highway": FERRY,
            "maxspeed": str(_ferry_kmh(tags.get("duration", ""), course, speeds)),
        }
    if kept["highway"] in ONE_WAY_UNLESS_SAID or kept.get("junction") == "circular":
        kept.setdefault("oneway", "yes")
    if is_last_mile(tags):
        kept["access"] = "destination"
    return kept


def _ferry_kmh(duration: str, course: list[tuple[float, float]], speeds: Speeds) -> float:
    """The ferry's mean speed by its timetable; the table's where that is not said."""
    hours = duration_hours(duration)
    if hours is None:
        return speeds.class_kmh[FERRY]
    length_km = sum(
        math.hypot((b[0] - a[0]) * math.cos(math.radians(a[1])), b[1] - a[1]) for a, b in pairwise(course)
    ) * (EARTH_M_PER_DEGREE / 1000)
    return max(SLOWEST_FERRY_KMH, length_km / hours)


def duration_hours(duration: str) -> float | None:
    """Hours of "MM", "HH:MM" or "HH:MM:SS", as OpenStreetMap writes them; None for anything else."""
    if not _DURATION.fullmatch(duration):
        return None
    parts = [int(part) for part in duration.split(":")]
    minutes = parts[0] if len(parts) == 1 else parts[0] * 60 + parts[1] + sum(parts[2:]) / 60
    return minutes / 60 or None
