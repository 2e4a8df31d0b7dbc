"""Which zone a place lies in, how far from the edge, and when that is doubtful."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
import shapely
from hypothesis import given, settings
from hypothesis import strategies as st
from pyproj import Geod

from dispatch.zone import (
    METRES_PER_DEGREE,
    ZonePolygon,
    ZoneSet,
    box_around,
    class_of,
    classify,
    classify_many,
    covers,
    distance_m,
    faults_of,
    metres,
)
from tests.grid import Grid
from tests.okcounty import FIELDS, TOWN, VALLEY, ZONES, spot, square

ELLIPSOID = Geod(ellps="WGS84")


def zoned(east_km, north_km, zones=ZONES, precision_m=30.0, default=""):
    found = classify(zones, spot(east_km, north_km), precision_m, default)
    return found.zone, found.doubt


def only(*polygons):
    return ZoneSet("test", polygons)


def drawn(code, geometry, priority=10):
    return ZonePolygon(code, code, priority, "drawn", "Chen", geometry)


# -- inside, on an edge, overlapping, outside


def test_a_place_belongs_to_the_polygon_it_lies_in():
    assert zoned(10, 4) == ("rural", "")
    assert zoned(16, 4) == ("remote", "")


def test_where_two_polygons_overlap_the_higher_priority_wins():
    assert zoned(3, 4) == ("urban", "")


def test_where_priorities_are_equal_the_strictest_wins_and_the_overlap_is_doubtful():
    assert zoned(3, 4, only(replace(TOWN, priority=10), FIELDS)) == ("urban", "overlap")
    assert zoned(3, 4, only(FIELDS, replace(VALLEY, geometry=TOWN.geometry))) == ("rural", "overlap")


def test_two_polygons_of_one_class_overlap_without_doubt():
    assert zoned(3, 4, only(replace(TOWN, priority=10), TOWN)) == ("urban", "")


def test_on_an_edge_the_place_belongs_to_both_sides_and_the_strictest_holds():
    assert zoned(14, 4) == ("rural", "overlap")
    assert zoned(2, 4)[0] == "urban"


def test_a_corner_belongs_to_its_polygon_too():
    assert zoned(2, 2)[0] == "urban"


def test_a_hole_is_outside():
    ring = drawn("rural", square(0, 0, 14, 10).difference(square(6, 3, 8, 5)))
    assert zoned(7, 4, only(ring)) == ("urban", "no_polygon")


def test_where_no_polygon_lies_the_strictest_holds_and_a_decision_is_demanded():
    assert zoned(30, 4) == ("urban", "no_polygon")


def test_where_no_polygon_lies_the_companys_default_holds_and_a_decision_is_demanded():
    assert zoned(30, 4, default="rural") == ("rural", "no_polygon")


def test_remote_is_only_ever_explicit():
    assert zoned(30, 4, default="remote") == ("urban", "no_polygon")


def test_a_company_without_polygons_promises_the_strictest():
    found = classify(only(), spot(3, 4), 30)
    assert (found.zone, found.doubt) == ("urban", "no_polygon")
    assert math.isfinite(found.edge_m)


def test_the_answer_names_the_zone_set():
    assert classify(ZONES, spot(3, 4), 30).zone_set == "2026-1"


# -- near an edge


def test_a_place_nearer_to_another_class_than_its_precision_is_doubtful():
    assert zoned(2.02, 4, precision_m=30) == ("urban", "near_edge")
    assert zoned(2.04, 4, precision_m=30) == ("urban", "")
    assert zoned(1.98, 4, precision_m=30) == ("rural", "near_edge")
    assert zoned(13.5, 4, precision_m=600) == ("rural", "near_edge")


def test_a_place_near_ground_nobody_zoned_is_doubtful():
    assert zoned(0.02, 4, precision_m=30) == ("rural", "near_edge")


def test_beyond_the_last_polygon_the_companys_default_may_be_the_same_class():
    assert zoned(0.02, 4, precision_m=30, default="rural") == ("rural", "")


def test_an_edge_between_two_polygons_of_one_class_is_not_doubtful():
    halves = only(drawn("rural", square(0, 0, 7, 10)), drawn("rural", square(7, 0, 14, 10)))
    assert zoned(7.01, 4, halves) == ("rural", "")


def test_an_edge_hidden_under_a_higher_priority_is_not_doubtful():
    hidden = only(TOWN, drawn("rural", square(3, 0, 14, 10)))
    assert zoned(3.01, 4, hidden) == ("urban", "")


def test_a_sliver_between_neighbours_is_not_doubtful():
    apart = only(drawn("rural", square(0, 0, 7, 10)), drawn("rural", square(7.0005, 0, 14, 10)))
    assert zoned(6.99, 4, apart) == ("rural", "")


@settings(deadline=None)
@given(st.permutations([TOWN, FIELDS, VALLEY]), st.floats(-1, 21), st.floats(-1, 11), st.floats(1, 900))
def test_the_order_of_the_polygons_does_not_matter(polygons, east_km, north_km, precision_m):
    place = spot(east_km, north_km)
    assert classify(ZoneSet("2026-1", tuple(polygons)), place, precision_m) == classify(
        ZONES, place, precision_m
    )


@settings(deadline=None)
@given(st.floats(0, 20), st.floats(0, 10), st.floats(200, 900), st.floats(0, 2 * math.pi), st.floats(0, 0.99))
def test_a_place_without_doubt_keeps_its_class_wherever_within_its_precision_it_is(
    east, north, reach_m, turn, share
):
    zone, doubt = zoned(east, north, precision_m=reach_m)
    away_km = share * reach_m / 1000
    other = zoned(east + away_km * math.cos(turn), north + away_km * math.sin(turn))
    assert doubt or other[0] == zone


# -- many places at once


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.floats(-1, 21), st.floats(-1, 11)), max_size=8),
    st.sampled_from(["", "rural", "remote"]),
)
def test_many_places_at_once_have_the_zones_they_have_one_by_one(places, default):
    zones = only(
        TOWN, FIELDS, VALLEY, drawn("rural", square(3, 3, 8, 5), 20), drawn("remote", square(0, 0, 3, 9))
    )
    lonlats = [spot(*place) for place in [*places, (14, 4), (2, 2), (3, 3)]]
    lons, lats = np.array(lonlats).T
    found = classify_many(zones, lons, lats, default)
    each = [classify(zones, lonlat, 30, default) for lonlat in lonlats]
    assert found.zone.tolist() == [one.zone for one in each]
    assert found.covered.tolist() == [one.method == "polygon" for one in each]


def test_no_places_have_no_zones():
    assert len(classify_many(ZONES, np.empty(0), np.empty(0)).zone) == 0


# -- the customer's own record


@pytest.mark.parametrize(
    ("said", "zone"), [("01", "urban"), (" Rural ", "rural"), ("城区", "urban"), ("", None), ("x", None)]
)
def test_a_customer_record_names_its_class_in_words_or_by_number(said, zone):
    assert class_of(said) == zone


# -- metres


def test_the_way_to_the_edge_is_told_in_metres():
    assert classify(ZONES, spot(3, 4), 30).edge_m == pytest.approx(1000, rel=0.005)
    assert classify(ZONES, spot(30, 4), 30).edge_m == pytest.approx(10_000, rel=0.005)


TOWN_BY_A_RIVER = Grid(
    """
    a...b
    .....
    ..x..
    .....
    d...c
    """,
    step_m=250,
)


def test_a_drawn_town_is_as_far_from_its_edge_as_it_was_drawn():
    town = drawn("urban", shapely.Polygon([TOWN_BY_A_RIVER[name] for name in "abcd"]))
    assert classify(only(town), TOWN_BY_A_RIVER["x"], 30).edge_m == pytest.approx(500, rel=0.005)


@settings(deadline=None)
@given(st.floats(20, 60), st.floats(-179, 179), st.floats(0, math.pi), st.floats(50, 5000))
def test_metres_to_a_slanting_edge_are_right_within_half_a_percent(lat, lon, bearing, length_m):
    """The foot of the way to a long straight edge, found by the ellipsoid's own geometry."""
    foot = ELLIPSOID.fwd(lon, lat, math.degrees(bearing), length_m)[:2]
    squeeze = math.cos(math.radians(lat))
    east, north = math.sin(bearing), math.cos(bearing)
    along = (north / squeeze * 0.1, -east * 0.1)
    ends = [(foot[0] + side * along[0], foot[1] + side * along[1]) for side in (-1, 1)]
    edge = shapely.LineString(ends)
    assert distance_m(shapely.Point(lon, lat), edge) == pytest.approx(length_m, rel=0.005)


@settings(deadline=None)
@given(st.floats(20, 60), st.floats(0, 360), st.floats(1, 100_000))
def test_metres_between_places_are_right_within_half_a_percent(lat, bearing, length_m):
    lon, other_lat, _ = ELLIPSOID.fwd(120, lat, bearing, length_m)
    assert metres((120, lat), (lon, other_lat)) == pytest.approx(length_m, rel=0.005)


def test_the_other_side_of_the_date_line_is_near():
    island = shapely.box(179.9, 10, 180, 10.1)
    assert distance_m(shapely.Point(-179.99, 10.05), island) == pytest.approx(1096, rel=0.005)
    assert metres((179.99, 0), (-179.99, 0)) == pytest.approx(2224, rel=0.005)


@pytest.mark.parametrize("place", [(0, 90), (0, -90), (180, 90), (-180, 0), (180, 0), (0, 0), (-180, -90)])
def test_the_ends_of_the_earth_have_an_answer(place):
    found = classify(ZONES, place, 500)
    assert (found.zone, found.doubt) == ("urban", "no_polygon")
    assert 0 < found.edge_m <= 1e7
    everywhere = only(drawn("rural", shapely.box(-180, -90, 180, 90)))
    assert classify(everywhere, place, 500).zone == "rural"


# -- what may not be published


def feature(geometry, code="urban", **more):
    return {"type": "Feature", "properties": {"code": code, **more}, "geometry": geometry}


def polygon(*corners):
    return {"type": "Polygon", "coordinates": [[list(corner) for corner in (*corners, corners[0])]]}


SQUARE = polygon((13, 53), (14, 53), (14, 54), (13, 54))


def test_a_good_zone_set_has_no_faults():
    assert (
        faults_of(
            [feature(SQUARE), feature({"type": "MultiPolygon", "coordinates": [SQUARE["coordinates"]]})]
        )
        == []
    )


def test_a_bow_tie_is_named_with_its_place():
    tie = polygon((13, 53), (14, 54), (14, 53), (13, 54))
    ((name, why),) = faults_of([feature(SQUARE), feature(tie, name="the mill")])
    assert name == "the mill"
    assert "crosses or touches itself" in why
    assert "[13.5 53.5]" in why


def test_every_crossing_of_a_polygon_is_told():
    zigzag = polygon((13, 53), (14, 54), (15, 53), (15, 54), (14, 53), (13, 54))
    ((_, why),) = faults_of([feature(zigzag)])
    assert why.endswith("; its lines cross at [13.5 53.5], [14.5 53.5]")


def test_two_parts_that_touch_along_a_line_cross_nowhere_but_are_refused():
    halves = {"type": "MultiPolygon", "coordinates": [SQUARE["coordinates"], SQUARE["coordinates"]]}
    ((_, why),) = faults_of([feature(halves)])
    assert "crosses or touches itself" in why


def test_a_polygon_without_a_name_is_named_by_its_number():
    line = {"type": "LineString", "coordinates": [[13, 53], [14, 54]]}
    assert faults_of([feature(SQUARE), feature(line)]) == [
        ("feature 2", "is a LineString, not a polygon with an area"),
    ]


def test_metres_instead_of_degrees_are_refused():
    ((_, why),) = faults_of(
        [feature(polygon((400_000, 5_900_000), (401_000, 5_900_000), (401_000, 5_901_000)))]
    )
    assert "not degrees (lon, lat) in WGS-84" in why


@pytest.mark.parametrize("code", [None, "", "Urban", "city"])
def test_a_code_that_is_no_zone_is_refused_with_those_that_are(code):
    ((_, why),) = faults_of([feature(SQUARE, code)])
    assert "use one of urban, rural, remote" in why


@pytest.mark.parametrize(
    "geometry",
    [
        None,
        {},
        {"type": "Polygon"},
        {"type": "Polygon", "coordinates": [[[13, 53], [14, 54]]]},
        {"type": "Polygon", "coordinates": [[["a", "b"], [1, 2], [3, 4], ["a", "b"]]]},
        {"type": "Polygon", "coordinates": 5},
        {"type": "Donut", "coordinates": []},
        {"type": "Polygon", "coordinates": []},
        {"type": "Point", "coordinates": [13, 53]},
        {"type": "GeometryCollection", "geometries": [SQUARE]},
    ],
)
def test_a_geometry_that_is_no_polygon_is_a_fault_not_a_crash(geometry):
    assert len(faults_of([feature(geometry)])) == 1


@pytest.mark.filterwarnings("ignore:invalid value")
def test_a_corner_that_is_no_number_is_a_fault_not_a_crash():
    assert len(faults_of([feature(polygon((13, 53), (math.nan, 53), (14, 54)))])) == 1


def test_a_feature_without_properties_is_a_fault_not_a_crash():
    ((name, why),) = faults_of([{"type": "Feature", "properties": None, "geometry": SQUARE}])
    assert name == "feature 1"
    assert "has the code None" in why


def test_an_area_covers_its_inside_and_its_edge():
    assert covers(SQUARE, (13.5, 53.5))
    assert covers(SQUARE, (13, 53.5))
    assert not covers(SQUARE, (12.9, 53.5))


@given(
    st.floats(-180, 180),
    st.floats(-89.9, 89.9),
    st.floats(0, 360),
    st.floats(0, 0.999),
    st.floats(10, 50_000),
)
def test_a_box_around_a_place_holds_everything_within_reach(lon, lat, bearing, share, reach_m):
    lon_2, lat_2 = on_the_sphere((lon, lat), bearing, share * reach_m)
    west, south, east, north = box_around((lon, lat), reach_m)
    assert south <= lat_2 <= north
    assert any(west <= lon_2 + turn <= east for turn in (-360, 0, 360))
    assert north - south == pytest.approx(2 * reach_m / METRES_PER_DEGREE)


def on_the_sphere(lonlat, bearing, away_m):
    """The place so far away in this direction, (lon, lat) in degrees."""
    sphere = Geod(a=math.degrees(METRES_PER_DEGREE), b=math.degrees(METRES_PER_DEGREE))
    lon, lat, _ = sphere.fwd(lonlat[0], lonlat[1], bearing, away_m)
    return lon, lat
