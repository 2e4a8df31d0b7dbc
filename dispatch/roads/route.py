"""Which way a drive goes: the streets between two places as one line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dispatch.roads.network import NONE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispatch.roads.network import Network
    from dispatch.roads.snapping import Snapped

    Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Route:
    """A drive: its (lon, lat) points (two at least), `length_m` metres, `travel_s` seconds."""

    line: list[tuple[float, float]]
    length_m: float
    travel_s: float


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of one line, from one share 0-1 of it to another; a falling share runs against the drawing."""

    line: int
    begin: float
    end: float


def through_stretches(
    network: Network, start: Snapped, end: Snapped, way: tuple[int, int], edges: list[int]
) -> list[Stretch]:
    """The pieces of a drive over `edges`; `way` is by which ends (0 start, 1 end) it leaves and comes."""
    arrays = network.arrays
    between = [
        Stretch(int(arrays.line[edge]), float(arrays.against[edge]), float(not arrays.against[edge]))
        for edge in edges
        if arrays.line[edge] != NONE
    ]
    first = Stretch(int(start.line[0]), float(start.share[0]), float(way[0]))
    last = Stretch(int(end.line[0]), float(way[1]), float(end.share[0]))
    return [first, *between, last]


def draw(network: Network, stretches: list[Stretch], travel_s: float) -> Route:
    """The pieces joined into one line."""
    points: list[tuple[float, float]] = []
    for stretch in stretches:
        for lon, lat in _points(network, stretch).tolist():
            if not points or points[-1] != (lon, lat):
                points.append((lon, lat))
    if len(points) == 1:
        points *= 2  # a drive of no length is still a line
    length_m = sum(abs(piece.end - piece.begin) * network.line_length_m(piece.line) for piece in stretches)
    return Route(points, float(length_m), travel_s)


def _points(network: Network, stretch: Stretch) -> Floats:
    """The (lon, lat) points of a stretch in the order driven."""
    lonlat = network.line_lonlat(stretch.line)
    steps = np.hypot(*np.diff(network.to_metres(lonlat), axis=0).T)
    reached = np.concatenate([[0.0], np.cumsum(steps)])
    share = reached / reached[-1] if reached[-1] else np.linspace(0, 1, len(reached))
    low, high = sorted((stretch.begin, stretch.end))
    at = np.concatenate([[low], share[(share > low) & (share < high)], [high]])
    points = np.column_stack([np.interp(at, share, lonlat[:, axis]) for axis in (0, 1)])
    return points if stretch.begin <= stretch.end else points[::-1]
