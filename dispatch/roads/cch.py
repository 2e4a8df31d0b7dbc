"""How long the drive between junctions takes, by a customizable contraction hierarchy.

The order in which junctions are contracted depends on the streets alone and is computed when an area is
built. Closures change only weights: milliseconds. Two libraries bind the same RoutingKit; either will do.
"""

from __future__ import annotations

import importlib
import tempfile
import threading
import weakref
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from dispatch.roads.legs import from_legs

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

    from dispatch.roads.legs import Legs
    from dispatch.roads.network import Network

    Ints = NDArray[np.integer]
    Floats = NDArray[np.float64]
    Weights = NDArray[np.uint32]

# Both libraries take this for "no way"; a weight below it is a time.
NO_WAY = 2**31 - 1
LONGEST_DS = NO_WAY - 1
# The ways to more targets do not fit the processor's cache: four times as slow over a province.
TARGETS_AT_ONCE = 500


class Metric(Protocol):
    """A hierarchy with weights. It may be asked by many threads at once, but not while it is updated."""

    def update(self, edges: Weights, weights: Weights) -> None:
        """Give these edges new weights."""

    def between(self, origins: Legs, targets: Ints) -> Floats:
        """As `engine.Engine.between`."""

    def path(self, source: int, target: int) -> list[int]:
        """The edges of a quickest drive, [] when there is none."""


class Library(Protocol):
    """One library of contraction hierarchies."""

    def order(self, lonlat: Floats, tail: Ints, head: Ints) -> Ints:
        """The order in which the nodes at (lon, lat) are contracted: a permutation of them."""

    def hierarchy(self, order: Ints, tail: Ints, head: Ints) -> Any:
        """The hierarchy without weights."""

    def metric(self, hierarchy: Any, weights: Weights) -> Metric:
        """The hierarchy with these weights."""


def installed_library() -> Library | None:
    """The library of this machine: routingkit-cch, else pyroutingkit, None where neither is installed."""
    for library in LIBRARIES.values():
        try:
            return library()
        except ImportError:
            continue
    return None


class Hierarchies:
    """Engines over one hierarchy. A set of weights is changed only when nobody can be reading it any more.

    Each engine handed out owns the weights it answers from until the last reader lets it go; usually two sets
    take turns. So a reader sees all of an update or nothing of it, and neither side ever waits.
    """

    name = "cch"

    def __init__(self, network: Network, library: Library) -> None:
        arrays = network.arrays
        self._library = library
        core = slice(arrays.core_edges)
        self._usual = arrays.time_ds[core].astype(np.uint32)
        self._hierarchy = library.hierarchy(arrays.order, arrays.tail[core], arrays.head[core])
        self._sets: list[_WeightSet] = []

    def with_times(self, edges: Ints, times_ds: Floats) -> Hierarchy:
        """As `engine.Engines.with_times`."""
        chosen = self._free_set()
        core = edges < len(self._usual)
        edges, times_ds = edges[core], times_ds[core]
        weights = np.where(np.isfinite(times_ds), np.minimum(times_ds, LONGEST_DS), NO_WAY).astype(np.uint32)
        chosen.change(edges.astype(np.uint32), weights, self._usual)
        engine = Hierarchy(chosen.metric)
        chosen.owner = weakref.ref(engine)
        return engine

    def _free_set(self) -> _WeightSet:
        free = [each for each in self._sets if each.owner() is None]
        if free:
            # Readers that took long may have left several; one is enough for the next change.
            self._sets = [each for each in self._sets if each not in free[1:]]
            return free[0]
        made = _WeightSet(self._library.metric(self._hierarchy, self._usual))
        self._sets.append(made)
        return made


class _WeightSet:
    """Weights, which edges of them are unusual now, and weakly the engine that answers by them."""

    def __init__(self, metric: Metric) -> None:
        self.metric = metric
        self.owner: weakref.ref[Hierarchy] = weakref.ref(Hierarchy(metric))  # dead at once: free
        self._changed = np.empty(0, dtype=np.uint32)

    def change(self, edges: Weights, weights: Weights, usual: Weights) -> None:
        """Usual weights everywhere but on `edges`."""
        back = np.setdiff1d(self._changed, edges)
        self._changed = edges
        touched = np.concatenate([edges, back])
        if len(touched):
            self.metric.update(touched, np.concatenate([weights, usual[back]]))


class Hierarchy:
    """Shortest times in deciseconds between nodes while one set of edge times holds."""

    def __init__(self, metric: Metric) -> None:
        self._metric = metric

    def between(self, origins: Legs, targets: Ints) -> Floats:
        """As `engine.Engine.between`."""
        return self._metric.between(origins, targets)

    def path(self, source: int, target: int) -> list[int]:
        """As `engine.Engine.path`."""
        return self._metric.path(source, target)


class PyRoutingKit:
    """The library pyroutingkit (Linux on x86_64, macOS), where the other has no wheel."""

    def __init__(self) -> None:
        self._library: Any = importlib.import_module("pyroutingkit")

    def order(self, lonlat: Floats, tail: Ints, head: Ints) -> Ints:
        """As `Library.order`."""
        topology = self._library.CCHTopology()
        lon, lat = lonlat.astype(np.float32).T
        topology.build(tail.astype(np.uint32), head.astype(np.uint32), lat, lon, len(lonlat))
        with tempfile.TemporaryDirectory(prefix="dispatch-order-") as folder:
            topology.save(folder)
            return np.fromfile(Path(folder) / "order", dtype=np.uint32)

    def hierarchy(self, order: Ints, tail: Ints, head: Ints) -> Any:
        """As `Library.hierarchy`. It reads a folder of its own making only, so one is made for it."""
        rank = np.empty(len(order), dtype=np.uint32)
        rank[order] = np.arange(len(order), dtype=np.uint32)
        columns = {"order": order, "rank": rank, "tail": tail, "head": head, "node_count": [len(order)]}
        topology = self._library.CCHTopology()
        with tempfile.TemporaryDirectory(prefix="dispatch-order-") as folder:
            for name, column in columns.items():
                np.asarray(column, dtype=np.uint32).tofile(Path(folder) / name)
            topology.load(folder)
        return topology

    def metric(self, hierarchy: Any, weights: Weights) -> Metric:
        """As `Library.metric`."""
        metric = self._library.CCHMetric(hierarchy)
        metric.customize(weights)
        return _PyMetric(metric)


class _PyMetric:
    """One question at a time: pyroutingkit keeps its search in the metric, and lets threads run meanwhile.

    Two threads asking one metric at once crash the process (seen with 0.2.1).
    """

    def __init__(self, metric: Any) -> None:
        self._metric = metric
        self._asking = threading.Lock()

    def update(self, edges: Weights, weights: Weights) -> None:
        with self._asking:
            self._metric.update_weights(edges, weights)

    def between(self, origins: Legs, targets: Ints) -> Floats:
        return from_legs(self._table, origins, targets)

    def _table(self, sources: Ints, targets: Ints) -> Floats:
        found = np.empty((len(sources), len(targets)))
        asked = sources.astype(np.uint32)
        for begin in range(0, len(targets), TARGETS_AT_ONCE):
            lot = slice(begin, begin + TARGETS_AT_ONCE)
            with self._asking:
                part = self._metric.distances_many_to_many(asked, targets[lot].astype(np.uint32))
            found[:, lot] = np.where(part >= NO_WAY, np.inf, part)
        return found

    def path(self, source: int, target: int) -> list[int]:
        with self._asking:
            return list(self._metric.query(source, target)[2])


class RoutingKitCch:
    """The library routingkit-cch (Linux, Windows)."""

    def __init__(self) -> None:
        self._library: Any = importlib.import_module("routingkit_cch")

    def order(self, lonlat: Floats, tail: Ints, head: Ints) -> Ints:
        """As `Library.order`."""
        lon, lat = lonlat.T.tolist()
        found = self._library.compute_order_inertial(len(lonlat), tail.tolist(), head.tolist(), lat, lon)
        return np.array(found, dtype=np.uint32)

    def hierarchy(self, order: Ints, tail: Ints, head: Ints) -> Any:
        """As `Library.hierarchy`; False keeps every edge, as a closed one may open again."""
        return self._library.CCH(order.tolist(), tail.tolist(), head.tolist(), False)

    def metric(self, hierarchy: Any, weights: Weights) -> Metric:
        """As `Library.metric`."""
        metric = self._library.CCHMetric(hierarchy, weights.tolist())
        return _RoutingKitMetric(self._library, hierarchy, metric)


@dataclass(frozen=True, slots=True)
class _RoutingKitMetric:
    library: Any
    hierarchy: Any
    metric: Any

    def update(self, edges: Weights, weights: Weights) -> None:
        updater = self.library.CCHMetricPartialUpdater(self.hierarchy)
        updater.apply(self.metric, dict(zip(edges.tolist(), weights.tolist(), strict=True)))

    def between(self, origins: Legs, targets: Ints) -> Floats:
        """Both legs of a place in one search: half the work. Neighbours follow each other, for the cache."""
        legs = list(zip(origins.node.tolist(), origins.ds.astype(np.int64).tolist(), strict=True))
        rows = [
            (row, legs[begin:end])
            for row, (begin, end) in enumerate(pairwise(origins.start.tolist()))
            if end > begin
        ]
        rows.sort(key=itemgetter(1))
        table = np.full((len(origins), len(targets)), np.inf)
        for begin in range(0, len(targets), TARGETS_AT_ONCE):
            lot = slice(begin, begin + TARGETS_AT_ONCE)
            search = self.library.CCHOneToMany(self.metric, targets[lot].tolist())
            for row, its_legs in rows:
                table[row, lot] = search.distances_from_multi(its_legs)  # None becomes NaN
        return np.where(np.isnan(table), np.inf, table)

    def path(self, source: int, target: int) -> list[int]:
        found = self.library.CCHQuery(self.metric).run(source, target)
        return [] if found.distance is None else list(found.arc_path)


# The first that is installed is taken: over a province it orders junctions so that a matrix takes a fifth of
# the time that the other one's order makes it take, and it asks from both ends of a street at once.
LIBRARIES: dict[str, Callable[[], Library]] = {"routingkit_cch": RoutingKitCch, "pyroutingkit": PyRoutingKit}
