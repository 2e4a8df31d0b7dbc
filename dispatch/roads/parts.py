"""Which roads hang together, and which of them are driven only for the last mile.

A part is a set of junctions of which each reaches every other. Part 0 is the largest; the others are islands
without a bridge. Stubs that only lead in or out, as the border of an extract leaves many, are dropped.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable

    Graph = Any  # a networkx.MultiDiGraph; networkx has no types

# Less road than this that hangs together with nothing is a gap in the map, not an island: a house beside it
# is driven to from the nearest other road.
SMALLEST_ISLAND_M = 300.0


def keep_parts(graph: Graph) -> Graph:
    """The graph without stubs and gaps; nodes get `part`, edges `last_mile`.

    Last mile is every road outside the core of its part: the largest set of roads open to all that hangs
    together. So a hamlet behind a track can be reached, while nobody drives through a private yard.
    """
    parts = _parts(graph)
    part_of = {node: number for number, nodes in enumerate(parts) for node in nodes}
    kept = graph.subgraph(part_of).copy()
    cores = [_core(kept, nodes) for nodes in parts]
    for node, at in kept.nodes(data=True):
        at["part"] = part_of[node]
    for tail, head, tags in kept.edges(data=True):
        core = cores[part_of[tail]]
        tags["last_mile"] = bool(core) and ("access" in tags or not {tail, head} <= core)
    return kept


def _parts(graph: Graph) -> list[set[int]]:
    """The nodes of the parts, the largest first, each part without what only leads in or out of it."""
    import networkx as nx  # noqa: PLC0415 -- heavy: only building needs it

    found = []
    for weak in nx.weakly_connected_components(graph):
        strong = _largest(nx.strongly_connected_components(graph.subgraph(weak)))
        found.append(strong)
    found.sort(key=_size_then_name)
    return [
        nodes
        for place, nodes in enumerate(found)
        if place == 0 or _street_m(graph, nodes) >= SMALLEST_ISLAND_M
    ]


def _core(graph: Graph, nodes: set[int]) -> set[int]:
    """The nodes of the part's core; none when every road is for the last mile: then all are driven."""
    import networkx as nx  # noqa: PLC0415 -- heavy: only building needs it

    edges = list(graph.subgraph(nodes).edges(data=True))
    if not any("access" in tags for _tail, _head, tags in edges):
        return nodes
    open_to_all = nx.DiGraph((tail, head) for tail, head, tags in edges if "access" not in tags)
    core = _largest(nx.strongly_connected_components(open_to_all)) if len(open_to_all) else set()
    return core if len(core) > 1 else set()


def _largest(components: Iterable[set[int]]) -> set[int]:
    return min(components, key=_size_then_name)


def _size_then_name(nodes: set[int]) -> tuple[int, int]:
    """Largest first, and always the same one of two as large."""
    return -len(nodes), min(nodes)


def _street_m(graph: Graph, nodes: set[int]) -> float:
    """Metres of road among the nodes, a street driven both ways counted once."""
    edges = graph.subgraph(nodes).edges(data="length")
    streets = {(min(tail, head), max(tail, head), length) for tail, head, length in edges}
    return sum(float(length) for _tail, _head, length in streets)
