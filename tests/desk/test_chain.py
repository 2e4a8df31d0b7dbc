"""Which planner answers when one fails: whoever is next, and a plan that breaks a rule is never used."""

from __future__ import annotations

import logging
import threading

import pytest

from dispatch import plan as planning
from dispatch.desk.chain import Chain, within
from dispatch.errors import RoadsUnavailable
from dispatch.plan import Plan
from tests.plan.county import BY_HAND, NOW, Road, okcounty, told

BUDGET_S = 0.01


def answer(chain):
    return chain.plan(okcounty(), NOW, Road(), BY_HAND)


def broken(*_seen, **_more):
    raise ZeroDivisionError("a mistake of ours")


def unsound(*_seen, **_more):
    return Plan()


def test_the_search_answers_when_nothing_is_wrong():
    made = answer(Chain(BUDGET_S))
    assert (made.by, told(made)) == ("search", {"T4": "C1"})


@pytest.mark.parametrize("planner", [broken, unsound])
def test_look_ahead_answers_when_the_search_crashes_or_breaks_a_rule(monkeypatch, caplog, planner):
    monkeypatch.setattr(planning, "plan", planner)
    made = answer(Chain(BUDGET_S))
    assert (made.by, told(made)) == ("look_ahead", {"T4": "C1"})
    assert "search" in caplog.text


def test_the_nearest_able_crew_goes_when_look_ahead_fails_too(monkeypatch):
    monkeypatch.setattr(planning, "plan", broken)
    monkeypatch.setattr(planning, "look_ahead", unsound)
    assert answer(Chain(BUDGET_S)).by == "nearest_able"


def test_when_every_planner_fails_the_board_stands_and_it_is_said(monkeypatch):
    for name in ("plan", "look_ahead", "nearest_able"):
        monkeypatch.setattr(planning, name, broken)
    with pytest.raises(RuntimeError, match="no planner"):
        answer(Chain(BUDGET_S))


def test_a_search_that_hangs_is_passed_over_and_not_asked_again_until_it_is_done(monkeypatch, caplog):
    end, asked = threading.Event(), []

    def hang(*_seen, **_more):
        asked.append(1)
        end.wait(20)
        return Plan()

    monkeypatch.setattr(planning, "plan", hang)
    chain = Chain(BUDGET_S, watchdog_s=0.05)
    assert [answer(chain).by for _ in range(3)] == ["look_ahead"] * 3
    assert len(asked) == 1
    assert "has not answered" in caplog.text
    end.set()


def test_silent_roads_are_nobodys_mistake(monkeypatch, caplog):
    def silent(*_seen, **_more):
        raise RoadsUnavailable("the server does not answer")

    monkeypatch.setattr(planning, "plan", silent)
    with caplog.at_level(logging.ERROR), pytest.raises(RoadsUnavailable):
        answer(Chain(BUDGET_S))
    assert caplog.text == ""


def test_the_next_search_begins_with_the_plan_before(monkeypatch):
    chain, begun = Chain(BUDGET_S), []
    plan = planning.plan

    def listen(*seen, before, **more):
        begun.append(before)
        return plan(*seen, before=before, **more)

    monkeypatch.setattr(planning, "plan", listen)
    first = answer(chain)
    answer(chain)
    assert begun == [None, first]


def test_a_budget_counts_from_the_first_round():
    assert [within(60)(0), within(0)(0)] == [True, False]
