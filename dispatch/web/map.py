"""The map under the board: tiles of the built area, and where it lies."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from flask import Blueprint, Response

from dispatch.basemap import open_basemap
from dispatch.web.gate import ANYONE, allow, desk

if TYPE_CHECKING:
    from pathlib import Path

    from dispatch.basemap import Basemap

pages = Blueprint("map", __name__)


@lru_cache(maxsize=2)
def _basemap(area: Path) -> Basemap:
    return open_basemap(area)


def bounds() -> list[float]:
    """The area's [west, south, east, north] in degrees."""
    return list(_basemap(desk().area).bounds)


@pages.get("/tiles/<int:z>/<int:x>/<int:y>.mvt")
@allow(*ANYONE)
def tile(z: int, x: int, y: int) -> Response:
    """One vector tile, gzip-compressed as it is stored; 204 where the area has nothing."""
    found = _basemap(desk().area).tile(z, x, y)
    if found is None:
        return Response(status=204, headers={"Cache-Control": "public, max-age=86400"})
    headers = {"Content-Encoding": "gzip", "Cache-Control": "private, max-age=86400"}
    return Response(found, content_type="application/vnd.mapbox-vector-tile", headers=headers)
