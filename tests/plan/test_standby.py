from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from dispatch.plan.standby import MOST_MOVES, Idle, Move, moves

# Three villages in a row, 100, 40 and 10 accounts; a post reaches the one it stands in.
VILLAGES = np.array([100, 40, 10])
POSTS = np.eye(3, dtype=bool)


def idle(*reaches, movable=None, drive_s=None):
    rows = np.array(reaches, dtype=bool)
    free = np.ones(len(rows), dtype=bool) if movable is None else np.array(movable)
    drives = np.tile([60.0, 120.0, 180.0], (len(rows), 1)) if drive_s is None else np.array(drive_s)
    return Idle(rows, free, drives)


def test_the_second_of_two_crews_in_one_village_goes_to_the_largest_that_has_none():
    found = moves(idle([1, 0, 0], [1, 0, 0]), POSTS, VILLAGES, 1)
    assert found[0] == Move(0, 1, 40)
    assert [each.post for each in found] == [1]  # then each is alone where it is


def test_a_crew_that_alone_covers_more_where_it_is_stays():
    assert moves(idle([1, 0, 0]), POSTS, VILLAGES, 1) == []


def test_a_gain_below_the_least_moves_nobody():
    assert moves(idle([1, 0, 0], [1, 0, 0]), POSTS, VILLAGES, 41) == []
    assert moves(idle([1, 0, 0], [1, 0, 0]), POSTS, VILLAGES, 40) != []


def test_of_equal_gains_the_shorter_drive_goes():
    found = moves(idle([0, 0, 0], [0, 0, 0], drive_s=[[90, 1, 1], [80, 1, 1]]), POSTS, VILLAGES, 60)
    assert found == [Move(1, 0, 100)]


def test_a_crew_that_may_not_be_moved_stays_and_still_counts():
    found = moves(idle([1, 0, 0], [1, 0, 0], movable=[False, True]), POSTS, VILLAGES, 1)
    assert found == [Move(1, 1, 40)]


def test_nobody_is_sent_where_no_road_leads():
    far = [[60.0, np.inf, 60.0]] * 2
    assert moves(idle([1, 0, 0], [1, 0, 0], drive_s=far), POSTS, VILLAGES, 1) == [Move(0, 2, 10)]


def test_without_crews_or_posts_nothing_is_said():
    none = Idle(np.zeros((0, 3), bool), np.zeros(0, bool), np.zeros((0, 3)))
    assert moves(none, POSTS, VILLAGES, 1) == []
    nowhere = Idle(np.zeros((2, 3), bool), np.ones(2, bool), np.zeros((2, 0)))
    assert moves(nowhere, np.zeros((0, 3), bool), VILLAGES, 1) == []


@given(st.integers(0, 10_000))
def test_what_is_gained_together_is_the_sum_of_what_was_said_and_no_crew_moves_twice(seed):
    chance = np.random.default_rng(seed)
    reaches, posts = chance.random((4, 12)) < 0.3, chance.random((6, 12)) < 0.3
    accounts = chance.integers(0, 50, 12)
    here = Idle(reaches.copy(), chance.random(4) < 0.8, chance.integers(1, 99, (4, 6)).astype(float))
    found = moves(here, posts, accounts, 1)
    after = reaches.copy()
    for move in found:
        after[move.crew] = posts[move.post]
    gained = accounts[after.any(axis=0)].sum() - accounts[reaches.any(axis=0)].sum()
    assert gained == sum(move.gain for move in found)
    assert len({move.crew for move in found}) == len(found) <= MOST_MOVES
    assert all(here.movable[move.crew] for move in found)
    assert (here.reaches == reaches).all()
    assert moves(here, posts, accounts, 1) == found
