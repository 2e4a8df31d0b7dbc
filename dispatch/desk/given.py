"""Whether coordinates that somebody gave can be meant: on the globe, and not latitude before longitude."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.desk.outside import BEYOND_M, beyond_m
from dispatch.errors import BadInput, Fault

if TYPE_CHECKING:
    from dispatch.desk import Desk

SWAPPED = "lon and lat are swapped: longitude comes first"


def check_lonlat(desk: Desk, lonlat: tuple[float, float]) -> None:
    """Raise BadInput for no place on earth, or one outside the area that lies in it when turned round."""
    lon, lat = lonlat
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        hint = f"; perhaps {SWAPPED}" if abs(lon) <= 90 < abs(lat) <= 180 else ""
        fault = Fault("lon", f"or lat is out of range: lon -180 to 180, lat -90 to 90{hint}")
        raise BadInput(
            f"That is no place on earth: give lon, lat in degrees{hint}.", (fault,), code="not_on_earth"
        )
    turned_round = abs(lon) <= 90 and beyond_m(desk, lonlat) > BEYOND_M and beyond_m(desk, (lat, lon)) == 0
    if turned_round:
        where = f"{lon}, {lat} lies far outside the area and {lat}, {lon} inside"
        raise BadInput(f"It seems that {SWAPPED}; {where}.", (Fault("lat", SWAPPED),), code="swapped")
