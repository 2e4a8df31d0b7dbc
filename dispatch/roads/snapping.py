"""Where a place meets the road: the nearest street, how far along it, and how far off it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import shapely

from dispatch.errors import BadInput, Fault
from dispatch.roads.network import EARTH_M_PER_DEGREE, NONE

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dispatch.roads.network import Network

    Ints = NDArray[np.integer]
    Floats = NDArray[np.float64]
    LonLat = tuple[float, float]

# Beyond this a place is not on this map (a wrong pin, another county), and no drive is made up for it.
FARTHEST_FROM_ROAD_M = 2000.0
# A place whose own street is closed is walked to from an open one within this, else it cannot be reached.
FARTHEST_WALK_M = 200.0


@dataclass(frozen=True, slots=True)
class Snapped:
    """Places on the road, one entry a place. `line` is -1 and the rest NaN where no road is near enough.

    `share` 0-1 is how far along the line as drawn, `lonlat` the point on the road, `distance_m` to it.
    """

    line: Ints
    share: Floats
    lonlat: Floats
    distance_m: Floats

    def __len__(self) -> int:
        return len(self.line)


def checked_lonlat(places: Sequence[LonLat], what: str) -> Floats:
    """The places as an array [n, 2] of (lon, lat); BadInput names each that is not on the globe."""
    try:
        lonlat = np.asarray(places, dtype=np.float64).reshape(len(places), 2)
    except (TypeError, ValueError) as error:
        raise BadInput(f"Every place of {what} must be two numbers: longitude and latitude.") from error
    good = np.isfinite(lonlat).all(axis=1) & (np.abs(lonlat) <= (180, 90)).all(axis=1)
    if not good.all():
        raise BadInput(
            f"Coordinates of {what} must be longitude -180 to 180 and latitude -90 to 90, in this order.",
            tuple(
                Fault(f"{what}[{row}]", f"{lonlat[row].tolist()} is not on the globe")
                for row in np.flatnonzero(~good)
            ),
        )
    return lonlat


def snap(
    network: Network, lonlat: Floats, closed_line: Ints, farthest_m: float = FARTHEST_FROM_ROAD_M
) -> Snapped:
    """Put each (lon, lat) on its nearest street; `closed_line` are the streets that nobody may drive."""
    if not len(lonlat):
        return Snapped(np.empty(0, dtype=np.int64), np.empty(0), np.empty((0, 2)), np.empty(0))
    points = shapely.points(network.to_metres(lonlat))
    line = _nearest(network, points)
    on_closed = np.flatnonzero(np.isin(line, closed_line))
    line[on_closed] = _nearest_open(network, points[on_closed], closed_line)
    share, on_road = _along(network, points, line)
    distance_m = _distance_m(lonlat, on_road)
    off = (line == NONE) | (distance_m > farthest_m)
    line[off] = NONE
    share[off], on_road[off], distance_m[off] = np.nan, np.nan, np.nan
    return Snapped(line, share, on_road, distance_m)


def _nearest(network: Network, points: NDArray[np.object_]) -> Ints:
    tree, line_of = network.streets
    entry: Ints = tree.nearest(points)
    return entry if line_of is None else line_of[entry]


def _nearest_open(network: Network, points: NDArray[np.object_], closed_line: Ints) -> Ints:
    found = np.full(len(points), NONE)
    place, line = network.tree.query(points, predicate="dwithin", distance=FARTHEST_WALK_M)
    open_ones = ~np.isin(line, closed_line) & ~np.isin(line, network.ferries)
    place, line = place[open_ones], line[open_ones]
    farthest_first = np.argsort(-shapely.distance(points[place], network.lines[line]), kind="stable")
    found[place[farthest_first]] = line[farthest_first]  # the nearest is written last and stays
    return found


def _along(network: Network, points: NDArray[np.object_], line: Ints) -> tuple[Floats, Floats]:
    lines = network.lines[line]
    share = shapely.line_locate_point(lines, points, normalized=True)
    share = np.clip(np.nan_to_num(share), 0.0, 1.0)  # a line without length has no share
    on_road = shapely.line_interpolate_point(lines, share, normalized=True)
    return share, network.to_degrees(shapely.get_coordinates(on_road))


def _distance_m(one: Floats, other: Floats) -> Floats:
    """Metres between near points, true at their own latitude."""
    across = (one[:, 0] - other[:, 0]) * np.cos(np.radians(one[:, 1]))
    distance: Floats = np.hypot(across, one[:, 1] - other[:, 1]) * EARTH_M_PER_DEGREE
    return distance
