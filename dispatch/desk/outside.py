"""Whether a place lies outside what the company serves: far from the built area, and in no zone."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import shapely

from dispatch import zone
from dispatch.desk.attempts import list_attempts
from dispatch.errors import BadInput, Fault, SetupError

if TYPE_CHECKING:
    from dispatch.desk import Desk
    from dispatch.desk.attempts import Found
    from dispatch.ticket import Report, Ticket

SAID = frozenset({"given", "account", "transformer"})  # an online provider may well err far away
BEYOND_M = 5000.0  # a village across the border may still be ours by an old contract; another county is not


def is_outside(desk: Desk, lonlat: tuple[float, float], at: int) -> bool:
    """Whether (lon, lat) lies more than BEYOND_M from the built area and in no zone that holds at `at`."""
    return beyond_m(desk, lonlat) > BEYOND_M and not zone.is_covered(desk.zones_at(at), lonlat)


def beyond_m(desk: Desk, lonlat: tuple[float, float]) -> float:
    """Metres from a place to the rectangle around the built area's roads; 0 inside, or without one."""
    try:
        bounds = desk.roads.bounds
    except SetupError:
        return 0.0
    return zone.distance_m(shapely.Point(lonlat), shapely.box(*bounds))


def kept_inside(desk: Desk, found: Found, at: int) -> Found:
    """What was found, without a place that lies outside: the attempt stays and says so."""
    if found.place is None or not is_outside(desk, found.place.lonlat, at):
        return found
    *before, last = found.attempts
    told = replace(last, result="unused", reason="outside")
    return replace(found, place=None, attempts=(*before, told), candidates=())


def said_outside(desk: Desk, ticket: Ticket, report: Report) -> bool:
    """Whether a report has no place because the one that was said, or on record, lies outside."""
    tried = () if report.place else list_attempts(desk, ticket, report)
    return any(each.get("reason") == "outside" and each["method"] in SAID for each in tried)


def refuse_outside(desk: Desk, lonlat: tuple[float, float], at: int) -> None:
    """Raise BadInput when the desk pins a report to a place outside."""
    if is_outside(desk, lonlat, at):
        far_km = beyond_m(desk, lonlat) / 1000
        why = f"lies {far_km:.0f} km outside the built area, and no zone covers it"
        hint = "set the pin where the fault is (are lon and lat swapped?), or publish a zone there"
        fault = Fault("lon", f"or lat: {why}")
        raise BadInput(f"The place {why}; {hint}.", (fault,), code="outside", km=f"{far_km:.0f}")
