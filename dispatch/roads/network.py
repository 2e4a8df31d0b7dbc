"""The roads of one area as arrays: nodes, directed edges and the streets' lines, in one file.

A line is a street between two junctions as drawn; a two-way street is one line and two edges.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import shapely

from dispatch.errors import SetupError
from dispatch.roads.lastmile import LastMile
from dispatch.roads.ragged import spans
from dispatch.roads.segments import NONE, Raster, Segments, rasterize

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

    Ints = NDArray[np.integer]
    Floats = NDArray[np.float64]

FILE_NAME = "roads.npz"
# Written into every file; a file of another layout is refused with the advice to build again.
LAYOUT = 3
UNITS_PER_DEGREE = 10_000_000  # OpenStreetMap's own precision, about a centimetre
EARTH_M_PER_DEGREE = 6_371_008.8 * np.pi / 180


@dataclass(frozen=True)
class Arrays:
    """What the file holds. `point` is (lon, lat) in 1e-7 degrees, `time_ds` deciseconds, `length_m` metres.

    Edge e runs from node `tail[e]` to `head[e]` along line `line[e]`, against its drawing if `against[e]`.
    Streets open to all come first, their nodes too; those of the `last_mile` are driven at either end of a
    trip only. Nodes of one `part` reach each other; 0 is the largest, the others are islands.
    Line i has the points `point[line_start[i]:line_start[i + 1]]`. `class_names` and `names` are UTF-8 texts,
    one entry a line of text, indexed by `road_class` and `name`. `order` is the order in which the nodes of
    streets open to all are contracted, empty when no library of contraction hierarchies was there to compute
    it. The `cell_` arrays are the raster of `segments.Raster`.
    """

    node: Ints
    part: Ints
    tail: Ints
    head: Ints
    last_mile: NDArray[np.bool_]
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
    cell_frame: Ints
    cell_start: Ints
    cell_segment: Ints

    @property
    def core_edges(self) -> int:
        """How many edges, the first ones, are open to all."""
        return len(self.last_mile) - int(np.count_nonzero(self.last_mile))

    @property
    def core_nodes(self) -> int:
        """How many nodes, the first ones, streets open to all lead to."""
        ends = (column[: self.core_edges].max(initial=NONE) for column in (self.tail, self.head))
        return 1 + int(max(ends))


class Network:
    """The arrays of an area, and what follows from them: metres, streets near by, the edges of a line."""

    def __init__(self, arrays: Arrays) -> None:
        self.arrays = arrays
        self.node_count = len(arrays.node)
        self.edge_count = len(arrays.tail)
        self.line_count = len(arrays.line_start) - 1
        lon, lat = arrays.point.T  # column by column: ten times as fast as both at once
        bounds = np.array([lon.min(), lat.min(), lon.max(), lat.max()]) / UNITS_PER_DEGREE
        self.bounds: tuple[float, float, float, float] = tuple(bounds.tolist())
        self._metres_per_degree = metres_per_degree(arrays.point)
        self.ways = self._ways()
        self.segments = Segments(
            Raster(arrays.cell_frame, arrays.cell_start, arrays.cell_segment),
            arrays.point,
            arrays.line_start,
            self._metres_per_degree / UNITS_PER_DEGREE,
        )

    @property
    def has_order(self) -> bool:
        """Whether the area was built with an order of contraction."""
        return len(self.arrays.order) == self.arrays.core_nodes

    @cached_property
    def last_mile(self) -> LastMile:
        """The roads that are driven at either end of a trip only."""
        return LastMile(self.arrays, self.line_count)

    @cached_property
    def is_last_mile(self) -> NDArray[np.bool_]:
        """Whether each line is such a road."""
        flags = np.zeros(self.line_count, dtype=np.bool_)
        flags[self.arrays.line[self.arrays.last_mile]] = True
        return flags

    def edges_of(self, lines: Ints) -> Ints:
        """The edges of these lines, in both directions, sorted."""
        edges = np.concatenate([way[lines] for way in self.ways])
        found: Ints = np.sort(edges[edges != NONE])
        return found

    def to_metres(self, lonlat: Floats) -> Floats:
        """(lon, lat) in degrees → plane metres, true in the middle of the area."""
        return lonlat * self._metres_per_degree

    def lines_near(self, drawn: shapely.Geometry, within_m: float) -> tuple[Ints, NDArray[np.object_]]:
        """The lines within metres of a shape in plane metres, sorted; and shapely lines of them, likewise."""
        boxes = shapely.bounds(_pieces(drawn)).reshape(-1, 4) + np.array([-1, -1, 1, 1]) * within_m
        units = boxes / np.tile(self._metres_per_degree, 2) * UNITS_PER_DEGREE
        lines = self.segments.lines_in(units)
        made = self.drawn(lines)
        shapely.prepare(drawn)
        near = shapely.dwithin(drawn, made, within_m)
        return lines[near], made[near]

    def drawn(self, lines: Ints) -> NDArray[np.object_]:
        """Shapely lines of these lines, in plane metres."""
        first = self.arrays.line_start[lines].astype(np.int64)
        counts = self.arrays.line_start[lines + 1] - first
        metres = self.to_metres(self.arrays.point[spans(first, counts)] / UNITS_PER_DEGREE)
        made: NDArray[np.object_] = shapely.linestrings(
            metres, indices=np.repeat(np.arange(len(lines)), counts)
        )
        return made

    @cached_property
    def is_ferry(self) -> NDArray[np.bool_]:
        """Whether each line is a ferry: nobody lives on them."""
        names = unpack_texts(self.arrays.class_names)
        flags = np.zeros(self.line_count, dtype=np.bool_)
        if "ferry" in names:
            flags[self.arrays.line[self.arrays.road_class == names.index("ferry")]] = True
        return flags

    def line_lonlat(self, line: int) -> Floats:
        """The (lon, lat) points of a line, in the order drawn."""
        first, end = self.arrays.line_start[line : line + 2]
        points: Floats = self.arrays.point[first:end] / UNITS_PER_DEGREE
        return points

    def line_length_m(self, lines: Ints) -> Floats:
        """Metres along each whole line."""
        metres: Floats = self.arrays.length_m[self._any_edge(lines)].astype(np.float64)
        return metres

    def line_name(self, line: int) -> int:
        """Which of `names` is the line's."""
        return int(self.arrays.name[self._any_edge(np.array([line]))[0]])

    def line_class(self, lines: Ints) -> Ints:
        """Which of `class_names` is each line's class of road."""
        found: Ints = self.arrays.road_class[self._any_edge(lines)]
        return found

    @cached_property
    def class_names(self) -> list[str]:
        """The classes of road there are, such as `residential`, in the order of their numbers."""
        return unpack_texts(self.arrays.class_names)

    def line_part(self, lines: Ints) -> Ints:
        """The part to which each line belongs."""
        found: Ints = self.arrays.part[self.arrays.tail[self._any_edge(lines)]]
        return found

    def line_ends(self, lines: Ints) -> Ints:
        """The nodes at the start and at the end of each line as drawn, [2, n]."""
        edge = self._any_edge(lines)
        tail, head, against = self.arrays.tail[edge], self.arrays.head[edge], self.arrays.against[edge]
        return np.stack([np.where(against, head, tail), np.where(against, tail, head)])

    def _any_edge(self, lines: Ints) -> Ints:
        edge: Ints = np.where(self.ways.along[lines] == NONE, self.ways.back[lines], self.ways.along[lines])
        return edge

    def _ways(self) -> Ways:
        both = []
        for against in (False, True):
            edge_of = np.full(self.line_count, NONE, dtype=np.int32)
            edges = np.flatnonzero(self.arrays.against == against)
            edge_of[self.arrays.line[edges]] = edges
            both.append(edge_of)
        return Ways(*both)


def _pieces(drawn: shapely.Geometry) -> NDArray[np.object_]:
    """What a shape is looked up by: a line by its segments, as it may lead across the whole area."""
    pieces: NDArray[np.object_] = shapely.get_parts(drawn)
    if not drawn.geom_type.endswith("LineString"):
        return pieces
    segments: NDArray[np.object_] = np.concatenate(
        [
            shapely.linestrings(np.stack([at[:-1], at[1:]], axis=1))
            for at in map(shapely.get_coordinates, pieces)
        ]
    )
    return segments


def metres_per_degree(point: Ints) -> Floats:
    """Plane metres a degree of (lon, lat), true in the middle of the points in 1e-7 degrees."""
    middle = (float(point[:, 1].min()) + float(point[:, 1].max())) / 2 / UNITS_PER_DEGREE
    return EARTH_M_PER_DEGREE * np.array([np.cos(np.radians(middle)), 1.0])


def with_raster(arrays: Arrays) -> Arrays:
    """The arrays with the raster of their streets."""
    scale = metres_per_degree(arrays.point) / UNITS_PER_DEGREE
    frame, start, segment = rasterize(arrays.point, arrays.line_start, scale)
    return replace(arrays, cell_frame=frame, cell_start=start, cell_segment=segment)


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
