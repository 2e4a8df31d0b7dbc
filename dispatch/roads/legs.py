"""How a place joins the streets open to all: by which junctions, and after what drive."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dispatch.roads.ragged import least, starts_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    Ints = NDArray[np.integer]
    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Legs:
    """First (or last) stretches of drives: place i has the legs `start[i]:start[i + 1]`.

    A leg leads to (or comes from) the junction `node` and takes `ds` whole deciseconds, never infinity. A
    place without legs is not reached at all.
    """

    start: Ints
    node: Ints
    ds: Floats

    def __len__(self) -> int:
        return len(self.start) - 1

    @classmethod
    def at(cls, nodes: Ints) -> Legs:
        """Places that are the nodes themselves."""
        return cls(np.arange(len(nodes) + 1), nodes, np.zeros(len(nodes)))

    @classmethod
    def gathered(cls, count: int, place: Ints, node: Ints, ds: Floats) -> Legs:
        """The legs of `count` places, given the place of each in any order."""
        order = np.argsort(place, kind="stable")
        return cls(starts_of(np.bincount(place, minlength=count)), node[order], ds[order])


def from_legs(between: Callable[[Ints, Ints], Floats], leave: Legs, targets: Ints) -> Floats:
    """Deciseconds [places, targets] by the best leg of each place; `between` answers from node to node."""
    source, row = np.unique(leave.node, return_inverse=True)
    table = between(source, targets)
    found: Floats = least((table[row] + leave.ds[:, None]).T, leave.start).T
    return found


def to_legs(table: Floats, come: Legs, column: Ints) -> Floats:
    """Deciseconds [rows, places] by the best leg of each place; leg l ends at `column[l]`."""
    return least(table[:, column] + come.ds, come.start)
