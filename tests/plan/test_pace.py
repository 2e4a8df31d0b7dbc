"""How long things last today: a few cases move little, and who has worked long will work longer still."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dispatch.plan.chance import Spread
from dispatch.plan.pace import (
    AS_IF,
    BY_TABLE,
    LEAST_S,
    MOST,
    lately,
    left_s,
    left_variance,
    log_width,
    mean_factor,
)

USUAL = Spread(0.0, 0.25)
WORK = Spread(math.log(1.4), 0.4)
HOUR = 3600.0


def test_a_day_without_cases_is_a_usual_day():
    today = lately([], USUAL)
    assert today.centre == 0
    assert today.width == pytest.approx(0.25)


def test_what_a_table_says_is_taken_for_a_mean():
    assert mean_factor(lately([], BY_TABLE)) == pytest.approx(1)


def test_as_many_cases_as_what_is_usual_counts_for_move_it_halfway():
    today = lately([(600.0, 1200.0)] * AS_IF, USUAL)
    assert today.centre == pytest.approx(math.log(2) / 2)


def test_many_cases_alike_leave_little_doubt():
    few, many = (lately([(600.0, 900.0)] * count, USUAL) for count in (3, MOST))
    assert few.centre < many.centre < math.log(1.5)
    assert many.width < few.width


def test_only_the_last_cases_count():
    storm_over = [(600.0, 1200.0)] * MOST + [(600.0, 600.0)] * MOST
    assert lately(storm_over, USUAL).centre == 0.0


@pytest.mark.parametrize(
    "odd", [(0.0, 600.0), (600.0, 0.0), (600.0, 36_000.0), (36_000.0, 60.0), (-1.0, 5.0)]
)
def test_what_cannot_be_true_teaches_nothing(odd):
    assert lately([odd], USUAL) == lately([], USUAL)


@pytest.mark.parametrize("done_s", [0.0, 0.5 * HOUR, HOUR, 2 * HOUR, 4 * HOUR])
def test_what_is_left_of_a_work_is_that_of_works_which_last_longer(done_s):
    lasts = HOUR * np.random.default_rng(5).lognormal(WORK.centre, WORK.width, 2_000_000)
    longer = lasts[lasts > done_s] - done_s
    assert left_s(HOUR, done_s, WORK) == pytest.approx(longer.mean(), rel=0.05)
    assert math.sqrt(left_variance(HOUR, done_s, WORK)) == pytest.approx(longer.std(), rel=0.1)


def test_what_is_left_of_a_long_work_is_less_sure_than_a_new_one():
    new, old = (
        log_width(left_s(HOUR, done_s, USUAL), left_variance(HOUR, done_s, USUAL)) for done_s in (0.0, HOUR)
    )
    assert new == pytest.approx(USUAL.width)
    assert old > 2 * new


def test_who_is_long_overdue_is_not_free_in_a_minute():
    assert left_s(HOUR, 2 * HOUR, USUAL) > 8 * 60


@given(st.floats(0, 1e6), st.floats(-1e6, 1e7), st.floats(-2, 2), st.floats(0.02, 2))
@example(expected_s=2.0, done_s=5e-324, centre=0.0, width=1.0)  # half of the least number is none
def test_what_is_left_is_always_a_time(expected_s, done_s, centre, width):
    assert LEAST_S <= left_s(expected_s, done_s, Spread(centre, width)) < math.inf
    assert 0 <= left_variance(expected_s, done_s, Spread(centre, width)) < math.inf


def test_a_work_not_yet_begun_lasts_as_long_as_all_do_on_the_mean():
    assert left_s(HOUR, 0.0, WORK) == pytest.approx(HOUR * mean_factor(WORK))
    assert left_s(HOUR, -5.0, WORK) == left_s(HOUR, 0.0, WORK)


def test_no_time_ahead_is_quite_sure():
    assert log_width(60.0, 0.0) > 0
