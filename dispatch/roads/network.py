"""The roads of one area as arrays: nodes, directed edges and the streets' lines, in one file.

A line is a street between two junctions as drawn; a two-way street is one line and two edges.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, fields
from enum import IntEnum
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from dispatch.errors import SetupError

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Ints = NDArray[np.integer]
    Floats = NDArray[np.float64]

FILE_NAME = "roads.npz"
# Written into every file; a file of another layout is refused with the advice to build again.
LAYOUT = 2
UNITS_PER_DEGREE = 10_000_000  # OpenStreetMap's own precision, about a centimetre
EARTH_M_PER_DEGREE = 6_371_008.8 * np.pi / 180
NONE = -1


class Layer(IntEnum):
    """Where an edge or node belongs: to streets open to all, or to one end of a drive (the last mile)."""

    CORE = 0
    OUT = 1
    IN = 2


@dataclass(frozen=True)
class Arrays:
    """What the file holds. `point` is (lon, lat) in 1e-7 degrees, `time_ds` deciseconds, `length_m` metres.

    Edge e runs from node `tail[e]` to `head[e]` along line `line[e]`, against its drawing if `against[e]`.
    Links between layers have no line (-1) and take no time. Nodes of one `part` reach each other; 0 is the
    largest, the others are islands.
    Line i has the points `point[line_start[i]:line_start[i + 1]]`. `class_names` and `names` are UTF-8 texts,
    one entry a line of text, indexed by `road_class` and `name`. `order` is the order in which the nodes are
    contracted, empty when no library of contraction hierarchies was there to compute it.
    """

    node: Ints
    part: Ints
    tail: Ints
    head: Ints
    layer: Ints
    length_m: Floats
    time_ds: Ints
    road_class: Ints
    name: Ints
    line: Ints
    against: NDArray[np.bool_]
    line_start: Ints
    point: Ints
    class_names: Ints
    names: Ints
    order: Ints


class Network:
    """The arrays of an area, and what follows from them: metres, search trees, the edges of a line."""

    def __init__(self, arrays: Arrays) -> None:
        self.arrays = arrays
        self.node_count = len(arrays.node)
        self.line_count = len(arrays.line_start) - 1
        low, high = arrays.point.min(axis=0) / UNITS_PER_DEGREE, arrays.point.max(axis=0) / UNITS_PER_DEGREE
        self.bounds = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
        self._metres_per_degree = EARTH_M_PER_DEGREE * np.array(
            [np.cos(np.radians((low[1] + high[1]) / 2)), 1.0],
        )
        self.leaving = self._ways(Layer.OUT)
        self.coming = self._ways(Layer.IN)

    @property
    def has_order(self) -> bool:
        """Whether the area was built with an order of contraction."""
        return len(self.arrays.order) == self.node_count

    @cached_property
    def junction_count(self) -> int:
        """Junctions and dead ends as drawn: there is a link for each node that only the last mile needs."""
        return self.node_count - int((self.arrays.line == NONE).sum())

    @cached_property
    def street_edge_count(self) -> int:
        """Edges as drawn: two for a street driven both ways."""
        return int(((self.arrays.line != NONE) & (self.arrays.layer != Layer.IN)).sum())

    def edges_of(self, lines: Ints) -> Ints:
        """The edges of these lines, in both directions and all layers, sorted."""
        edges = np.concatenate([way[lines] for ways in (self.leaving, self.coming) for way in ways])
        found: Ints = np.unique(edges[edges != NONE])
        return found

    def street_edges_of(self, lines: Ints) -> Ints:
        """The edges of these lines as drawn, each direction once, sorted."""
        edges = np.concatenate([way[lines] for way in self.leaving])
        found: Ints = np.sort(edges[edges != NONE])
        return found

    def to_metres(self, lonlat: Floats) -> Floats:
        """(lon, lat) in degrees → plane metres, true in the middle of the area."""
        return lonlat * self._metres_per_degree

    def to_degrees(self, metres: Floats) -> Floats:
        """Plane metres → (lon, lat) in degrees."""
        return metres / self._metres_per_degree

    @cached_property
    def lines(self) -> NDArray[np.object_]:
        """One shapely line a street, in plane metres."""
        counts = np.diff(self.arrays.line_start)
        owner = np.repeat(np.arange(self.line_count), counts)
        lonlat = self.arrays.point / UNITS_PER_DEGREE
        made: NDArray[np.object_] = shapely.linestrings(self.to_metres(lonlat), indices=owner)
        return made

    @cached_property
    def tree(self) -> shapely.STRtree:
        """The search tree over `lines`."""
        return shapely.STRtree(self.lines)

    @cached_property
    def ferries(self) -> Ints:
        """The lines that are ferries, sorted: nobody lives on them."""
        names = unpack_texts(self.arrays.class_names)
        if "ferry" not in names:
            return np.empty(0, dtype=np.int64)
        ferry = (self.arrays.road_class == names.index("ferry")) & (self.arrays.line != NONE)
        found: Ints = np.unique(self.arrays.line[ferry])
        return found

    @cached_property
    def streets(self) -> tuple[shapely.STRtree, Ints | None]:
        """A search tree over the lines that are no ferry, and the line of each entry (None: entry = line)."""
        if not len(self.ferries):
            return self.tree, None
        street = np.setdiff1d(np.arange(self.line_count), self.ferries)
        return shapely.STRtree(self.lines[street]), street

    def line_lonlat(self, line: int) -> Floats:
        """The (lon, lat) points of a line, in the order drawn."""
        first, end = self.arrays.line_start[line : line + 2]
        points: Floats = self.arrays.point[first:end] / UNITS_PER_DEGREE
        return points

    def line_length_m(self, line: int) -> float:
        """Metres along the whole line."""
        return float(self.arrays.length_m[self._any_edge(self.leaving, np.array([line]))[0]])

    def line_name(self, line: int) -> int:
        """Which of `names` is the line's."""
        return int(self.arrays.name[self._any_edge(self.leaving, np.array([line]))[0]])

    def line_part(self, lines: Ints) -> Ints:
        """The part to which each line belongs."""
        found: Ints = self.arrays.part[self.arrays.tail[self._any_edge(self.leaving, lines)]]
        return found

    def line_ends(self, lines: Ints, ways: Ways) -> tuple[Ints, Ints]:
        """The nodes at the start and at the end of each line as drawn; `ways` is `leaving` or `coming`."""
        edge = self._any_edge(ways, lines)
        tail, head, against = self.arrays.tail[edge], self.arrays.head[edge], self.arrays.against[edge]
        return np.where(against, head, tail), np.where(against, tail, head)

    def _any_edge(self, ways: Ways, lines: Ints) -> Ints:
        edge: Ints = np.where(ways.along[lines] == NONE, ways.back[lines], ways.along[lines])
        return edge

    def _ways(self, last_mile: Layer) -> Ways:
        both = []
        usable = (self.arrays.line != NONE) & np.isin(self.arrays.layer, (Layer.CORE, last_mile))
        for against in (False, True):
            edge_of = np.full(self.line_count, NONE, dtype=np.int32)
            edges = np.flatnonzero(usable & (self.arrays.against == against))
            edge_of[self.arrays.line[edges]] = edges
            both.append(edge_of)
        return Ways(*both)


class Ways(NamedTuple):
    """The edge of each line with its drawing and against it, NONE where it may not be driven so."""

    along: Ints
    back: Ints


def save(arrays: Arrays, path: Path) -> None:
    """Write the arrays to `path`; the same arrays give the same bytes. Not compressed: it must open fast."""
    with path.open("wb") as file:
        columns = {field.name: getattr(arrays, field.name) for field in fields(Arrays)}
        np.savez(file, layout=np.int64(LAYOUT), **columns)


def load(path: Path) -> Network:
    """The network of a file; SetupError when it is missing, broken or of another layout."""
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            if int(file["layout"]) != LAYOUT:
                raise SetupError(f"{path} is of another version. Run `dispatch build` again.")
            return Network(Arrays(**{field.name: file[field.name] for field in fields(Arrays)}))
    except FileNotFoundError as error:
        raise SetupError(f"There are no roads at {path}. Run `dispatch build` first.") from error
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise SetupError(f"{path} is broken ({error}). Run `dispatch build` again.") from error


def pack_texts(texts: list[str]) -> Ints:
    """Texts as bytes, one a line: numpy's own text arrays would take four bytes a letter at full width."""
    joined = "\n".join(" ".join(text.split()) for text in texts)
    return np.frombuffer(joined.encode(), dtype=np.uint8)


def unpack_texts(packed: Ints) -> list[str]:
    """The texts that `pack_texts` packed."""
    return packed.astype(np.uint8).tobytes().decode().split("\n")
