"""Which street a place lies by, for people who must be told where it is."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
import shapely

from dispatch.roads.network import unpack_texts

if TYPE_CHECKING:
    from dispatch.roads.network import Network
    from dispatch.roads.snapping import LonLat

BESIDE_M = 300.0  # farther off a street's name tells a crew nothing


class StreetNames:
    """The names of an area's streets, read when first asked for."""

    def __init__(self, network: Network) -> None:
        self._network = network

    @cached_property
    def _texts(self) -> list[str]:
        return unpack_texts(self._network.arrays.names)

    def nearest(self, place: LonLat, within_m: float = BESIDE_M) -> str:
        """The name of the nearest street that has one, within `within_m` metres; "" when none has."""
        network = self._network
        point = shapely.points(network.to_metres(np.array(place)))
        lines, drawn = network.lines_near(point, within_m)
        names = [self._texts[network.line_name(line)] for line in lines.tolist()]
        named = [row for row, name in enumerate(names) if name]
        if not named:
            return ""
        return names[named[int(shapely.distance(drawn[named], point).argmin())]]
