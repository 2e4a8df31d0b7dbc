"""A county small enough to work out by hand: 2 crews, 4 tickets, 3 zones, one square town.

It lies on the equator, where a kilometre is as many degrees to the east as to the north, and is measured in
kilometres from its south-west corner:

    10 +---------------------------+-----------+
       |  rural                    |   remote  |
     6 |      +--------+           |           |
       |      | urban  |           |           |
     4 |      |  1W  2 |     3   E |      4    |     1 2 3 4 tickets, W E crews at their depots
       |      |        |           |           |
     2 |      +--------+           |           |
     0 +---------------------------+-----------+
       0      2        6           14          20

Vans drive straight at 60 km/h, so a kilometre is a minute. It is Monday, 5 October 2026, in Shanghai:

    ticket  place   called  promised        due    west is there    east is there
    T1      3, 4    08:00   urban   45 min  08:45  1 km, 1 min      10 km, 10 min
    T2      5, 4    08:05   urban   45 min  08:50  1 km, 1 min       8 km,  8 min
    T3     10, 4    08:10   rural   90 min  09:40  6 km, 6 min       3 km,  3 min
    T4     16, 4    08:15   remote 120 min  10:15  12 km, 12 min     3 km,  3 min

T4 asks for high voltage (`hv`), which only the east crew may touch. T1 and T2 are two calls of one fault.
"""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, get_args
from zoneinfo import ZoneInfo

import numpy as np
import shapely

from dispatch import promise, zone
from dispatch.crew import Crew, Unit, parse_shift
from dispatch.promise import Policy, TableRow
from dispatch.roads import Route, Snapped
from dispatch.ticket import Place, Report, Zone
from dispatch.timeline import Event, fold
from dispatch.zone import METRES_PER_DEGREE, ZonePolygon, ZoneSet

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dispatch.ticket import Ticket

TIMEZONE = ZoneInfo("Asia/Shanghai")
MINUTE = 60_000
KM = 1000 / METRES_PER_DEGREE  # in degrees
LonLat = tuple[float, float]


def at(time: str, day: int = 5) -> int:
    """`08:15` on a day of October 2026 in Shanghai, in epoch ms."""
    hours, minutes = time.split(":")
    moment = datetime(2026, 10, day, int(hours), int(minutes), tzinfo=TIMEZONE)
    return int(moment.astimezone(UTC).timestamp()) * 1000


def spot(east_km: float, north_km: float) -> LonLat:
    """(lon, lat) of a spot of the county, WGS-84."""
    return (120 + east_km * KM, north_km * KM)


def square(west: float, south: float, east: float, north: float) -> shapely.Polygon:
    """The ground between four lines, in kilometres."""
    return shapely.box(*spot(west, south), *spot(east, north))


def _zone(code: Zone, name: str, priority: int, geometry: shapely.Polygon) -> ZonePolygon:
    return ZonePolygon(code, name, priority, "drawn by hand", "Chen", geometry)


TOWN = _zone("urban", "the town", 20, square(2, 2, 6, 6))
FIELDS = _zone("rural", "the fields", 10, square(0, 0, 14, 10))
VALLEY = _zone("remote", "the valley", 10, square(14, 0, 20, 10))
ZONES = ZoneSet("2026-1", (TOWN, FIELDS, VALLEY))

UNITS = (Unit("U1", "West", spot(4, 4)), Unit("U2", "East", spot(13, 4)))
WEST = Crew("west", "West 1", "U1", spot(4, 4), frozenset({"lv"}), parse_shift("08:00-20:00"), "101")
EAST = Crew("east", "East 1", "U2", spot(13, 4), frozenset({"lv", "hv"}), parse_shift("00:00-24:00"), "102")
CREWS = (WEST, EAST)

POLICY = Policy(
    name="state-grid",
    version="1",
    source="ten service commitments, item 8",
    minutes={"urban": 45, "rural": 90, "remote": 120},
    hours_ahead={"planned": 168, "temporary": 24},
    rows=tuple(TableRow(f"{each}_arrival", "arrivals", 1, each) for each in get_args(Zone)),
)


class StraightRoads:
    """Travel times of the county: as the crow flies, a minute a kilometre."""

    closable = True

    def matrix(self, origins: Sequence[LonLat], destinations: Sequence[LonLat]) -> NDArray[np.float64]:
        """Seconds [len(origins), len(destinations)]."""
        seconds = [[zone.metres(one, other) * 0.06 for other in destinations] for one in origins]
        return np.array(seconds).reshape(len(origins), len(destinations))

    def route(self, origin: LonLat, destination: LonLat) -> Route:
        """Straight there; the county has country roads only."""
        metres = zone.metres(origin, destination)
        return Route([origin, destination], metres, metres * 0.06, "secondary")

    def way_class(self, _origin: LonLat, _destination: LonLat) -> str:
        """The county has country roads only."""
        return "secondary"

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east, north of the county."""
        return (*spot(0, 0), *spot(20, 10))

    def street_near(self, place: LonLat) -> str:
        """The one street of the county that has a name runs by T3."""
        return "High Street" if zone.metres(place, spot(10, 4)) < 300 else ""

    def snap(self, places: Sequence[LonLat]) -> Snapped:
        """Every place lies by a road."""
        return Snapped(
            np.zeros(len(places), dtype=int), np.zeros(len(places)), np.array(places), np.zeros(len(places))
        )


class Story:
    """A ticket told event by event: `Story("T1").called("08:00").sent("08:05", "west").ticket`."""

    def __init__(self, ticket: str = "T1") -> None:
        self.id = ticket
        self.events: list[Event] = []

    def add(self, kind: str, time: str | int, by: str = "Li", **body: Any) -> Story:
        """One more event; `time` is `08:15` or epoch ms."""
        moment = at(time) if isinstance(time, str) else time
        self.events.append(Event(len(self.events) + 1, self.id, kind, moment, moment, by, body))
        return self

    def called(self, time: str, place: LonLat | None = None, **known: Any) -> Story:
        """Someone calls; with a place it is located, zoned and promised at once."""
        number = self.id.removeprefix("T")
        report = asdict(Report(f"R{number}", self.id, at(time), "phone", "no_power", **known))
        self.add("received", time, report=report)
        return self.found(time, place) if place else self

    def found(self, time: str, place: LonLat, report: str = "", called: str = "") -> Story:
        """The desk learns at `time` where the report is; the promise runs from the call."""
        name = report or f"R{self.id.removeprefix('T')}"
        where = Place(*place, "pin", "A", 100.0, 30.0, "Li")
        zoned = zone.classify(ZONES, place, 30.0)
        received_at = at(called) if called else self.events[0].at
        made = promise.make(POLICY, zoned.zone, received_at)
        self.add("located", time, report=name, place=asdict(where), unit="U1")
        return self.add("promised", time, report=name, zoned=asdict(zoned), promise=asdict(made), shadows=[])

    def sent(self, time: str, crew: str, **how: Any) -> Story:
        """A crew is assigned."""
        return self.add("assigned", time, crew=crew, **how)

    def step(self, kind: str, time: str, crew: str = "west", **body: Any) -> Story:
        """A crew reports a step."""
        evidence = {"evidence": "B"} if kind == "arrived" else {}
        return self.add(kind, time, by=crew, crew=crew, **evidence, **body)

    def steps(self, crew: str, **times: str) -> Story:
        """Several steps of one crew: `steps("west", accepted="08:02", arrived="08:10")`."""
        for kind, time in times.items():
            self.step(kind, time, crew)
        return self

    def joined(self, time: str, other: Ticket, number: int = 0) -> Story:
        """A report of another ticket is merged into this one."""
        return self.add("joined", time, report=asdict(other.reports[number]), **{"from": other.id})

    @property
    def ticket(self) -> Any:
        """The Ticket as it stands; Any, because a test knows which of its parts are there."""
        return fold(self.events)


def t1() -> Story:
    """In the town, called at 08:00, due at 08:45."""
    return Story("T1").called("08:00", spot(3, 4))


def t2() -> Story:
    """In the town, called at 08:05, due at 08:50; the same fault as T1."""
    return Story("T2").called("08:05", spot(5, 4))


def t3() -> Story:
    """In the fields, called at 08:10, due at 09:40."""
    return Story("T3").called("08:10", spot(10, 4))


def t4() -> Story:
    """In the valley, called at 08:15, due at 10:15; only the east crew may do it."""
    return Story("T4").called("08:15", spot(16, 4))
