from __future__ import annotations

import math

import pytest

from dispatch.plan import Weights
from dispatch.simulate import PLANNERS
from dispatch.simulate.score import percentile, share
from tests.simulate.county import MIN, call, counted, crew, day


def score(calls, crews=None):
    return counted(day(crews or [crew("C1")], calls), PLANNERS["nearest-pair"](Weights()))


def test_on_time_counts_reports_and_weighs_them():
    """A is reached at 10 of 45 minutes; B, a hazard, at 70 + 10 and late."""
    found = score([call("A", 0, 10, customers=9), call("B", 1, 20, hazard=True)])
    weight = 1 + 0.5 * math.log10(10)
    assert found.on_time == 0.5
    assert found.weighted_on_time == pytest.approx(weight / (weight + 10))


def test_an_arrival_on_the_very_second_is_on_time_and_a_moment_later_is_late():
    assert score([call("A", 0, 45)]).on_time == 1
    assert score([call("A", 0, 45, travel_factor=1.00001)]).on_time == 0


def test_zones_have_their_own_limits_and_their_own_line():
    found = score([call("A", 0, 60, zone="rural")], [crew("C1")])
    assert found.by_zone == {"rural": {"reports": 1, "on_time": 1.0}}


def test_lateness_is_counted_over_all_reports():
    found = score([call("A", 0, 10), call("B", 0, 55)])
    assert found.mean_late_min == pytest.approx((70 + 45 - 45) / 2)
    assert found.p95_late_min == 70


def test_a_report_that_nobody_reaches_is_late_until_the_end_of_the_day():
    found = score([call("A", 0, 10), call("B", 0, 5, needs={"hv"})])
    assert (found.unreached, found.on_time) == (1, 0.5)
    assert found.arrivals[1].arrived_s is None
    assert found.mean_late_min > 0


def test_of_no_reports_every_promise_is_kept():
    assert score([]).on_time == 1
    assert share([], []) == 1
    assert percentile([], 95) == 0


def test_the_due_time_is_counted_from_the_call():
    assert score([call("A", 10, 1)]).arrivals[0].due_s == (10 + 45) * MIN
