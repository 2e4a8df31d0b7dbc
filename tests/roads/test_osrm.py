"""Roads answered by an OSRM server: a real one over a drawn town with our own times."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
import requests
from shapely.geometry import LineString

from dispatch.errors import BadInput, Conflict, RoadsUnavailable
from dispatch.roads import Closure, open_roads
from dispatch.roads.build import build_roads
from dispatch.roads.network import FILE_NAME, load
from dispatch.roads.osrm import blocks, server_of
from tests.grid import Grid
from tests.roads import osrm

if TYPE_CHECKING:
    from dispatch.roads import AnyRoads, Roads

# Every street is straight between its junctions: the server knows only these.
TOWN = Grid("""
        1   2   3
        |   |   |
    4---a---b---c---k
        |   |   |
        d---e---f
        |   |   |
    6---g---h---i---7
        |   |   |
        8   9   0
""")
STREET = {"highway": "residential"}
WAYS = (
    ("4abck", {"highway": "secondary"}),
    ("def", {**STREET, "oneway": "yes"}),
    ("6ghi7", STREET),
    ("1adg8", STREET),
    ("2beh9", STREET),
    ("3cfi0", {"highway": "tertiary", "maxspeed": "20"}),
)
CORNERS = [TOWN[name] for name in "abcdefghik"]
MOST = 8  # rows and columns that the server takes: less than the corners, so that tables come in pieces


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    """The town's area, and the address of the server over the same streets and times."""
    osrm.wanted()
    home = tmp_path_factory.mktemp("osrm")
    build_roads(TOWN.write_osm(home / "town.osm", WAYS), home / "area")
    arrays = load(home / "area" / FILE_NAME).arrays
    base = osrm.contract(osrm.write_edges(arrays, home / "core.osm.pbf"))
    with osrm.served(base, "--max-table-size", str(MOST)) as address:
        yield home / "area", address


@pytest.fixture
def theirs(town) -> AnyRoads:
    return open_roads(town[0], f"osrm:{town[1]}", MOST)


@pytest.fixture
def ours(town) -> Roads:
    return open_roads(town[0])


def places(count):
    """Places anywhere about the town, up to 60 m off its streets."""
    dice = np.random.default_rng(1)
    return [TOWN.at(*spot) for spot in dice.uniform((3.5, -0.5), (16.5, 8.5), (count, 2)).tolist()]


def test_corner_to_corner_the_server_says_what_our_engine_says_to_the_decisecond(ours, theirs):
    # Both round once: we to the decisecond of a street, the server to that of a drive; and its corners are
    # whole millionths of a degree.
    assert theirs.matrix(CORNERS, CORNERS) == pytest.approx(ours.matrix(CORNERS, CORNERS), abs=0.11)


def test_from_anywhere_it_says_what_our_engine_says_within_half_a_second(ours, theirs):
    somewhere = places(30)
    seconds = theirs.matrix(somewhere[:10], somewhere)
    assert np.isfinite(seconds).all()
    assert seconds == pytest.approx(ours.matrix(somewhere[:10], somewhere), abs=0.5)


def test_a_large_table_comes_in_pieces_and_is_what_the_server_says_pair_by_pair(town, theirs):
    whole = theirs.matrix(CORNERS, CORNERS)
    for row, one in enumerate(CORNERS):
        for column, other in enumerate(CORNERS):
            asked = f"{one[0]:.6f},{one[1]:.6f};{other[0]:.6f},{other[1]:.6f}"
            said = requests.get(f"{town[1]}/table/v1/driving/{asked}", timeout=5).json()
            assert whole[row, column] == said["durations"][0][1]


def test_a_route_is_as_long_as_the_table_says_and_as_our_own(ours, theirs):
    own, route = ours.route(TOWN["k"], TOWN["d"]), theirs.route(TOWN["k"], TOWN["d"])
    assert route.travel_s == theirs.matrix([TOWN["k"]], [TOWN["d"]])[0, 0]
    assert route.travel_s == pytest.approx(own.travel_s, abs=0.11)
    assert route.length_m == pytest.approx(
        own.length_m, rel=0.005
    )  # the server takes the earth for a little larger
    assert route.line[0] == pytest.approx(TOWN["k"], abs=2e-6)
    assert route.line[-1] == pytest.approx(TOWN["d"], abs=2e-6)


def test_a_one_way_street_is_not_driven_against_its_way(ours, theirs):
    along, against = (theirs.matrix([TOWN[one]], [TOWN[other]])[0, 0] for one, other in ("ef", "fe"))
    assert against > along + 30
    assert against == pytest.approx(ours.matrix([TOWN["f"]], [TOWN["e"]])[0, 0], abs=0.11)


def test_a_place_over_two_kilometres_from_every_road_is_not_reached_and_says_so(ours, theirs):
    far = TOWN.at(0, 40)
    assert theirs.matrix([TOWN["a"], far], [TOWN["b"], far]).tolist()[0][1] == np.inf
    assert np.isinf(theirs.matrix([far], [TOWN["b"], far])).all()
    assert theirs.route(TOWN["a"], far) is None
    said, own = theirs.why_unreachable(TOWN["a"], far), ours.why_unreachable(TOWN["a"], far)
    assert (said.code, said.where) == (own.code, own.where) == ("too_far_from_road", "destination")
    assert said.distance_m == pytest.approx(own.distance_m, rel=0.005)
    assert theirs.why_unreachable(TOWN["a"], TOWN["b"]) is None


def test_places_meet_the_road_where_ours_meet_it(ours, theirs):
    somewhere = [*places(20), TOWN.at(0, 40)]
    said, own = theirs.snap(somewhere), ours.snap(somewhere)
    assert said.distance_m == pytest.approx(own.distance_m, rel=0.005, abs=0.3, nan_ok=True)
    assert said.lonlat == pytest.approx(own.lonlat, abs=3e-6, nan_ok=True)
    assert [line == -1 for line in said.line] == [line == -1 for line in own.line]


def test_the_street_beside_a_place_is_named_and_none_far_from_all(theirs):
    assert theirs.street_near(TOWN.between("a", "b")).startswith("Street")
    assert theirs.street_near(TOWN.at(2, 20)) == ""


def test_a_table_larger_than_the_server_takes_says_what_to_do(town):
    roads = open_roads(town[0], f"osrm:{town[1]}", MOST + 4)
    with pytest.raises(RoadsUnavailable, match=r"--max-table-size"):
        roads.matrix(CORNERS, CORNERS)
    assert roads.matrix(CORNERS[:2], CORNERS[:2])[0, 0] == 0, (
        "a refused question was taken for a silent server"
    )


def test_no_closure_is_taken_and_none_to_take_away_is_fine(theirs):
    assert theirs.apply([]) == []
    with pytest.raises(Conflict, match=r"osrm-customize --segment-speed-file.*engine = \"auto\""):
        theirs.apply([Closure(LineString([TOWN["a"], TOWN["b"]]), 0.0)])


def test_a_place_off_the_globe_is_refused_before_anybody_is_asked(theirs):
    with pytest.raises(BadInput, match="longitude"):
        theirs.matrix([(13.0, 95.0)], [TOWN["a"]])


def test_nothing_asked_is_nothing_answered(theirs):
    assert theirs.matrix([], CORNERS).shape == (0, 10)
    assert theirs.matrix(CORNERS, []).shape == (10, 0)
    assert len(theirs.snap([])) == 0


@pytest.mark.parametrize(("rows", "columns"), [(1, 1), (1, 500), (500, 1), (7, 9), (60, 50), (333, 41)])
@pytest.mark.parametrize("most", [1, 3, 100])
def test_pieces_of_a_table_cover_it_once_and_none_is_too_large(rows, columns, most):
    covered = np.zeros((rows, columns), dtype=int)
    for row, column in blocks(rows, columns, most):
        assert max(row.stop - row.start, column.stop - column.start) <= most
        covered[row, column] += 1
    assert (covered == 1).all()


@pytest.mark.parametrize(
    ("engine", "address"),
    [
        ("osrm:http://127.0.0.1:5000", "http://127.0.0.1:5000"),
        ("osrm:https://maps.example/osrm/", "https://maps.example/osrm"),
        ("osrm:http://[::1]:5000", "http://[::1]:5000"),
        ("osrm:ftp://maps.example", ""),
        ("osrm:http://user:word@maps.example", ""),
        ("auto", ""),
    ],
)
def test_an_engine_named_by_an_address_is_a_server(engine, address):
    assert server_of(engine) == address
