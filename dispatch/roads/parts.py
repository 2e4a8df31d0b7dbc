"""Which roads hang together, and which of them are driven only for the last mile.

A part is a set of junctions of which each reaches every other. Part 0 is the largest; the others are islands
without a bridge. Stubs that only lead in or out, as the border of an extract leaves many, are dropped.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Graph = Any  # a networkx.MultiDiGraph; networkx has no types
    Ints = NDArray[np.integer]
    Flags = NDArray[np.bool_]
    Floats = NDArray[np.float64]

# Less road than this that hangs together with nothing is a gap in the map, not an island: a house beside it
# is driven to from the nearest other road.
SMALLEST_ISLAND_M = 300.0
NO_PART = -1


@dataclass(frozen=True, slots=True)
class Roads:
    """The edges of a graph, its nodes numbered in the order of their names."""

    count: int
    tail: Ints
    head: Ints
    length_m: Floats
    open_to_all: Flags

    def sets(self, edges: Flags, connection: str) -> Ints:
        """The number of the set of each node, when only these edges are there."""
        pair = (self.tail[edges], self.head[edges])
        links = coo_matrix((np.ones(len(pair[0]), dtype=np.int8), pair), shape=(self.count, self.count))
        found: Ints = connected_components(links, connection=connection)[1]
        return found


def keep_parts(graph: Graph) -> None:
    """Take stubs and gaps out of the graph; nodes get `part`, edges `last_mile`.

    Last mile is every road outside the core of its part: the largest set of roads open to all that hangs
    together. So a hamlet behind a track can be reached, while nobody drives through a private yard.
    """
    nodes = sorted(graph)
    roads = _roads(graph, nodes)
    part = _parts(roads)
    last_mile = _last_mile(roads, part)
    for (_tail, _head, tags), last in zip(graph.edges(data=True), last_mile.tolist(), strict=True):
        tags["last_mile"] = last
    for node, number in zip(nodes, part.tolist(), strict=True):
        graph.nodes[node]["part"] = number
    graph.remove_nodes_from(
        [node for node, number in zip(nodes, part.tolist(), strict=True) if number == NO_PART]
    )


def _roads(graph: Graph, nodes: list[int]) -> Roads:
    number = {node: row for row, node in enumerate(nodes)}
    edges = [(number[tail], number[head], tags) for tail, head, tags in graph.edges(data=True)]
    return Roads(
        len(nodes),
        np.array([tail for tail, _head, _tags in edges], dtype=np.int64),
        np.array([head for _tail, head, _tags in edges], dtype=np.int64),
        np.array([tags["length"] for _tail, _head, tags in edges], dtype=np.float64),
        np.array(["access" not in tags for _tail, _head, tags in edges], dtype=np.bool_),
    )


def _parts(roads: Roads) -> Ints:
    """The part of each node, NO_PART for what is dropped: stubs, and islands too small to be any."""
    every = np.ones(len(roads.tail), dtype=np.bool_)
    strong, weak = roads.sets(every, "strong"), roads.sets(every, "weak")
    kept = _largest_within(strong, weak)  # of what hangs together at all, the largest set that one can leave
    streets_m = _streets_m(roads, np.where(kept, strong, NO_PART))
    sizes = np.bincount(strong[kept])
    by_size = [each for each in np.argsort(-sizes, kind="stable").tolist() if sizes[each]]
    islands = [each for each in by_size[1:] if streets_m[each] >= SMALLEST_ISLAND_M]
    part_of = np.full(int(strong.max()) + 1, NO_PART)
    part_of[[by_size[0], *islands]] = np.arange(1 + len(islands))
    part: Ints = np.where(kept, part_of[strong], NO_PART)
    return part


def _largest_within(inner: Ints, outer: Ints) -> Flags:
    """Whether each node is of the largest inner set of its outer set, the first named of two as large."""
    sizes = np.bincount(inner)
    order = np.lexsort((np.arange(len(inner)), -sizes[inner], outer))
    _outers, first = np.unique(outer[order], return_index=True)
    chosen: Flags = np.isin(inner, inner[order[first]])
    return chosen


def _streets_m(roads: Roads, number: Ints) -> Floats:
    """Metres of road within each set of nodes, a street driven both ways counted once."""
    inside = (number[roads.tail] == number[roads.head]) & (number[roads.tail] != NO_PART)
    low, high = np.minimum(roads.tail, roads.head)[inside], np.maximum(roads.tail, roads.head)[inside]
    _streets, first = np.unique(np.stack([low, high]), axis=1, return_index=True)
    sums = np.bincount(
        number[low[first]], weights=roads.length_m[inside][first], minlength=int(number.max()) + 1
    )
    length_m: Floats = sums.astype(np.float64)
    return length_m


def _last_mile(roads: Roads, part: Ints) -> Flags:
    """Whether each edge is off the core of its part; a part where all roads are for the last mile is core."""
    within = part[roads.tail] == part[roads.head]
    open_set = roads.sets(roads.open_to_all & within, "strong")
    core = _largest_within(open_set, part)
    sizes = np.bincount(open_set)[open_set]
    has_core = np.zeros(int(part.max()) + 2, dtype=np.bool_)  # the last entry stands for NO_PART
    has_core[part[core & (sizes > 1)]] = True
    on_core = roads.open_to_all & core[roads.tail] & core[roads.head]
    off: Flags = ~on_core & has_core[part[roads.tail]]
    return off
