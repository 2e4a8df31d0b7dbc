"""How long the drive between junctions takes, by scipy's Dijkstra over one set of edge times.

Always there, exact, and slow beyond a city. An engine never changes: closures make a new one. So readers need
no lock but the one around the kept rows.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import dijkstra

from dispatch.roads.legs import from_legs

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispatch.roads.legs import Legs
    from dispatch.roads.network import Network

    Ints = NDArray[np.integer]
    Floats = NDArray[np.float64]

# Times from (or to) one junction to all others are kept up to this much, least recently used first out.
KEPT_BYTES = 128 * 1024 * 1024
ROWS_AT_ONCE = 32


class Searches:
    """Engines over one network, each with a graph of its own."""

    name = "dijkstra"

    def __init__(self, network: Network) -> None:
        self._network = network

    def with_times(self, edges: Ints, times_ds: Floats) -> Dijkstra:
        """As `engine.Engines.with_times`."""
        arrays = self._network.arrays
        core = slice(arrays.core_edges)
        every_ds = arrays.time_ds.astype(np.float64)
        every_ds[edges] = times_ds
        return Dijkstra(arrays.core_nodes, arrays.tail[core], arrays.head[core], every_ds[core])


class Dijkstra:
    """Shortest times in deciseconds between nodes; edges with infinite time are not there at all."""

    def __init__(self, nodes: int, tail: Ints, head: Ints, time_ds: Floats) -> None:
        self._time_ds = time_ds
        self._head = head
        open_edges = np.flatnonzero(np.isfinite(time_ds))
        # Of edges between the same two nodes the quickest counts; scipy would add them up.
        order = open_edges[np.lexsort((time_ds[open_edges], head[open_edges], tail[open_edges]))]
        pair = np.stack([tail[order], head[order]])
        first = np.ones(len(order), dtype=bool)
        first[1:] = (pair[:, 1:] != pair[:, :-1]).any(axis=0)
        self._edge = order[first]
        chosen = (tail[self._edge], head[self._edge])
        self._graph = csr_matrix((time_ds[self._edge], chosen), shape=(nodes, nodes))
        self._rows: OrderedDict[tuple[bool, int], Floats] = OrderedDict()
        self._rows_kept = max(2 * ROWS_AT_ONCE, KEPT_BYTES // (8 * max(nodes, 1)))
        self._lock = threading.Lock()

    @cached_property
    def _transposed(self) -> csr_matrix:
        return self._graph.T.tocsr()

    def rows(self, nodes: Ints) -> Floats:
        """Deciseconds [len(nodes), all nodes]; nothing is kept."""
        found: Floats = dijkstra(self._graph, indices=nodes)
        return found

    def between(self, origins: Legs, targets: Ints) -> Floats:
        """As `engine.Engine.between`."""
        return from_legs(self._between_nodes, origins, targets)

    def _between_nodes(self, sources: Ints, targets: Ints) -> Floats:
        """Runs from the side with fewer junctions not yet known: standing tickets are paid for once."""
        if self._missing(sources, backwards=False) <= self._missing(targets, backwards=True):
            return self._table(sources, targets, backwards=False)
        return self._table(targets, sources, backwards=True).T

    def path(self, source: int, target: int) -> list[int]:
        """The edges of a quickest drive between two nodes, [] when they are one node or no road leads.

        Follows the times to the target downhill: times are whole deciseconds, so the sums are exact.
        """
        to_target = self._row_of(target, backwards=True)
        edges: list[int] = []
        node = source
        while node != target and np.isfinite(to_target[node]):
            out = self._edge[self._graph.indptr[node] : self._graph.indptr[node + 1]]
            ahead = self._time_ds[out] + to_target[self._head[out]]
            edges.append(int(out[np.argmin(ahead)]))
            node = int(self._head[edges[-1]])
        return edges

    def _missing(self, nodes: Ints, *, backwards: bool) -> int:
        with self._lock:
            return sum((backwards, int(node)) not in self._rows for node in np.unique(nodes))

    def _table(self, starts: Ints, ends: Ints, *, backwards: bool) -> Floats:
        """Rows are taken in lots and cut to `ends` at once: a large matrix never holds all full rows."""
        distinct, which = np.unique(starts, return_inverse=True)
        cut = np.empty((len(distinct), len(ends)))
        for begin in range(0, len(distinct), ROWS_AT_ONCE):
            lot = distinct[begin : begin + ROWS_AT_ONCE]
            rows = self._rows_for([int(node) for node in lot], backwards=backwards)
            for number, row in enumerate(rows, start=begin):
                cut[number] = row[ends]
        return cut[which]

    def _row_of(self, node: int, *, backwards: bool) -> Floats:
        return self._rows_for([node], backwards=backwards)[0]

    def _rows_for(self, nodes: list[int], *, backwards: bool) -> list[Floats]:
        found = self._kept(nodes, backwards=backwards)
        missing = [node for node in nodes if node not in found]
        if missing:
            graph = self._transposed if backwards else self._graph
            found |= dict(zip(missing, dijkstra(graph, indices=missing), strict=True))
            self._keep({node: found[node] for node in missing}, backwards=backwards)
        return [found[node] for node in nodes]

    def _kept(self, nodes: list[int], *, backwards: bool) -> dict[int, Floats]:
        with self._lock:
            found = {node: self._rows[backwards, node] for node in nodes if (backwards, node) in self._rows}
            for node in found:
                self._rows.move_to_end((backwards, node))
            return found

    def _keep(self, rows: dict[int, Floats], *, backwards: bool) -> None:
        with self._lock:
            for node, row in rows.items():
                # A copy of its own: a view would hold the whole lot in memory after the others are gone.
                self._rows[backwards, node] = row.copy()
            while len(self._rows) > self._rows_kept:
                self._rows.popitem(last=False)
