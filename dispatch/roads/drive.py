"""How long a drive takes that starts and ends in the middle of a street.

A spot on a street is held by the whole deciseconds to its ends, so every sum of times is exact, whatever
engine answers and in whichever order it adds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dispatch.roads.lastmile import Reached
from dispatch.roads.legs import Legs, to_legs
from dispatch.roads.segments import NONE

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispatch.roads.closures import Slowed
    from dispatch.roads.engine import Engine, Engines
    from dispatch.roads.network import Network
    from dispatch.roads.snapping import Snapped

    Ints = NDArray[np.integer]
    Floats = NDArray[np.float64]

# A slower road is as good as closed; the bound keeps every sum of times an exact number.
SLOWEST_FACTOR = 0.001


@dataclass(frozen=True, slots=True)
class Times:
    """The drive times that hold under one set of closures; replaced whole, so readers never see a mixture.

    Only what is unusual is kept: `edge`, sorted, takes `ds` deciseconds (infinity: closed), not `usual_ds`.
    """

    usual_ds: Ints
    edge: Ints
    ds: Floats
    closed_line: Ints
    engine: Engine

    def edge_ds(self, edges: Ints) -> Floats:
        """Deciseconds over each of these edges."""
        found = self.usual_ds[edges].astype(np.float64)
        if len(self.edge):
            at = np.minimum(np.searchsorted(self.edge, edges), len(self.edge) - 1)
            unusual = self.edge[at] == edges
            found[unusual] = self.ds[at[unusual]]
        return found


class Spots(NamedTuple):
    """Places on their streets, [2, n] by the line's start and end: the nodes, and deciseconds to each.

    Infinity where the street is closed or one-way, or the place on none.
    """

    line: Ints
    node: Ints
    ds: Floats


class Side(NamedTuple):
    """One end of the drives: where the places are, what their last mile reaches, and their legs.

    `reached` has a row for each of `off`, the places on a street of the last mile.
    """

    spots: Spots
    off: Ints
    reached: Reached
    legs: Legs


def times_with(network: Network, engines: Engines, slowed: Slowed) -> Times:
    """The times when the slowed lines are driven at their factor (0 closed to 1) of the usual speed."""
    arrays = network.arrays
    edge = network.edges_of(slowed.line)
    factor = slowed.factor[np.searchsorted(slowed.line, arrays.line[edge])]
    slow_ds = np.ceil(arrays.time_ds[edge] / np.maximum(factor, SLOWEST_FACTOR))
    edge_ds = np.where(factor == 0, np.inf, slow_ds)
    closed_line = slowed.line[slowed.factor == 0]
    return Times(arrays.time_ds, edge, edge_ds, closed_line, engines.with_times(edge, edge_ds))


def leaving(network: Network, times: Times, places: Snapped) -> Side:
    """How the places are left, as one-way streets allow."""
    to_start = _part_ds(network.ways.back, times, places, from_end=False)
    to_end = _part_ds(network.ways.along, times, places, from_end=True)
    return _side(network, times, places, np.stack([to_start, to_end]), backwards=False)


def coming(network: Network, times: Times, places: Snapped) -> Side:
    """How the places are come to, as one-way streets allow."""
    from_start = _part_ds(network.ways.along, times, places, from_end=False)
    from_end = _part_ds(network.ways.back, times, places, from_end=True)
    return _side(network, times, places, np.stack([from_start, from_end]), backwards=True)


def through_ds(engine: Engine, leave: Legs, come: Legs) -> Floats:
    """Deciseconds [origins, destinations] over the streets open to all; infinity where none leads there."""
    targets, column = np.unique(come.node, return_inverse=True)
    if not len(targets) or not len(leave.node):
        return np.full((len(leave), len(come)), np.inf)
    return to_legs(engine.between(leave, targets), come, column)


def same_street_ds(network: Network, times: Times, start: Snapped, end: Snapped) -> Floats:
    """Deciseconds [origins, destinations] without leaving the street; infinity between different streets."""
    street_ds = np.full((len(start), len(end)), np.inf)
    row, column = np.nonzero((start.line[:, None] == end.line[None, :]) & (start.line != NONE)[:, None])
    line, begin, stop = start.line[row], start.share[row], end.share[column]
    for edge_of_line, ahead in ((network.ways.along, stop > begin), (network.ways.back, stop < begin)):
        whole = _line_ds(edge_of_line, times, line)
        spot_ds = np.abs(_spot_ds(whole, stop) - _spot_ds(whole, begin))
        street_ds[row[ahead], column[ahead]] = np.where(np.isfinite(whole), spot_ds, np.inf)[ahead]
    still = stop == begin
    street_ds[row[still], column[still]] = 0.0
    return street_ds


def same_set_ds(network: Network, leave: Side, come: Side) -> Floats:
    """Deciseconds [origins, destinations] within one set of roads for the last mile; else infinity."""
    found = np.full((len(leave.legs), len(come.legs)), np.inf)
    if not len(leave.off) or not len(come.off):
        return found
    mile = network.last_mile
    lines, others = leave.spots.line[leave.off], come.spots.line[come.off]
    row, column = np.nonzero(mile.of_line[lines][:, None] == mile.of_line[others][None, :])
    place = come.off[column]
    first = leave.reached.start[row] - mile.first_vertex(lines[row])
    for node, ds in zip(come.spots.node, come.spots.ds, strict=True):
        by_end = leave.reached.ds[first + mile.vertex(others[column], node[place])] + ds[place]
        np.minimum.at(found, (leave.off[row], place), by_end)
    return found


def _side(network: Network, times: Times, places: Snapped, ds: Floats, *, backwards: bool) -> Side:
    on_road = places.line != NONE
    node = np.full(ds.shape, NONE, dtype=np.int64)
    node[:, on_road] = network.line_ends(places.line[on_road])
    spots = Spots(places.line, node, ds)
    off = np.flatnonzero(on_road & network.is_last_mile[places.line])
    reached = _reached(network, times, spots, off, backwards=backwards)
    return Side(spots, off, reached, _legs(network, spots, off, reached))


def _reached(network: Network, times: Times, spots: Spots, off: Ints, *, backwards: bool) -> Reached:
    if not len(off):
        return Reached(np.zeros(1, dtype=np.int64), np.empty(0, dtype=np.int64), np.empty(0))
    mile, lines = network.last_mile, spots.line[off]
    ends = np.stack([mile.vertex(lines, node[off]) for node in spots.node])
    return mile.reached(lines, ends, spots.ds[:, off], times.edge_ds, backwards=backwards)


def _legs(network: Network, spots: Spots, off: Ints, reached: Reached) -> Legs:
    on_core = np.isfinite(spots.ds)
    on_core[:, off] = False
    place, node, ds = np.nonzero(on_core)[1], spots.node[on_core], spots.ds[on_core]
    if len(off):
        mile = network.last_mile
        out = mile.touches[reached.vertex] & np.isfinite(reached.ds)
        place = np.concatenate([place, np.repeat(off, np.diff(reached.start))[out]])
        node = np.concatenate([node, mile.node[reached.vertex[out]]])
        ds = np.concatenate([ds, reached.ds[out]])
    return Legs.gathered(len(spots.line), place, node, ds)


def _line_ds(edge_of_line: Ints, times: Times, line: Ints) -> Floats:
    """Deciseconds over each whole line in one direction; infinity where it may not be driven."""
    edge = np.where(line == NONE, NONE, edge_of_line[line])
    whole: Floats = np.where(edge == NONE, np.inf, times.edge_ds(edge))
    return whole


def _spot_ds(whole: Floats, share: Floats) -> Floats:
    """Whole deciseconds from the line's start to this share of it; 0 where the line is not driven."""
    return np.rint(np.where(np.isfinite(whole), whole, 0.0) * share)


def _part_ds(edge_of_line: Ints, times: Times, places: Snapped, *, from_end: bool) -> Floats:
    """Deciseconds between each place and an end of its line; none at that very end, however it is driven."""
    whole = _line_ds(edge_of_line, times, places.line)
    driven = np.isfinite(whole)
    spot = _spot_ds(whole, places.share)
    part = np.where(driven, np.where(driven, whole, 0.0) - spot if from_end else spot, np.inf)
    part[places.share == (1.0 if from_end else 0.0)] = 0.0
    return part
