"""Where a place of a Chinese map provider lies on the globe: GCJ-02 and BD-09 to WGS-84 and back.

AMap and Tencent give GCJ-02, Baidu BD-09, 300-700 m off. The source says which one it speaks; a place is
never shifted because of where it lies, for a box around China holds Hong Kong and Ulaanbaatar too. The
formulas are the widely published ones on the Krasovsky 1940 ellipsoid; the way back is found by iteration.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Literal, get_args

from dispatch.errors import BadInput, Fault

if TYPE_CHECKING:
    from collections.abc import Callable

Datum = Literal["wgs84", "gcj02", "bd09"]
Place = tuple[float, float]

_A_M = 6_378_245.0  # semi-major axis of Krasovsky 1940
_E2 = 0.006_693_421_622_965_943_23  # its first eccentricity, squared
_BAIDU = math.pi * 3000 / 180
_CLOSE_DEG = 1e-9  # 0.1 mm
_ROUNDS = 40  # ten are enough anywhere below 80 degrees
_LIMIT_LAT = 85.0  # nearer to a pole the formulas mean nothing


def to_wgs84(lon: float, lat: float, datum: str) -> Place:
    """(lon, lat) in degrees WGS-84 of a place given in `datum` (wgs84, gcj02, bd09).

    Raises BadInput for another datum, or so near to a pole that no map in that datum reaches there.
    """
    _check(lat, datum)
    place = (lon, lat)
    if datum == "bd09":
        place = _undo(_gcj02_to_bd09, place)
    return place if datum == "wgs84" else _undo(_wgs84_to_gcj02, place)


def from_wgs84(lon: float, lat: float, datum: str) -> Place:
    """(lon, lat) in degrees of `datum` of a place given in WGS-84; errors as in `to_wgs84`."""
    _check(lat, datum)
    if datum == "wgs84":
        return lon, lat
    shifted = _wgs84_to_gcj02(lon, lat)
    return _gcj02_to_bd09(*shifted) if datum == "bd09" else shifted


def _check(lat: float, datum: str) -> None:
    if datum not in get_args(Datum):
        names = ", ".join(get_args(Datum))
        raise BadInput(f"The datum is none of {names}.", (Fault("datum", f"must be one of {names}"),))
    if datum != "wgs84" and not abs(lat) <= _LIMIT_LAT:
        reason = f"a place in {datum} lies between {-_LIMIT_LAT:g} and {_LIMIT_LAT:g} degrees"
        raise BadInput(f"The latitude cannot be: {reason}.", (Fault("lat", reason),))


def _wgs84_to_gcj02(lon: float, lat: float) -> Place:
    east_m, north_m = _shift_m(lon - 105.0, lat - 35.0)
    phi = math.radians(lat)
    w2 = 1 - _E2 * math.sin(phi) ** 2
    meridian_m = _A_M * (1 - _E2) / (w2 * math.sqrt(w2))
    parallel_m = _A_M / math.sqrt(w2) * math.cos(phi)
    return lon + math.degrees(east_m / parallel_m), lat + math.degrees(north_m / meridian_m)


def _shift_m(x: float, y: float) -> Place:
    """How far a place is pushed, in metres (east, north); x, y in degrees from (105, 35)."""
    root = math.sqrt(abs(x))
    ripple = 20 * math.sin(6 * math.pi * x) + 20 * math.sin(2 * math.pi * x)
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * root
    east += (ripple + _waves(x, (20, 1), (40, 3), (150, 12), (300, 30))) * 2 / 3
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * root
    north += (ripple + _waves(y, (20, 1), (40, 3), (160, 12), (320, 30))) * 2 / 3
    return east, north


def _waves(value: float, *terms: tuple[float, float]) -> float:
    return sum(height * math.sin(value * math.pi / length) for height, length in terms)


def _gcj02_to_bd09(lon: float, lat: float) -> Place:
    radius = math.hypot(lon, lat) + 0.000_02 * math.sin(lat * _BAIDU)
    angle = math.atan2(lat, lon) + 0.000_003 * math.cos(lon * _BAIDU)
    return radius * math.cos(angle) + 0.0065, radius * math.sin(angle) + 0.006


def _undo(shift: Callable[[float, float], Place], target: Place) -> Place:
    """The place that `shift` moves to `target`, to a tenth of a millimetre."""
    lon, lat = target
    for _ in range(_ROUNDS):
        there_lon, there_lat = shift(lon, lat)
        off_lon, off_lat = target[0] - there_lon, target[1] - there_lat
        lon, lat = lon + off_lon, lat + off_lat
        if max(abs(off_lon), abs(off_lat)) < _CLOSE_DEG:
            break
    return lon, lat
