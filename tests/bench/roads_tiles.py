"""A province out of one town: the sample laid out in rows and columns, joined by roads from tile to tile."""

from __future__ import annotations

from dataclasses import fields, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import osmium

from dispatch.roads.cch import installed_library
from dispatch.roads.network import (
    EARTH_M_PER_DEGREE,
    FILE_NAME,
    UNITS_PER_DEGREE,
    Arrays,
    load,
    save,
    with_raster,
)
from dispatch.roads.order import with_order

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from tests.bench.house import House

    Ints = Any
    Columns = dict[str, Any]
    Grid = tuple[int, int]
    LonLat = tuple[float, float]

# Each tile stands this much apart, in degrees (lon, lat): the sample's size and a gap for the joining roads.
STEP = (0.36, 0.22)
PROVINCE = (14, 13)
JOINING = {"highway": "secondary"}
UNMOVED = ("last_mile", "length_m", "time_ds", "road_class", "name", "against")
EDGE_COLUMNS = (*UNMOVED, "tail", "head", "line")


def tile_extract(extract: Path, target: Path, grid: Grid) -> Path:
    """Write the highways of `extract` in `grid` = (columns, rows) tiles, joined to their neighbours."""
    ways: list[Any] = [
        ([node.ref for node in way.nodes], dict(way.tags))
        for way in _objects(extract, osmium.osm.WAY)
        if "highway" in way.tags
    ]
    wanted = {node for nodes, _tags in ways for node in nodes}
    at = {
        node.id: (node.lon, node.lat)
        for node in _objects(extract, osmium.osm.NODE)
        if node.id in wanted and node.location.valid()
    }
    ends = _ends(ways, at)
    numbers = {node: number for number, node in enumerate(sorted(at), start=1)}
    with osmium.SimpleWriter(str(target), overwrite=True) as writer:
        for tile, (east, south) in _tiles(grid):
            for node, (lon, lat) in sorted(at.items()):
                place = (lon + east * STEP[0], lat - south * STEP[1])
                number = tile * len(at) + numbers[node]
                writer.add_node(osmium.osm.mutable.Node(id=number, location=place, version=1))
        for number, (nodes, tags) in enumerate(_tiled_ways(ways, numbers, ends, grid), start=1):
            writer.add_way(osmium.osm.mutable.Way(id=number, nodes=nodes, tags=tags, version=1))
    return target


def _objects(extract: Path, kind: Any) -> Iterator[Any]:
    yield from osmium.FileProcessor(str(extract), kind)


def _tiles(grid: Grid) -> Iterator[tuple[int, Grid]]:
    columns, rows = grid
    for row in range(rows):
        for column in range(columns):
            yield row * columns + column, (column, row)


def _ends(ways: list[Any], at: dict[int, LonLat]) -> tuple[int, int, int, int]:
    """The westmost, eastmost, northmost and southmost end of a through road."""
    through = [
        nodes
        for nodes, tags in ways
        if tags["highway"] in {"primary", "secondary", "tertiary"}
        and "oneway" not in tags
        and set(nodes) <= at.keys()
    ]
    ends = {node for nodes in through for node in (nodes[0], nodes[-1])}
    by_lon, by_lat = sorted(ends, key=lambda n: at[n][0]), sorted(ends, key=lambda n: at[n][1])
    return by_lon[0], by_lon[-1], by_lat[-1], by_lat[0]


def _tiled_ways(
    ways: list[Any], numbers: dict[int, int], ends: tuple[int, int, int, int], grid: Grid
) -> Iterator[tuple[list[int], dict[str, str]]]:
    columns, rows = grid
    size = len(numbers)
    west, east, north, south = (numbers[node] for node in ends)
    for tile, (column, row) in _tiles(grid):
        for nodes, tags in ways:
            if all(node in numbers for node in nodes):
                yield [tile * size + numbers[node] for node in nodes], tags
        if column + 1 < columns:
            yield [tile * size + east, (tile + 1) * size + west], JOINING
        if row + 1 < rows:
            yield [tile * size + south, (tile + columns) * size + north], JOINING


def tile_arrays(arrays: Arrays, grid: Grid) -> Arrays:
    """The built roads in `grid` = (columns, rows) tiles, joined likewise; the order is not computed."""
    ends = _core_ends(arrays)
    pieces = [_moved(arrays, tile, place) for tile, place in _tiles(grid)]
    pieces += [_road(arrays, *joint) for joint in _joints(arrays, ends, grid)]
    joined = {name: np.concatenate([piece[name] for piece in pieces]) for name in pieces[0]}
    lengths = joined.pop("points_of_line")
    shift = np.repeat(_starts(pieces, "points_of_line"), [len(piece["line"]) for piece in pieces])
    line = (joined.pop("line") + shift).astype(np.int32)
    line_start = np.cumsum([0, *lengths]).astype(np.int32)
    return with_raster(_core_first(replace(arrays, **joined, line=line, line_start=line_start)))


def _core_first(arrays: Arrays) -> Arrays:
    """The same streets, numbered as an area has them: those open to all first, and their nodes."""
    edge = np.argsort(arrays.last_mile, kind="stable")
    off = np.ones(len(arrays.node), dtype=bool)
    for ends in (arrays.tail, arrays.head):
        off[ends[~arrays.last_mile]] = False
    node = np.argsort(off, kind="stable")
    number = np.empty(len(node), dtype=np.int32)
    number[node] = np.arange(len(node))
    columns = {each.name: getattr(arrays, each.name) for each in fields(Arrays)}
    by_edge = {name: columns[name][edge] for name in EDGE_COLUMNS}
    by_edge |= {name: number[by_edge[name]] for name in ("tail", "head")}
    return replace(arrays, **by_edge, node=arrays.node[node], part=arrays.part[node])


def _starts(pieces: list[Columns], name: str) -> Ints:
    return np.cumsum([0, *(len(piece[name]) for piece in pieces)])[:-1]


def _moved(arrays: Arrays, tile: int, place: Grid) -> Columns:
    step = np.round(np.array([place[0] * STEP[0], -place[1] * STEP[1]]) * UNITS_PER_DEGREE).astype(np.int32)
    first = tile * len(arrays.node)
    islands = int(arrays.part.max())
    return {
        **{name: getattr(arrays, name) for name in UNMOVED},
        "node": arrays.node + step,
        "part": np.where(arrays.part == 0, 0, arrays.part + tile * islands).astype(np.int32),
        "tail": arrays.tail + np.int32(first),
        "head": arrays.head + np.int32(first),
        "line": arrays.line,
        "point": arrays.point + step,
        "points_of_line": np.diff(arrays.line_start),
    }


def _core_ends(arrays: Arrays) -> Ints:
    """The westmost, eastmost, northmost and southmost junction that is open to all."""
    core = np.arange(arrays.core_nodes)
    core = core[arrays.part[core] == 0]
    lon, lat = arrays.node[core].T
    return core[[lon.argmin(), lon.argmax(), lat.argmax(), lat.argmin()]]


def _joints(arrays: Arrays, ends: Ints, grid: Grid) -> Iterator[tuple[Grid, Grid, int, int]]:
    """Both ends of every joining road: the tiles' places, then the nodes."""
    columns, rows = grid
    size = len(arrays.node)
    west, east, north, south = (int(node) for node in ends)
    for tile, (column, row) in _tiles(grid):
        if column + 1 < columns:
            yield (column, row), (column + 1, row), tile * size + east, (tile + 1) * size + west
        if row + 1 < rows:
            yield (column, row), (column, row + 1), tile * size + south, (tile + columns) * size + north


def _road(arrays: Arrays, one: Grid, other: Grid, tail: int, head: int) -> Columns:
    """A road both ways at 44 km/h, as a piece without nodes."""
    size = len(arrays.node)
    ends = np.array([_place(arrays, tail % size, one), _place(arrays, head % size, other)], dtype=np.int32)
    metres = float(np.hypot(*((ends[1] - ends[0]) / UNITS_PER_DEGREE * EARTH_M_PER_DEGREE * (0.6, 1))))
    return {
        "node": np.empty((0, 2), dtype=np.int32),
        "part": np.empty(0, dtype=np.int32),
        "tail": np.array([tail, head], dtype=np.int32),
        "head": np.array([head, tail], dtype=np.int32),
        "last_mile": np.zeros(2, dtype=np.bool_),
        "length_m": np.full(2, metres, dtype=np.float32),
        "time_ds": np.full(2, round(metres / 44 * 36), dtype=np.uint32),
        "road_class": np.zeros(2, dtype=np.uint8),
        "name": np.zeros(2, dtype=np.int32),
        "line": np.zeros(2, dtype=np.int32),
        "against": np.array([False, True]),
        "point": ends,
        "points_of_line": np.array([2]),
    }


def _place(arrays: Arrays, node: int, place: Grid) -> Ints:
    return arrays.node[node] + np.round(
        np.array([place[0] * STEP[0], -place[1] * STEP[1]]) * UNITS_PER_DEGREE
    )


def province(house: House) -> Path:
    """An area of at least a million junctions out of the sample's roads, with its order; made once a run."""
    area = house.home / "province"
    if not area.exists():
        arrays = tile_arrays(load(house.area / FILE_NAME).arrays, PROVINCE)
        area.mkdir()
        save(with_order(arrays, installed_library()), area / FILE_NAME)
    return area
