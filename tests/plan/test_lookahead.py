from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from dispatch.plan import Board, Weights
from dispatch.plan.lookahead import (
    at_hand,
    drives_to,
    is_idle,
    look,
    pair,
    prices_of,
    savings,
    travel_between,
    weighed,
)
from tests.plan.county import NOW, Road, Table, crew, job


def exhaustive(saved):
    """The most that any one-to-one pairing saves, by trying them all; None stands for staying unpaired."""
    crews, jobs = saved.shape
    choices = permutations([*range(jobs), *[None] * crews], crews)
    return min(sum(saved[i, j] for i, j in enumerate(choice) if j is not None) for choice in choices)


small = st.tuples(st.integers(1, 3), st.integers(1, 5))
cost = st.one_of(st.floats(0, 5000), st.just(float("inf")), st.sampled_from([0.0, 1.0, 300.0]))


@settings(deadline=None, max_examples=60)
@given(st.data(), small)
def test_on_small_boards_the_pairing_is_as_good_as_trying_every_one(data, shape):
    total = data.draw(arrays(float, shape, elements=cost))
    later = total + data.draw(st.floats(0, 400))
    saved = savings(total, later)
    made = pair(saved)
    assert len({i for i, _ in made}) == len({j for _, j in made}) == len(made)
    assert all(np.isfinite(total[at]) for at in made)
    assert sum(saved[at] for at in made) == pytest.approx(exhaustive(saved), abs=1e-5)


@settings(deadline=None, max_examples=200)
@given(st.integers(0, 100_000), st.integers(1, 9), st.integers(1, 9))
def test_with_the_prices_of_nearly_the_same_pairing_the_same_is_found(seed, crews, jobs):
    dice = np.random.default_rng(seed)
    before = np.minimum(dice.normal(-50, 100, (crews, jobs)), 0)
    after = before.copy()
    after[dice.integers(crews)] = np.minimum(dice.normal(-50, 100, jobs), 0)
    assert pair(after, prices_of(before)) == pair(after)


def test_the_prices_of_a_pairing_leave_no_pair_below_nothing():
    saved = np.minimum(np.random.default_rng(1).normal(-50, 100, (6, 9)), 0)
    prices = prices_of(saved)
    assert prices.shape == (9, 9)
    assert (saved - prices[:6]).min() > -1e-4


def test_infinite_costs_never_attract():
    total = np.array([[np.inf, np.inf], [np.inf, 2.0]])
    assert pair(savings(total, total + 40)) == ((1, 1),)


def test_a_pair_worse_than_the_best_service_forty_minutes_later_is_not_made():
    total, later = np.array([[1.0], [50.0]]), np.array([[41.0], [90.0]])
    assert savings(total, later).tolist() == [[-40], [0]]


def test_equals_are_paired_in_the_order_of_their_ids():
    assert pair(np.full((3, 2), -7.0)) == ((0, 0), (1, 1))
    assert pair(np.full((2, 4), -7.0)) == ((0, 0), (1, 1))


def test_an_empty_side_pairs_nothing():
    assert pair(savings(np.zeros((0, 3)), np.zeros((0, 3)))) == ()
    assert pair(savings(np.zeros((2, 0)), np.zeros((2, 0)))) == ()


def test_a_busy_crew_counts_from_its_expected_finish():
    outlook = look((crew("C1", free_in=25),), (job("T1"),), NOW, np.array([[600.0]]), Weights())
    assert outlook.ahead_ms.tolist() == [[35 * 60_000]]


def test_what_is_no_possible_drive_becomes_infinity():
    odd = Table([[float("nan"), -5.0, 1e300, float("inf"), 7.0]])
    assert travel_between(odd, [(0.0, 0.0)], [(0.0, 0.0)] * 5).tolist() == [[np.inf] * 4 + [7]]


def test_an_engine_that_answers_in_another_shape_is_refused():
    with pytest.raises(ValueError, match="reshape"):
        travel_between(Table([[1.0, 2.0]]), [(0.0, 0.0)], [(0.0, 0.0)])


def test_the_engine_is_not_asked_about_nothing():
    road = Road()
    assert travel_between(road, [], [(0.0, 0.0)]).shape == (0, 1)
    assert road.asked == 0


def test_jobs_at_one_place_are_driven_to_each_at_its_own_pace():
    jobs = [job("T1", slower=1.5), job("T2", slower=2.0), job("T3")]
    seconds = drives_to(Table([[60.0, 60.0, np.inf]]), [(0.0, 0.0)], jobs)
    assert seconds.tolist() == [[90, 120, np.inf]]


def test_a_crew_at_rest_is_idle_but_not_at_hand_until_its_break_is_over():
    resting = crew("C1", free_in=-5, breaks=[(0, 30)])
    assert is_idle(resting, NOW)
    hand = [at_hand(resting, NOW + minutes * 60_000) for minutes in (-1, 0, 29, 30)]
    assert hand == [True, False, False, True]


def test_a_crew_out_of_service_makes_the_queue_as_long_as_one_that_is_not_there():
    jobs = tuple(job(f"T{number}") for number in range(4))
    there, away = crew("C1"), crew("C2", out_of_service=True)
    alone, both = (weighed(Board(crews, jobs), NOW, Weights()) for crews in ((there,), (there, away)))
    assert both == alone != weighed(Board((there, crew("C2")), jobs), NOW, Weights())
