"""Rows of unlike length in flat arrays: how they are laid side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.integer]
    Floats = NDArray[np.float64]


def spans(first: Ints, count: Ints) -> Ints:
    """`first[i]`, `first[i] + 1`, … `count[i]` numbers for each i, one after the other."""
    ends = np.cumsum(count, dtype=np.int64)
    begins = ends - count
    found: Ints = np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(first - begins, count)
    return found


def starts_of(count: Ints) -> Ints:
    """Where each row begins in the flat array, and at last where the last one ends: [n + 1]."""
    found: Ints = np.concatenate([[0], np.cumsum(count, dtype=np.int64)])
    return found


def least(values: Floats, start: Ints) -> Floats:
    """The least of each row along the last axis, [..., n]; infinity for a row of nothing."""
    found = np.full((*values.shape[:-1], len(start) - 1), np.inf)
    filled = np.flatnonzero(np.diff(start))
    if len(filled):
        found[..., filled] = np.minimum.reduceat(values, start[filled], axis=-1)
    return found
