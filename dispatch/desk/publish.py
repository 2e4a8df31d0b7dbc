"""What the company publishes: outage notices and zone sets, checked before anybody relies on them."""

from __future__ import annotations

import itertools
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import shapely
from shapely.geometry import mapping

from dispatch import zone
from dispatch.desk import zone_set
from dispatch.desk.rows import every_row, id_of, moment, one_of
from dispatch.errors import BadInput, Conflict, Fault
from dispatch.outage import Notice, NoticeKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from dispatch.desk import Desk
    from dispatch.store.people import Person
    from dispatch.zone import ZoneSet

NOTICE = ("outage", "kind", "cause", "published_at", "from", "to", "area")


def import_outages(desk: Desk, path: Path, by: Person) -> int:
    """Outage notices from a table, areas as WKT polygons; how many."""
    notices = every_row(path, NOTICE, (), lambda row: _notice(row, by), "outage")
    with desk.store.transaction():
        for notice in notices:
            publish(desk, notice, by)
    return len(notices)


def _notice(row: Mapping[str, str], by: Person) -> Notice:
    area = shapely.from_wkt(row["area"], on_invalid="ignore")
    if area is None:
        raise ValueError("area is not a WKT polygon such as POLYGON ((lon lat, …))")
    notice = Notice(
        id=id_of(row, "outage"),
        kind=one_of(row, "kind", NoticeKind),
        cause=row["cause"],
        published_at=moment(row, "published_at"),
        from_at=moment(row, "from"),
        until_at=moment(row, "to"),
        area=mapping(area),
        by=by.name,
    )
    check_notice(notice)
    return notice


def post_notice(desk: Desk, notice: Notice, by: Person) -> Notice:
    """Publish one notice, under the next free id if it has none. Conflict when the id is taken."""
    check_notice(notice)
    made = not notice.id  # a running number may be taken by a notice that was imported
    with desk.store.transaction():
        while not notice.id or (made and desk.store.company.knows_notice(notice.id)):
            notice = replace(notice, id=f"O{desk.store.tickets.next_id('outage')}")
        if desk.store.company.knows_notice(notice.id):
            raise Conflict(f"there is a notice {notice.id} already; take another id")
        publish(desk, notice, by)
    return notice


def check_notice(notice: Notice) -> None:
    """Raise BadInput unless the notice's times and area make sense."""
    if notice.until_at <= notice.from_at:
        raise BadInput("The outage ends before it begins.", (Fault("to", "must lie after `from`"),))
    faults = zone.area_faults(notice.area)
    if faults:
        raise BadInput(f"The area {faults[0]}.", tuple(Fault("area", why) for why in faults))


def publish(desk: Desk, notice: Notice, by: Person) -> None:
    """Keep a notice and write on the timeline that it was published."""
    now = desk.clock()
    desk.store.company.put_notices([notice])
    body = asdict(notice)
    desk.store.tickets.append("", "outage_published", body, at=now, now=now, by=by.name)


@dataclass(frozen=True, slots=True)
class Published:
    """A zone set that is in force now, and what somebody should look at in it."""

    zone_set: str
    warnings: tuple[str, ...]


def import_zones(desk: Desk, path: Path, by: Person) -> Published:
    """Publish a zone set from GeoJSON or GeoPackage, in force from now. BadInput names each fault."""
    features = read_zones(path)
    faults = [Fault(which, why) for which, why in zone.faults_of(features)]
    if faults:
        first = f"zone {faults[0].field!r} {faults[0].message}"
        raise BadInput(f"{path.name}: {first}; nothing was published.", tuple(faults))
    now = desk.clock()
    with desk.store.transaction():
        seq = desk.store.tickets.head()[0] + 1
        desk.store.company.publish_zones(f"Z{seq}", now, by.name, features)
        body = {"zone_set": f"Z{seq}", "polygons": len(features), "file": path.name}
        desk.store.tickets.append("", "zones_published", body, at=now, now=now, by=by.name)
    return Published(f"Z{seq}", tuple(doubts(zone_set(f"Z{seq}", features))))


def doubts(zones: ZoneSet) -> list[str]:
    """Where a zone set says two things of one place, or nothing: allowed, for each has its rule, but odd."""
    shapes = [polygon.geometry for polygon in zones.polygons]
    found = []
    for one, other in itertools.combinations(zones.polygons, 2):
        if one.priority != other.priority or one.code == other.code:
            continue
        shared = one.geometry.intersection(other.geometry)
        if _is_ground(shared):
            names = f"{one.name!r} and {other.name!r}"
            found.append(
                f"{names} overlap at {_spot(shared)}: the strictest holds; give one a higher priority"
            )
    for part in shapely.get_parts(shapely.union_all(shapes)):
        gaps = (shapely.Polygon(ring) for ring in part.interiors)
        found += [f"no zone covers the gap at {_spot(gap)}" for gap in gaps if _is_ground(gap)]
    return found


def _is_ground(geometry: shapely.Geometry) -> bool:
    """Whether a house could stand there: wider than the strips that neighbours drawn apart leave."""
    return not geometry.buffer(-zone.SLIVER_M / 2 / zone.METRES_PER_DEGREE).is_empty


def _spot(geometry: shapely.Geometry) -> str:
    inside = geometry.representative_point()
    return f"{inside.x:.5f}, {inside.y:.5f}"


def read_zones(path: Path) -> list[dict[str, Any]]:
    """GeoJSON features in WGS-84 with the five properties of a zone; BadInput when it cannot be read."""
    import geopandas  # noqa: PLC0415 -- heavy, and only this import needs it
    from pyogrio.errors import DataSourceError  # noqa: PLC0415 -- as above

    try:
        frame = geopandas.read_file(path)
    except (DataSourceError, OSError, ValueError) as error:
        raise BadInput(f"{path.name} is not GeoJSON or GeoPackage: {error}") from error
    needed = ("code", "name", "priority", "geometry")
    missing = [name for name in needed if name not in frame.columns] if len(frame) else ["polygons"]
    if missing:
        raise BadInput(f"{path.name} has no {', '.join(missing)}; each zone needs {', '.join(needed)}")
    frame = frame if frame.crs is None else frame.to_crs(4326)
    return [_feature(row) for row in frame.to_dict("records")]


def _feature(row: Mapping[str, Any]) -> dict[str, Any]:
    properties = {name: _text(row.get(name)) for name in ("code", "name", "source", "approved_by")}
    geometry = row["geometry"]
    shown = mapping(geometry) if geometry is not None else {"type": "Polygon", "coordinates": []}
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
