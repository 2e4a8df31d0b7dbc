"""Zones of a million places at once, by three polygons of 20,000 corners each. Goal: 5 s.

Beside it geopandas' `sjoin` of the same polygons with the first 10,000 of the same places, and what the desk
does for one report: `classify`, with the way to the nearest edge.
"""

from __future__ import annotations

import math
import warnings
from typing import TYPE_CHECKING

import numpy as np
import shapely

from dispatch.zone import ZonePolygon, ZoneSet, classify, classify_many
from tests.bench.figures import Figure, spread
from tests.bench.month import timed

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispatch.ticket import Zone
    from tests.bench.house import House

PLACES, JOINED, ASKED, CORNERS = 1_000_000, 10_000, 200, 20_000
MIDDLE = (13.26, 53.53)


def measure(_house: House) -> list[Figure]:
    """Seconds of the whole and microseconds a place of each way; ms for one report."""
    zones = ZoneSet("bench", (_zone("urban", 30, 0.06), _zone("remote", 20, 0.1), _zone("rural", 10, 0.2)))
    lons, lats = np.random.default_rng(7).uniform((-0.2, -0.2), (0.2, 0.2), (PLACES, 2)).T
    lons, lats = lons + MIDDLE[0], lats + MIDDLE[1]
    many_s, found = timed(lambda: classify_many(zones, lons, lats))
    join_s, rows = timed(lambda: _joined(zones, lons[:JOINED], lats[:JOINED]))
    assert rows >= int(found.covered[:JOINED].sum())
    one_ms = [
        timed(lambda at=at: classify(zones, at, 30.0))[0] * 1000
        for at in zip(lons[:ASKED].tolist(), lats[:ASKED].tolist(), strict=True)
    ]
    return [
        Figure(f"{PLACES:,} places", many_s, "s", 5),
        Figure("a place", many_s / PLACES * 1e6, "µs"),
        Figure(f"a place by geopandas sjoin, of {JOINED:,}", join_s / JOINED * 1e6, "µs"),
        *spread("one report, with the way to the edge", one_ms, "ms"),
    ]


def _zone(code: Zone, priority: int, reach: float) -> ZonePolygon:
    """A ragged round zone; reach in degrees."""
    turn = np.linspace(0, 2 * math.pi, CORNERS, endpoint=False)
    away = reach * (1 + 0.05 * np.sin(37 * turn) + 0.01 * np.sin(1013 * turn))
    ring = np.stack([MIDDLE[0] + away * np.cos(turn), MIDDLE[1] + away * np.sin(turn)], axis=1)
    return ZonePolygon(code, code, priority, "bench", "bench", shapely.make_valid(shapely.Polygon(ring)))


def _joined(zones: ZoneSet, lons: NDArray[np.float64], lats: NDArray[np.float64]) -> int:
    """How many pairs of place and zone geopandas finds."""
    import geopandas

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        places = geopandas.GeoDataFrame(geometry=geopandas.points_from_xy(lons, lats), crs=4326)
        rows = [{"code": each.code, "geometry": each.geometry} for each in zones.polygons]
        return len(places.sjoin(geopandas.GeoDataFrame(rows, crs=4326), predicate="intersects"))
