"""Which ways a repair van may drive."""

from __future__ import annotations

import pytest

from dispatch.roads.extract import is_drivable
from dispatch.roads.speeds import default_speeds
from tests.grid import Grid

STREET = {"highway": "residential"}


@pytest.mark.parametrize(
    "tags",
    [
        STREET,
        {"highway": "service", "service": "driveway"},
        {**STREET, "access": "destination"},
        {**STREET, "access": "private", "motor_vehicle": "yes"},
        {**STREET, "foot": "no"},
    ],
)
def test_a_road_that_a_van_may_use_is_driven(tags):
    assert is_drivable(tags, default_speeds())


@pytest.mark.parametrize(
    "tags",
    [
        {},
        {"building": "yes"},
        {"highway": "footway"},
        {"highway": "construction"},
        {"highway": "track"},
        {"highway": "service", "area": "yes"},
        {"highway": "service", "service": "parking_aisle"},
        {**STREET, "access": "private"},
        {**STREET, "access": "no"},
        {**STREET, "motor_vehicle": "private"},
        {**STREET, "vehicle": "forestry", "access": "yes"},
    ],
)
def test_what_is_no_road_or_not_open_to_us_is_not_driven(tags):
    assert not is_drivable(tags, default_speeds())


def test_a_private_short_cut_does_not_shorten_the_drive(open_town):
    town = Grid("""
        a---b
        |   |
        d---c
    """)
    ways = [("abcd", STREET), ("ad", {**STREET, "access": "private"})]
    roads = open_town(town, *ways)
    assert roads.matrix([town["a"]], [town["d"]])[0, 0] == pytest.approx(14.4 * 10, abs=0.2)


def test_a_motorway_is_one_way_unless_said_otherwise(open_town):
    town = Grid("""
        a---b
        |   |
        d---c
    """)
    roads = open_town(town, ("ab", {"highway": "motorway"}), ("bcda", STREET))
    there, back = (roads.matrix([town[x]], [town[y]])[0, 0] for x, y in ("ab", "ba"))
    assert there == pytest.approx(400 / (90 / 3.6), abs=0.2)
    assert back == pytest.approx(14.4 * 8, abs=0.2)
