"""What the company announces: outage notices, checked before anybody relies on them."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

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
