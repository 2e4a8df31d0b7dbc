"""Which way a drive goes."""

from __future__ import annotations

import pytest

from tests.grid import Grid

STREET = {"highway": "residential"}

TOWN = Grid("""
    a---b
        |
        c---d
""")


@pytest.fixture
def roads(open_town):
    return open_town(TOWN, ("abcd", STREET), ("bc", {"highway": "service"}))


def test_a_route_passes_every_bend_between_its_places(roads):
    route = roads.route(TOWN.between("a", "b", 0.25), TOWN.between("c", "d", 0.75))
    expected = [TOWN.between("a", "b", 0.25), TOWN["b"], TOWN["c"], TOWN.between("c", "d", 0.75)]
    assert route.line == [pytest.approx(point, abs=1e-6) for point in expected]
    assert route.length_m == pytest.approx(800, abs=1)


def test_the_way_back_is_the_same_line_turned(roads):
    there, back = roads.route(TOWN["a"], TOWN["d"]), roads.route(TOWN["d"], TOWN["a"])
    assert back.line == [pytest.approx(point, abs=1e-6) for point in reversed(there.line)]
    assert back.length_m == pytest.approx(there.length_m)


def test_a_route_along_one_street_stays_on_it(roads):
    route = roads.route(TOWN.at(3, 0.1), TOWN.at(1, -0.1))
    assert route.line == [pytest.approx(TOWN.at(column, 0), abs=1e-6) for column in (3, 1)]
    assert route.length_m == pytest.approx(200, abs=0.5)


def test_a_route_to_where_one_stands_is_a_line_without_length(roads):
    route = roads.route(TOWN["b"], TOWN["b"])
    assert len(route.line) == 2
    assert (route.length_m, route.travel_s) == (0, 0)


def test_the_class_of_a_way_is_that_of_most_of_its_route(open_town):
    roads = open_town(TOWN, ("ab", STREET), ("bc", {"highway": "primary"}), ("cd", STREET))
    whole, part = (TOWN["a"], TOWN["d"]), (TOWN["b"], TOWN.between("c", "d", 0.1))
    assert (roads.way_class(*whole), roads.way_class(*part)) == ("residential", "primary")
    for ends in (whole, part, (TOWN["b"], TOWN["b"])):
        assert roads.way_class(*ends) == roads.route(*ends).road_class
    assert roads.way_class(TOWN["a"], TOWN.at(0, 90)) == "", "no road leads there"


def test_a_route_to_a_place_without_roads_is_none(roads):
    assert roads.route(TOWN["a"], TOWN.at(0, 90)) is None


def test_a_route_of_the_sample_joins_up_without_gaps(sample_roads):
    route = sample_roads.route((13.261, 53.557), (13.3128, 53.4950))
    steps = zip(route.line, route.line[1:], strict=False)
    assert max(abs(a[0] - b[0]) + abs(a[1] - b[1]) for a, b in steps) < 0.02
    assert 9_000 < route.length_m < 13_000
