"""How an OpenStreetMap extract becomes one archive of vector tiles.

Only the build command imports this module.
GDAL (inside pyogrio) writes one layer for one range of zooms at a time; the layers of a tile are then put
one after the other, which is how the tile format joins them.
"""

from __future__ import annotations

import gzip
import heapq
import math
import tempfile
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pmtiles.reader
import pmtiles.writer
import pyogrio.raw
import shapely
from pmtiles.tile import Compression, TileType, tileid_to_zxy, zxy_to_tileid

from dispatch.basemap import ARCHIVE, ATTRIBUTION
from dispatch.basemap.features import FIELDS, TIERS, Feature, read_features

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

_TILE_OPTIONS = {
    # A dense quarter may pass GDAL's default of 500 kB; leaving houses out would be worse than a large tile.
    "MAX_SIZE": "5000000",
    "MAX_FEATURES": "500000",
    "SIMPLIFICATION": "2",
    "SIMPLIFICATION_MAX_ZOOM": "1",
}


_reader: Any = pmtiles.reader  # has no types
_writer: Any = pmtiles.writer


@dataclass(frozen=True, slots=True)
class BasemapBuilt:
    """What a build wrote: number of tiles, size of the archive in bytes."""

    tiles: int
    bytes: int


def build_basemap(extract: Path, out: Path, progress: Callable[[str, float], None]) -> BasemapBuilt:
    """Write `out`/basemap.pmtiles from `extract`; `progress` gets (what, share done 0-1).

    Raises BadInput when the extract is cut off, not OpenStreetMap or shows nothing; an archive that was
    there before then stays as it was.
    """
    progress("basemap: reading", 0.0)
    features = read_features(extract)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix="basemap-") as scratch:
        parts = list(_write_parts(features, Path(scratch), progress))
        progress("basemap: joining", 0.9)
        made = Path(scratch) / ARCHIVE
        tiles = _join(parts, made, _bounds(features))
        size = made.stat().st_size
        made.replace(out / ARCHIVE)
    progress("basemap: done", 1.0)
    return BasemapBuilt(tiles, size)


def _write_parts(
    features: list[Feature], scratch: Path, progress: Callable[[str, float], None]
) -> Iterator[Path]:
    """Write an archive for every layer and range of zooms that has something to show."""
    for number, layer in enumerate(FIELDS):
        progress(f"basemap: {layer}", 0.3 + 0.6 * number / len(FIELDS))
        of_layer = [feature for feature in features if feature.layer == layer]
        for lowest, highest in TIERS:
            shown = [feature for feature in of_layer if feature.min_zoom <= lowest]
            if shown:
                part = scratch / f"{layer}-{lowest}.pmtiles"
                _write_layer(part, layer, shown, (lowest, highest))
                yield part


def _write_layer(part: Path, layer: str, features: list[Feature], zooms: tuple[int, int]) -> None:
    columns = [
        np.array(
            [feature.fields[i] for feature in features], dtype=np.int64 if name == "population" else object
        )
        for i, name in enumerate(FIELDS[layer])
    ]
    pyogrio.raw.write(
        str(part),
        shapely.to_wkb(np.array([feature.shape for feature in features], dtype=object)),
        columns,
        list(FIELDS[layer]),
        driver="PMTiles",
        layer=layer,
        geometry_type="Unknown",
        crs="EPSG:4326",
        dataset_options={"MINZOOM": str(zooms[0]), "MAXZOOM": str(zooms[1]), **_TILE_OPTIONS},
    )


def _bounds(features: Iterable[Feature]) -> tuple[float, float, float, float]:
    """West, south, east, north of what is lived in; woods and borders may reach far outside an extract."""
    everything = list(features)
    lived_in = [f.shape for f in everything if f.layer in {"roads", "buildings", "places"}]
    west, south, east, north = shapely.total_bounds(lived_in or [f.shape for f in everything])
    return float(west), float(south), float(east), float(north)


def _join(parts: list[Path], made: Path, bounds: tuple[float, float, float, float]) -> int:
    """Put the tiles of `parts` together into one archive at `made`; the number of tiles within `bounds`."""
    count = 0
    in_order = heapq.merge(*map(_tiles_in_order, parts), key=itemgetter(0))
    with made.open("wb") as file:
        writer = _writer.Writer(file)
        for number, layers in groupby(in_order, key=itemgetter(0)):
            tile = b"".join(gzip.decompress(layer) for _, layer in layers)
            if _touches(number, bounds):
                # No time in the gzip header: the same extract gives the same bytes.
                writer.write_tile(number, gzip.compress(tile, mtime=0))
                count += 1
        writer.finalize(_header(bounds), _metadata())
    return count


def _tiles_in_order(part: Path) -> Iterator[tuple[int, bytes]]:
    with part.open("rb") as file:
        for zxy, tile in _reader.all_tiles(_reader.MmapSource(file)):
            yield zxy_to_tileid(*zxy), tile


def _touches(number: int, bounds: tuple[float, float, float, float]) -> bool:
    """Whether the tile of that number lies on (west, south, east, north), in degrees."""
    zoom, x, y = tileid_to_zxy(number)
    left, bottom = _tile_of(bounds[0], bounds[1], zoom)
    right, top = _tile_of(bounds[2], bounds[3], zoom)
    return left <= x <= right and top <= y <= bottom


def _tile_of(lon: float, lat: float, zoom: int) -> tuple[int, int]:
    """Column and row (from the north) of the web-mercator tile that holds a place."""
    side = 2**zoom
    row = (1 - math.asinh(math.tan(math.radians(lat))) / math.pi) / 2
    return int((lon + 180) / 360 * side), int(row * side)


def _header(bounds: tuple[float, float, float, float]) -> dict[str, Any]:
    west, south, east, north = (round(degrees * 1e7) for degrees in bounds)
    return {
        "tile_type": TileType.MVT,
        "tile_compression": Compression.GZIP,
        "min_lon_e7": west,
        "min_lat_e7": south,
        "max_lon_e7": east,
        "max_lat_e7": north,
        "center_zoom": TIERS[1][0],
        "center_lon_e7": (west + east) // 2,
        "center_lat_e7": (south + north) // 2,
    }


def _metadata() -> dict[str, Any]:
    layers = [
        {"id": layer, "fields": {field: "Number" if field == "population" else "String" for field in fields}}
        for layer, fields in FIELDS.items()
    ]
    return {"name": "basemap", "format": "pbf", "attribution": ATTRIBUTION, "vector_layers": layers}
