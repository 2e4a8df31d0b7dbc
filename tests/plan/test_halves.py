"""A ticket that needs two crews: two jobs, never one crew for both, and it is said when nobody is left."""

from __future__ import annotations

from dataclasses import replace

from dispatch.plan import Board, Plan, Route, Stop, options, plan, validate
from tests.plan.county import MIN, NOW, Road, crew, job, told, waits


def halves(**more):
    return job("T1", apart_from="T1+", **more), job("T1+", apart_from="T1", **more)


def test_two_crews_are_sent_to_a_ticket_that_needs_two():
    made = plan(Board((crew("C1", at=0), crew("C2", at=30)), halves(at=5)), NOW, Road())
    assert sorted(told(made)) == ["T1", "T1+"]
    assert sorted(told(made).values()) == ["C1", "C2"]


def test_a_crew_alone_does_one_half_and_the_other_says_that_it_is_the_same_crew():
    made = plan(Board((crew("C1"),), halves(at=5)), NOW, Road())
    assert told(made) == {"T1": "C1"}
    assert waits(made) == {"T1+": (None, "same_crew")}


def test_the_crew_that_is_there_already_is_not_sent_as_the_second():
    second = replace(job("T1+", at=5), there=frozenset({"C1"}))
    board = Board((crew("C1", at=5), crew("C2", at=30)), (second,))
    assert told(plan(board, NOW, Road())) == {"T1+": "C2"}
    assert {one.crew: one.not_possible for one in options(board, "T1+", NOW, Road())} == {
        "C1": "same_crew",
        "C2": None,
    }


def test_the_explanation_names_the_crew_of_the_other_half():
    made = plan(Board((crew("C1", at=0), crew("C2", at=30)), halves(at=5)), NOW, Road())
    for one in made.told:
        assert [(other.crew, "same_crew" in other.why) for other in one.reasons.others] == [
            ({"C1": "C2", "C2": "C1"}[one.crew], True)
        ]


def test_a_plan_in_which_one_crew_does_both_halves_is_not_trusted():
    board = Board((crew("C1"),), halves(at=5))
    both = Route("C1", (Stop("T1", NOW, NOW + 5 * MIN), Stop("T1+", NOW + 65 * MIN, NOW + 65 * MIN)))
    found = validate(Plan(routes=(both,)), board)
    assert {"same_crew:C1:T1", "same_crew:C1:T1+"} <= set(found)
