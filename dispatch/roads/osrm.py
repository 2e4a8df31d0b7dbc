"""The same questions as `Roads`, answered by an OSRM server of the company: for a whole country.

Times, metres and names are the server's own (HTTP interface, version 1: services table, route, nearest);
its tables are rounded to 0.1 s. A place over 2000 m from every road is not reached, as in `Roads`.
"""

from __future__ import annotations

import math
import re
from functools import cached_property
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np

from dispatch.errors import Conflict
from dispatch.roads.naming import BESIDE_M
from dispatch.roads.network import FILE_NAME, load
from dispatch.roads.reasons import Unreachable
from dispatch.roads.route import Route
from dispatch.roads.segments import NONE
from dispatch.roads.snapping import FARTHEST_FROM_ROAD_M, Snapped, checked_lonlat

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from dispatch.roads.closures import ClosureLike
    from dispatch.roads.reasons import Where
    from dispatch.roads.server import Server
    from dispatch.roads.snapping import LonLat

    Floats = NDArray[np.float64]

ADDRESS = re.compile(r"osrm:(https?://(?:[\w.-]+|\[[0-9a-fA-F:]+\])(?::\d{1,5})?(?:/[\w./-]*)?)")
TABLE_SIZE = 100  # rows, and columns, of one table that osrm-routed allows unless it is told otherwise
TABLE_S, ROUTE_S, NEAREST_S = 20.0, 10.0, 2.0
NEAREST = 10  # roads that are asked for a name, the nearest first
NO_CLOSURES = (
    "Roads are answered by an OSRM server, which takes no closures from Dispatch: give the closed roads to "
    "it with `osrm-customize --segment-speed-file` (or `osrm-contract`) and start it again, or set "
    '[roads] engine = "auto"'
)


def server_of(engine: str) -> str:
    """The address in an engine's name such as `osrm:http://127.0.0.1:5000`; "" for an engine of our own."""
    found = ADDRESS.fullmatch(engine)
    return found[1].rstrip("/") if found else ""


class OsrmRoads:
    """Travel times and routes by an OSRM server; RoadsUnavailable whenever it gives no answer."""

    engine = "osrm"
    closable = False

    def __init__(self, server: Server, area_dir: Path, table_size: int = TABLE_SIZE) -> None:
        """Asks nothing yet. `table_size` is the most rows, and columns, of one table of the server."""
        self._server = server
        self._area = area_dir
        self._most = table_size

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the built area in degrees; SetupError when none is built."""
        return load(self._area / FILE_NAME).bounds

    def matrix(self, origins: Sequence[LonLat], destinations: Sequence[LonLat]) -> Floats:
        """Seconds of drive [len(origins), len(destinations)]; infinity where no road leads.

        Raises BadInput for coordinates that are not on the globe.
        """
        start, end = checked_lonlat(origins, "origins"), checked_lonlat(destinations, "destinations")
        seconds = np.full((len(start), len(end)), np.inf)
        for rows, columns in blocks(len(start), len(end), self._most):
            seconds[rows, columns] = self._table(start[rows], end[columns])
        return seconds

    def route(self, origin: LonLat, destination: LonLat) -> Route | None:
        """The quickest drive, from road to road; None when no road leads there.

        Raises BadInput for coordinates that are not on the globe.
        """
        ends = checked_lonlat([origin, destination], "places")
        options = {"overview": "full", "geometries": "geojson", "steps": "false"}
        said = self._server.get(f"route/v1/driving/{_path(ends)}", options, ROUTE_S)
        if said["code"] == "NoRoute":
            return None
        self._check(said)
        try:
            if max(float(each["distance"]) for each in said["waypoints"]) > FARTHEST_FROM_ROAD_M:
                return None
            return _drawn(said["routes"][0])
        except (LookupError, TypeError, ValueError) as error:
            raise self._server.unlike_osrm() from error

    def way_class(self, origin: LonLat, destination: LonLat) -> str:  # noqa: ARG002 -- as every engine
        """Nothing: a server that answers tables and routes says nothing of classes of road."""
        return ""

    def why_unreachable(self, origin: LonLat, destination: LonLat) -> Unreachable | None:
        """Why `matrix` says infinity for this drive; None when it says a time.

        The server does not say which end lies on an island: then it is `way`.
        """
        if np.isfinite(self.matrix([origin], [destination])[0, 0]):
            return None
        names: tuple[Where, Where] = ("origin", "destination")
        lonlat = checked_lonlat([origin, destination], "places")
        for where, metres in zip(names, self._nearest(lonlat)[1].tolist(), strict=True):
            if metres > FARTHEST_FROM_ROAD_M:
                return Unreachable("too_far_from_road", where, metres)
        return Unreachable("island", "way", 0.0)

    def snap(self, places: Sequence[LonLat]) -> Snapped:
        """Where the places meet the road: (lon, lat) on it and metres to it, NaN when none is near enough.

        The server numbers no lines: `line` is 0 on a road, -1 off it, and `share` is NaN.
        """
        lonlat, metres = self._nearest(checked_lonlat(places, "places"))
        off = metres > FARTHEST_FROM_ROAD_M
        lonlat[off], metres[off] = np.nan, np.nan
        return Snapped(np.where(off, NONE, 0), np.full(len(metres), np.nan), lonlat, metres)

    def street_near(self, place: LonLat) -> str:
        """The name of the nearest named street within 300 m; "" when there is none."""
        lonlat = checked_lonlat([place], "place")
        said = self._server.get(f"nearest/v1/driving/{_path(lonlat)}", {"number": str(NEAREST)}, NEAREST_S)
        self._check(said)
        try:
            near = [str(each["name"]) for each in said["waypoints"] if float(each["distance"]) <= BESIDE_M]
        except (LookupError, TypeError, ValueError) as error:
            raise self._server.unlike_osrm() from error
        return next(filter(None, near), "")

    def apply(self, closures: Sequence[ClosureLike | Mapping[str, Any]]) -> list[int]:
        """[] for []; Conflict for any closure: the server's roads are closed by its own means."""
        if len(closures):
            raise Conflict(NO_CLOSURES)
        return []

    def _table(self, start: Floats, end: Floats) -> Floats:
        """Seconds of one table; the server takes so many places at once."""
        first, after = len(start), len(start) + len(end)
        options = {"sources": _numbers(0, first), "destinations": _numbers(first, after)}
        said = self._asked_table(np.concatenate([start, end]), options)
        try:
            seconds = np.array(said["durations"], dtype=np.float64).reshape(len(start), len(end))
            far = [_metres(said[side]) > FARTHEST_FROM_ROAD_M for side in ("sources", "destinations")]
            seconds[far[0][:, None] | far[1][None, :]] = np.nan
        except (LookupError, TypeError, ValueError) as error:
            raise self._server.unlike_osrm() from error
        return np.where(np.isnan(seconds), np.inf, seconds)

    def _nearest(self, lonlat: Floats) -> tuple[Floats, Floats]:
        """(lon, lat) on the nearest road and metres to it: a table's answer tells them for many places."""
        on_road, metres = np.empty((len(lonlat), 2)), np.empty(len(lonlat))
        for first in range(0, len(lonlat), self._most):
            asked = lonlat[first : first + self._most]
            # A table has two places at least: the first is said once more.
            options = {"sources": _numbers(0, len(asked)), "destinations": str(len(asked))}
            said = self._asked_table(np.concatenate([asked, asked[:1]]), options)
            piece = slice(first, first + len(asked))
            try:
                on_road[piece] = [each["location"] for each in said["sources"]]
                metres[piece] = _metres(said["sources"])
            except (LookupError, TypeError, ValueError) as error:
                raise self._server.unlike_osrm() from error
        return on_road, metres

    def _asked_table(self, lonlat: Floats, options: dict[str, str]) -> dict[str, Any]:
        said = self._server.get(f"table/v1/driving/{_path(lonlat)}", options, TABLE_S)
        self._check(said)
        return said

    def _check(self, said: Mapping[str, Any]) -> None:
        if said["code"] != "Ok":
            raise self._server.refused(said)


def blocks(rows: int, columns: int, most: int) -> Iterator[tuple[slice, slice]]:
    """A table of rows x columns in pieces of at most `most` rows and as many columns."""
    for row, column in product(range(0, rows, most), range(0, columns, most)):
        yield slice(row, min(row + most, rows)), slice(column, min(column + most, columns))


def _path(lonlat: Floats) -> str:
    """Places as the server reads them, to its own precision of a millionth of a degree."""
    return ";".join(f"{lon:.6f},{lat:.6f}" for lon, lat in lonlat.tolist())


def _numbers(first: int, end: int) -> str:
    return ";".join(map(str, range(first, end)))


def _metres(waypoints: list[dict[str, Any]]) -> Floats:
    return np.array([each["distance"] for each in waypoints], dtype=np.float64)


def _drawn(said: Mapping[str, Any]) -> Route:
    line = [(float(lon), float(lat)) for lon, lat in said["geometry"]["coordinates"]]
    length_m, travel_s = float(said["distance"]), float(said["duration"])
    if len(line) < 2 or not (math.isfinite(length_m) and math.isfinite(travel_s)):
        raise ValueError("no line")
    return Route(line, length_m, travel_s)
