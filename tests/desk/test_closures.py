from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from shapely.geometry import LineString, mapping, shape

from dispatch.desk import assign, upkeep
from dispatch.desk.closures import Applied, close_road, open_road, roads_now
from dispatch.desk.place import nearest_unit
from dispatch.errors import BadInput, NotFound
from dispatch.roads import open_roads
from dispatch.store import open_store
from dispatch.store.closures import Closure
from tests.conftest import TOWN_HALL, VILLAGE, Clock
from tests.desk.county import LI, T1, T2, call, open_county, replan, ticket
from tests.okcounty import StraightRoads, at, spot

# A line across the county between the depot of the west and T2.
ACROSS = mapping(LineString([spot(4.5, 0), spot(4.5, 10)]))


class ClosableRoads(StraightRoads):
    """As the crow flies, but not across a closure; slower across a slowdown."""

    def __init__(self):
        self.closures = []

    def apply(self, closures):
        self.closures = list(closures)
        return [2 for _ in closures]

    def matrix(self, origins, destinations):
        slowed = [[self.factor(one, other) for other in destinations] for one in origins]
        with np.errstate(divide="ignore"):
            return super().matrix(origins, destinations) / np.array(slowed).reshape(-1, len(destinations))

    def factor(self, one, other):
        drive = LineString([one, other])
        crossed = [each.factor for each in self.closures if drive.intersects(shape(each.geometry))]
        return min(crossed, default=1.0)


@pytest.fixture
def closable(county):
    vars(county)["roads"] = ClosableRoads()
    return county


def close(desk, time="08:00", from_at=None, until=None, **said):
    """A closure told at `time`, from then on unless it says otherwise."""
    desk.clock.at_ms = at(time)
    given = Closure("", ACROSS, 0.0, at(from_at or time), at(until) if until else None, "flood")
    return close_road(desk, replace(given, **said), LI)


def drive_s(desk, time):
    """Seconds from the west depot to T2 as the next plan sees them at `time`."""
    return float(roads_now(desk, at(time)).matrix([spot(4, 4)], [T2])[0, 0])


def test_a_closed_road_is_not_driven_by_the_next_plan(closable):
    call(closable, "08:00", T2)
    close(closable, "08:01")
    assert [told.crew for told in replan(closable, "08:02").told] == ["east"]


def test_without_the_closure_the_nearer_crew_goes(closable):
    call(closable, "08:00", T2)
    assert [told.crew for told in replan(closable, "08:02").told] == ["west"]


def test_what_the_dispatcher_is_offered_knows_the_closure(closable):
    call(closable, "08:00", T2)
    close(closable)
    west = next(each for each in assign.options(closable, "T1") if each.crew == "west")
    assert west.not_possible == "unreachable"


def test_a_slowed_road_is_driven_at_its_factor(closable):
    usual = drive_s(closable, "08:00")
    close(closable, factor=0.5)
    assert drive_s(closable, "08:00") == pytest.approx(2 * usual)


def test_a_closure_begins_and_ends_by_itself(closable):
    close(closable, "08:00", from_at="09:00", until="10:00")
    open_at = [time for time in ("08:59", "09:00", "09:59", "10:00") if drive_s(closable, time) < np.inf]
    assert open_at == ["08:59", "10:00"]


def test_a_closure_that_is_to_come_slows_nobody_while_it_is_counted(closable):
    _, edges = close(closable, "08:00", from_at="09:00")
    assert edges == 2
    assert closable.roads.factor(spot(4, 4), T2) == 1.0


def test_a_road_that_was_opened_is_driven_again(closable):
    closure, _ = close(closable)
    open_road(closable, closure.id, LI)
    assert drive_s(closable, "08:00") < np.inf
    with pytest.raises(NotFound):
        open_road(closable, closure.id, LI)


def test_what_is_over_cannot_be_opened(closable):
    closure, _ = close(closable, until="09:00")
    closable.clock.at_ms = at("09:00")
    with pytest.raises(NotFound):
        open_road(closable, closure.id, LI)
    assert closable.store.closures.list_not_over(at("09:00")) == []


def test_closing_and_opening_stand_on_the_timeline(closable):
    closure, _ = close(closable)
    open_road(closable, closure.id, LI)
    told = [(each.kind, each.ticket, each.by) for each in closable.store.tickets.events_after(0)]
    assert told == [("road_closed", "", "Li"), ("road_opened", "", "Li")]


def test_closing_a_road_moves_no_month(closable):
    call(closable, "08:00", T2)
    before = closable.store.tickets.head_of_months()
    open_road(closable, close(closable, "08:01")[0].id, LI)
    assert closable.store.tickets.head_of_months() == before


def test_another_process_applies_what_this_one_wrote(closable):
    store = open_store(f"sqlite:{closable.store.database.path}")
    other = replace(closable, store=store, clock=Clock(at("08:00")), applied=Applied())
    vars(other)["roads"] = ClosableRoads()
    usual = drive_s(other, "08:00")
    closure, _ = close(closable)
    assert drive_s(other, "08:00") == np.inf
    open_road(closable, closure.id, LI)
    assert drive_s(other, "08:00") == usual
    store.database.close()


def test_roads_opened_anew_are_told_what_is_closed(closable):
    close(closable)
    assert drive_s(closable, "08:00") == np.inf
    vars(closable)["roads"] = ClosableRoads()
    assert drive_s(closable, "08:00") == np.inf


def test_the_roads_are_changed_only_when_the_closures_change(closable, monkeypatch):
    close(closable)
    drive_s(closable, "08:00")
    monkeypatch.setattr(closable.roads, "apply", pytest.fail)
    assert drive_s(closable, "08:01") == np.inf


def test_the_unit_of_a_place_is_the_one_that_reaches_it_now(closable):
    usual = nearest_unit(closable, T2)
    close(closable)
    assert nearest_unit(closable, T2) != usual


@pytest.mark.parametrize(
    ("said", "field", "told"),
    [
        ({"factor": -0.1}, "factor", "from 0"),
        ({"factor": 1.5}, "factor", "to 1"),
        ({"factor": float("nan")}, "factor", "from 0"),
        ({"reason": ""}, "reason", "is missing"),
        ({"until_at": at("08:00")}, "until", "after `from`"),
        ({"from_at": "06:00", "until": "07:00"}, "until", "past"),
        ({"geometry": {}}, "geometry", "no line or polygon"),
        ({"geometry": {"type": "Point", "coordinates": T1}}, "geometry", "is a Point"),
        ({"geometry": {"type": "LineString", "coordinates": [T1, T1]}}, "geometry", " at [120.0269"),
        ({"geometry": {"type": "LineString", "coordinates": [T1, (T1[0], 95)]}}, "geometry", "off the globe"),
        ({"geometry": {"type": "LineString", "coordinates": []}}, "geometry", "is empty"),
        ({"geometry": mapping(LineString([(0, 0), (1, 1)]))}, "geometry", "outside the built area"),
        ({"geometry": mapping(LineString([T1[::-1], T2[::-1]]))}, "geometry", "are lon, lat"),
        (
            {"geometry": mapping(LineString(np.linspace(T1, T2, 10_001)))},
            "geometry",
            "10001 vertices",
        ),
        (
            {"geometry": {"type": "Polygon", "coordinates": [[(0, 0), (2, 2), (2, 0), (0, 2), (0, 0)]]}},
            "geometry",
            "[1 1]",
        ),
    ],
)
def test_what_makes_no_sense_is_refused_and_named(closable, said, field, told):
    with pytest.raises(BadInput) as refused:
        close(closable, **said)
    assert [fault.field for fault in refused.value.errors] == [field]
    assert told in refused.value.errors[0].message
    assert closable.store.tickets.head()[0] == 0


def test_ten_thousand_vertices_are_taken(closable):
    close(closable, geometry=mapping(LineString(np.linspace(T1, T2, 10_000))))


def test_a_street_of_the_town_is_closed_for_every_process_and_opens_by_itself(desk, clock, built_area):
    """On real roads: the whole of a closed line is left by the route, and driven again when it is over."""
    route = roads_now(desk, clock()).route(TOWN_HALL, VILLAGE)
    assert route is not None
    usual_s = route.travel_s
    middle = route.line[len(route.line) // 3 : len(route.line) // 2]
    drawn = mapping(LineString(middle))
    closure = Closure("", drawn, 0.0, clock(), clock() + 60_000, "flood")
    _, edges = close_road(desk, closure, LI)
    assert edges > 0
    other = replace(desk, applied=Applied())
    vars(other)["roads"] = open_roads(built_area)
    round_it = roads_now(other, clock()).route(TOWN_HALL, VILLAGE)
    assert round_it is None or round_it.travel_s > usual_s
    assert roads_now(other, clock() + 60_000).route(TOWN_HALL, VILLAGE) == route
    assert upkeep.check(other) == []


def test_a_county_is_as_it_was_where_nobody_closed_anything(tmp_path):
    desk = open_county(tmp_path)  # its roads know no closures at all
    call(desk, "08:00", T2)
    replan(desk, "08:01")
    assert ticket(desk, "T1").visit.crew == "west"
    desk.store.database.close()
