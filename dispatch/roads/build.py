"""How an OpenStreetMap extract becomes the road arrays of an area: filter, osmnx graph, one compact file."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dispatch.errors import BadInput
from dispatch.roads.cch import installed_library
from dispatch.roads.extract import write_drivable
from dispatch.roads.network import FILE_NAME, UNITS_PER_DEGREE, Arrays, pack_texts, save
from dispatch.roads.speeds import default_speeds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from dispatch.roads.speeds import Speeds

    Graph = Any  # a networkx.MultiDiGraph; networkx has no types
    Points = tuple[tuple[int, int], ...]

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


class Edge(NamedTuple):
    """One directed edge of the simplified graph; nodes are OpenStreetMap ids, points 1e-7 degrees."""

    tail: int
    head: int
    points: Points
    time_ds: int
    length_m: float
    road_class: str
    name: str


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
        graph = _graph(drivable, speeds)
        progress("writing the roads", 0.9)
        edges = _edges(graph)
        if not edges:
            raise BadInput(f"The roads of {extract.name} do not join up. Choose another extract.")
        arrays = _order(_arrays(edges))
        path = _save_whole(arrays, out)
    progress("roads built", 1.0)
    return RoadsBuilt(
        nodes=len(arrays.node),
        edges=len(arrays.tail),
        length_m=_street_length_m(arrays),
        names=len({edge.name for edge in edges} - {""}),
        dropped_ways=kept.dropped_ways,
        path=path,
    )


def _graph(drivable: Path, speeds: Speeds) -> Graph:
    """The simplified graph of the largest part in which every place reaches every other.

    A street ends where its speed, class or name changes, so that a time is spread evenly along each edge
    and no attribute becomes a list. Stubs leave before simplification: they would leave needless junctions.
    """
    import osmnx  # noqa: PLC0415 -- heavy: only building needs it

    graph = osmnx.graph_from_xml(drivable, simplify=False, retain_all=True)
    graph = osmnx.truncate.largest_component(graph, strongly=True)
    for _tail, _head, tags in graph.edges(data=True):
        tags["name"] = tags.get("name", "")
        tags["kmh"] = speeds.driven_kmh(tags["highway"], tags.get("maxspeed", ""))
        tags["time_ds"] = tags["length"] / METRES_PER_KM / tags["kmh"] * DECISECONDS_PER_HOUR
    return osmnx.simplify_graph(
        graph,
        edge_attrs_differ=["kmh", "highway", "name"],
        edge_attr_aggs={"length": sum, "time_ds": sum},
        remove_rings=False,
    )


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
        )
        for tail, head, tags in graph.edges(data=True)
    )


def _points(tags: dict[str, Any], tail: tuple[int, int], head: tuple[int, int]) -> Points:
    if "geometry" not in tags:
        return (tail, head)
    return tuple((_unit(lon), _unit(lat)) for lon, lat in tags["geometry"].coords)


def _unit(degrees: float) -> int:
    return round(degrees * UNITS_PER_DEGREE)


def _order(arrays: Arrays) -> Arrays:
    """The arrays with the order of contraction, where a library that can compute it is installed."""
    library = installed_library()
    if library is None:
        return arrays
    return replace(arrays, order=library.order(arrays.node / UNITS_PER_DEGREE, arrays.tail, arrays.head))


def _arrays(edges: list[Edge]) -> Arrays:
    """Number nodes, lines, classes and names in sorted order and lay the edges out as columns."""
    node_of = _numbered({edge.tail: edge.points[0] for edge in edges})
    class_of = _numbered(edge.road_class for edge in edges)
    name_of = _numbered(["", *(edge.name for edge in edges)])
    lines: list[Points] = []
    line_of: dict[tuple[Points, bool, int], int] = {}
    line, against = [], []
    for edge in edges:
        drawn = min(edge.points, edge.points[::-1])
        turned = edge.points != drawn
        line.append(_line_for(drawn, turned, line_of, lines))
        against.append(turned)
    place = {edge.tail: edge.points[0] for edge in edges}
    return Arrays(
        node=np.array([place[node] for node in node_of], dtype=np.int32),
        tail=np.array([node_of[edge.tail] for edge in edges], dtype=np.int32),
        head=np.array([node_of[edge.head] for edge in edges], dtype=np.int32),
        length_m=np.array([edge.length_m for edge in edges], dtype=np.float32),
        time_ds=np.array([edge.time_ds for edge in edges], dtype=np.uint32),
        road_class=np.array([class_of[edge.road_class] for edge in edges], dtype=np.uint8),
        name=np.array([name_of[edge.name] for edge in edges], dtype=np.int32),
        line=np.array(line, dtype=np.int32),
        against=np.array(against, dtype=np.bool_),
        line_start=np.cumsum([0, *map(len, lines)]).astype(np.int32),
        point=np.array([point for points in lines for point in points], dtype=np.int32),
        class_names=pack_texts(list(class_of)),
        names=pack_texts(list(name_of)),
        order=np.empty(0, dtype=np.uint32),
    )


def _line_for(drawn: Points, turned: bool, line_of: dict[Any, int], lines: list[Points]) -> int:
    """The line for an edge: the first free one drawn so, as a street mapped twice has two lines."""
    copy = 0
    while (drawn, turned, copy) in line_of:
        copy += 1
    line = line_of.get((drawn, not turned, copy), len(lines))
    if line == len(lines):
        lines.append(drawn)
    line_of[drawn, turned, copy] = line
    return line


def _numbered(values: Iterable[Any]) -> dict[Any, int]:
    return {value: number for number, value in enumerate(sorted(set(values)))}


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
