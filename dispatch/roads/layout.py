"""How the edges of the graph are laid out as arrays.

Streets for the last mile are laid out twice: once among nodes that only lead out, where drives begin, and
once among nodes that only lead in, where drives end. Links without length join both to the other streets. So
a shortest way never leads through a private yard, and the engines need not know why.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from dispatch.roads.network import NONE, Arrays, Layer, pack_texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    Points = tuple[tuple[int, int], ...]
    Node = tuple[Layer, int]


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


class Laid(NamedTuple):
    """An edge between nodes of its layer; `edge` is its number among the edges drawn, NONE for a link."""

    tail: Node
    head: Node
    layer: Layer
    edge: int


def lay_out(edges: list[Edge], part_of: Mapping[int, int]) -> Arrays:
    """The arrays of sorted edges; `part_of` numbers the part of each node. The order is not computed here."""
    laid = _laid(edges)
    place = {edge.tail: edge.points[0] for edge in edges} | {edge.head: edge.points[-1] for edge in edges}
    node_of = _numbered(node for each in laid for node in (each.tail, each.head))
    class_of = _numbered(edge.road_class for edge in edges)
    name_of = _numbered(["", *(edge.name for edge in edges)])
    line, against, lines = _lines(edges)
    drawn = np.array([each.edge for each in laid], dtype=np.int64)
    link = drawn == NONE

    def column(values: Iterable[Any], kind: type[np.generic], of_link: Any = 0) -> Any:
        every = np.array(list(values), dtype=kind)[drawn]
        every[link] = of_link
        return every

    return Arrays(
        node=np.array([place[node] for _layer, node in node_of], dtype=np.int32),
        part=np.array([part_of[node] for _layer, node in node_of], dtype=np.int32),
        tail=np.array([node_of[each.tail] for each in laid], dtype=np.int32),
        head=np.array([node_of[each.head] for each in laid], dtype=np.int32),
        layer=np.array([each.layer for each in laid], dtype=np.uint8),
        length_m=column((edge.length_m for edge in edges), np.float32),
        time_ds=column((edge.time_ds for edge in edges), np.uint32),
        road_class=column((class_of[edge.road_class] for edge in edges), np.uint8),
        name=column((name_of[edge.name] for edge in edges), np.int32),
        line=column(line, np.int32, NONE),
        against=column(against, np.bool_),
        line_start=np.cumsum([0, *map(len, lines)]).astype(np.int32),
        point=np.array([point for points in lines for point in points], dtype=np.int32),
        class_names=pack_texts(list(class_of)),
        names=pack_texts(list(name_of)),
        order=np.empty(0, dtype=np.uint32),
    )


def _laid(edges: list[Edge]) -> list[Laid]:
    core = {node for edge in edges if not edge.last_mile for node in (edge.tail, edge.head)}
    last = {node for edge in edges if edge.last_mile for node in (edge.tail, edge.head)}
    laid = []
    for number, edge in enumerate(edges):
        layers = (Layer.OUT, Layer.IN) if edge.last_mile else (Layer.CORE,)
        laid += [
            Laid(_node(layer, edge.tail, core), _node(layer, edge.head, core), layer, number)
            for layer in layers
        ]
    for node in sorted(last):
        chain = [_node(layer, node, core) for layer in (Layer.OUT, Layer.CORE, Layer.IN)]
        distinct = list(dict.fromkeys(chain))
        laid += [Laid(a, b, Layer.CORE, NONE) for a, b in pairwise(distinct)]
    return laid


def _node(layer: Layer, node: int, core: set[int]) -> Node:
    """The node in its layer. Off the core the way out needs no node of its own beside it."""
    return (Layer.CORE if layer == Layer.OUT and node not in core else layer, node)


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
