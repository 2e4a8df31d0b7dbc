"""Where idle crews should wait, so that most customers have a crew within their own promised minutes.

Greedy maximum coverage: the move that brings most further accounts within reach comes first, then the best
one after it. Greedy is never below 63 % of what the best set of places could reach (Nemhauser, Wolsey and
Fisher 1978), and each move can be told with its own reason.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispatch.plan.coverage import Floats

MOST_MOVES = 3  # at once: as many as a desk can follow; what comes after is asked again


@dataclass(frozen=True, slots=True)
class Idle:
    """The idle crews as arrays [crews]: what each reaches where it is, which may be moved, and its drives.

    `reaches` is [crews, spots], `drive_s` seconds to every post [crews, posts], infinity where it cannot or
    should not go.
    """

    reaches: NDArray[np.bool_]
    movable: NDArray[np.bool_]
    drive_s: Floats


@dataclass(frozen=True, slots=True)
class Move:
    """A crew (its row) that should wait at a post (its row): `gain` more accounts are then within reach."""

    crew: int
    post: int
    gain: int


def moves(
    idle: Idle, post_reaches: NDArray[np.bool_], accounts: NDArray[np.int64], least_gain: int
) -> list[Move]:
    """The moves that are worth it, best first, each given those before it; at most MOST_MOVES.

    `post_reaches` is [posts, spots], `accounts` [spots]. A move that gains fewer than `least_gain` accounts
    (one at least) is not made; of equal ones the shorter drive, then the earlier row.
    """
    reaches, movable = idle.reaches.copy(), idle.movable.copy()
    found: list[Move] = []
    while len(found) < MOST_MOVES and movable.any() and post_reaches.size:
        gain = _gains(reaches, post_reaches, accounts)
        gain[~movable[:, None] | ~np.isfinite(idle.drive_s)] = 0
        best = int(gain.max())
        if best < max(least_gain, 1):
            break
        row = int(np.where(gain == best, idle.drive_s, np.inf).argmin())
        crew, post = divmod(row, gain.shape[1])
        found.append(Move(crew, post, best))
        reaches[crew], movable[crew] = post_reaches[post], False
    return found


def _gains(
    reaches: NDArray[np.bool_], post_reaches: NDArray[np.bool_], accounts: NDArray[np.int64]
) -> NDArray[np.int64]:
    """Accounts won [crews, posts] when each crew alone moves to each post; what others reach is no gain."""
    others = reaches.sum(axis=0) - reaches  # how many other crews reach each spot
    alone = np.where(others == 0, accounts, 0)
    here = (alone * reaches).sum(axis=1, keepdims=True)
    gain: NDArray[np.int64] = alone @ post_reaches.T.astype(np.int64) - here
    return gain
