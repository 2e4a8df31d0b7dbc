from __future__ import annotations

from dataclasses import replace

import pytest

from dispatch.plan import Board, Plan, plan, validate
from tests.plan.county import MIN, NOW, Road, crew, job, okcounty


def one_pair():
    """A sound plan for one crew and one ticket ten minutes away."""
    board = Board((crew("C1"),), (job("T1", at=10),))
    return plan(board, NOW, Road()), board


def test_a_sound_plan_breaks_no_rule():
    board = okcounty()
    assert validate(plan(board, NOW, Road()), board) == ()


def test_a_crew_serves_one_ticket_at_a_time():
    board = Board((crew("C1"),), (job("T1"), job("T2")))
    first = plan(replace(board, jobs=board.jobs[:1]), NOW, Road()).told
    second = plan(replace(board, jobs=board.jobs[1:]), NOW, Road()).told
    assert validate(Plan(first + second), board) == ("crew_twice:C1",)


def test_a_ticket_is_planned_exactly_once():
    made, board = one_pair()
    assert "ticket_twice:T1" in validate(Plan(made.told * 2), board)
    assert validate(Plan(), board) == ("ticket_missing:T1",)


def test_a_plan_for_another_board_is_found_out():
    made, _ = one_pair()
    assert validate(made, Board((), ())) == ("unknown:C1:T1",)


@pytest.mark.parametrize(
    ("rule", "crew_now", "job_now"),
    [
        ("skill", {}, {"needs": frozenset({"hv"})}),
        ("out_of_service", {"out_of_service": True}, {}),
        ("shift", {"shift_until_ms": NOW + 10 * MIN}, {}),
        ("shift", {"shift_from_ms": NOW + 1}, {}),
        ("busy", {"free_at_ms": NOW + 1}, {}),
        ("pinned", {}, {"pinned": "C2"}),
        ("declined", {}, {"barred": frozenset({"C1"})}),
    ],
)
def test_a_plan_that_the_board_has_outrun_is_found_out(rule, crew_now, job_now):
    made, board = one_pair()
    changed = Board((replace(board.crews[0], **crew_now),), (replace(board.jobs[0], **job_now),))
    assert validate(made, changed) == (f"{rule}:C1:T1",)


def test_a_waiting_ticket_is_held_to_the_same_rules():
    board = Board((crew("C1", free_in=5),), (job("T1"),))
    made = plan(board, NOW, Road())
    assert validate(made, replace(board, jobs=(job("T1", barred=["C1"]),))) == ("declined:C1:T1",)
