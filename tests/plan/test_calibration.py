"""Whether the chances said came true: scores and bins that one can work out on paper."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.plan.calibration import Said, calibrate


def test_of_nothing_said_there_is_no_score():
    found = calibrate([])
    assert (found.count, found.brier, found.brier_ramp, found.brier_base_rate, found.bins) == (
        0,
        None,
        None,
        None,
        (),
    )


def test_the_score_is_the_mean_square_of_what_was_wrong():
    found = calibrate([Said(0.8, 1.0, on_time=True), Said(0.4, 1.0, on_time=False)])
    assert found.brier == pytest.approx((0.2**2 + 0.4**2) / 2)
    assert found.brier_ramp == pytest.approx(0.5)
    assert found.brier_base_rate == pytest.approx(0.25), "whoever always says one half"


def test_arrivals_are_told_by_tenths_of_what_was_said():
    said = [Said(0.05, 0, on_time=False), Said(0.91, 0, on_time=True), Said(1.0, 0, on_time=False)]
    low, high = calibrate(said).bins
    assert (low.low, low.count, low.came) == (0, 1, 0)
    assert low.said == pytest.approx(0.05)
    assert (high.low, high.high, high.count) == (0.9, 1.0, 2)
    assert high.said == pytest.approx(0.955)
    assert high.came == 0.5


@given(st.lists(st.builds(Said, st.floats(0, 1), st.floats(0, 1), st.booleans()), min_size=1))
def test_every_arrival_is_in_one_bin_and_no_score_is_beyond_its_bounds(said):
    found = calibrate(said)
    assert sum(each.count for each in found.bins) == len(said)
    scores = [score for score in (found.brier, found.brier_ramp, found.brier_base_rate) if score is not None]
    assert len(scores) == 3
    assert all(0 <= score <= 1 for score in scores)
    assert scores[2] <= 0.25 + 1e-12
