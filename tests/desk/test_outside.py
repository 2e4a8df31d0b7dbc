"""A place far outside what the company serves is no place of a report: somebody has to ask again."""

from __future__ import annotations

import pytest

from dispatch.desk.attempts import list_attempts
from dispatch.desk.intake import Draft, answer_for, set_place
from dispatch.desk.outside import said_outside
from dispatch.desk.place import Pin
from dispatch.errors import BadInput
from tests.desk.county import LI, T1, call, feature, take
from tests.okcounty import FIELDS, at, spot, square

FAR = [(0.0, 0.0), spot(26, 4), spot(10, -6), (T1[1], -T1[0] / 2)]


@pytest.mark.parametrize("place", FAR, ids=["zero", "6 km east", "6 km south", "lon and lat swapped"])
def test_a_pin_far_outside_needs_a_place_and_gets_no_promise(county, place):
    told = call(county, "08:00", place)
    assert (told.outcome, told.report.promise, said_outside(county, told.ticket, told.report)) == (
        "needs_place",
        None,
        True,
    )
    [tried] = list_attempts(county, told.ticket, told.report)
    assert (tried["method"], tried["result"], tried["reason"]) == ("given", "unused", "outside")


def test_a_pin_a_little_outside_is_a_place_like_any_other(county):
    assert call(county, "08:00", spot(24, 4)).outcome == "dispatchable"


def test_a_place_far_outside_is_served_where_a_zone_covers_it(county):
    features = [feature(FIELDS), feature(FIELDS)]
    features[1]["geometry"] = square(30, 0, 40, 10).__geo_interface__
    county.store.company.publish_zones("2026-2", at("00:00"), "Chen", features)
    told = call(county, "08:00", spot(35, 5))
    assert (told.outcome, told.report.zoned.zone_set) == ("dispatchable", "2026-2")


def test_the_account_is_asked_next_when_the_pin_lies_outside(county):
    told = take(county, Draft("no_power", pin=Pin(0, 0), account_no="7001"))
    assert told.report.place.method == "account"
    assert not said_outside(county, told.ticket, told.report)


def test_the_desk_cannot_pin_a_report_outside(county):
    name = call(county, "08:00").report.id
    with pytest.raises(BadInput, match=r"km outside the built area, and no zone covers it; .*swapped"):
        set_place(county, name, Pin(0, 0), "", LI)
    assert answer_for(county, name).outcome == "needs_place"
