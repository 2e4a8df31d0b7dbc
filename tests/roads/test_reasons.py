"""Why no road leads there, and what is an island."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from dispatch.roads import Closure, Unreachable
from tests.grid import Grid

STREET = {"highway": "residential"}

# The sound is 300 m wide: nearer than many a farm lies to its road.
TOWN = Grid("a---b--x---y--z")


@pytest.fixture
def roads(open_town):
    return open_town(TOWN, ("ab", STREET), ("xyz", STREET))


def inf(roads, origin, destination):
    return np.isinf(roads.matrix([origin], [destination])[0, 0])


def test_an_island_near_the_shore_is_not_reached_from_it(roads):
    assert inf(roads, TOWN["b"], TOWN["x"])
    assert roads.why_unreachable(TOWN["b"], TOWN["x"]).code == "island"


def test_a_few_metres_of_road_that_hang_together_with_nothing_are_a_gap_in_the_map(open_town):
    town = Grid("a---b  x-y")
    roads = open_town(town, ("ab", STREET), ("xy", STREET))
    assert roads.matrix([town["a"]], [town["y"]])[0, 0] == pytest.approx(14.4 * 4, abs=0.2)


def test_drives_within_an_island_are_as_anywhere(roads):
    assert roads.matrix([TOWN["x"]], [TOWN["z"]])[0, 0] == pytest.approx(14.4 * 7, abs=0.2)
    assert roads.why_unreachable(TOWN["x"], TOWN["z"]) is None


def test_a_place_far_from_every_road_is_named_with_its_distance(roads):
    far = TOWN.at(2, 25)
    for origin, destination, where in ((TOWN["a"], far, "destination"), (far, TOWN["a"], "origin")):
        reason = roads.why_unreachable(origin, destination)
        assert (reason.code, reason.where) == ("too_far_from_road", where)
        assert reason.distance_m == pytest.approx(2500, rel=0.01)


def test_a_closed_way_is_named(roads):
    roads.apply([Closure(shapely.box(*TOWN.at(0.5, 0.4), *TOWN.at(3.5, -0.4)), 0)])
    assert roads.why_unreachable(TOWN["x"], TOWN["z"]) is None
    reason = roads.why_unreachable(TOWN["b"], TOWN["a"])
    assert (reason.code, reason.where) == ("closed", "origin")


def test_a_closure_between_two_open_streets_is_on_the_way(open_town):
    town = Grid("a-b-----c-d")
    roads = open_town(town, ("ab", STREET), ("bc", {**STREET, "name": "Brücke"}), ("cd", STREET))
    roads.apply([Closure(shapely.LineString([town.at(5, -1), town.at(5, 1)]), 0)])
    assert roads.why_unreachable(town["a"], town["d"]) == Unreachable("closed", "way", 0.0)
