"""Which ways a repair van may drive."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from dispatch.roads import Closure
from dispatch.roads.extract import duration_hours, is_drivable
from dispatch.roads.speeds import default_speeds
from tests.grid import Grid

STREET = {"highway": "residential"}


def seconds(roads, origin, destination):
    return roads.matrix([origin], [destination])[0, 0]


@pytest.mark.parametrize(
    "tags",
    [
        STREET,
        {"highway": "service", "service": "driveway"},
        {**STREET, "access": "destination"},
        {**STREET, "access": "private", "motor_vehicle": "yes"},
        {**STREET, "foot": "no"},
        {**STREET, "access": "private"},
        {**STREET, "vehicle": "forestry", "access": "yes"},
        {"highway": "track"},
        {"route": "ferry", "motorcar": "yes"},
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
        {"route": "ferry"},
        {"route": "bus", "motorcar": "yes"},
        {"highway": "track", "access": "no"},
        {"highway": "service", "area": "yes"},
        {"highway": "service", "service": "parking_aisle"},
        {**STREET, "access": "no"},
        {**STREET, "motor_vehicle": "no", "access": "yes"},
        {**STREET, "access": "military"},
    ],
)
def test_what_is_no_road_or_not_open_to_us_is_not_driven(tags):
    assert not is_drivable(tags, default_speeds())


BLOCK = Grid("""
    a---b
    |   |
    d---c
""")
LAST_MILE = [
    {**STREET, "access": "private"},
    {**STREET, "motor_vehicle": "destination"},
    {**STREET, "access": "agricultural"},
    {"highway": "track"},
]


@pytest.mark.parametrize("tags", LAST_MILE)
def test_nobody_drives_through_what_is_open_for_the_last_mile_only(open_town, tags):
    roads = open_town(BLOCK, ("abcd", STREET), ("ad", tags))
    near_a, near_d = BLOCK.between("a", "b", 0.25), BLOCK.between("d", "c", 0.25)
    assert seconds(roads, near_a, near_d) == pytest.approx(14.4 * 8, abs=0.2)
    assert seconds(roads, near_d, near_a) == pytest.approx(14.4 * 8, abs=0.2)


@pytest.mark.parametrize("tags", LAST_MILE)
def test_a_place_on_a_last_mile_is_reached_and_left_by_either_end(open_town, tags):
    roads = open_town(BLOCK, ("abcd", STREET), ("ad", tags))
    gate = BLOCK.between("a", "d")
    last_s = 100 / ((10 if tags["highway"] == "track" else 25) / 3.6)
    for near in (BLOCK.between("a", "b", 0.25), BLOCK.between("d", "c", 0.25)):
        assert seconds(roads, near, gate) == pytest.approx(14.4 + last_s, abs=0.2)
        assert seconds(roads, gate, near) == pytest.approx(14.4 + last_s, abs=0.2)
        assert roads.route(near, gate).length_m == pytest.approx(200, abs=1)


def test_from_one_yard_to_the_next_goes_by_the_open_street(open_town):
    town = Grid("""
        p   q
        |   |
        a---b
    """)
    yard = {**STREET, "access": "private"}
    roads = open_town(town, ("ab", STREET), ("ap", yard), ("bq", yard))
    assert seconds(roads, town["p"], town["q"]) == pytest.approx(14.4 * 8, abs=0.2)


def test_within_a_yard_nobody_has_to_leave_it(open_town):
    town = Grid("""
        p-q-r
          |
        a-b-c
    """)
    yard = {**STREET, "access": "private"}
    roads = open_town(town, ("abc", STREET), ("pqr", yard), ("qb", yard))
    assert seconds(roads, town["p"], town["r"]) == pytest.approx(14.4 * 4, abs=0.2)
    assert seconds(roads, town["p"], town["c"]) == pytest.approx(14.4 * 6, abs=0.2)


def test_streets_of_a_hamlet_behind_a_track_are_reached(open_town):
    town = Grid("a---b---c---d")
    roads = open_town(town, ("ab", STREET), ("bc", {"highway": "track"}), ("cd", STREET))
    track_s = 400 / (10 / 3.6)
    assert seconds(roads, town["a"], town["d"]) == pytest.approx(2 * 57.6 + track_s, abs=0.2)
    assert seconds(roads, town["d"], town["a"]) == pytest.approx(2 * 57.6 + track_s, abs=0.2)


def test_a_closed_track_cuts_off_what_lies_behind_it(open_town):
    town = Grid("a---b---c---d")
    roads = open_town(town, ("ab", STREET), ("bc", {"highway": "track"}), ("cd", STREET))
    across = shapely.LineString([town.at(6, -0.4), town.at(6, 0.4)])
    assert roads.apply([Closure(across, 0)]) == [2]
    assert np.isinf(seconds(roads, town["a"], town["d"]))
    assert np.isfinite(seconds(roads, town["a"], town["b"]))


def test_a_street_and_a_last_mile_count_once_each(open_town):
    roads = open_town(BLOCK, ("abcd", STREET), ("ad", {**STREET, "access": "private"}))
    assert (roads.nodes, roads.edges) == (2, 4)


FERRY = {"route": "ferry", "motor_vehicle": "yes"}
SHORES = Grid("a-b---------c-d")


def test_a_ferry_takes_the_time_of_its_timetable(open_town):
    roads = open_town(SHORES, ("ab", STREET), ("bc", {**FERRY, "duration": "00:20"}), ("cd", STREET))
    crossing_s = seconds(roads, SHORES["a"], SHORES["d"]) - 2 * 28.8
    assert crossing_s == pytest.approx(20 * 60, abs=1)


@pytest.mark.parametrize("duration", ["", "soon", "00:00", "1:2:3:4"])
def test_a_ferry_without_a_usable_timetable_is_slow(open_town, duration):
    roads = open_town(SHORES, ("ab", STREET), ("bc", {**FERRY, "duration": duration}), ("cd", STREET))
    assert seconds(roads, SHORES["b"], SHORES["c"]) == pytest.approx(1000 / (5 / 3.6), abs=1)


@pytest.mark.parametrize("tags", [{"route": "ferry"}, {"route": "ferry", "motorcar": "no"}])
def test_a_ferry_that_is_not_said_to_take_cars_takes_none(open_town, tags):
    far = Grid("a-b---------c-d", step_m=300)
    roads = open_town(far, ("ab", STREET), ("bc", tags), ("cd", STREET))
    assert np.isinf(seconds(roads, far["a"], far["d"]))


def test_no_place_lies_on_a_ferry(open_town):
    roads = open_town(SHORES, ("ab", STREET), ("bc", {**FERRY, "duration": "20"}), ("cd", STREET))
    snapped = roads.snap([SHORES.between("b", "c", 0.3)])
    assert snapped.lonlat[0] == pytest.approx(SHORES["b"], abs=1e-6)


@pytest.mark.parametrize(
    ("duration", "hours"),
    [("20", 1 / 3), ("00:20", 1 / 3), ("1:30", 1.5), ("01:30:00", 1.5), ("0", None), ("x", None)],
)
def test_the_duration_of_a_ferry_is_read_as_it_is_written(duration, hours):
    assert duration_hours(duration) == (None if hours is None else pytest.approx(hours))


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
