"""Which pieces of street lie near a spot: a raster of cells, each with the segments that cross it.

It is made when an area is built and only read afterwards: search trees of line objects would take a
second to make and 400 MB to keep for a province.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from dispatch.roads.ragged import spans, starts_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Ints = NDArray[np.integer]
    Floats = NDArray[np.float64]

NONE = -1
# Small enough to hold few streets of a town, large enough that most places find theirs in the next cell.
CELL_M = 125.0
# Empty country must not cost more than the streets in it: cells grow until they are at most this many.
CELLS_PER_SEGMENT, CELLS_AT_LEAST = 4, 1_000_000
PAIRS_AT_ONCE = 1_000_000


class Raster(NamedTuple):
    """Cells row by row from the south-west: cell c holds `segment[start[c]:start[c + 1]]`.

    A segment is the number of its first point. `frame` is west, south, cell width and height in 1e-7
    degrees, columns, rows.
    """

    frame: Ints
    start: Ints
    segment: Ints


def rasterize(point: Ints, line_start: Ints, metres_per_unit: Floats) -> Raster:
    """The raster of all segments; `point` is (lon, lat) in 1e-7 degrees, `metres_per_unit` [2] of each."""
    segment = np.delete(np.arange(len(point)), line_start[1:] - 1)
    begin, end = point[segment].astype(np.int64), point[segment + 1].astype(np.int64)
    frame = _frame(point, len(segment), metres_per_unit)
    steps = np.maximum(np.ceil(np.abs(end - begin) / frame[2:4]).max(axis=1, initial=0).astype(np.int64), 1)
    owner = np.repeat(np.arange(len(segment)), steps)
    step = spans(np.zeros(len(segment), dtype=np.int64), steps)
    cells = np.stack(
        [
            _cells(begin[owner] + (end - begin)[owner] * ((step + late) / steps[owner])[:, None], frame)
            for late in (0, 1)
        ]
    )
    low, high = cells.min(axis=0), cells.max(axis=0)
    # A piece no longer than a cell meets four at most; equal ones are the same cell twice.
    met = [
        (row * frame[4] + column) * len(segment) + owner
        for column in (low[:, 0], high[:, 0])
        for row in (low[:, 1], high[:, 1])
    ]
    cell, number = np.divmod(np.unique(np.concatenate(met)), len(segment))
    counts = np.bincount(cell, minlength=int(frame[4] * frame[5]))
    return Raster(frame, starts_of(counts).astype(np.int32), segment[number].astype(np.int32))


def _frame(point: Ints, segments: int, metres_per_unit: Floats) -> Ints:
    low = point.min(axis=0).astype(np.int64)
    size = point.max(axis=0).astype(np.int64) - low + 1
    area_m2 = float(np.prod(size * metres_per_unit))
    cell_m = max(CELL_M, (area_m2 / max(CELLS_PER_SEGMENT * segments, CELLS_AT_LEAST)) ** 0.5)
    cell = np.ceil(cell_m / metres_per_unit).astype(np.int64)
    return np.concatenate([low, cell, -(-size // cell)])


def _cells(units: Ints | Floats, frame: Ints) -> Ints:
    """The (column, row) of spots in 1e-7 degrees."""
    found: Ints = np.floor((units - frame[:2]) / frame[2:4]).astype(np.int64)
    return found


class Segments:
    """Answers by a raster which segments are near."""

    def __init__(self, raster: Raster, point: Ints, line_start: Ints, metres_per_unit: Floats) -> None:
        self._raster = raster
        self._point = point
        self._line_start = line_start
        self._scale = metres_per_unit
        self._cell_m = float((raster.frame[2:4] * metres_per_unit).min())

    def line_of(self, segment: Ints) -> Ints:
        """The line of each segment."""
        # asked in its own kind of number: for any other all the starts would be copied at each question
        asked = segment.astype(self._line_start.dtype)
        found: Ints = np.searchsorted(self._line_start, asked, side="right").astype(np.int64) - 1
        return found

    def share_of_line(self, segment: Ints, line: Ints, within: Floats) -> Floats:
        """How far along its line (0-1) the spot lies that is `within` (0-1) of each segment."""
        first, counts = (
            self._line_start[line].astype(np.int64),
            self._line_start[line + 1] - self._line_start[line] - 1,
        )
        start = starts_of(counts)[:-1]
        every = spans(first, counts)
        steps = np.hypot(*((self._point[every + 1] - self._point[every]) * self._scale).T)
        whole = np.add.reduceat(steps, start) if len(start) else np.empty(0)
        before = np.concatenate([[0.0], np.cumsum(steps)])
        own = start + segment - first
        along = before[own] - before[start] + within * steps[own]
        share: Floats = np.clip(along / np.where(whole > 0, whole, 1.0), 0.0, 1.0)
        return share

    def lines_in(self, boxes: Floats) -> Ints:
        """The lines that may meet the boxes [n, 4] of west, south, east, north in 1e-7 degrees; sorted."""
        low, high = self._clipped(_cells(boxes[:, :2], self._raster.frame), boxes[:, 2:])
        rows = np.maximum(high[:, 1] - low[:, 1] + 1, 0) * (high[:, 0] >= low[:, 0])
        first, count = self._slices(
            np.repeat(low[:, 0], rows), np.repeat(high[:, 0], rows), spans(low[:, 1], rows)
        )
        found: Ints = np.unique(self.line_of(np.unique(self._raster.segment[spans(first, count)])))
        return found

    def nearest(self, spots: Floats, farthest_m: float, left_out: NDArray[np.bool_] | None = None) -> Ints:
        """The nearest segment to each spot [n, 2] in 1e-7 degrees, NONE where none is within `farthest_m`.

        Lines flagged in `left_out` do not count. Plane metres, as `metres_per_unit` says.
        """
        found = np.full(len(spots), NONE, dtype=np.int64)
        away_m = np.full(len(spots), np.inf)
        open_ones = np.arange(len(spots))
        for ring in self._rings(spots, farthest_m):
            found[open_ones], away_m[open_ones] = self._nearest_within(spots[open_ones], ring, left_out)
            open_ones = open_ones[away_m[open_ones] > ring * self._cell_m]
        found[away_m > farthest_m] = NONE
        return found

    def _rings(self, spots: Floats, farthest_m: float) -> list[int]:
        """So many cells around a place are searched one after the other, until the nearest is sure."""
        at = _cells(spots, self._raster.frame)
        last = int(np.maximum(np.abs(at), np.abs(self._raster.frame[4:] - at)).max(initial=1))
        if farthest_m < np.inf:
            last = min(last, int(np.ceil(farthest_m / self._cell_m)))
        rings = [1]
        while rings[-1] < last:
            rings.append(min(4 * rings[-1], last))
        return rings

    def _nearest_within(
        self, spots: Floats, ring: int, left_out: NDArray[np.bool_] | None
    ) -> tuple[Ints, Floats]:
        """The nearest segment of the cells within `ring` of each spot's own, and metres to it."""
        at = _cells(spots, self._raster.frame)
        low, high = self._clipped(at - ring, at + ring, cells=True)
        rows = np.maximum(high[:, 1] - low[:, 1] + 1, 0) * (high[:, 0] >= low[:, 0])
        first, count = self._slices(
            np.repeat(low[:, 0], rows), np.repeat(high[:, 0], rows), spans(low[:, 1], rows)
        )
        row_start = starts_of(rows)
        pairs = starts_of(count)[row_start]
        found, away_m = np.full(len(spots), NONE, dtype=np.int64), np.full(len(spots), np.inf)
        begin = 0
        while begin < len(spots):
            end = max(begin + 1, int(np.searchsorted(pairs, pairs[begin] + PAIRS_AT_ONCE, side="right")) - 1)
            lot = slice(row_start[begin], row_start[end])
            segment = self._raster.segment[spans(first[lot], count[lot])]
            spot = np.repeat(np.arange(begin, end), np.diff(pairs[begin : end + 1]))
            if left_out is not None:
                kept = ~left_out[self.line_of(segment)]
                segment, spot = segment[kept], spot[kept]
            self._take_nearest(spots, spot, segment, found, away_m)
            begin = end
        return found, away_m

    def _take_nearest(self, spots: Floats, spot: Ints, segment: Ints, found: Ints, away_m: Floats) -> None:
        if not len(spot):
            return
        _share, apart_m = self.along(spots[spot], segment)
        first = np.flatnonzero(np.diff(spot, prepend=NONE))
        nearest_m = np.minimum.reduceat(apart_m, first)
        hit = np.flatnonzero(apart_m == np.repeat(nearest_m, np.diff(first, append=len(spot))))[::-1]
        found[spot[hit]] = segment[hit]  # of several as near the first is written last
        away_m[spot[first]] = nearest_m

    def along(self, spots: Floats, segment: Ints) -> tuple[Floats, Floats]:
        """How far along its segment (0-1) each spot comes nearest, and the metres between them."""
        begin = self._point[segment] * self._scale
        step = self._point[segment + 1] * self._scale - begin
        to_spot = spots * self._scale - begin
        square = np.einsum("ij,ij->i", step, step)
        share = np.einsum("ij,ij->i", to_spot, step) / np.where(square > 0, square, 1.0)
        share = np.clip(share, 0.0, 1.0)
        off = to_spot - share[:, None] * step
        return share, np.sqrt(np.einsum("ij,ij->i", off, off))

    def _clipped(self, low: Ints, high: Ints | Floats, *, cells: bool = False) -> tuple[Ints, Ints]:
        """Both corners within the raster; `high` in cells or in 1e-7 degrees."""
        top = high if cells else _cells(high, self._raster.frame)
        return np.maximum(low, 0), np.minimum(top, self._raster.frame[4:] - 1).astype(np.int64)

    def _slices(self, west: Ints, east: Ints, row: Ints) -> tuple[Ints, Ints]:
        """Where the segments of neighbouring cells of one row begin, and how many they are."""
        first = self._raster.start[row * self._raster.frame[4] + west]
        end = self._raster.start[row * self._raster.frame[4] + east + 1]
        return first.astype(np.int64), (end - first).astype(np.int64)
