"""Which roads are closed or slowed now, and the acts of closing one and opening it again."""

from __future__ import annotations

import logging
import threading
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

import shapely
from shapely.geometry import box, shape

from dispatch.errors import BadInput, Fault

if TYPE_CHECKING:
    from dispatch.desk import Desk
    from dispatch.roads import AnyRoads
    from dispatch.store.closures import Closure
    from dispatch.store.people import Person

VERTICES = 10_000
log = logging.getLogger("dispatch.closures")


class Applied:
    """Which closures the roads of this process know; one at a time changes them."""

    def __init__(self) -> None:
        self.turn = threading.RLock()
        self._roads: AnyRoads | None = None
        self._ids: tuple[str, ...] = ()

    def bring(self, desk: Desk, now: int) -> AnyRoads:
        """The desk's roads with exactly the closures that hold at `now` (epoch ms).

        Closures told before an engine was chosen that takes none do not hold up the plan: the log names them.
        """
        with self.turn:
            roads = desk.roads
            if roads is not self._roads:
                self._roads, self._ids = roads, ()
            ids = desk.store.closures.ids_at(now)
            if ids != self._ids:
                held = desk.store.closures.list_at(now)
                self._ids = tuple(closure.id for closure in held)
                if roads.closable:
                    roads.apply(held)
                elif held:
                    log.warning("%s: not held by the roads, whose server must know of them", " ".join(ids))
            return roads


def roads_now(desk: Desk, now: int) -> AnyRoads:
    """The roads as they are at `now` (epoch ms): what anybody closed holds, what is over holds no longer."""
    return desk.applied.bring(desk, now)


def close_road(desk: Desk, closure: Closure, by: Person) -> tuple[Closure, int]:
    """Close or slow a road under the next id; the closure, and how many edges of road it touches.

    BadInput when its geometry (with the place), factor or times make no sense or it lies outside the area;
    Conflict when the roads are answered by a server that takes no closures.
    """
    now = desk.clock()
    _check(closure, now)
    if not desk.roads.closable:
        desk.roads.apply([closure])
    edges = _count_edges(desk, closure, now)
    with desk.store.transaction():
        number = desk.store.tickets.next_id("closure")
        closure = replace(closure, id=f"X{number}", by=by.name)
        desk.store.closures.add(closure)
        body = {"closure": asdict(closure)}
        desk.store.tickets.append("", "road_closed", body, at=now, now=now, by=by.name)
    return closure, edges


def open_road(desk: Desk, closure_id: str, by: Person) -> None:
    """Take a closure away before it ends by itself; NotFound when it is over or there is none."""
    now = desk.clock()
    with desk.store.transaction():
        closure = desk.store.closures.get(closure_id, now)
        desk.store.closures.remove(closure.id)
        desk.store.tickets.append("", "road_opened", {"id": closure.id}, at=now, now=now, by=by.name)


def _check(closure: Closure, now: int) -> None:
    """Raise BadInput for the first thing that is wrong with what was said; the area is asked later."""
    if not 0 <= closure.factor <= 1:
        raise _wrong("factor", "must be a number from 0 (closed) to 1 (as usual)")
    if not closure.reason:
        raise _wrong("reason", "is missing; say why, so that the next shift knows")
    if closure.until_at is not None and closure.until_at <= closure.from_at:
        raise _wrong("until", "must lie after `from`, which is now unless it is given")
    if closure.until_at is not None and closure.until_at <= now:
        raise _wrong("until", "lies in the past: the closure would be over already")
    _check_shape(_shape(closure))


def _shape(closure: Closure) -> shapely.Geometry:
    try:
        geometry = shape(closure.geometry)
    except (shapely.errors.ShapelyError, ValueError, TypeError, LookupError, AttributeError) as error:
        raise _wrong("geometry", "is no line or polygon of GeoJSON") from error
    if geometry.geom_type not in {"LineString", "MultiLineString", "Polygon", "MultiPolygon"}:
        raise _wrong("geometry", f"is a {geometry.geom_type}, not a line or polygon")
    return geometry


def _check_shape(geometry: shapely.Geometry) -> None:
    count = int(shapely.get_num_coordinates(geometry))
    if count > VERTICES:
        raise _wrong("geometry", f"has {count} vertices; {VERTICES} are the most")
    if geometry.is_empty:
        raise _wrong("geometry", "is empty")
    west, south, east, north = geometry.bounds
    if not (-180 <= west <= east <= 180 and -90 <= south <= north <= 90):
        raise _wrong("geometry", f"lies off the globe at [{west:g} {south:g}]; coordinates are lon, lat")
    if not geometry.is_valid:
        why = shapely.is_valid_reason(geometry).replace("[", " at [")
        raise _wrong("geometry", f"is not valid: {why}")


def _count_edges(desk: Desk, closure: Closure, now: int) -> int:
    """How many edges it touches. BadInput when it lies outside the area's roads."""
    with desk.applied.turn:
        roads = roads_now(desk, now)
        area, geometry = box(*roads.bounds), shape(closure.geometry)
        if not geometry.intersects(area):
            swapped = shapely.transform(geometry, lambda lonlat: lonlat[:, ::-1]).intersects(area)
            hint = "lon and lat are swapped" if swapped else f"the roads end at {area.bounds}"
            raise _wrong("geometry", f"lies outside the built area: {hint}")
        # Asked with factor 1 beside those that hold, it is counted and slows nobody before its time.
        counted: int = roads.apply([*desk.store.closures.list_at(now), replace(closure, factor=1.0)])[-1]
        return counted


def _wrong(field: str, message: str) -> BadInput:
    return BadInput(f"The road cannot be closed: `{field}` {message}.", (Fault(field, message),))
