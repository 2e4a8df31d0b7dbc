from __future__ import annotations

from shapely.geometry import LineString, mapping

from dispatch.demo import RoadSigns
from dispatch.roads import open_roads
from dispatch.store.closures import Closure
from tests.conftest import TOWN_HALL, VILLAGE


def test_simulated_drivers_see_a_closure_within_a_second(desk, clock, built_area):
    roads = vars(desk)["roads"] = open_roads(built_area)
    usual = roads.route(TOWN_HALL, VILLAGE)
    assert usual is not None
    drawn = mapping(LineString(usual.line))
    desk.store.closures.add(Closure("X1", drawn, 0.5, clock(), clock() + 60_000, "ice"))
    signs = RoadSigns(desk)
    assert 10.0 < signs.act(10.0) <= 11.0
    slowed = roads.route(TOWN_HALL, VILLAGE)
    assert slowed is not None
    assert slowed.travel_s > usual.travel_s
    clock.forward(1)
    signs.act(11.0)
    assert roads.route(TOWN_HALL, VILLAGE) == usual
