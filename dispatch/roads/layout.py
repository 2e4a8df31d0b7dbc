"""How the edges of the graph are laid out as arrays: streets open to all first, then the last mile."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dispatch.roads.network import Arrays, pack_texts, with_raster

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Points = tuple[tuple[int, int], ...]


class Edge(NamedTuple):
    """One directed edge of the simplified graph; nodes are OpenStreetMap ids, points 1e-7 degrees."""

    tail: int
    head: int
    points: Points
    time_ds: int
    length_m: float
    road_class: str
    name: str
    last_mile: bool


def lay_out(edges: list[Edge], part_of: Mapping[int, int]) -> Arrays:
    """The arrays of sorted edges; `part_of` numbers the part of each node. The order is not computed here."""
    edges = sorted(edges, key=lambda edge: edge.last_mile)
    place = {edge.tail: edge.points[0] for edge in edges} | {edge.head: edge.points[-1] for edge in edges}
    core = {node for edge in edges if not edge.last_mile for node in (edge.tail, edge.head)}
    node_of = {
        node: number for number, node in enumerate(sorted(place, key=lambda node: (node not in core, node)))
    }
    class_of = _numbered(edge.road_class for edge in edges)
    name_of = _numbered(["", *(edge.name for edge in edges)])
    line, against, lines = _lines(edges)
    nothing = np.empty(0, dtype=np.uint32)
    return with_raster(
        Arrays(
            node=np.array([place[node] for node in node_of], dtype=np.int32),
            part=np.array([part_of[node] for node in node_of], dtype=np.int32),
            tail=np.array([node_of[edge.tail] for edge in edges], dtype=np.int32),
            head=np.array([node_of[edge.head] for edge in edges], dtype=np.int32),
            last_mile=np.array([edge.last_mile for edge in edges], dtype=np.bool_),
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
            order=nothing,
            cell_frame=nothing,
            cell_start=nothing,
            cell_segment=nothing,
        )
    )


def _lines(edges: list[Edge]) -> tuple[list[int], list[bool], list[Points]]:
    """The line of each edge, whether the edge runs against it, and the points of every line."""
    lines: list[Points] = []
    line_of: dict[tuple[Points, bool, int], int] = {}
    line, against = [], []
    for edge in edges:
        drawn = min(edge.points, edge.points[::-1])
        turned = edge.points != drawn
        line.append(_line_for(drawn, turned, line_of, lines))
        against.append(turned)
    return line, against, lines


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
