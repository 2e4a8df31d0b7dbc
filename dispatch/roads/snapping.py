"""Where a place meets the road: the nearest street, how far along it, and how far off it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dispatch.errors import BadInput, Fault
from dispatch.roads.network import EARTH_M_PER_DEGREE, UNITS_PER_DEGREE
from dispatch.roads.segments import NONE

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
# Plane metres differ from true ones by less than this share from the middle of an area to its edge.
PLANE_ERROR = 0.1


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

    def at(self, place: int) -> Snapped:
        """One of the places alone."""
        only = slice(place, place + 1)
        return Snapped(self.line[only], self.share[only], self.lonlat[only], self.distance_m[only])


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
    spots = lonlat * UNITS_PER_DEGREE
    segment = _nearest(network, spots, closed_line, farthest_m)
    line, share, on_road = _placed(network, spots, segment)
    distance_m = _distance_m(lonlat, on_road)
    off = (line == NONE) | ~(distance_m <= farthest_m)
    line[off] = NONE
    share[off], on_road[off], distance_m[off] = np.nan, np.nan, np.nan
    return Snapped(line, share, on_road, distance_m)


def _nearest(network: Network, spots: Floats, closed_line: Ints, farthest_m: float) -> Ints:
    """The nearest segment of a street that may be driven, NONE where none is near enough."""
    searched_m = farthest_m * (1 + PLANE_ERROR)
    segment = network.segments.nearest(spots, searched_m)
    left_out = network.is_ferry
    again = _on(network, segment, left_out)
    if len(again):
        segment[again] = network.segments.nearest(spots[again], searched_m, left_out)
    if len(closed_line):
        closed = np.zeros(network.line_count, dtype=np.bool_)
        closed[closed_line] = True
        again = _on(network, segment, closed)
        if len(again):
            segment[again] = network.segments.nearest(spots[again], FARTHEST_WALK_M, left_out | closed)
    return segment


def _on(network: Network, segment: Ints, flagged: NDArray[np.bool_]) -> Ints:
    """Which of the segments belong to flagged lines."""
    found = np.flatnonzero(segment != NONE)
    return found[flagged[network.segments.line_of(segment[found])]]


def _placed(network: Network, spots: Floats, segment: Ints) -> tuple[Ints, Floats, Floats]:
    """The line of each segment, how far along it the spot meets it, and (lon, lat) there; NaN for NONE."""
    near = np.flatnonzero(segment != NONE)
    line, share = np.full(len(spots), NONE, dtype=np.int64), np.full(len(spots), np.nan)
    on_road = np.full((len(spots), 2), np.nan)
    own, within = segment[near], network.segments.along(spots[near], segment[near])[0]
    line[near] = network.segments.line_of(own)
    share[near] = network.segments.share_of_line(own, line[near], within)
    begin, end = (network.arrays.point[own + late].astype(np.float64) for late in (0, 1))
    on_road[near] = (begin + within[:, None] * (end - begin)) / UNITS_PER_DEGREE
    return line, share, on_road


def _distance_m(one: Floats, other: Floats) -> Floats:
    """Metres between near points, true at their own latitude."""
    across = (one[:, 0] - other[:, 0]) * np.cos(np.radians(one[:, 1]))
    distance: Floats = np.hypot(across, one[:, 1] - other[:, 1]) * EARTH_M_PER_DEGREE
    return distance
