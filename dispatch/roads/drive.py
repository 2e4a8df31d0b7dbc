"""How long a drive takes that starts and ends in the middle of a street."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dispatch.roads.network import NONE

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


@dataclass(frozen=True, slots=True)
class Legs:
    """The part on its own street of drives from (or to) n places, [2, n]: by the line's start, by its end."""

    node: Ints
    ds: Floats


def times_with(network: Network, engines: Engines, slowed: Slowed) -> Times:
    """The times when the slowed lines are driven at their factor (0 closed to 1) of the usual speed."""
    arrays = network.arrays
    edge = network.edges_of(slowed.line)
    factor = slowed.factor[np.searchsorted(slowed.line, arrays.line[edge])]
    slow_ds = np.ceil(arrays.time_ds[edge] / np.maximum(factor, SLOWEST_FACTOR))
    edge_ds = np.where(factor == 0, np.inf, slow_ds)
    closed_line = slowed.line[slowed.factor == 0]
    return Times(arrays.time_ds, edge, edge_ds, closed_line, engines.with_times(edge, edge_ds))


def leaving(network: Network, times: Times, places: Snapped) -> Legs:
    """From the places back to their line's start, and on to its end, as one-way streets allow."""
    to_start = _part_ds(network.leaving.back, times, places, places.share)
    to_end = _part_ds(network.leaving.along, times, places, 1 - places.share)
    return Legs(np.stack(network.line_ends(places.line, network.leaving)), np.stack([to_start, to_end]))


def coming(network: Network, times: Times, places: Snapped) -> Legs:
    """To the places from their line's start, and from its end, as one-way streets allow."""
    from_start = _part_ds(network.coming.along, times, places, places.share)
    from_end = _part_ds(network.coming.back, times, places, 1 - places.share)
    return Legs(np.stack(network.line_ends(places.line, network.coming)), np.stack([from_start, from_end]))


def through_ds(engine: Engine, leave: Legs, come: Legs) -> Floats:
    """Deciseconds [2, origins, 2, destinations] by each end of the origin's and the destination's street."""
    away, home = leave.ds.ravel(), come.ds.ravel()
    rows, columns = np.flatnonzero(np.isfinite(away)), np.flatnonzero(np.isfinite(home))
    table = np.full((len(away), len(home)), np.inf)
    if len(rows) and len(columns):
        between = engine.between(leave.node.ravel()[rows], come.node.ravel()[columns])
        table[np.ix_(rows, columns)] = away[rows, None] + between + home[None, columns]
    return table.reshape(*leave.ds.shape, *come.ds.shape)


def same_street_ds(network: Network, times: Times, start: Snapped, end: Snapped) -> Floats:
    """Deciseconds [origins, destinations] without leaving the street; infinity between different streets."""
    ahead = end.share[None, :] - start.share[:, None]
    same = (start.line[:, None] == end.line[None, :]) & (start.line != NONE)[:, None]
    along = np.broadcast_to(_line_ds(network.leaving.along, times, start)[:, None], same.shape)
    back = np.broadcast_to(_line_ds(network.leaving.back, times, start)[:, None], same.shape)
    street_ds = np.full(same.shape, np.inf)
    for way, whole in ((same & (ahead > 0), along), (same & (ahead < 0), back)):
        street_ds[way] = np.abs(ahead[way]) * whole[way]
    street_ds[same & (ahead == 0)] = 0.0
    return street_ds


def _line_ds(edge_of_line: Ints, times: Times, places: Snapped) -> Floats:
    """Deciseconds over the whole line of each place in one direction; infinity where it may not be driven."""
    edge = np.where(places.line == NONE, NONE, edge_of_line[places.line])
    whole: Floats = np.where(edge == NONE, np.inf, times.edge_ds(edge))
    return whole


def _part_ds(edge_of_line: Ints, times: Times, places: Snapped, share: Floats) -> Floats:
    """Deciseconds over `share` of each place's line; none at its very end, whichever way it is driven."""
    whole = _line_ds(edge_of_line, times, places)
    part = np.multiply(whole, share, out=np.zeros_like(whole), where=share != 0)
    return np.where(np.isnan(part), np.inf, part)
