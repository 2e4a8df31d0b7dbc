"""Which customers no idle crew reaches within their own promised minutes, and how long it would take."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

import numpy as np
from numpy.typing import NDArray

from dispatch.plan.lookahead import departures_ms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.plan.board import CrewState, Place

Floats: TypeAlias = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Spots:
    """Where customers are: accounts of one class close together count as one spot; arrays over spots.

    `place` is that of one of its accounts, (lon, lat); `cell` names the ground it stands for, `zone` its
    class, `limit_s` the promise of that class in seconds. Two are equal when they are the same object.
    """

    place: tuple[Place, ...]
    cell: tuple[str, ...]
    zone: tuple[str, ...]
    accounts: NDArray[np.int64]
    limit_s: Floats


def nearest_s(crews: Sequence[CrewState], now_ms: int, seconds: Floats) -> Floats:
    """Seconds until the first of the crews can be at each spot, infinity where none can; [spots].

    `seconds` are the drives [crews, spots]. A crew must arrive before its shift ends. It sets out as the
    planner would send it: after every break that the drive would run into, the one that holds now included.
    """
    left_s = np.array([(crew.shift_until_ms - now_ms) / 1000 for crew in crews]).reshape(-1, 1)
    eta_s = departures_ms(crews, now_ms, np.ceil(seconds * 1000)) / 1000 + seconds
    found: Floats = np.where(eta_s < left_s, eta_s, np.inf).min(axis=0, initial=np.inf)
    return found


def is_hole(spots: Spots, eta_s: Floats) -> NDArray[np.bool_]:
    """Whether a spot is reached only after its own limit; exactly at the limit is in time."""
    late: NDArray[np.bool_] = eta_s > spots.limit_s
    return late
