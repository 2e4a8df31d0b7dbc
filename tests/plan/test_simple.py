"""The planners that answer when the search does not: simple, and held to the same rules."""

from __future__ import annotations

import pytest
from hypothesis import given, settings

from dispatch.plan import Board, Plan, look_ahead, nearest_able, validate
from tests.plan.county import NOW, Road, crew, job, okcounty, told, waits
from tests.plan.test_properties import boards, travels

SIMPLE = [look_ahead, nearest_able]


@pytest.mark.parametrize("planner", SIMPLE)
@settings(deadline=None, max_examples=60)
@given(board=boards(), travel=travels)
def test_no_simple_plan_breaks_a_rule(planner, board, travel):
    made = planner(board, NOW, travel)
    assert validate(made, board) == ()
    assert made.by == planner.__name__


@pytest.mark.parametrize("planner", SIMPLE)
def test_nothing_to_do_is_an_empty_plan(planner):
    assert planner(Board((crew("C1"),), ()), NOW, Road()) == Plan(by=planner.__name__)


def test_look_ahead_in_okcounty_leaves_what_is_outranked():
    made = look_ahead(okcounty(), NOW, Road())
    assert told(made) == {"T4": "C1"}
    assert waits(made) == {
        "T1": (None, "outranked"),
        "T2": (None, "outranked"),
        "T3": ("C2", "best_crew_busy"),
    }


def test_the_nearest_able_crew_goes_and_danger_chooses_first():
    jobs = (job("T1", at=5), job("T2", at=9, hazard=True))
    crews = (crew("C1", at=8), crew("C2", at=90), crew("C3", at=9, skills=[]))
    assert told(nearest_able(Board(crews, jobs), NOW, Road())) == {"T1": "C2", "T2": "C1"}
