"""Which ways of an OpenStreetMap extract a repair van may drive, written apart for the graph builder.

osmnx reads XML only and filters nothing, so the drivable ways and their nodes are written to a small .osm
file first; what else the extract holds (buildings, footways, private roads) never reaches the graph.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatch.errors import BadInput

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from osmium.osm import Node, Way

    from dispatch.roads.speeds import Speeds

# The end of the file's name, in small letters or large, and what osmium calls its format.
FORMATS = {".pbf": "pbf", ".osm": "osm", ".osm.bz2": "osm.bz2", ".osm.gz": "osm.gz"}
# The most specific tag decides, as https://wiki.openstreetmap.org/wiki/Key:access says.
ACCESS_KEYS = ("motorcar", "motor_vehicle", "vehicle", "access")
CLOSED_TO_US = frozenset({"no", "private", "agricultural", "forestry", "military", "emergency"})
NOT_A_ROAD = frozenset({"parking_aisle", "emergency_access", "drive-through", "private"})
ONE_WAY_UNLESS_SAID = frozenset({"motorway", "motorway_link"})
KEPT_TAGS = ("highway", "oneway", "junction", "name", "maxspeed")


@dataclass(frozen=True, slots=True)
class Drivable:
    """What the filter kept: number of ways, and of drivable ways dropped because nodes are missing."""

    ways: int
    dropped_ways: int


def is_drivable(tags: Mapping[str, str], speeds: Speeds) -> bool:
    """Whether a way with these tags is a road that a repair van may use."""
    if tags.get("highway") not in speeds.class_kmh or tags.get("area") == "yes":
        return False
    if tags.get("service") in NOT_A_ROAD:
        return False
    said = (tags[key] for key in ACCESS_KEYS if key in tags)
    return next(said, "yes") not in CLOSED_TO_US


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
    for way in _ways(extract, speeds):
        needed.update(node.ref for node in way.nodes)
    ways = dropped = 0
    with osmium.SimpleWriter(str(target)) as writer:
        present: set[int] = set()
        for node in _nodes(extract, needed):
            present.add(node.id)
            writer.add_node(node.replace(tags={}))
        for way in _ways(extract, speeds):
            if all(node.ref in present for node in way.nodes):
                ways += 1
                writer.add_way(way.replace(tags=_tags(dict(way.tags))))
            else:
                dropped += 1
    return Drivable(ways, dropped)


def _ways(extract: Path, speeds: Speeds) -> Iterator[Way]:
    import osmium  # noqa: PLC0415 -- only building reads extracts

    source = osmium.io.File(str(extract), _format(extract))
    for way in osmium.FileProcessor(source, osmium.osm.WAY).with_filter(osmium.filter.KeyFilter("highway")):
        if isinstance(way, osmium.osm.Way) and is_drivable(dict(way.tags), speeds) and len(way.nodes) > 1:
            yield way


def _nodes(extract: Path, needed: set[int]) -> Iterator[Node]:
    import osmium  # noqa: PLC0415 -- only building reads extracts

    source = osmium.io.File(str(extract), _format(extract))
    for node in osmium.FileProcessor(source, osmium.osm.NODE):
        if isinstance(node, osmium.osm.Node) and node.id in needed and node.location.valid():
            yield node


def _tags(tags: dict[str, str]) -> dict[str, str]:
    kept = {key: tags[key] for key in KEPT_TAGS if key in tags}
    if kept["highway"] in ONE_WAY_UNLESS_SAID or kept.get("junction") == "circular":
        kept.setdefault("oneway", "yes")
    return kept
