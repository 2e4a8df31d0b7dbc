"""A zone set from a file: read, checked, in force from a moment on; what is odd is told with its place."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import numpy as np
import shapely
from shapely.geometry import mapping

from dispatch import zone
from dispatch.desk import zone_set
from dispatch.desk.rows import moment
from dispatch.errors import BadInput, Conflict, Fault, SetupError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path
    from zoneinfo import ZoneInfo

    from numpy.typing import NDArray

    from dispatch.desk import Desk
    from dispatch.store.people import Person
    from dispatch.ticket import Place, Report, Zoned
    from dispatch.zone import ZoneSet

NEEDED = ("code", "name", "priority", "geometry")
SLIT_M = 30.0  # a street wide: neighbours drawn from two maps miss each other by less
GRID = 100  # places a side that are asked whether they lie by a road and in no zone
BY_A_ROAD_M = 500.0
PREMISES_M = 200.0  # a pin this near to an account's place speaks of the same premises
BACKDATED = Fault("from", "lies behind us")
DAY = re.compile(r"\d{4}-\d\d-\d\d")
COVERED_ENOUGH = 0.99  # a border village may well be the neighbour's


def zone_report(desk: Desk, report: Report, place: Place) -> Zoned:
    """The zone of a report at a place, by the polygons and the account's own class, as the company set.

    The set that held when the call was received decides, whenever the place becomes known.
    """
    rules = desk.config.zones
    found = zone.classify(desk.zones_at(report.received_at), place.lonlat, place.precision_m, rules.default)
    account = desk.store.company.find_account(report.account_no) if report.account_no else None
    if account is None or not _is_there(account, place):
        return found
    return zone.with_account(found, zone.class_of(account["zone"]), rules.account_class)


def _is_there(account: Mapping[str, Any], place: Place) -> bool:
    """Whether the report is about the account's own premises: a caller may report a fault elsewhere."""
    if place.method == "account":
        return True
    return zone.metres(place.lonlat, (account["lon"], account["lat"])) <= max(PREMISES_M, place.precision_m)


@dataclass(frozen=True, slots=True)
class Published:
    """A zone set, from when it holds (epoch ms), and what somebody should look at in it."""

    zone_set: str
    from_at: int
    warnings: tuple[str, ...]


def import_zones(desk: Desk, path: Path, by: Person, begins: str = "") -> Published:
    """Publish a zone set from GeoJSON or GeoPackage, to hold from now or from `begins` on.

    `begins` is a day (from its midnight in the company's time) or an ISO 8601 time with an offset. Never
    backdated, never undone: BadInput when it lies behind us, or names each fault of the file with its place;
    Conflict when this machine's clock is behind the newest set.
    """
    from_at = _moment(begins, desk.timezone) if begins else None
    features, odd = read_zones(path)
    faults = [Fault(which, why) for which, why in zone.faults_of(features)]
    if faults:
        first = f"zone {faults[0].field!r} {faults[0].message}"
        raise BadInput(f"{path.name}: {first}; nothing was published.", tuple(faults))
    name, from_at = _publish(desk, features, path.name, by, from_at)
    zones = zone_set(name, features)
    return Published(name, from_at, (*odd, *doubts(zones), *uncovered(desk, zones)))


def _moment(said: str, timezone: ZoneInfo) -> int:
    """Epoch ms of a day's beginning or of a time with an offset; BadInput for anything else."""
    try:
        if DAY.fullmatch(said):
            return round(datetime.fromisoformat(said).replace(tzinfo=timezone).timestamp() * 1000)
        return moment({"from": said}, "from")
    except ValueError:
        why = f"from {said[:40]!r} is neither a day like 2026-12-01 nor a time like 2026-12-01T08:00:00+08:00"
        raise BadInput(why, (Fault("from", why),)) from None


def _publish(
    desk: Desk, features: list[dict[str, Any]], file: str, by: Person, from_at: int | None
) -> tuple[str, int]:
    now, store = desk.clock(), desk.store
    with store.transaction():
        if now < store.company.zones_published_at():
            raise Conflict("the zones in force were published later than this machine's clock; set it right")
        begins = now if from_at is None else from_at
        if begins < now:
            raise BadInput(
                "zones are never backdated: leave the day out for now, or name one to come", (BACKDATED,)
            )
        name = f"Z{store.tickets.head()[0] + 1}"
        store.company.publish_zones(name, now, by.name, features, begins)
        body = {"zone_set": name, "polygons": len(features), "file": file, "from": begins}
        store.tickets.append("", "zones_published", body, at=now, now=now, by=by.name)
    return name, begins


# -- what is odd, though allowed


def doubts(zones: ZoneSet) -> list[str]:
    """Where a zone set says two things of one place, or nothing: allowed, for each has its rule, but odd."""
    unapproved = [repr(each.name) for each in zones.polygons if not each.approved_by]
    said = [f"nobody is named who approved {', '.join(unapproved)}"] if unapproved else []
    return [*said, *_overlaps(zones), *_gaps(zones), *_slits(zones)]


def _overlaps(zones: ZoneSet) -> Iterator[str]:
    shapes = np.array([polygon.geometry for polygon in zones.polygons])
    pairs = shapely.STRtree(shapes).query(shapes, predicate="intersects").T
    for one, other in ((zones.polygons[a], zones.polygons[b]) for a, b in sorted(pairs.tolist()) if a < b):
        if one.priority != other.priority or one.code == other.code:
            continue
        shared = one.geometry.intersection(other.geometry)
        if _is_ground(shared):
            names = f"{one.name!r} and {other.name!r}"
            yield f"{names} overlap at {_spot(shared)}: the strictest holds; give one a higher priority"


def _gaps(zones: ZoneSet) -> Iterator[str]:
    for part in shapely.get_parts(_all(zones)):
        for gap in (shapely.Polygon(ring) for ring in part.interiors):
            if _is_ground(gap):
                yield f"no zone covers the gap at {_spot(gap)}"


def _slits(zones: ZoneSet) -> Iterator[str]:
    """Strips between neighbours, open at an end, that no zone covers; an enclosed one is a gap (`_gaps`)."""
    shapes = np.array([polygon.geometry for polygon in zones.polygons])
    wide, thin = (_invalid_edges(shapes, width_m) for width_m in (SLIT_M, zone.SLIVER_M))
    covered = shapely.union_all([shapely.Polygon(part.exterior) for part in shapely.get_parts(_all(zones))])
    told = shapely.MultiPolygon()
    for polygon, edges, sliver in zip(zones.polygons, wide, thin, strict=True):
        beside = edges.difference(sliver).buffer(SLIT_M / 2 / zone.METRES_PER_DEGREE).difference(covered)
        if _is_ground(beside) and not beside.intersects(told):
            told = told.union(beside)
            yield f"no zone covers the strip beside {polygon.name!r} at {_spot(beside)}: draw one common edge"


def _invalid_edges(shapes: NDArray[np.object_], width_m: float) -> NDArray[np.object_]:
    """Of each shape the edges that do not match a neighbour's within `width_m`."""
    found: NDArray[np.object_] = shapely.coverage_invalid_edges(shapes, width_m / zone.METRES_PER_DEGREE)
    return found


def _all(zones: ZoneSet) -> shapely.Geometry:
    return shapely.union_all([polygon.geometry for polygon in zones.polygons])


def _is_ground(geometry: shapely.Geometry) -> bool:
    """Whether a house could stand there: wider than the strips that neighbours drawn apart leave."""
    return not geometry.buffer(-zone.SLIVER_M / 2 / zone.METRES_PER_DEGREE).is_empty


def _spot(geometry: shapely.Geometry) -> str:
    inside = geometry.representative_point()
    return f"{inside.x:.5f}, {inside.y:.5f}"


def uncovered(desk: Desk, zones: ZoneSet) -> list[str]:
    """Where people are and no zone is: accounts, and places by a road of the built area, if there is one."""
    lons, lats, _ = desk.store.company.account_places()
    found = list(_outside(zones, np.array([lons, lats]).T, "accounts", 1.0))
    try:
        roads, (west, south, east, north) = desk.roads, desk.roads.bounds
    except SetupError:
        return found  # zones may be published before an area is built
    grid = np.meshgrid(np.linspace(west, east, GRID), np.linspace(south, north, GRID))
    places = np.stack([axis.ravel() for axis in grid], axis=1)
    snapped = roads.snap([(lon, lat) for lon, lat in places.tolist()])
    near = places[np.nan_to_num(snapped.distance_m, nan=np.inf) <= BY_A_ROAD_M]
    return [*found, *_outside(zones, near, "places by a road of the built area", COVERED_ENOUGH)]


def _outside(zones: ZoneSet, places: NDArray[np.float64], what: str, enough: float) -> Iterator[str]:
    """One sentence when fewer than the share `enough` of the places [n, 2] lie in a zone."""
    if not len(places):
        return
    out = places[~zone.classify_many(zones, places[:, 0], places[:, 1]).covered]
    if len(out) > (1 - enough) * len(places):
        lon, lat = out[len(out) // 2]
        swapped = ""
        if len(out) == len(places):
            swapped = "; are lon and lat swapped, or is it another county's file?"
        of = f"{len(out)} of {len(places)} {what}"
        yield f"{of} lie in no zone, such as {lon:.5f}, {lat:.5f}: the strictest promise holds there{swapped}"


# -- the file


def read_zones(path: Path) -> tuple[list[dict[str, Any]], list[str]]:
    """GeoJSON features in WGS-84 with the five properties of a zone, and what is odd about the file.

    BadInput when it cannot be read, lacks a property, or is a proposal that nobody approved.
    """
    frame = _read(path)
    missing = [name for name in NEEDED if name not in frame.columns] if len(frame) else ["polygons"]
    if missing:
        raise BadInput(f"{path.name} has no {', '.join(missing)}; each zone needs {', '.join(NEEDED)}")
    frame, odd = _in_degrees(frame, path.name)
    features = [_feature(row) for row in frame.to_dict("records")]
    if "proposed" in frame.columns and not all(each["properties"]["approved_by"] for each in features):
        raise BadInput(
            f"{path.name} is a proposal: whoever decides names themselves in approved_by of every zone"
        )
    return features, odd


def _read(path: Path) -> Any:
    import geopandas  # noqa: PLC0415 -- heavy, and only this import needs it
    from pyogrio.errors import DataSourceError  # noqa: PLC0415 -- as above

    try:
        if not path.read_bytes()[:100].lstrip(b"\xef\xbb\xbf \t\r\n").startswith((b"{", b"SQLite format 3")):
            raise BadInput(f"{path.name} is not GeoJSON or GeoPackage")  # the reader would take much else
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", "Could not parse column")  # we name the zone ourselves
            return geopandas.read_file(path)
    except (DataSourceError, OSError, ValueError) as error:
        raise BadInput(f"{path.name} is not GeoJSON or GeoPackage: {error}") from error


def _in_degrees(frame: Any, name: str) -> tuple[Any, list[str]]:
    """The frame in WGS-84, and a sentence where the file said something else or nothing."""
    from pyproj.exceptions import ProjError  # noqa: PLC0415 -- comes with geopandas

    if frame.crs is None:
        west, south, *_ = frame.total_bounds
        begins = f"it begins at {west:.5f}, {south:.5f}"
        return frame, [f"{name} names no coordinate system; read as lon, lat in WGS-84: {begins}"]
    if frame.crs.equals(4326, ignore_axis_order=True):
        return frame, []
    try:
        moved = frame.to_crs(4326)
    except ProjError as error:
        raise BadInput(f"{name} is in {frame.crs.name}, which has no place on earth: {error}") from error
    west, south, *_ = moved.total_bounds
    told = f"{name} was in {frame.crs.name}; converted to WGS-84 it begins at {west:.5f}, {south:.5f}"
    return moved, [told]


def _feature(row: Mapping[str, Any]) -> dict[str, Any]:
    properties = {name: _text(row.get(name)) for name in ("code", "name", "source", "approved_by")}
    geometry = row["geometry"]
    flat = None if geometry is None else shapely.force_2d(geometry)
    shown = {"type": "Polygon", "coordinates": []} if flat is None else mapping(flat)
    priority = _whole(row["priority"], properties["name"])
    return {"type": "Feature", "properties": properties | {"priority": priority}, "geometry": shown}


def _text(value: Any) -> str:
    """A property as text; what is missing in one feature only comes as None or as not-a-number."""
    return "" if value is None or value != value else str(value)  # noqa: PLR0124 -- only NaN differs from itself


def _whole(value: Any, name: str) -> int:
    try:
        if float(value).is_integer():
            return int(value)
    except (TypeError, ValueError, OverflowError):
        pass
    raise BadInput(f"zone {name!r} has the priority {_text(value)!r}; it must be a whole number")
