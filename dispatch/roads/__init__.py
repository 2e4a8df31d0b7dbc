"""How long the drive takes from here to there by road, and which way it goes.

Coordinates are (lon, lat) in WGS-84, times seconds, lengths metres. Opening and asking need neither osmnx
nor osmium; only `dispatch.roads.build` does.
"""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol, overload

import numpy as np

from dispatch.roads.closures import NOTHING_SLOWED, Closure, ClosureLike, slowed_lines
from dispatch.roads.drive import (
    Times,
    coming,
    leaving,
    same_set_ds,
    same_street_ds,
    through_ds,
    times_with,
)
from dispatch.roads.engine import EngineName, choose
from dispatch.roads.naming import StreetNames
from dispatch.roads.network import FILE_NAME, Network, load
from dispatch.roads.osrm import TABLE_SIZE, OsrmRoads, server_of
from dispatch.roads.reasons import Unreachable, why_unreachable
from dispatch.roads.route import DECISECONDS, Route, find, find_class
from dispatch.roads.server import Server
from dispatch.roads.snapping import Snapped, checked_lonlat, snap

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from dispatch.roads.engine import Engines
    from dispatch.roads.snapping import LonLat

    Floats = NDArray[np.float64]

__all__ = [
    "AnyRoads",
    "Closure",
    "ClosureLike",
    "EngineName",
    "OsrmRoads",
    "Roads",
    "Route",
    "Snapped",
    "Unreachable",
    "open_roads",
    "server_of",
]


class AnyRoads(Protocol):
    """What everybody may ask of roads, whoever answers; the sentences stand at `Roads`."""

    @property
    def engine(self) -> str: ...  # noqa: D102 -- at `Roads`, as for those below
    @property
    def closable(self) -> bool: ...  # noqa: D102
    @property
    def bounds(self) -> tuple[float, float, float, float]: ...  # noqa: D102
    def matrix(self, origins: Sequence[LonLat], destinations: Sequence[LonLat]) -> Floats: ...  # noqa: D102
    def route(self, origin: LonLat, destination: LonLat) -> Route | None: ...  # noqa: D102
    def way_class(self, origin: LonLat, destination: LonLat) -> str: ...  # noqa: D102 -- at `Roads`
    def why_unreachable(self, origin: LonLat, destination: LonLat) -> Unreachable | None: ...  # noqa: D102
    def snap(self, places: Sequence[LonLat]) -> Snapped: ...  # noqa: D102
    def street_near(self, place: LonLat) -> str: ...  # noqa: D102
    def apply(self, closures: Sequence[ClosureLike | Mapping[str, Any]]) -> list[int]: ...  # noqa: D102


@overload
def open_roads(area_dir: Path | str, engine: EngineName = "auto") -> Roads: ...
@overload
def open_roads(area_dir: Path | str, engine: str, osrm_table: int = TABLE_SIZE) -> AnyRoads: ...
def open_roads(area_dir: Path | str, engine: str = "auto", osrm_table: int = TABLE_SIZE) -> AnyRoads:
    """The roads of a built area, answered by `engine`; "auto" takes the fastest that is installed.

    `osrm:http://HOST:PORT` asks an OSRM server for tables of at most `osrm_table` rows and columns; nothing
    is opened or asked yet.
    SetupError says to build the area when its roads are missing or broken, and what an engine lacks.
    """
    if address := server_of(engine):
        return OsrmRoads(Server(address), Path(area_dir), osrm_table)
    network = load(Path(area_dir) / FILE_NAME)
    return Roads(network, choose(network, engine))


class Roads:
    """Travel times and routes of one area; safe for many readers while `apply` changes the closures."""

    def __init__(self, network: Network, engines: Engines) -> None:
        self._network = network
        self._engines = engines
        self._applying = threading.Lock()
        self._times = times_with(network, engines, NOTHING_SLOWED)
        self._names = StreetNames(network)

    @property
    def engine(self) -> str:
        """What answers: `cch` or `dijkstra`; `osrm` is the third."""
        return self._engines.name

    @property
    def closable(self) -> bool:
        """Whether `apply` takes closures."""
        return True

    @property
    def nodes(self) -> int:
        """Number of junctions and dead ends."""
        return self._network.node_count

    @property
    def edges(self) -> int:
        """Number of directed edges: two for a street driven both ways."""
        return self._network.edge_count

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the roads in degrees."""
        return self._network.bounds

    def matrix(self, origins: Sequence[LonLat], destinations: Sequence[LonLat]) -> Floats:
        """Seconds of drive [len(origins), len(destinations)]; infinity where no road leads.

        A place over 2000 m from every road, or on a closed street over 200 m from an open one, is not
        reached. Raises BadInput for coordinates that are not on the globe.
        """
        times = self._times
        start, end = self._snap(times, origins, "origins"), self._snap(times, destinations, "destinations")
        leave, come = leaving(self._network, times, start), coming(self._network, times, end)
        travel_ds = through_ds(times.engine, leave.legs, come.legs)
        np.minimum(travel_ds, same_street_ds(self._network, times, start, end), out=travel_ds)
        np.minimum(travel_ds, same_set_ds(self._network, leave, come), out=travel_ds)
        return travel_ds / DECISECONDS

    def route(self, origin: LonLat, destination: LonLat) -> Route | None:
        """The quickest drive, from road to road; None when no road leads there.

        `travel_s` is what `matrix` says. Raises BadInput for coordinates that are not on the globe.
        """
        times = self._times
        start, end = self._snap(times, [origin], "origin"), self._snap(times, [destination], "destination")
        return find(self._network, times, start, end)

    def way_class(self, origin: LonLat, destination: LonLat) -> str:
        """The class of road on most of the quickest drive; "" when no road leads there.

        Raises BadInput for coordinates that are not on the globe.
        """
        times = self._times
        ends = self._snap(times, [origin, destination], "places")  # together: that is what takes longest
        return find_class(self._network, times, ends.at(0), ends.at(1))

    def why_unreachable(self, origin: LonLat, destination: LonLat) -> Unreachable | None:
        """Why `matrix` says infinity for this drive; None when it says a time.

        Raises BadInput for coordinates that are not on the globe.
        """
        if np.isfinite(self.matrix([origin], [destination])[0, 0]):
            return None
        ends = [origin, destination]
        return why_unreachable(self._network, checked_lonlat(ends, "places"), self.snap(ends))

    def snap(self, places: Sequence[LonLat]) -> Snapped:
        """Where the places meet the road: (lon, lat) on it and metres to it, NaN when none is near enough."""
        return self._snap(self._times, places, "places")

    def street_near(self, place: LonLat) -> str:
        """The name of the nearest named street within 300 m; "" when there is none."""
        lon, lat = checked_lonlat([place], "place")[0].tolist()
        return self._names.nearest((lon, lat))

    def apply(self, closures: Sequence[ClosureLike | Mapping[str, Any]]) -> list[int]:
        """Let these closures hold instead of the earlier ones; [] opens all roads again.

        A closure is a line or polygon (shapely or GeoJSON) and a factor, 0 closed to 1 as usual; where they
        overlap the strictest holds. Returns how many edges each touches. Raises BadInput, changing nothing.
        """
        with self._applying:
            slowed, touched = slowed_lines(self._network, closures)
            self._times = times_with(self._network, self._engines, slowed)
        return [len(self._network.edges_of(lines)) for lines in touched]

    def _snap(self, times: Times, places: Sequence[LonLat], what: str) -> Snapped:
        return snap(self._network, checked_lonlat(places, what), times.closed_line)
