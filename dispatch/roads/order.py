"""In which order the junctions are contracted: it depends on the streets alone, not on how fast they are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from dispatch.roads.network import NONE, UNITS_PER_DEGREE, Arrays, Layer

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispatch.roads.cch import Library

    Ints = NDArray[np.integer]


def with_order(arrays: Arrays, library: Library | None) -> Arrays:
    """The arrays with the order of contraction; without one where no library can compute it.

    It is computed on the streets as drawn. What is there for the last mile only is contracted first, else its
    two copies would triple every cut through the streets open to all, and a matrix take five times as long.
    """
    if library is None:
        return arrays
    junction = _junctions(arrays)
    drawn = (arrays.line != NONE) & (arrays.layer != Layer.IN)
    lonlat = np.empty((int(junction.max()) + 1, 2))
    lonlat[junction] = arrays.node / UNITS_PER_DEGREE
    order = library.order(lonlat, junction[arrays.tail[drawn]], junction[arrays.head[drawn]])
    rank = np.empty(len(order), dtype=np.int64)
    rank[order] = np.arange(len(order))
    core = np.zeros(len(arrays.node), dtype=np.bool_)
    for ends in (arrays.tail, arrays.head):
        core[ends[drawn & (arrays.layer == Layer.CORE)]] = True
    return replace(arrays, order=np.lexsort((rank[junction], core)).astype(np.uint32))


def _junctions(arrays: Arrays) -> Ints:
    """The junction of each node: links join the nodes that stand for the same one."""
    link = arrays.line == NONE
    pair = (arrays.tail[link], arrays.head[link])
    size = len(arrays.node)
    links = coo_matrix((np.ones(len(pair[0]), dtype=np.int8), pair), shape=(size, size))
    junction: Ints = connected_components(links, directed=False)[1]
    return junction
