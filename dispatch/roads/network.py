"""The roads of one area as arrays: nodes, directed edges and the streets' lines, in one file.

A line is a street between two junctions as drawn; a two-way street is one line and two edges.
"""

from __future__ import annotations

import zipfile
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

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
LAYOUT = 1
UNITS_PER_DEGREE = 10_000_000  # OpenStreetMap's own precision, about a centimetre
EARTH_M_PER_DEGREE = 6_371_008.8 * np.pi / 180
NONE = -1


@dataclass(frozen=True)
class Arrays:
    """What the file holds. `point` is (lon, lat) in 1e-7 degrees, `time_ds` deciseconds, `length_m` metres.

    Edge e runs from node `tail[e]` to `head[e]` along line `line[e]`, against its drawing if `against[e]`.
    Line i has the points `point[line_start[i]:line_start[i + 1]]`. `class_names` and `names` are UTF-8 texts,
    one entry a line of text, indexed by `road_class` and `name`. `order` is the order in which the nodes are
    contracted, empty when no library of contraction hierarchies was there to compute it.
    """

    node: Ints
    tail: Ints
    head: Ints
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
    """The arrays of an area, and what follows from them: metres, a search tree, the edges of a line."""

    def __init__(self, arrays: Arrays) -> None:
        self.arrays = arrays
        self.node_count = len(arrays.node)
        self.edge_count = len(arrays.tail)
        self.line_count = len(arrays.line_start) - 1
        self.point_lonlat: Floats = arrays.point / UNITS_PER_DEGREE
        low, high = self.point_lonlat.min(axis=0), self.point_lonlat.max(axis=0)
        self.bounds = (float(low[0]), float(low[1]), float(high[0]), float(high[1]))
        self._metres_per_degree = EARTH_M_PER_DEGREE * np.array(
            [np.cos(np.radians((low[1] + high[1]) / 2)), 1.0],
        )
        self.along = self._edge_of_line(against=False)
        self.back = self._edge_of_line(against=True)

    @property
    def has_order(self) -> bool:
        """Whether the area was built with an order of contraction."""
        return len(self.arrays.order) == self.node_count

    def edges_of(self, lines: Ints) -> Ints:
        """The edges of these lines, in both directions, sorted."""
        edges = np.concatenate([self.along[lines], self.back[lines]])
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
        made: NDArray[np.object_] = shapely.linestrings(self.to_metres(self.point_lonlat), indices=owner)
        return made

    @cached_property
    def tree(self) -> shapely.STRtree:
        """The search tree over `lines`."""
        return shapely.STRtree(self.lines)

    def line_lonlat(self, line: int) -> Floats:
        """The (lon, lat) points of a line, in the order drawn."""
        first, end = self.arrays.line_start[line : line + 2]
        return self.point_lonlat[first:end]

    def line_length_m(self, line: int) -> float:
        """Metres along the whole line."""
        edge = self.along[line] if self.along[line] != NONE else self.back[line]
        return float(self.arrays.length_m[edge])

    def line_ends(self, lines: Ints) -> tuple[Ints, Ints]:
        """The nodes at the start and at the end of each line, as drawn."""
        along = self.along[lines]
        edge = np.where(along == NONE, self.back[lines], along)
        tail, head = self.arrays.tail[edge], self.arrays.head[edge]
        return np.where(along == NONE, head, tail), np.where(along == NONE, tail, head)

    def _edge_of_line(self, *, against: bool) -> Ints:
        edge_of = np.full(self.line_count, NONE, dtype=np.int64)
        edges = np.flatnonzero(self.arrays.against == against)
        edge_of[self.arrays.line[edges]] = edges
        return edge_of


def save(arrays: Arrays, path: Path) -> None:
    """Write the arrays to `path`; the same arrays give the same bytes."""
    with path.open("wb") as file:
        columns = {field.name: getattr(arrays, field.name) for field in fields(Arrays)}
        np.savez_compressed(file, layout=np.int64(LAYOUT), **columns)


def load(path: Path) -> Network:
    """The network of a file; SetupError when it is missing, broken or of another layout."""
    try:
        with path.open("rb") as raw, np.load(raw, allow_pickle=False) as file:
            if int(file["layout"]) != LAYOUT:
                raise SetupError(f"{path} is of another version. Run `dispatch build` again.")
            return Network(Arrays(**{field.name: _column(file, field.name) for field in fields(Arrays)}))
    except FileNotFoundError as error:
        raise SetupError(f"There are no roads at {path}. Run `dispatch build` first.") from error
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise SetupError(f"{path} is broken ({error}). Run `dispatch build` again.") from error


def _column(file: Any, name: str) -> Any:
    """A column of the file; areas built before the order was kept have none."""
    return np.empty(0, dtype=np.uint32) if name == "order" and name not in file else file[name]


def pack_texts(texts: list[str]) -> Ints:
    """Texts as bytes, one a line: numpy's own text arrays would take four bytes a letter at full width."""
    joined = "\n".join(" ".join(text.split()) for text in texts)
    return np.frombuffer(joined.encode(), dtype=np.uint8)


def unpack_texts(packed: Ints) -> list[str]:
    """The texts that `pack_texts` packed."""
    return packed.astype(np.uint8).tobytes().decode().split("\n")
