"""How an OpenStreetMap extract becomes the road arrays of an area: filter, osmnx graph, one compact file."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from dispatch.errors import BadInput
from dispatch.roads.cch import installed_library
from dispatch.roads.extract import FERRY, write_drivable
from dispatch.roads.layout import Edge, lay_out
from dispatch.roads.network import FILE_NAME, UNITS_PER_DEGREE, Arrays, save
from dispatch.roads.order import with_order
from dispatch.roads.parts import keep_parts
from dispatch.roads.speeds import default_speeds

if TYPE_CHECKING:
    from collections.abc import Callable

    from dispatch.roads.layout import Points
    from dispatch.roads.speeds import Speeds

    Graph = Any  # a networkx.MultiDiGraph; networkx has no types

METRES_PER_KM = 1000
DECISECONDS_PER_HOUR = 36_000


@dataclass(frozen=True, slots=True)
class RoadsBuilt:
    """What was built: counts, total street length (each street once) and ways dropped for missing nodes."""

    nodes: int
    edges: int
    length_m: float
    names: int
    dropped_ways: int
    path: Path


def build_roads(
    extract: Path,
    out: Path,
    progress: Callable[[str, float], None] = lambda _stage, _share: None,
) -> RoadsBuilt:
    """Build `out`/roads.npz from an extract (.osm.pbf, .osm, .osm.bz2, .osm.gz).

    `progress(stage, share)` hears what is done now and the share 0-1 of all work done before it. The same
    extract gives the same bytes. Raises BadInput for a file that is cut off, not OpenStreetMap or without
    roads; an earlier roads.npz then stays as it was.
    """
    speeds = default_speeds()
    with tempfile.TemporaryDirectory(prefix="dispatch-roads-") as folder:
        drivable = Path(folder) / "drivable.osm"
        progress("filtering the roads", 0.0)
        kept = write_drivable(extract, drivable, speeds)
        progress("drawing the road graph", 0.2)
        graph = _graph(drivable, speeds, progress)
        progress("laying out the roads", 0.85)
        edges = _edges(graph)
        if not edges:
            raise BadInput(f"The roads of {extract.name} do not join up. Choose another extract.")
        arrays = lay_out(edges, dict(graph.nodes(data="part")))
        progress("ordering the junctions", 0.93)
        arrays = with_order(arrays, installed_library())
        path = _save_whole(arrays, out)
    progress("roads built", 1.0)
    return RoadsBuilt(
        nodes=len(graph),
        edges=len(edges),
        length_m=_street_length_m(arrays),
        names=len({edge.name for edge in edges} - {""}),
        dropped_ways=kept.dropped_ways,
        path=path,
    )


def _graph(drivable: Path, speeds: Speeds, progress: Callable[[str, float], None]) -> Graph:
    """The simplified graph of the parts in which every place reaches every other.

    A street ends where its speed, class or name changes, so that a time is spread evenly along each edge
    and no attribute becomes a list. Stubs leave before simplification: they would leave needless junctions.
    """
    import osmnx  # noqa: PLC0415 -- heavy: only building needs it

    graph = osmnx.graph_from_xml(drivable, simplify=False, retain_all=True)
    progress("finding what hangs together", 0.45)
    keep_parts(graph)
    for _tail, _head, tags in graph.edges(data=True):
        tags["name"] = tags.get("name", "")
        tags["kmh"] = _kmh(tags, speeds)
        tags["time_ds"] = tags["length"] / METRES_PER_KM / tags["kmh"] * DECISECONDS_PER_HOUR
    progress("joining streets from junction to junction", 0.5)
    return osmnx.simplify_graph(
        graph,
        edge_attrs_differ=["kmh", "highway", "name", "last_mile"],
        edge_attr_aggs={"length": sum, "time_ds": sum},
        remove_rings=False,
    )


def _kmh(tags: dict[str, Any], speeds: Speeds) -> float:
    """A ferry's mean speed was written as its maxspeed by the filter."""
    if tags["highway"] == FERRY:
        return float(tags["maxspeed"])
    return speeds.driven_kmh(tags["highway"], tags.get("maxspeed", ""))


def _edges(graph: Graph) -> list[Edge]:
    """The graph's edges in an order of their own, whatever order osmnx happened to give them."""
    place = {node: (_unit(at["x"]), _unit(at["y"])) for node, at in graph.nodes(data=True)}
    return sorted(
        Edge(
            tail=tail,
            head=head,
            points=_points(tags, place[tail], place[head]),
            time_ds=max(1, round(tags["time_ds"])),
            length_m=tags["length"],
            road_class=tags["highway"],
            name=tags["name"],
            last_mile=tags["last_mile"],
        )
        for tail, head, tags in graph.edges(data=True)
    )


def _points(tags: dict[str, Any], tail: tuple[int, int], head: tuple[int, int]) -> Points:
    if "geometry" not in tags:
        return (tail, head)
    return tuple((_unit(lon), _unit(lat)) for lon, lat in tags["geometry"].coords)


def _unit(degrees: float) -> int:
    return round(degrees * UNITS_PER_DEGREE)


def _street_length_m(arrays: Arrays) -> float:
    """Metres of street: both directions of a street share a line and count once."""
    _lines, first = np.unique(arrays.line, return_index=True)
    return float(arrays.length_m[first].sum(dtype=np.float64))


def _save_whole(arrays: Arrays, out: Path) -> Path:
    """Write beside the target and move: a reader sees the old roads or the new, never half a file."""
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".roads-", dir=out) as beside:
        part = Path(beside) / FILE_NAME
        save(arrays, part)
        part.replace(out / FILE_NAME)
    return out / FILE_NAME
