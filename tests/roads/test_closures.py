"""What closed and slowed streets do to the drive."""

from __future__ import annotations

import random
from dataclasses import replace

import numpy as np
import pytest
import shapely

from dispatch.errors import BadInput
from dispatch.plan import Board, plan
from dispatch.roads import Closure
from tests.grid import Grid
from tests.plan.county import NOW, crew, job

STREET = {"highway": "residential"}  # 25 km/h: 100 m take 14.4 s

# Two ways from a to c: 400 m over b, 1400 m over d and e; f and x are dead ends.
TOWN = Grid("""
    f-a-b-c-----x
      |   |
      |   |
      |   |
      |   |
      d---e
""")
STREETS = [("fabc", STREET), ("adec", STREET), ("cx", STREET)]
OVER_B, OVER_D = 14.4 * 4, 14.4 * 14


@pytest.fixture
def roads(open_town):
    return open_town(TOWN, *STREETS)


def across(column, row):
    """A line drawn over the street that lies west to east at this spot."""
    return shapely.LineString([TOWN.at(column, row - 0.4), TOWN.at(column, row + 0.4)])


def around(column, row, size=0.4):
    """A square around a spot."""
    west, north = TOWN.at(column - size, row - size)
    east, south = TOWN.at(column + size, row + size)
    return shapely.box(west, south, east, north)


def seconds(roads, origin="a", destination="c"):
    return roads.matrix([TOWN[origin]], [TOWN[destination]])[0, 0]


@pytest.mark.parametrize("where", [across(3, 0), around(4, 0), shapely.geometry.mapping(around(3, 0))])
def test_a_closed_street_is_never_driven(roads, where):
    assert seconds(roads) == pytest.approx(OVER_B, abs=0.2)
    assert roads.apply([Closure(where, 0)]) == [2]
    assert seconds(roads) == pytest.approx(OVER_D, abs=0.2)
    route = roads.route(TOWN["a"], TOWN["c"])
    assert not shapely.LineString(route.line).intersects(shapely.geometry.shape(where))


def test_a_slowed_street_takes_longer_and_is_left_when_the_way_round_is_quicker(roads):
    roads.apply([Closure(across(3, 0), 0.5)])
    assert seconds(roads) == pytest.approx(2 * OVER_B, abs=0.2)
    roads.apply([Closure(across(3, 0), 0.1)])
    assert seconds(roads) == pytest.approx(OVER_D, abs=0.2)


def test_no_closures_restore_the_usual_times(roads):
    before = roads.matrix([TOWN["a"], TOWN["x"]], [TOWN["c"], TOWN["d"]])
    roads.apply([Closure(around(2, 2, size=9), 0)])
    assert roads.apply([]) == []
    assert (roads.matrix([TOWN["a"], TOWN["x"]], [TOWN["c"], TOWN["d"]]) == before).all()


def test_new_closures_replace_the_earlier_ones(roads):
    roads.apply([Closure(across(3, 0), 0)])
    roads.apply([Closure(around(2, 3), 0)])
    assert seconds(roads) == pytest.approx(OVER_B, abs=0.2)


def test_where_closures_overlap_the_strictest_holds(roads):
    roads.apply([Closure(around(3, 0), 0.25), Closure(around(3, 0), 0.5)])
    assert seconds(roads) == pytest.approx(min(4 * OVER_B, OVER_D), abs=0.2)


def test_what_lies_behind_a_closed_street_is_not_reached(roads):
    beyond = TOWN["x"]
    roads.apply([Closure(around(8, 0, size=1), 0)])
    assert np.isinf(roads.matrix([TOWN["a"]], [beyond])[0, 0])
    assert roads.route(TOWN["a"], beyond) is None


def test_a_place_on_a_closed_street_is_walked_to_from_an_open_one_near_by(roads):
    roads.apply([Closure(around(9, 0), 0)])
    near, far = TOWN.at(7.8, 0), TOWN.at(8.2, 0)
    times = roads.matrix([TOWN["a"]], [near, far])[0]
    assert times[0] == pytest.approx(OVER_B, abs=0.2)
    assert np.isinf(times[1])


def test_in_an_area_closed_as_a_whole_nothing_is_reached(roads):
    roads.apply([Closure(around(5, 2, size=20), 0)])
    assert np.isinf(seconds(roads))


def test_a_line_drawn_along_a_street_closes_it_but_not_the_side_streets(open_town):
    town = Grid("""
        d-e-f
        | | |
        a-b-c
        | | |
        g-h-i
    """)
    roads = open_town(
        town,
        ("def", STREET),
        ("abc", STREET),
        ("ghi", STREET),
        ("dag", STREET),
        ("ebh", STREET),
        ("fci", STREET),
    )
    follows = shapely.LineString([town.at(0, 2.03), town.at(1, 1.97), town.at(2, 2.03)])
    beside = shapely.LineString([town.at(0.1, 2.05), town.at(1.9, 2.05)])
    exact = shapely.LineString([town["a"], town["b"]])
    for drawn in (follows, beside, exact):
        assert roads.apply([Closure(drawn, 0)]) == [2]


BLOCKS = Grid("""
    d-e-f
    | | |
    a-b-c
    | | |
    g-h-i
""")
EDGES = ["de", "ef", "ab", "bc", "gh", "hi", "da", "ag", "eb", "bh", "fc", "ci"]


def test_whatever_is_closed_no_crew_is_sent_over_it(open_town):
    """Sixty days of streets closed by dice; who stands at a junction may leave it by what is open."""
    roads = open_town(BLOCKS, *((way, STREET) for way in ("def", "abc", "ghi", "dag", "ebh", "fci")))
    dice, stranded = random.Random(3), 0
    for _ in range(60):
        closed = [
            shapely.Point(BLOCKS.between(*edge)).buffer(0.0003) for edge in EDGES if dice.random() < 0.5
        ]
        roads.apply([Closure(square, 0) for square in closed])
        crews = tuple(replace(crew(f"C{n}"), place=BLOCKS[dice.choice("abcdefghi")]) for n in range(3))
        jobs = tuple(replace(job(f"T{n}"), place=BLOCKS[dice.choice("abcdefghi")]) for n in range(4))
        starts, sites = {each.id: each.place for each in crews}, {each.ticket: each.place for each in jobs}
        made = plan(Board(crews, jobs), NOW, roads, keep_going=lambda number: number < 5)
        for told in made.told:
            route = roads.route(starts[told.crew], sites[told.ticket])
            assert told.travel_s == pytest.approx(route.travel_s, abs=0.2)
            assert not shapely.LineString(route.line).intersects(shapely.union_all(closed))
        for waits in (each.ticket for each in made.waiting if each.codes == ("unreachable",)):
            assert [roads.route(start, sites[waits]) for start in starts.values()] == [None] * 3
            stranded += 1
    assert stranded > 5


def test_closures_may_be_plain_mappings_as_scenarios_hold_them(roads):
    roads.apply([{"geometry": shapely.geometry.mapping(across(3, 0)), "factor": 0, "reason": "tree"}])
    assert seconds(roads) == pytest.approx(OVER_D, abs=0.2)


def test_a_closure_off_the_roads_touches_nothing(roads):
    assert roads.apply([Closure(around(40, 40), 0)]) == [0]
    assert seconds(roads) == pytest.approx(OVER_B, abs=0.2)


BOW_TIE = shapely.Polygon([TOWN.at(0, 0), TOWN.at(1, 1), TOWN.at(1, 0), TOWN.at(0, 1)])


@pytest.mark.parametrize(
    ("closure", "reason"),
    [
        (Closure(around(3, 0), 1.5), "factor"),
        (Closure(around(3, 0), -0.1), "factor"),
        (Closure(around(3, 0), float("nan")), "factor"),
        ({"geometry": around(3, 0), "factor": "0"}, "factor"),
        ({"geometry": around(3, 0), "factor": None}, "factor"),
        ({"geometry": shapely.geometry.mapping(around(3, 0))}, "factor"),
        (Closure(shapely.Point(13, 53), 0), "line or a polygon"),
        (Closure(shapely.Polygon(), 0), "line or a polygon"),
        (Closure(BOW_TIE, 0), "not valid"),
        (Closure(shapely.LineString([(500, 0), (501, 0)]), 0), "degrees"),
        (Closure({"type": "LineString", "coordinates": [[float("nan"), 53], [13, 53]]}, 0), "geometry"),
        (Closure({"type": "LineString", "coordinates": []}, 0), "line or"),
        (Closure({"type": "LineString", "coordinates": [[13, 53]]}, 0), "GeoJSON"),
        (Closure({"type": "Nonsense"}, 0), "GeoJSON"),
        (Closure("here", 0), "GeoJSON"),
        (Closure(None, 0), "GeoJSON"),
    ],
)
def test_a_closure_that_cannot_be_taken_is_named_and_changes_nothing(roads, closure, reason):
    roads.apply([Closure(across(3, 0), 0)])
    with pytest.raises(BadInput, match=reason) as refused:
        roads.apply([Closure(around(2, 3), 0), closure])
    assert [fault.field for fault in refused.value.errors] == ["closures[1]"]
    assert seconds(roads) == pytest.approx(OVER_D, abs=0.2)
