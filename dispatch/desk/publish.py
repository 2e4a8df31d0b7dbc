"""What the company publishes: outage notices and zone sets, checked before anybody relies on them."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Any

import shapely
from shapely.geometry import mapping

from dispatch import zone
from dispatch.desk.rows import every_row, id_of, moment, one_of
from dispatch.errors import BadInput, Conflict, Fault
from dispatch.outage import Notice, NoticeKind

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from dispatch.desk import Desk
    from dispatch.store.people import Person

NOTICE = ("outage", "kind", "cause", "published_at", "from", "to", "area")


def import_outages(desk: Desk, path: Path, by: Person) -> int:
    """Outage notices from a table, areas as WKT polygons; how many."""
    notices = every_row(path, NOTICE, (), lambda row: _notice(row, by))
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


def import_zones(desk: Desk, path: Path, by: Person) -> str:
    """Publish a zone set from GeoJSON or GeoPackage, in force from now; its id. BadInput names each fault."""
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
    return f"Z{seq}"


def read_zones(path: Path) -> list[dict[str, Any]]:
    """GeoJSON features in WGS-84 with the five properties of a zone; BadInput when it cannot be read."""
    import geopandas  # noqa: PLC0415 -- heavy, and only this import needs it
    from pyogrio.errors import DataSourceError  # noqa: PLC0415 -- as above

    try:
        frame = geopandas.read_file(path)
    except (DataSourceError, OSError, ValueError) as error:
        raise BadInput(f"{path.name} is not GeoJSON or GeoPackage: {error}") from error
    missing = [name for name in ("code", "name", "priority") if name not in frame.columns]
    if missing or frame.empty:
        raise BadInput(
            f"{path.name} has no {', '.join(missing) or 'polygons'}; each zone needs code, name, priority"
        )
    frame = frame if frame.crs is None else frame.to_crs(4326)
    return [_feature(row) for row in frame.to_dict("records")]


def _feature(row: Mapping[str, Any]) -> dict[str, Any]:
    properties = {name: str(row.get(name) or "") for name in ("code", "name", "source", "approved_by")}
    geometry = row["geometry"]
    shown = mapping(geometry) if geometry is not None else {"type": "Polygon", "coordinates": []}
    return {
        "type": "Feature",
        "properties": properties | {"priority": _whole(row["priority"])},
        "geometry": shown,
    }


def _whole(value: Any) -> int:
    try:
        return int(value)
    except (TypeError, ValueError) as error:
        raise BadInput(f"a zone's priority must be a whole number, not {value!r}") from error
