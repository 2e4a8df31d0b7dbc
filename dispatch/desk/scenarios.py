"""Which scenarios there are to play: a file that is read and checked, or a day drawn on the built area."""

from __future__ import annotations

import json
from datetime import datetime
from itertools import pairwise
from typing import TYPE_CHECKING, Annotated, Any, get_args
from zoneinfo import ZoneInfo

import numpy as np
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from dispatch.desk import open_desk
from dispatch.errors import BadInput, SetupError
from dispatch.gazetteer import list_houses, list_transformers
from dispatch.paths import POLICIES, from_root
from dispatch.roads import open_roads
from dispatch.rulebook import load_rulebook
from dispatch.simulate import Call, Closing, Duty, Scenario
from dispatch.simulate.draw import DayKind, Town, Usual, draw
from dispatch.ticket import FaultKind, Zone
from dispatch.zone import classify_many, metres

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from dispatch.config import Config
    from dispatch.desk import Desk
    from dispatch.plan import Place
    from dispatch.roads import AnyRoads

MOST_REPORTS, MOST_CREWS = 10_000, 1_000
DAY = datetime(2026, 10, 12, 8)  # noqa: DTZ001 -- in the company's time zone; any Monday would do
# The rule where no approved zone set covers the area: only to have a day to play, it decides no promise.
URBAN_M, RURAL_M = 3_000.0, 15_000.0
STREETS = 24  # on which a tree may fall

Seconds = Annotated[float, Field(ge=0, le=90 * 86_400, allow_inf_nan=False)]
Lon = Annotated[float, Field(ge=-180, le=180, allow_inf_nan=False)]
Lat = Annotated[float, Field(ge=-90, le=90, allow_inf_nan=False)]
Span = Annotated[list[Seconds], Field(min_length=2, max_length=2)]
Name = Annotated[str, Field(min_length=1, max_length=100)]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True)


class _Depot(_Part):
    id: Name
    lon: Lon
    lat: Lat


class _Crew(_Part):
    id: Name
    depot: Name
    skills: list[Name]
    shift_s: Span
    breaks_s: Annotated[list[Span], Field(max_length=100)] = []


class _Report(_Part):
    id: Name
    at_s: Seconds
    lon: Lon
    lat: Lat
    zone: Zone
    needs: str
    customers: int = Field(1, ge=0, le=100_000_000)
    hazard: bool = False
    critical: bool = False
    work_s: Seconds
    true_work_s: Seconds
    travel_factor: float = Field(1.0, gt=0, le=100, allow_inf_nan=False)
    fault: str = ""
    crews: int = Field(1, ge=1, le=2)


class _Closure(_Part):
    at_s: Seconds
    until_s: Seconds
    geometry: dict[str, Any]
    factor: float = Field(ge=0, le=1)


class _File(_Part):
    name: str
    start: AwareDatetime
    hours: float = Field(gt=0, le=24 * 31, allow_inf_nan=False)
    policy: str = Field(pattern=r"^[\w-]{1,100}$")  # the name of a file
    depots: list[_Depot]
    crews: Annotated[list[_Crew], Field(max_length=MOST_CREWS)]
    reports: Annotated[list[_Report], Field(max_length=MOST_REPORTS)]
    closures: Annotated[list[_Closure], Field(max_length=1_000)] = []


def read(path: Path) -> Scenario:
    """The scenario of a file; BadInput says in one line where and what is wrong."""
    try:
        said = _File.model_validate_json(path.read_bytes())
    except ValidationError as error:
        first, *more = error.errors()
        where = ".".join(map(str, first["loc"])) or "the file"
        rest = f" (and {len(more)} more)" if more else ""
        raise BadInput(f"{path.name}, {where}: {first['msg']}{rest}") from error
    if wrong := _wrong(said):
        raise BadInput(f"{path.name}, {wrong}")
    return _scenario(said)


def _wrong(said: _File) -> str:
    """What no single field can show, or nothing."""
    for what in ("depots", "crews", "reports"):
        names = [each.id for each in getattr(said, what)]
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            return f"{what}: {twice} is there twice; ids must be unique"
    depots = {depot.id for depot in said.depots}
    for crew in said.crews:
        if crew.depot not in depots:
            return f"crew {crew.id}: there is no depot {crew.depot}"
        if wrong := _wrong_hours(crew):
            return f"crew {crew.id}: {wrong}"
    return next(
        (
            f"closures.{n}: must end after it begins"
            for n, c in enumerate(said.closures)
            if c.at_s >= c.until_s
        ),
        "",
    )


def _wrong_hours(crew: _Crew) -> str:
    if crew.shift_s[0] >= crew.shift_s[1]:
        return "its shift_s must end after it begins"
    if any(since >= until for since, until in crew.breaks_s):
        return "each of its breaks_s must end after it begins"
    if any(one[1] > two[0] for one, two in pairwise(crew.breaks_s)):
        return "its breaks_s must be in order, none beginning before the one before it has ended"
    return ""


def _scenario(said: _File) -> Scenario:
    depots = {depot.id: (depot.lon, depot.lat) for depot in said.depots}
    return Scenario(
        name=said.name,
        start_ms=round(said.start.timestamp() * 1000),
        hours=said.hours,
        policy=said.policy,
        crews=tuple(
            Duty(
                id=crew.id,
                depot=depots[crew.depot],
                skills=frozenset(crew.skills),
                shifts_s=(_pair(crew.shift_s),),
                breaks_s=tuple(map(_pair, crew.breaks_s)),
            )
            for crew in said.crews
        ),
        calls=tuple(_call(report) for report in sorted(said.reports, key=lambda report: report.at_s)),
        closures=tuple(Closing(c.at_s, c.until_s, c.geometry, c.factor) for c in said.closures),
    )


def _pair(span_s: list[float]) -> tuple[float, float]:
    return (span_s[0], span_s[1])


def _call(report: _Report) -> Call:
    return Call(
        id=report.id,
        at_s=report.at_s,
        place=(report.lon, report.lat),
        zone=report.zone,
        needs=frozenset({report.needs} - {""}),
        customers=report.customers,
        hazard=report.hazard,
        critical=report.critical,
        work_s=report.work_s,
        true_work_s=report.true_work_s,
        travel_factor=report.travel_factor,
        fault=report.fault or f"of report {report.id}",
        crews=report.crews,
    )


def draw_day(
    config: Config, kind: DayKind, crews: int, seed: int, *, hours: float = 24, area: Path | None = None
) -> dict[str, Any]:
    """A scenario on the company's area, or on another `area`; the same seed gives the same one.

    Depots are the company's where it has any and the area is its own, else substations. Zones are those in
    force, else by distance from a depot, which the scenario's name says.
    """
    town = town_of(config, area)
    start = DAY.replace(tzinfo=ZoneInfo(config.service.timezone)).isoformat()
    return draw(town, kind, crews=crews, seed=seed, start=start, policy=config.policy.binding, hours=hours)


def write(scenario: dict[str, Any], path: Path) -> None:
    """The scenario as a file, whole or not at all."""
    beside = path.with_name(f"{path.name}.part")
    beside.write_text(json.dumps(scenario, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    beside.replace(path)


def town_of(config: Config, area: Path | None = None) -> Town:
    """Who may call in an area and where crews start; BadInput when it has no house numbers."""
    desk = None if area else _company(config)
    folder = area or from_root(config.area.path)
    houses = list_houses(folder)
    if not houses:
        raise BadInput(f"{folder.name} has no house numbers to call from; build an area that has some")
    lonlat = np.array(houses)
    roads = open_roads(folder, config.roads.engine, config.roads.osrm_table)
    depots = _depots(desk, folder) or houses[:: max(1, len(houses) // 4)]
    zones, by = _zones(desk, config, lonlat, depots)
    faults = load_rulebook(POLICIES, config.policy.binding, ()).faults
    usual: dict[FaultKind, Usual] = {
        kind: Usual(min(faults[kind].needs, default=""), faults[kind].work_min * 60.0, faults[kind].hazard)
        for kind in get_args(FaultKind)
    }
    return Town(f"zones {by}", lonlat, zones, depots, _streets(roads, houses, depots), usual)


def _company(config: Config) -> Desk | None:
    """The company, where it has a database and zones; a scenario needs neither."""
    try:
        desk = open_desk(config)
    except SetupError:
        return None
    return desk if desk.store.company.zone_set_at(desk.clock()) else None


def _depots(desk: Desk | None, area: Path) -> list[Place]:
    own = [crew.depot for crew in desk.store.company.crews()] if desk else []
    return list(dict.fromkeys(own)) or list_transformers(area)


def _zones(
    desk: Desk | None, config: Config, lonlat: np.ndarray[Any, Any], depots: Sequence[Place]
) -> tuple[list[Zone], str]:
    """The zone of every place, and by what."""
    if desk is not None:
        zones = desk.zones_at(desk.clock())
        found = classify_many(zones, lonlat[:, 0], lonlat[:, 1], config.zones.default).zone
        return list(found.tolist()), f"by set {zones.id}"
    nearest = [min(metres((lon, lat), depot) for depot in depots) for lon, lat in lonlat.tolist()]
    return [_by_distance(each) for each in nearest], "by distance from a depot"


def _by_distance(depot_m: float) -> Zone:
    if depot_m <= URBAN_M:
        return "urban"
    return "rural" if depot_m <= RURAL_M else "remote"


def _streets(roads: AnyRoads, houses: Sequence[Place], depots: Sequence[Place]) -> list[list[Place]]:
    """Pieces in the middle of drives from depots to houses spread over the area."""
    found = []
    for number, house in enumerate(houses[:: max(1, len(houses) // STREETS)]):
        route = roads.route(depots[number % len(depots)], house)
        if route is not None and len(route.line) > 4:
            middle = len(route.line) // 2
            found.append(route.line[middle - 1 : middle + 1])
    return found
