from __future__ import annotations

import pytest
from shapely.geometry import Point, shape

from dispatch.desk.coverage import coverage_now
from dispatch.store.closures import Closure
from tests.desk.county import ACCOUNT, T1, call, crew_row, send
from tests.okcounty import EAST, WEST, at, spot


def live(county, *places, zone="urban"):
    """Accounts at these places, beside the one that the county has in the town."""
    rows = [
        ACCOUNT
        | {"account_no": f"8{lon:.4f}{lat:.4f}", "lon": lon, "lat": lat, "transformer": "", "unit": "U2"}
        for lon, lat in places
    ]
    with county.store.transaction():
        county.store.company.put_accounts([row | {"zone": zone} for row in rows])


def now(county, time):
    county.clock.at_ms = at(time)
    return coverage_now(county)


def test_while_crews_are_free_and_near_there_is_no_hole(county):
    found = now(county, "08:00")
    assert (found.free, found.accounts, found.uncovered, found.holes) == (("east", "west"), 1, 0, ())


def test_a_customer_beyond_the_promised_minutes_lies_in_a_hole_with_the_worst_time(county):
    live(county, spot(60, 4), zone="urban")
    found = now(county, "08:00")
    (hole,) = found.holes
    assert (hole.zone, hole.limit_s, hole.accounts, found.uncovered) == ("urban", 45 * 60, 1, 1)
    assert hole.eta_s == pytest.approx(47 * 60, rel=0.01)  # the east crew, 47 km away
    assert shape(hole.geometry).contains(Point(spot(60, 4)))


def test_the_same_place_is_no_hole_for_a_class_with_more_minutes(county):
    live(county, spot(60, 4), zone="rural")
    assert now(county, "08:00").uncovered == 0


def test_a_crew_that_was_told_a_ticket_covers_nobody(county):
    live(county, spot(-35, 4), zone="urban")  # 39 minutes from the west crew, 48 from the east one
    assert now(county, "08:00").uncovered == 0
    call(county, "08:00", T1)
    send(county, "08:01", "T1", "west")
    found = now(county, "08:02")
    assert (found.free, found.uncovered) == (("east",), 1)


def test_with_everybody_off_duty_everybody_lies_in_a_hole_that_nobody_reaches(county):
    with county.store.transaction():
        county.store.company.put_crews([crew_row(EAST, "08:00-20:00"), crew_row(WEST, "08:00-20:00")])
    found = now(county, "22:00")
    assert (found.free, found.uncovered) == ((), 1)
    assert [hole.eta_s for hole in found.holes] == [None]


def test_neighbours_share_a_hole_and_strangers_do_not(county):
    live(county, spot(60, 4), spot(60.3, 4), spot(80, 4), zone="urban")
    assert sorted(hole.accounts for hole in now(county, "08:00").holes) == [1, 2]


def test_new_accounts_are_seen_at_once(county):
    assert now(county, "08:00").accounts == 1
    live(county, spot(60, 4), zone="urban")
    assert now(county, "08:00").accounts == 2


def test_it_is_worked_out_once_while_nothing_changes(county):
    first = now(county, "08:00")
    assert now(county, "08:00") is first
    closed = {"type": "LineString", "coordinates": [list(spot(1, 1)), list(spot(2, 1))]}
    with county.store.transaction():
        county.store.closures.add(Closure("X1", closed, 0, at("08:00"), None, "flood"))
    county.roads.apply = lambda _closures: []
    assert now(county, "08:00") is not first


def test_a_crew_at_rest_is_not_free_and_covers_only_what_it_reaches_after_its_break(county):
    with county.store.transaction():
        rests = {"breaks": "12:00-14:00"}
        county.store.company.put_crews([crew_row(EAST) | rests, crew_row(WEST, "08:00-10:00")])
    assert (now(county, "11:00").free, now(county, "11:00").uncovered) == (("east",), 0)
    found = now(county, "12:00")
    assert (found.free, found.uncovered) == ((), 1)
    (hole,) = found.holes
    assert hole.eta_s > 7200
    found = now(county, "13:50")  # 10 minutes of rest and 21 on the road
    assert (found.free, found.uncovered) == ((), 0)
    assert now(county, "14:00").free == ("east",)
