"""In which order the junctions are contracted: it depends on the streets alone, not on how fast they are."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from dispatch.roads.network import UNITS_PER_DEGREE

if TYPE_CHECKING:
    from dispatch.roads.cch import Library
    from dispatch.roads.network import Arrays


def with_order(arrays: Arrays, library: Library | None) -> Arrays:
    """The arrays with the order of contraction; without one where no library can compute it.

    Only the streets open to all are contracted: what is there for the last mile touches them at many
    junctions, which a hierarchy would all have to join with each other.
    """
    if library is None:
        return arrays
    core = slice(arrays.core_edges)
    lonlat = arrays.node[: arrays.core_nodes] / UNITS_PER_DEGREE
    order = library.order(lonlat, arrays.tail[core], arrays.head[core])
    return replace(arrays, order=order.astype(np.uint32))
