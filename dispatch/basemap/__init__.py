"""What lies under tickets and crews on the map: one tile of an area's basemap at a time.

`dispatch.basemap.build` writes the archive; this module only reads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pmtiles.reader
import pmtiles.tile

from dispatch.errors import SetupError

if TYPE_CHECKING:
    from pathlib import Path

_reader: Any = pmtiles.reader  # has no types

ARCHIVE = "basemap.pmtiles"
ATTRIBUTION = "© OpenStreetMap contributors, ODbL 1.0"

# What a missing, empty or foreign file raises.
_BROKEN = (OSError, ValueError, pmtiles.tile.MagicNumberNotFound, pmtiles.tile.SpecVersionUnsupported)


@dataclass(frozen=True, slots=True)
class Basemap:
    """The tiles of one area; safe to ask from many threads at once."""

    bounds: tuple[float, float, float, float]
    """West, south, east, north in degrees."""
    min_zoom: int
    max_zoom: int
    _archive: Any

    def tile(self, zoom: int, x: int, y: int) -> bytes | None:
        """The gzip-compressed vector tile in column `x`, row `y` (from the north); None where none is."""
        side = 1 << min(max(zoom, 0), self.max_zoom)
        if not (self.min_zoom <= zoom <= self.max_zoom and 0 <= x < side and 0 <= y < side):
            return None
        found: bytes | None = self._archive.get(zoom, x, y)
        return found


def open_basemap(area_dir: Path) -> Basemap:
    """The basemap that a build left in `area_dir`; SetupError when there is none or it is broken."""
    archive = area_dir / ARCHIVE
    try:
        with archive.open("rb") as file:
            tiles = _reader.Reader(_reader.MmapSource(file))
        header = tiles.header()
    except _BROKEN as error:
        raise SetupError(f"{archive} is missing or broken; build the area again: dispatch build.") from error
    edges = ("min_lon_e7", "min_lat_e7", "max_lon_e7", "max_lat_e7")
    west, south, east, north = (header[edge] / 1e7 for edge in edges)
    return Basemap((west, south, east, north), header["min_zoom"], header["max_zoom"], tiles)
