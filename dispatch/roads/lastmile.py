"""How places off the streets open to all are reached: over yards, tracks and what lies behind them.

Such roads fall into small sets that touch the other streets at a few junctions. A drive begins with the way
out of its set and ends with the way into another, and between them keeps to the streets open to all. So
nobody drives through a private yard, and the engines need not know why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from dispatch.roads.dijkstra import Dijkstra
from dispatch.roads.ragged import spans, starts_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from dispatch.roads.network import Arrays

    Ints = NDArray[np.integer]
    Floats = NDArray[np.float64]
    EdgeTimes = Callable[[Ints], Floats]

NONE = -1
# A lot of places is searched in one table of at most this many times.
TIMES_AT_ONCE = 2_000_000


class Reached(NamedTuple):
    """How far the vertices of its set are from (or to) each place: place i has `start[i]:start[i + 1]`."""

    start: Ints
    vertex: Ints
    ds: Floats


class LastMile:
    """The sets of roads for the last mile.

    A vertex is a node within one set: where a set touches the streets open to all it ends, so a junction may
    be a vertex of several. The vertices of a set, and its edges, are numbered in a row.
    """

    def __init__(self, arrays: Arrays, line_count: int) -> None:
        edge = np.flatnonzero(arrays.last_mile)
        ends = np.stack([arrays.tail[edge], arrays.head[edge]]).astype(np.int64)
        of_edge = _sets(ends, arrays.line[edge], arrays.core_nodes, len(arrays.node))
        order = np.argsort(of_edge, kind="stable")
        self._edge, of_edge, ends = edge[order], of_edge[order], ends[:, order]
        count = int(of_edge[-1]) + 1 if len(of_edge) else 0
        self._edge_start = np.searchsorted(of_edge, np.arange(count + 1))
        self._nodes = len(arrays.node)
        self._key, both = np.unique(of_edge * self._nodes + ends, return_inverse=True)
        self._tail, self._head = both.reshape(ends.shape)
        self._vertex_start = np.searchsorted(self._key, np.arange(count + 1) * self._nodes)
        self.node = (self._key % max(self._nodes, 1)).astype(np.int64)
        self.touches = self.node < arrays.core_nodes
        self.of_line = np.full(line_count, NONE, dtype=np.int32)
        self.of_line[arrays.line[self._edge]] = of_edge

    def vertex(self, lines: Ints, nodes: Ints) -> Ints:
        """The vertex of each node in the set of each line, which it must touch."""
        found: Ints = np.searchsorted(self._key, self.of_line[lines].astype(np.int64) * self._nodes + nodes)
        return found

    def first_vertex(self, lines: Ints) -> Ints:
        """The first vertex of the set of each line."""
        return self._vertex_start[self.of_line[lines]]

    def reached(self, lines: Ints, ends: Ints, ds: Floats, edge_ds: EdgeTimes, *, backwards: bool) -> Reached:
        """How far each place is from the vertices of its set; `backwards`: how far they are from it.

        A place lies on one of `lines`, `ds` [2, n] deciseconds from the vertices `ends` [2, n].
        """
        sets = self.of_line[lines]
        by_set = np.argsort(sets, kind="stable")
        sizes = np.diff(self._vertex_start)[sets]
        pieces, begin = [np.empty(0)], 0
        while begin < len(by_set):
            taken = np.cumsum(sizes[by_set[begin:]]) * np.arange(1, len(by_set) - begin + 1)
            end = begin + max(1, int(np.searchsorted(taken, TIMES_AT_ONCE, side="right")))
            lot = by_set[begin:end]
            pieces.append(self._reached(sets[lot], ends[:, lot], ds[:, lot], edge_ds, backwards=backwards))
            begin = end
        sorted_ds = np.concatenate(pieces)
        back = spans((np.cumsum(sizes[by_set]) - sizes[by_set])[np.argsort(by_set)], sizes)
        return Reached(starts_of(sizes), spans(self._vertex_start[sets], sizes), sorted_ds[back])

    def path(self, line: int, begin: int, end: int, edge_ds: EdgeTimes, *, backwards: bool) -> list[int]:
        """The edges of the quickest way between two vertices of a line's set, as `reached` has it."""
        sets = self.of_line[[line]]
        first = int(self._vertex_start[sets[0]])
        search, edges = self._search(sets, edge_ds, backwards=backwards)
        found: list[int] = edges[search.path(begin - first, end - first)].tolist()
        return found[::-1] if backwards else found

    def _reached(self, sets: Ints, ends: Ints, ds: Floats, edge_ds: EdgeTimes, *, backwards: bool) -> Floats:
        distinct, which = np.unique(sets, return_inverse=True)
        search, _edges = self._search(distinct, edge_ds, backwards=backwards)
        sizes = np.diff(self._vertex_start)[distinct]
        shift = (np.cumsum(sizes) - sizes - self._vertex_start[distinct])[which]
        source, row = np.unique(ends + shift, return_inverse=True)
        table, row = search.rows(source), row.reshape(ends.shape)
        place = np.repeat(np.arange(len(sets)), sizes[which])
        column = spans((np.cumsum(sizes) - sizes)[which], sizes[which])
        both = [table[row[end][place], column] + ds[end][place] for end in (0, 1)]
        nearer: Floats = np.minimum(*both)
        return nearer

    def _search(self, sets: Ints, edge_ds: EdgeTimes, *, backwards: bool) -> tuple[Dijkstra, Ints]:
        """A search over distinct, sorted sets, their vertices in a row; and its edges among all edges."""
        counts = np.diff(self._edge_start)[sets]
        own = spans(self._edge_start[sets], counts)
        tail, head = (self._head, self._tail) if backwards else (self._tail, self._head)
        own_set = np.repeat(np.arange(len(sets)), counts)
        # A way that has come to the streets open to all does not turn back into the yard.
        inside = ~self.touches[tail[own]]
        own, own_set = own[inside], own_set[inside]
        sizes = np.diff(self._vertex_start)[sets]
        shift = (np.cumsum(sizes) - sizes - self._vertex_start[sets])[own_set]
        edges = self._edge[own]
        return Dijkstra(int(sizes.sum()), tail[own] + shift, head[own] + shift, edge_ds(edges)), edges


def _sets(ends: Ints, line: Ints, core_nodes: int, nodes: int) -> Ints:
    """The set of each edge, numbered from 0: edges hang together by nodes off the streets open to all."""
    off = ends >= core_nodes
    within = off.all(axis=0)
    links = coo_matrix(
        (np.ones(int(within.sum()), dtype=np.int8), tuple(ends[:, within])), shape=(nodes, nodes)
    )
    number = connected_components(links, directed=False)[1].astype(np.int64)
    # A road between two such streets is a set of its own.
    of_edge = np.where(off[0], number[ends[0]], np.where(off[1], number[ends[1]], nodes + line))
    found: Ints = np.unique(of_edge, return_inverse=True)[1]
    return found
