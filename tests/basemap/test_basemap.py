from __future__ import annotations

import gzip
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from pmtiles.tile import Compression, TileType, zxy_to_tileid
from pmtiles.writer import Writer

from dispatch.basemap import ARCHIVE, open_basemap
from dispatch.errors import SetupError


@pytest.fixture
def area(tmp_path):
    """An area whose map has two tiles, at zoom 8 and 9."""
    with (tmp_path / ARCHIVE).open("wb") as file:
        writer = Writer(file)
        writer.write_tile(zxy_to_tileid(8, 137, 82), gzip.compress(b"far", mtime=0))
        writer.write_tile(zxy_to_tileid(9, 274, 164), gzip.compress(b"near", mtime=0))
        edges = {"min_lon_e7": 131_000_000, "min_lat_e7": 534_000_000}
        edges |= {"max_lon_e7": 134_000_000, "max_lat_e7": 536_000_000}
        kind = {"tile_type": TileType.MVT, "tile_compression": Compression.GZIP}
        centre = {"center_zoom": 8, "center_lon_e7": 0, "center_lat_e7": 0}
        writer.finalize(kind | edges | centre, {})
    return tmp_path


def test_a_tile_comes_as_it_was_stored(area):
    assert gzip.decompress(open_basemap(area).tile(9, 274, 164) or b"") == b"near"


@pytest.mark.parametrize(
    "place", [(9, 0, 0), (7, 68, 41), (10, 548, 328), (9, -1, 164), (9, 274, 512), (-1, 0, 0), (10**6, 0, 0)]
)
def test_where_the_map_has_nothing_there_is_no_tile(area, place):
    assert open_basemap(area).tile(*place) is None


def test_the_map_says_how_far_it_reaches(area):
    basemap = open_basemap(area)
    assert basemap.bounds == (13.1, 53.4, 13.4, 53.6)
    assert (basemap.min_zoom, basemap.max_zoom) == (8, 9)


def test_many_threads_may_ask_at_once(area):
    basemap = open_basemap(area)
    with ThreadPoolExecutor(8) as pool:
        tiles = list(pool.map(lambda _: basemap.tile(8, 137, 82), range(400)))
    assert {gzip.decompress(tile or b"") for tile in tiles} == {b"far"}


@pytest.mark.parametrize("content", [None, b"", b"something else entirely"])
def test_a_missing_or_foreign_archive_says_to_build_the_area(tmp_path, content):
    if content is not None:
        (tmp_path / ARCHIVE).write_bytes(content)
    with pytest.raises(SetupError, match="build the area again"):
        open_basemap(tmp_path)


def test_serving_tiles_loads_none_of_the_build_libraries():
    heavy = "{'pyogrio', 'geopandas', 'osmium', 'shapely', 'numpy'}"
    code = f"import sys, dispatch.basemap; sys.exit(', '.join({heavy} & set(sys.modules)) or 0)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
