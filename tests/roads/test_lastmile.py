"""Drives that begin or end on yards, tracks and roads behind them."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from dispatch.roads import Closure
from tests.grid import Grid

STREET = {"highway": "residential"}  # 25 km/h: 100 m take 14.4 s
YARD = {**STREET, "access": "private"}

# A street a-b-c-d with a yard of two gates between b and c, a lane l in its middle, and a yard beyond.
TOWN = Grid("""
    a-b-----c-d
      |     |
      p--q--r
         |
         l
""")
WAYS = [("abcd", STREET), ("bp", YARD), ("pq", YARD), ("qr", YARD), ("rc", YARD), ("ql", YARD)]


@pytest.fixture
def roads(open_town):
    return open_town(TOWN, *WAYS)


def seconds(roads, origin, destination):
    return roads.matrix([origin], [destination])[0, 0]


def test_a_place_deep_in_a_yard_is_left_and_come_to_by_the_nearer_gate(roads):
    for gate, other in (("a", "d"), ("d", "a")):
        assert seconds(roads, TOWN["l"], TOWN[gate]) == pytest.approx(14.4 * 9, abs=0.3)
        assert seconds(roads, TOWN[gate], TOWN["l"]) == pytest.approx(14.4 * 9, abs=0.3)
        assert seconds(roads, TOWN[gate], TOWN[other]) == pytest.approx(14.4 * 10, abs=0.3)


def test_a_drive_within_a_yard_need_not_leave_it(roads):
    there = TOWN.between("p", "q", 1 / 3)
    assert seconds(roads, TOWN["l"], there) == pytest.approx(14.4 * 4, abs=0.3)
    route = roads.route(TOWN["l"], there)
    assert route.length_m == pytest.approx(400, abs=2)
    assert route.travel_s == seconds(roads, TOWN["l"], there)


def test_a_yard_closed_inside_is_left_by_its_other_gate(roads):
    roads.apply([Closure(shapely.LineString([TOWN.at(4, 1.6), TOWN.at(4, 2.4)]), 0)])
    assert seconds(roads, TOWN["l"], TOWN["a"]) == pytest.approx(14.4 * 15, abs=0.3)
    assert seconds(roads, TOWN["a"], TOWN["l"]) == pytest.approx(14.4 * 15, abs=0.3)
    roads.apply([])
    assert seconds(roads, TOWN["l"], TOWN["a"]) == pytest.approx(14.4 * 9, abs=0.3)


def test_a_way_out_of_a_yard_does_not_lead_through_the_yard_across_the_street(open_town):
    town = Grid("""
        a---b---c
        |   |   |
        |   y   |
        |   |   |
        d---e---f
            |
            z
    """)
    roads = open_town(
        town, ("abc", STREET), ("ad", STREET), ("cf", STREET), ("def", STREET), ("bye", YARD), ("ez", YARD)
    )
    assert seconds(roads, town["z"], town["b"]) == pytest.approx(14.4 * (2 + 4 + 4 + 4), abs=0.5)
    assert seconds(roads, town["b"], town["z"]) == pytest.approx(14.4 * (2 + 4 + 4 + 4), abs=0.5)


def test_a_gate_that_leads_only_out_is_not_driven_in(open_town):
    roads = open_town(TOWN, *WAYS[:4], ("rc", {**YARD, "oneway": "yes"}), WAYS[5])
    assert seconds(roads, TOWN["l"], TOWN["d"]) == pytest.approx(14.4 * 9, abs=0.3)
    assert seconds(roads, TOWN["d"], TOWN["l"]) == pytest.approx(14.4 * 15, abs=0.3)


def test_times_between_all_places_are_those_of_each_pair(sample_roads):
    dice = np.random.default_rng(4)
    west, south, east, north = sample_roads.bounds
    places = dice.uniform((west, south), (east, north), (14, 2)).tolist()
    every = sample_roads.matrix(places, places)
    for row, origin in enumerate(places):
        for column, destination in enumerate(places):
            assert every[row, column] == seconds(sample_roads, origin, destination)
            route = sample_roads.route(origin, destination)
            assert (np.inf if route is None else route.travel_s) == every[row, column]
