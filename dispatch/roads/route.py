"""Which way a drive goes: the streets between two places as one line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dispatch.roads.drive import coming, leaving, same_set_ds, same_street_ds
from dispatch.roads.legs import Legs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from dispatch.roads.drive import Side, Times
    from dispatch.roads.network import Network
    from dispatch.roads.snapping import Snapped

    Floats = NDArray[np.float64]

DECISECONDS = 10


@dataclass(frozen=True, slots=True)
class Route:
    """A drive: its (lon, lat) points (two at least), `length_m` metres, `travel_s` seconds.

    `road_class` is the class of road on which most of its metres lie, "" where that is not known.
    """

    line: list[tuple[float, float]]
    length_m: float
    travel_s: float
    road_class: str = ""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A piece of one line, from one share 0-1 of it to another; a falling share runs against the drawing."""

    line: int
    begin: float
    end: float


class _Way(NamedTuple):
    """A drive from street to street: by which end (0 start, 1 end) of its line it leaves and comes."""

    ds: float
    leaves: int
    comes: int
    edges: list[int]


def find(network: Network, times: Times, start: Snapped, end: Snapped) -> Route | None:
    """The quickest drive from the one place of `start` to the one of `end`; None when no road leads there."""
    travel_ds, stretches = _quickest(network, times, start, end)
    return _drawn(network, stretches, travel_ds / DECISECONDS) if stretches else None


def find_class(network: Network, times: Times, start: Snapped, end: Snapped) -> str:
    """The `road_class` of what `find` says, without drawing it; "" when no road leads there."""
    stretches = _quickest(network, times, start, end)[1]
    return _class_of_most(network, stretches, _metres(network, stretches)) if stretches else ""


def _quickest(network: Network, times: Times, start: Snapped, end: Snapped) -> tuple[float, list[Stretch]]:
    """Deciseconds of the quickest drive and the pieces it is made of, none when no road leads there."""
    street_ds = float(same_street_ds(network, times, start, end)[0, 0])
    leave, come = leaving(network, times, start), coming(network, times, end)
    ways = [*_through(network, times, leave, come), *_within_set(network, times, leave, come)]
    best = min(ways, key=lambda way: way.ds, default=_Way(np.inf, 0, 0, []))
    travel_ds = min(street_ds, best.ds)
    if not np.isfinite(travel_ds):
        return travel_ds, []
    if street_ds == travel_ds:
        return travel_ds, [Stretch(int(start.line[0]), float(start.share[0]), float(end.share[0]))]
    return travel_ds, _stretches(network, start, end, best)


def _through(network: Network, times: Times, leave: Side, come: Side) -> Iterator[_Way]:
    """The quickest way over the streets open to all, if there is one."""
    out, home = leave.legs, come.legs
    if not len(out.node) or not len(home.node):
        return
    targets, column = np.unique(home.node, return_inverse=True)
    whole = out.ds[:, None] + times.engine.between(Legs.at(out.node), targets)[:, column] + home.ds
    one, other = divmod(int(whole.argmin()), whole.shape[1])
    if not np.isfinite(whole[one, other]):
        return
    source, target = int(out.node[one]), int(home.node[other])
    leaves, first = _to_leg(network, times, leave, source, backwards=False)
    comes, last = _to_leg(network, times, come, target, backwards=True)
    edges = [*first, *times.engine.path(source, target), *last]
    yield _Way(float(whole[one, other]), leaves, comes, edges)


def _to_leg(
    network: Network, times: Times, side: Side, node: int, *, backwards: bool
) -> tuple[int, list[int]]:
    """By which end of its street the place and the junction of its leg are joined, and the edges between."""
    spots = side.spots
    if not len(side.off):
        return int(np.where(spots.node[:, 0] == node, spots.ds[:, 0], np.inf).argmin()), []
    goal = int(network.last_mile.vertex(spots.line, np.array([node]))[0])
    ways = [
        (ds + float(spots.ds[end, 0]), end, edges)
        for end, begin in enumerate(_end_vertices(network, side))
        for ds, edges in _set_path(network, times, side, (begin, goal), backwards=backwards)
    ]
    _ds, end, edges = min(ways)
    return end, edges


def _within_set(network: Network, times: Times, leave: Side, come: Side) -> Iterator[_Way]:
    """The ways that do not leave a set of roads for the last mile, by each end of both streets."""
    if not np.isfinite(same_set_ds(network, leave, come)[0, 0]):
        return
    for one, begin in enumerate(_end_vertices(network, leave)):
        for other, goal in enumerate(_end_vertices(network, come)):
            for ds, edges in _set_path(network, times, leave, (begin, goal), backwards=False):
                whole = float(leave.spots.ds[one, 0]) + ds + float(come.spots.ds[other, 0])
                yield _Way(whole, one, other, edges)


def _end_vertices(network: Network, side: Side) -> list[int]:
    return [int(network.last_mile.vertex(side.spots.line, node)[0]) for node in side.spots.node]


def _set_path(
    network: Network, times: Times, side: Side, ends: tuple[int, int], *, backwards: bool
) -> Iterator[tuple[float, list[int]]]:
    """Deciseconds and edges of the quickest way between two vertices of a set, if there is one."""
    begin, goal = ends
    edges = network.last_mile.path(int(side.spots.line[0]), begin, goal, times.edge_ds, backwards=backwards)
    if edges or begin == goal:
        yield float(times.edge_ds(np.array(edges, dtype=np.int64)).sum()), edges


def _stretches(network: Network, start: Snapped, end: Snapped, way: _Way) -> list[Stretch]:
    arrays = network.arrays
    between = [
        Stretch(int(arrays.line[edge]), float(arrays.against[edge]), float(not arrays.against[edge]))
        for edge in way.edges
    ]
    first = Stretch(int(start.line[0]), float(start.share[0]), float(way.leaves))
    last = Stretch(int(end.line[0]), float(way.comes), float(end.share[0]))
    return [first, *between, last]


def _drawn(network: Network, stretches: list[Stretch], travel_s: float) -> Route:
    """The pieces joined into one line."""
    points: list[tuple[float, float]] = []
    for stretch in stretches:
        for lon, lat in _points(network, stretch).tolist():
            if not points or points[-1] != (lon, lat):
                points.append((lon, lat))
    if len(points) == 1:
        points *= 2  # a drive of no length is still a line
    metres = _metres(network, stretches)
    return Route(points, float(metres.sum()), travel_s, _class_of_most(network, stretches, metres))


def _metres(network: Network, stretches: list[Stretch]) -> Floats:
    share = np.array([abs(piece.end - piece.begin) for piece in stretches])
    return share * network.line_length_m(_lines(stretches))


def _lines(stretches: list[Stretch]) -> NDArray[np.int64]:
    return np.array([piece.line for piece in stretches], dtype=np.int64)


def _class_of_most(network: Network, stretches: list[Stretch], metres: Floats) -> str:
    """The class with the most metres; of equals the first by name."""
    of: dict[str, float] = {}
    for number, length_m in zip(network.line_class(_lines(stretches)).tolist(), metres.tolist(), strict=True):
        name = network.class_names[number]
        of[name] = of.get(name, 0.0) + length_m
    return max(sorted(of), key=lambda name: of[name])


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
