"""A crew that the planner sent is called off for people in danger, and both tickets say so."""

from __future__ import annotations

import time

import pytest

from dispatch import plan as planning
from dispatch.desk import assign, divert, upkeep
from dispatch.desk.chain import Chain
from dispatch.desk.intake import resolve
from dispatch.desk.merge import merge
from dispatch.errors import RoadsUnavailable
from dispatch.ticket import OVER
from tests.desk.county import LI, T1, T2, call, crew_row, kinds, replan, send, tap, ticket
from tests.okcounty import CREWS, MINUTE, at, spot

FAR = spot(16, 4)


@pytest.fixture
def able(county):
    """A county whose both crews can mend anything."""
    county.store.company.put_crews([crew_row(each, skills="hv;lv") for each in CREWS])
    return county


@pytest.fixture
def sent(able):
    """Both crews are on their way to something ordinary; west is the nearer to the town."""
    call(able, "08:00", T1)
    call(able, "08:00", FAR)
    replan(able, "08:00")
    assert {ticket(able, name).visit.crew for name in ("T1", "T2")} == {"west", "east"}
    return able


def last(desk, name):
    return desk.store.tickets.events(name)[-1]


def wire(desk, time="08:01", place=T2):
    made = call(desk, time, place, "wire_down").ticket.id
    replan(desk, time)
    return made


def test_a_wire_on_the_ground_turns_the_crew_and_both_tickets_say_so(sent):
    name = wire(sent)
    visit = ticket(sent, name).visit
    left = visit.instead_of
    assert visit.crew == "west"
    assert left in {"T1", "T2"}
    back = last(sent, left) if ticket(sent, left).state == "waiting" else None
    told = [each for each in sent.store.tickets.events(left) if each.kind == "taken_back"]
    assert [(each.by, each.body["code"], each.body["for"]) for each in told] == [("planner", "hazard", name)]
    assert back is None or back.kind == "taken_back"
    assert last(sent, name).body["instead_of"] == left
    assert last(sent, name).body["sooner_s"] > 10 * 60
    assert ticket(sent, left).visits[0].over == "diverted"
    assert upkeep.check(sent) == []


def test_the_reasons_say_what_the_ticket_that_loses_its_crew_and_others_would_suffer(sent):
    name = wire(sent)
    left = ticket(sent, name).visit.instead_of
    reasons = last(sent, name).body["reasons"]
    delays = {each["ticket"]: each for each in reasons["delays"]}
    assert delays[left]["by_s"] > 10 * 60, "nobody else is as near"
    [east] = [each for each in reasons["others"] if each["crew"] == "east"]
    assert east["why"][0] == "later"
    assert east["why"][1].startswith(("would_delay:T", "would_make_late:T")), "it would leave a ticket, too"


def test_what_was_left_is_planned_again_at_once(sent):
    left = ticket(sent, wire(sent)).visit.instead_of
    made = replan(sent, "08:01")
    assert left in {each.ticket for each in (*made.told, *made.waiting)}


def by_hand(desk, **how):
    """Both crews are on their way by Li's order."""
    call(desk, "08:00", T1)
    call(desk, "08:00", FAR)
    assign.assign(desk, "T1", "west", LI, **how)
    assign.assign(desk, "T2", "east", LI, **how)


def test_an_order_by_hand_is_pinned_unless_said_otherwise_and_nobody_turns_its_crew(able):
    by_hand(able)
    assert ticket(able, "T1").visit.pinned
    assert ticket(able, wire(able)).visit is None


def test_a_crew_sent_by_hand_without_pin_is_turned_like_one_that_the_planner_sent(able):
    by_hand(able, pin=False)
    visit = ticket(able, wire(able)).visit
    assert (visit.crew, visit.instead_of) == ("west", "T1")
    assert last(able, "T1").body == {"crew": "west", "code": "hazard", "for": "T3"}


def test_without_pin_an_order_by_hand_is_otherwise_left_alone(able):
    by_hand(able, pin=False)
    call(able, "08:01", T2)
    replan(able, "08:01")
    assert [(ticket(able, name).visit.crew, ticket(able, name).visit.by) for name in ("T1", "T2")] == [
        ("west", "Li"),
        ("east", "Li"),
    ]


def test_who_has_arrived_stays(sent):
    for name in ("T1", "T2"):
        who = ticket(sent, name).visit.crew
        for kind in ("accepted", "departed", "arrived"):
            tap(sent, who, kind, name, "08:01", T1)
    assert ticket(sent, wire(sent, "08:02")).visit is None


def test_who_drives_to_danger_stays(able):
    call(able, "08:00", T1, "wire_down")
    call(able, "08:00", FAR, "wire_down")
    replan(able, "08:00")
    assert ticket(able, wire(able)).visit is None


def test_a_company_may_turn_it_off(sent):
    settings = sent.config.plan.model_copy(update={"divert_for_hazard": False})
    sent.config = sent.config.model_copy(update={"plan": settings})
    assert ticket(sent, wire(sent)).visit is None


def one_a_minute(desk):
    """The company allows one crew a minute to be turned."""
    settings = desk.config.plan.model_copy(update={"max_changes_per_min": 1})
    desk.config = desk.config.model_copy(update={"plan": settings})


def test_no_more_are_turned_in_a_minute_than_allowed_whoever_plans(sent):
    one_a_minute(sent)
    first, second = (call(sent, "08:01", T2, "wire_down").ticket.id for _ in range(2))
    replan(sent, "08:01")
    replan(sent, "08:01")  # another process, or the same one after a restart
    turned = [name for name in (first, second) if ticket(sent, name).visit]
    assert len(turned) == 1
    replan(sent, "08:03")
    assert all(ticket(sent, name).visit for name in (first, second))


@pytest.mark.parametrize("how", ["answered by phone", "merged"])
def test_a_crew_that_was_turned_counts_though_the_ticket_it_left_is_over(sent, how):
    one_a_minute(sent)
    left = ticket(sent, wire(sent)).visit.instead_of
    [report] = ticket(sent, left).reports
    if how == "merged":
        merge(sent, report.id, "T2" if left == "T1" else "T1", LI)
    else:
        resolve(sent, report.id, "by_phone", "back again", LI)
    assert ticket(sent, left).state in OVER
    second = call(sent, "08:01", T2, "wire_down").ticket.id
    replan(sent, "08:01")
    assert ticket(sent, second).visit is None
    replan(sent, "08:03")
    assert ticket(sent, second).visit


def test_a_clock_set_back_turns_no_more(sent):
    one_a_minute(sent)
    wire(sent)
    second = call(sent, "08:01", T2, "wire_down").ticket.id
    replan(sent, "07:50")
    assert ticket(sent, second).visit is None


def test_a_clock_set_back_keeps_nobody_from_danger_for_longer_than_a_minute(sent):
    one_a_minute(sent)
    wire(sent)
    second = wire(sent, "07:50")
    assert ticket(sent, second).visit is None
    replan(sent, "07:51")
    assert ticket(sent, second).visit


def test_a_fault_between_the_two_leaves_both_as_they_were(sent, monkeypatch):
    append = type(sent.store.tickets).append

    def fails_on_the_second(self, name, kind, body, **how):
        if kind == "assigned" and body.get("instead_of"):
            raise OSError("disk full")
        return append(self, name, kind, body, **how)

    monkeypatch.setattr(type(sent.store.tickets), "append", fails_on_the_second)
    name = call(sent, "08:01", T2, "wire_down").ticket.id
    with pytest.raises(OSError, match="disk full"):
        replan(sent, "08:01")
    assert ticket(sent, name).visit is None
    assert not any("taken_back" in kinds(sent, each) for each in ("T1", "T2"))
    monkeypatch.undo()
    replan(sent, "08:01")
    assert ticket(sent, name).visit


def test_roads_that_fall_silent_over_the_reasons_keep_nobody_from_danger(sent, monkeypatch):
    def silent(*_seen, **_more):
        raise RoadsUnavailable("the server does not answer")

    monkeypatch.setattr(divert, "with_breaks", silent)
    assert ticket(sent, wire(sent)).visit.crew == "west"


def breaks(*_seen, **_more):
    raise ZeroDivisionError


def hangs(*_seen, **_more):
    time.sleep(1.5)
    return ()


def silent(*_seen, **_more):
    raise RoadsUnavailable("the server does not answer")


def twice(*seen, **more):
    return planning.divert(*seen, **more) * 2


@pytest.mark.parametrize("fault", [breaks, hangs, silent, twice])
def test_whatever_befalls_the_search_for_who_could_turn_the_plan_that_was_made_is_told(
    sent, monkeypatch, fault
):
    monkeypatch.setattr(divert, "divert", fault)
    tap(sent, "west", "arrived", "T1", "08:01", T1)
    tap(sent, "west", "restored", "T1", "08:02", T1)
    tap(sent, "west", "closed", "T1", "08:03", T1)
    ordinary = call(sent, "08:03", T1).ticket.id
    danger = call(sent, "08:03", FAR, "wire_down").ticket.id
    sent.clock.at_ms = at("08:04")
    made = assign.replan(sent, Chain(0.05, watchdog_s=1.0))
    assert [each.crew for each in made.told] == ["west"]
    assert made.turned == ()
    assert [ticket(sent, each).visit is None for each in (ordinary, danger)].count(True) == 1
    assert sent.store.company.last_plan()[0] == at("08:04")


def test_a_crew_that_a_person_gave_another_ticket_meanwhile_stays(sent, monkeypatch):
    turns = "west"  # as the first test of this file shows
    name = call(sent, "08:01", T2, "wire_down").ticket.id
    third = call(sent, "08:01", T1).ticket.id
    plan = Chain.plan

    def meanwhile(self, *about):
        made = plan(self, *about)
        monkeypatch.undo()
        send(sent, "08:01", third, turns, LI)
        return made

    monkeypatch.setattr(Chain, "plan", meanwhile)
    replan(sent, "08:01")
    assert ticket(sent, name).visit is None or ticket(sent, name).visit.crew != turns


def test_a_ticket_that_changed_meanwhile_is_left_alone(sent, monkeypatch):
    name = call(sent, "08:01", T2, "wire_down").ticket.id
    plan = Chain.plan

    def meanwhile(self, *about):
        made = plan(self, *about)
        for each in ("T1", "T2"):
            who = ticket(sent, each).visit.crew
            tap(sent, who, "accepted", each, "08:01")
        return made

    monkeypatch.setattr(Chain, "plan", meanwhile)
    replan(sent, "08:01")
    assert ticket(sent, name).visit is None
    assert at("08:01") + MINUTE > sent.clock()
