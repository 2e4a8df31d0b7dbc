from __future__ import annotations

import numpy as np

from dispatch.plan.coverage import Spots, is_hole, nearest_s
from tests.plan.county import NOW, crew

SPOTS = Spots(
    place=((0.0, 0.0), (50.0, 0.0)),
    cell=("here", "there"),
    zone=("urban", "rural"),
    accounts=np.array([10, 3]),
    limit_s=np.array([45 * 60.0, 90 * 60.0]),
)


def test_the_first_of_the_crews_to_be_there_counts():
    found = nearest_s([crew("C1"), crew("C2")], NOW, np.array([[60.0, 3000.0], [600.0, 120.0]]))
    assert found.tolist() == [60, 120]


def test_each_class_has_its_own_limit_and_exactly_at_it_is_in_time():
    assert is_hole(SPOTS, np.array([45 * 60.0, 90 * 60.0])).tolist() == [False, False]
    assert is_hole(SPOTS, np.array([45 * 60.0 + 0.1, 46 * 60.0])).tolist() == [True, False]


def test_a_crew_whose_shift_ends_first_reaches_nobody():
    assert nearest_s([crew("C1", shift=(-60, 10))], NOW, np.array([[599.0, 600.0]])).tolist() == [599, np.inf]


def test_with_no_crew_free_everything_is_a_hole():
    found = nearest_s([], NOW, np.zeros((0, 2)))
    assert np.isinf(found).all()
    assert is_hole(SPOTS, found).all()


def test_where_no_road_leads_is_a_hole():
    assert is_hole(SPOTS, nearest_s([crew("C1")], NOW, np.array([[np.inf, 1.0]]))).tolist() == [True, False]


def test_a_drive_that_would_run_into_a_break_counts_from_its_end():
    crews = [crew("C1", breaks=[(10, 40)])]
    assert nearest_s(crews, NOW, np.array([[600.0, 601.0]])).tolist() == [600, 40 * 60 + 601]


def test_a_crew_at_rest_covers_what_it_reaches_after_its_break():
    crews = [crew("C1", breaks=[(-10, 20)])]
    found = nearest_s(crews, NOW, np.array([[25 * 60.0, 70.0 * 60 + 1]]))
    assert is_hole(SPOTS, found).tolist() == [False, True]
