"""Why no road leads from one place to another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

import numpy as np

from dispatch.roads.segments import NONE
from dispatch.roads.snapping import FARTHEST_FROM_ROAD_M, Snapped, snap

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispatch.roads.network import Network

    Floats = NDArray[np.float64]

Code = Literal["too_far_from_road", "island", "closed"]
Where = Literal["origin", "destination", "way"]


@dataclass(frozen=True, slots=True)
class Unreachable:
    """Why a drive cannot be, at which end of it (`way`: between them), and metres from there to a road.

    `too_far_from_road`: over 2000 m from every road. `island`: its roads hang together with no others.
    `closed`: a closure stands in the way. `distance_m` of `way` is 0.
    """

    code: Code
    where: Where
    distance_m: float


def why_unreachable(network: Network, ends: Floats, with_closures: Snapped) -> Unreachable:
    """The reason, given (lon, lat) of both ends, and where they meet the road while the closures hold.

    Only to be asked when the drive was found not to be possible.
    """
    names: tuple[Where, Where] = ("origin", "destination")
    usual = snap(network, ends, np.empty(0, dtype=np.int64), farthest_m=np.inf)
    distance_m = usual.distance_m.tolist()
    for where, metres in zip(names, distance_m, strict=True):
        if metres > FARTHEST_FROM_ROAD_M:
            return Unreachable("too_far_from_road", where, metres)
    origin, destination = network.line_part(usual.line).tolist()
    if origin != destination:
        end = 1 if destination else 0
        return Unreachable("island", names[end], distance_m[end])
    for end, line in enumerate(with_closures.line.tolist()):
        if line == NONE:
            return Unreachable("closed", names[end], distance_m[end])
    return Unreachable("closed", "way", 0.0)
