"""Which notice explains a report, and which notices were announced in time."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatch.outage import Notice, explains, in_time
from dispatch.zone import covers
from tests.okcounty import POLICY, TOWN, at, spot

NOTICE = Notice(
    "N1", "planned", "new cable", at("08:00", 1), at("09:00"), at("12:00"), TOWN.geometry.__geo_interface__
)


def explaining(notices, time, place=spot(3, 4)):  # noqa: B008 -- a tuple
    found = explains(notices, at(time), lambda notice: covers(notice.area, place))
    return found.id if found else None


def test_a_notice_explains_a_report_over_its_place_and_time():
    assert explaining([NOTICE], "10:00") == "N1"


@pytest.mark.parametrize(
    ("time", "explained"), [("08:59", False), ("09:00", True), ("11:59", True), ("12:00", False)]
)
def test_a_notice_is_in_force_from_its_first_minute_to_before_its_last(time, explained):
    assert (explaining([NOTICE], time) is not None) is explained


def test_a_notice_explains_nothing_outside_its_area():
    assert explaining([NOTICE], "10:00", spot(10, 4)) is None


def test_a_place_on_the_edge_of_a_notice_is_inside():
    assert explaining([NOTICE], "10:00", spot(2, 4)) == "N1"


def test_a_notice_explains_nothing_before_it_was_published():
    late = replace(NOTICE, published_at=at("10:30"))
    assert explaining([late], "10:00") is None
    assert explaining([late], "10:30") == "N1"


def test_of_several_notices_the_one_that_ends_last_is_told():
    longer = replace(NOTICE, id="N0", until_at=at("15:00"))
    assert explaining([longer, NOTICE], "10:00") == explaining([NOTICE, longer], "10:00") == "N0"


def test_of_notices_that_end_together_the_id_decides():
    twin = replace(NOTICE, id="N2")
    assert explaining([twin, NOTICE], "10:00") == explaining([NOTICE, twin], "10:00") == "N2"


@pytest.mark.parametrize(
    ("kind", "published_at", "kept"),
    [
        ("planned", at("09:00") - 168 * 3_600_000, True),
        ("planned", at("09:00") - 168 * 3_600_000 + 1, False),
        ("temporary", at("09:00", 4), True),
        ("temporary", at("09:01", 4), False),
        ("temporary", at("10:00"), False),
    ],
)
def test_planned_outages_are_announced_seven_days_ahead_and_temporary_ones_a_day(kind, published_at, kept):
    assert in_time(replace(NOTICE, kind=kind, published_at=published_at), POLICY.hours_ahead) is kept
