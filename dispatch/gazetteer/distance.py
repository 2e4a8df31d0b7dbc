"""How far two places are apart, for deciding whether they are one."""

from __future__ import annotations

import math


def distance_m(a: tuple[float, float], b: tuple[float, float]) -> float:
    """Metres between two (lon, lat) places a town apart; flat-earth, good to 0.1 %."""
    east = (b[0] - a[0]) * math.cos(math.radians((a[1] + b[1]) / 2))
    return math.hypot(east, b[1] - a[1]) * 111_195.0
