"""Who goes, when the planner decides: only free crews are told, and what people did meanwhile stands."""

from __future__ import annotations

import pytest

from dispatch import plan as planning
from dispatch.desk import intake, upkeep
from dispatch.desk.board import board
from dispatch.desk.chain import Chain
from dispatch.desk.merge import merge
from dispatch.desk.recall import take_back
from dispatch.plan import Plan
from tests.desk.county import LI, T1, T2, T3, T4, call, crew_row, done, kinds, replan, send, tap, ticket
from tests.okcounty import EAST, WEST, at, spot


def crews(desk, *names):
    """The crew of each ticket, None while it waits."""
    visits = [ticket(desk, name).visit for name in names]
    return [visit and visit.crew for visit in visits]


def test_the_nearest_free_crew_is_told_with_its_reasons(county):
    call(county, "08:00", T1)
    replan(county, "08:01")
    visit = ticket(county, "T1").visit
    assert (visit.crew, visit.by, visit.eta_at) == ("west", "planner", at("08:02"))
    [sent] = [event for event in county.store.tickets.events("T1") if event.seq == visit.sent_by]
    reasons = sent.body["reasons"]
    assert [(each["crew"], each["why"]) for each in reasons["others"]] == [("east", ["later"])]
    assert reasons["terms"]["drive_min"] == pytest.approx(1, abs=0.01)


def test_only_free_crews_are_told_and_the_rest_wait_for_a_busy_one(county):
    for number in range(4):
        call(county, f"08:0{number}", spot(3, 4 + number / 10))
    made = replan(county, "08:05")
    assert len(made.told) == 2
    assert len([name for name in ("T1", "T2", "T3", "T4") if ticket(county, name).visit]) == 2
    said = {each["ticket"]: each for each in county.store.company.last_plan()[1]["waiting"]}
    assert len(said) == 2
    codes = {code.split(":")[0] for each in said.values() for code in each["codes"]}
    assert codes <= {"best_crew_busy", "after"}


def test_a_crew_that_was_told_is_not_sent_elsewhere_when_something_nearer_comes(county):
    call(county, "08:00", T2)
    replan(county, "08:00")
    call(county, "08:01", spot(4, 4), "fire_or_shock", critical=True)
    replan(county, "08:01")
    assert crews(county, "T1") == ["west"]
    assert kinds(county, "T1").count("assigned") == 1


def test_planning_the_same_board_twice_tells_nobody_twice(county):
    call(county, "08:00", T1)
    replan(county, "08:00")
    head = county.store.tickets.head()
    assert replan(county, "08:01").told == ()
    assert county.store.tickets.head() == head


def meanwhile(monkeypatch, act):
    """While the planner thinks, something happens."""
    plan = planning.plan

    def think(*seen, **more):
        made = plan(*seen, **more)
        act()
        return made

    monkeypatch.setattr(planning, "plan", think)


def test_a_ticket_that_changed_meanwhile_is_left_alone(county, monkeypatch):
    call(county, "08:00", T1)
    meanwhile(monkeypatch, lambda: intake.resolve(county, "R1", "by_phone", "", LI))
    replan(county, "08:01")
    assert ticket(county, "T1").visits == ()


def test_a_crew_that_a_person_sent_meanwhile_is_left_alone(county, monkeypatch):
    call(county, "08:00", T1)
    county.store.company.put_crews([crew_row(EAST) | {"active": 0}])
    meanwhile(monkeypatch, lambda: send(county, "08:02", call(county, "08:02", T2).ticket.id, "west"))
    replan(county, "08:01")
    assert crews(county, "T1", "T2") == [None, "west"]


def test_a_report_that_came_meanwhile_waits_for_the_next_plan(county, monkeypatch):
    call(county, "08:00", T1)
    meanwhile(monkeypatch, lambda: call(county, "08:01", T3))
    replan(county, "08:01")
    assert crews(county, "T1", "T2") == ["west", None]


def test_when_nobody_can_go_the_plan_says_why(county):
    call(county, "08:00", T4, "wire_down")
    replan(county, "08:00")
    tap(county, "east", "declined", "T1", "08:01")
    replan(county, "08:01")
    at_ms, said = county.store.company.last_plan()
    assert at_ms == at("08:01")
    assert [(each["ticket"], each["crew"], each["codes"]) for each in said["waiting"]] == [
        ("T1", None, ["declined", "skill"])
    ]


def test_a_crew_that_declined_is_not_asked_again_and_another_one_goes(county):
    call(county, "08:00", T1)
    replan(county, "08:00")
    tap(county, "west", "declined", "T1", "08:01")
    replan(county, "08:01")
    assert crews(county, "T1") == ["east"]


def test_nobody_on_duty_is_no_error(county):
    county.store.company.put_crews([crew_row(EAST, shift="20:00-23:00")])
    call(county, "07:00", T1)
    assert replan(county, "07:00").told == ()
    assert county.store.company.last_plan()[1]["waiting"][0]["codes"] == ["off_shift"]


def test_a_crew_around_the_clock_is_sent_minutes_before_midnight(county):
    call(county, "23:57", T4)
    replan(county, "23:57")
    assert crews(county, "T1") == ["east"]


def test_an_empty_board_is_no_error(county):
    assert replan(county, "08:00") == Plan(by="search")


def test_what_a_dispatcher_took_back_is_the_dispatchers_for_two_minutes(county):
    call(county, "08:00", T1)
    replan(county, "08:00")
    take_back(county, "T1", "west is needed at T2", LI)
    call(county, "08:01", T2)
    assert replan(county, "08:01").told[0].ticket == "T2"
    assert crews(county, "T1", "T2") == [None, "west"]
    replan(county, "08:02")
    assert crews(county, "T1") == ["east"]


def test_a_clock_set_back_holds_nothing_up(county):
    call(county, "09:00", T1)
    send(county, "09:00", "T1", "west")
    take_back(county, "T1", "", LI)
    replan(county, "08:30")
    assert crews(county, "T1") == ["west"]


def test_a_clock_set_back_during_a_plan_loses_nothing_and_tells_nobody_twice(county, monkeypatch):
    call(county, "09:00", T1)
    call(county, "09:00", T2)
    plan = Chain.plan

    def while_the_clock_is_set_back(self, *about):
        made = plan(self, *about)
        county.clock.at_ms = at("08:00")
        return made

    monkeypatch.setattr(Chain, "plan", while_the_clock_is_set_back)
    told = {each.ticket for each in replan(county, "09:01").told}
    monkeypatch.undo()
    again = {each.ticket for each in replan(county, "08:01").told}
    assert not told & again
    assert told | again == {"T1", "T2"}
    for name in ("T1", "T2"):
        assert kinds(county, name).count("assigned") == 1
        visit = ticket(county, name).visit
        assert visit.eta_at > visit.assigned_at
    assert county.store.company.last_plan()[0] == at("08:01")
    assert upkeep.check(county) == []


def test_merged_callers_are_one_trip(county):
    call(county, "08:00", T1)
    call(county, "08:05", T2)
    merge(county, "R2", "T1", LI)
    assert [told.ticket for told in replan(county, "08:06").told] == ["T1"]


def test_a_ticket_without_a_place_is_not_planned(county):
    call(county, "08:00")
    assert replan(county, "08:01") == Plan(by="search")


def test_a_crew_that_is_done_is_told_its_next_ticket_from_where_it_stands(county):
    call(county, "08:00", T1)
    replan(county, "08:00")
    done(county, "west", "T1", T1, "08:01", "08:02", "08:03", "08:30", "08:31")
    call(county, "08:31", T2)
    replan(county, "08:32")
    assert crews(county, "T2") == ["west"]
    assert ticket(county, "T2").visit.eta_at == at("08:34")  # two kilometres; from its depot it is one


def test_a_plan_that_breaks_its_own_rules_is_not_made_known(county, monkeypatch):
    call(county, "08:00", T4, "wire_down")
    call(county, "08:00", T1)
    plan = planning.plan
    monkeypatch.setattr(planning, "plan", lambda *seen, **more: Plan(told=plan(*seen, **more).told * 2))
    replan(county, "08:01")
    assert county.store.company.last_plan()[1]["by"] == "look_ahead"
    assert crews(county, "T1", "T2") == ["east", "west"]


def test_what_comes_after_the_job_that_is_told_waits_for_that_crew(county):
    county.store.company.put_crews([crew_row(EAST) | {"active": 0}])
    call(county, "08:00", T1)
    call(county, "08:00", T2)
    replan(county, "08:01")
    [waiting] = county.store.company.last_plan()[1]["waiting"]
    assert (waiting["crew"], waiting["codes"]) in [("west", ["after:T1"]), ("west", ["after:T2"])]


def test_the_same_board_is_planned_the_same_whatever_the_order_of_its_rows(county):
    for number in range(6):
        call(county, "08:00", spot(3 + number, 4))
    made = board(county, at("08:01"))
    assert [job.ticket for job in made.jobs] == ["T1", "T2", "T3", "T4", "T5", "T6"]
    assert [crew.id for crew in made.crews] == [EAST.id, WEST.id]


def test_a_crew_at_rest_is_sent_when_its_break_is_over(county):
    county.store.company.put_crews(
        [crew_row(EAST) | {"active": 0}, crew_row(WEST) | {"breaks": "08:00-08:30"}]
    )
    call(county, "08:10", T1)
    made = replan(county, "08:10")
    assert crews(county, "T1") == [None]
    assert [(one.crew, one.codes, one.start_ms) for one in made.waiting] == [
        ("west", ("break",), at("08:30"))
    ]
    replan(county, "08:30")
    assert crews(county, "T1") == ["west"]


def test_a_dispatcher_may_send_a_crew_during_its_break(county):
    county.store.company.put_crews([crew_row(WEST) | {"breaks": "08:00-08:30"}])
    call(county, "08:10", T1)
    send(county, "08:10", "T1", "west")
    assert crews(county, "T1") == ["west"]
