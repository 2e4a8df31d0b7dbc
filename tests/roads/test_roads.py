"""How long drives take in towns small enough to reckon by hand."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.errors import BadInput, SetupError
from dispatch.roads import Closure, open_roads
from tests.grid import Grid

STREET = {"highway": "residential"}  # 25 km/h: 100 m take 14.4 s
PRIMARY = {"highway": "primary"}  # 65 km/h
ONE_WAY = {**STREET, "oneway": "yes"}

STRAIGHT = Grid("a---b---c")
BLOCK = Grid("""
    a---b
    |   |
    d---c
""")


def seconds(roads, origin, destination):
    return roads.matrix([origin], [destination])[0, 0]


def test_a_drive_takes_its_length_at_the_speed_of_its_class(open_town):
    roads = open_town(STRAIGHT, ("ab", STREET), ("bc", PRIMARY))
    assert seconds(roads, STRAIGHT["a"], STRAIGHT["b"]) == pytest.approx(400 / (25 / 3.6), abs=0.1)
    assert seconds(roads, STRAIGHT["b"], STRAIGHT["c"]) == pytest.approx(400 / (65 / 3.6), abs=0.1)


def test_a_signed_limit_is_driven_at_four_fifths(open_town):
    roads = open_town(STRAIGHT, ("abc", {**STREET, "maxspeed": "50"}))
    assert seconds(roads, STRAIGHT["a"], STRAIGHT["c"]) == pytest.approx(800 / (40 / 3.6), abs=0.1)


def test_a_street_of_two_limits_takes_the_time_of_both(open_town):
    roads = open_town(STRAIGHT, ("ab", {**STREET, "maxspeed": "50"}), ("bc", {**STREET, "maxspeed": "30"}))
    fast, slow = 400 / (40 / 3.6), 400 / (24 / 3.6)
    assert seconds(roads, STRAIGHT["a"], STRAIGHT["b"]) == pytest.approx(fast, abs=0.1)
    assert seconds(roads, STRAIGHT["a"], STRAIGHT["c"]) == pytest.approx(fast + slow, abs=0.1)


def test_a_one_way_street_is_not_driven_backwards(open_town):
    roads = open_town(BLOCK, ("abc", STREET), ("adc", STREET), ("ac", ONE_WAY))
    with_it = seconds(roads, BLOCK["a"], BLOCK["c"])
    against = seconds(roads, BLOCK["c"], BLOCK["a"])
    assert with_it == pytest.approx(14.4 * np.hypot(4, 2), abs=0.2)
    assert against == pytest.approx(14.4 * 6, abs=0.2)


def test_a_one_way_street_drawn_against_its_direction_is_driven_that_way(open_town):
    roads = open_town(BLOCK, ("abc", STREET), ("adc", STREET), ("ac", {**STREET, "oneway": "-1"}))
    assert seconds(roads, BLOCK["c"], BLOCK["a"]) < seconds(roads, BLOCK["a"], BLOCK["c"])


def test_on_a_one_way_ring_the_house_just_behind_is_a_whole_round_away(open_town):
    roads = open_town(BLOCK, ("abcda", ONE_WAY))
    first, second = BLOCK.between("a", "b", 0.25), BLOCK.between("a", "b", 0.75)
    assert seconds(roads, first, second) == pytest.approx(14.4 * 2, abs=0.2)
    assert seconds(roads, second, first) == pytest.approx(14.4 * 10, abs=0.2)


def test_two_houses_of_one_street_are_as_far_apart_as_the_street_between_them(open_town):
    roads = open_town(STRAIGHT, ("abc", STREET))
    near, far = STRAIGHT.at(1, 0.1), STRAIGHT.at(6, -0.1)
    assert seconds(roads, near, far) == pytest.approx(14.4 * 5, abs=0.1)
    assert seconds(roads, far, near) == pytest.approx(14.4 * 5, abs=0.1)


def test_the_way_round_is_taken_when_it_is_quicker_than_the_street_itself(open_town):
    slow_middle = {**STREET, "maxspeed": "5"}
    roads = open_town(BLOCK, ("ab", slow_middle), ("bcda", {**PRIMARY}))
    assert seconds(roads, BLOCK.between("a", "b", 0.01), BLOCK.between("a", "b", 0.99)) < 60


def test_the_quicker_of_two_streets_between_the_same_junctions_counts(open_town):
    roads = open_town(BLOCK, ("ab", STREET), ("adcb", PRIMARY), ("bc", STREET), ("ad", STREET))
    assert seconds(roads, BLOCK["d"], BLOCK["c"]) == pytest.approx(400 / (65 / 3.6), abs=0.2)


def test_a_place_is_no_time_away_from_itself(open_town):
    roads = open_town(BLOCK, ("abcda", ONE_WAY))
    places = [BLOCK["a"], BLOCK.between("b", "c"), BLOCK.between("c", "d", 0.2)]
    assert (roads.matrix(places, places).diagonal() == 0).all()


def test_a_roundabout_is_driven_one_way_without_being_signed(open_town):
    roads = open_town(BLOCK, ("abcda", {**STREET, "junction": "roundabout"}))
    assert seconds(roads, BLOCK["b"], BLOCK["a"]) == pytest.approx(14.4 * 8, abs=0.2)


def test_an_island_without_a_bridge_is_not_reached(open_town):
    town = Grid("a---b            x-y", step_m=500)
    roads = open_town(town, ("ab", STREET), ("xy", STREET))
    assert np.isinf(seconds(roads, town["a"], town["y"]))
    assert np.isinf(seconds(roads, town["y"], town["a"]))


def test_a_place_too_far_from_every_road_is_not_reached(open_town):
    roads = open_town(STRAIGHT, ("abc", STREET))
    assert np.isfinite(seconds(roads, STRAIGHT["a"], STRAIGHT.at(4, 19.9)))
    assert np.isinf(seconds(roads, STRAIGHT["a"], STRAIGHT.at(4, 20.1)))
    assert np.isinf(seconds(roads, STRAIGHT.at(4, 20.1), STRAIGHT.at(4, 20.1)))


def test_a_street_that_only_leads_in_is_no_part_of_the_roads(open_town):
    roads = open_town(STRAIGHT, ("ab", STREET), ("bc", ONE_WAY))
    assert roads.bounds[2] == pytest.approx(STRAIGHT["b"][0], abs=1e-6)


def test_the_matrix_has_a_row_an_origin_and_a_column_a_destination(open_town):
    roads = open_town(STRAIGHT, ("abc", STREET))
    a, b, c = (STRAIGHT[name] for name in "abc")
    times = roads.matrix([a, b], [a, b, c])
    assert times.dtype == np.float64
    assert times == pytest.approx(14.4 * np.array([[0, 4, 8], [4, 0, 4]]), abs=0.1)


def test_a_matrix_of_nothing_is_empty(open_town):
    roads = open_town(STRAIGHT, ("abc", STREET))
    assert roads.matrix([], [STRAIGHT["a"]]).shape == (0, 1)
    assert roads.matrix([STRAIGHT["a"]], []).shape == (1, 0)
    assert roads.matrix([], []).shape == (0, 0)


@pytest.mark.parametrize(
    "place",
    [(float("nan"), 53.5), (13.2, float("inf")), (200.0, 53.5), (13.2, -91.0), (53.5, 113.2)],
)
def test_coordinates_that_are_not_on_the_globe_are_named(open_town, place):
    roads = open_town(STRAIGHT, ("abc", STREET))
    with pytest.raises(BadInput, match="longitude") as refused:
        roads.matrix([STRAIGHT["a"]], [STRAIGHT["b"], place])
    assert [fault.field for fault in refused.value.errors] == ["destinations[1]"]


@pytest.mark.parametrize("places", [[(1.0,)], [(1.0, 2.0, 3.0)], [("x", "y")], [None]])
def test_a_place_must_be_two_numbers(open_town, places):
    roads = open_town(STRAIGHT, ("abc", STREET))
    with pytest.raises(BadInput, match="two numbers"):
        roads.matrix(places, [STRAIGHT["a"]])


def test_a_snapped_place_knows_its_spot_on_the_road_and_the_way_to_it(open_town):
    roads = open_town(STRAIGHT, ("abc", STREET))
    snapped = roads.snap([STRAIGHT.at(3, 0.5), STRAIGHT.at(3, 30)])
    assert snapped.distance_m[0] == pytest.approx(50, abs=0.5)
    assert snapped.lonlat[0] == pytest.approx(STRAIGHT.at(3, 0), abs=1e-6)
    assert np.isnan(snapped.distance_m[1])


def test_readers_get_the_times_of_one_set_of_closures_while_they_change(open_town):
    roads = open_town(BLOCK, ("abcda", STREET))
    slow = [Closure({"type": "LineString", "coordinates": [BLOCK.at(2, -1), BLOCK.at(2, 1)]}, 0.1)]
    allowed = {round(14.4 * 4), round(14.4 * 8)}

    def ask(turn):
        roads.apply(slow if turn % 2 else [])
        return round(seconds(roads, BLOCK["a"], BLOCK["b"]))

    with ThreadPoolExecutor(4) as pool:
        assert set(pool.map(ask, range(60))) <= allowed


def test_an_area_without_roads_says_to_build_it(tmp_path):
    with pytest.raises(SetupError, match="dispatch build"):
        open_roads(tmp_path)


@pytest.mark.parametrize("content", [b"", b"not an archive", b"PK\x03\x04 cut off"])
def test_a_broken_roads_file_says_to_build_again(tmp_path, content):
    (tmp_path / "roads.npz").write_bytes(content)
    with pytest.raises(SetupError, match="Run `dispatch build` again"):
        open_roads(tmp_path)


def test_asking_for_roads_needs_none_of_the_builders_libraries():
    heavy = "{'osmnx', 'geopandas', 'osmium', 'networkx', 'pandas'}"
    code = f"import sys, dispatch.roads; print(sorted({heavy} & set(sys.modules)))"
    answer = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert answer.stdout.strip() == "[]"


def test_a_drive_from_the_town_centre_to_the_next_town_takes_a_quarter_of_an_hour(sample_roads):
    centre, burg_stargard = (13.261, 53.557), (13.3128, 53.4950)
    assert 10 * 60 < seconds(sample_roads, centre, burg_stargard) < 20 * 60


def test_the_farthest_drive_of_the_sample_stays_under_an_hour_and_a_half(sample_roads):
    west, south, east, north = sample_roads.bounds
    corners = [(lon, lat) for lon in (west + 0.05, east - 0.05) for lat in (south + 0.04, north - 0.04)]
    times = sample_roads.matrix(corners, corners)
    assert times[np.isfinite(times)].max() < 90 * 60


PLACES = st.tuples(st.floats(13.10, 13.43), st.floats(53.42, 53.62))


@settings(max_examples=60, deadline=None)
@given(PLACES, PLACES, PLACES)
def test_going_by_a_third_place_is_never_quicker(sample_roads, a, b, c):
    times = sample_roads.matrix([a, b], [b, c])
    assert times[0, 1] <= times[0, 0] + times[1, 1] + 0.001


@settings(max_examples=60, deadline=None)
@given(PLACES, PLACES)
def test_a_route_takes_as_long_as_the_matrix_says(sample_roads, a, b):
    route, time = sample_roads.route(a, b), seconds(sample_roads, a, b)
    assert (np.inf if route is None else route.travel_s) == pytest.approx(time, abs=0.1)
