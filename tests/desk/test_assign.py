"""Who goes when a person decides: any crew that can, until it arrives, and one decision at a time."""

from __future__ import annotations

import threading

import pytest

from dispatch.desk import assign
from dispatch.desk.board import list_trips
from dispatch.desk.recall import take_back
from dispatch.errors import BadInput, Conflict, NotFound
from dispatch.store.people import Person
from tests.desk.county import (
    CHEN,
    LI,
    T1,
    T4,
    WANG,
    call,
    crew_row,
    done,
    kinds,
    replan,
    send,
    tap,
    ticket,
)
from tests.okcounty import WEST, at, spot


@pytest.fixture
def t1(county):
    """T1 waits in the town since 08:00."""
    call(county, "08:00", T1)
    return county


def crew_of(desk, name="T1"):
    visit = ticket(desk, name).visit
    return visit and (visit.crew, visit.by)


def test_every_crew_is_ranked_by_when_it_could_be_there(t1):
    ranked = assign.options(t1, "T1")
    assert [(each.crew, each.eta_s) for each in ranked] == [("west", 60), ("east", 600)]
    assert ranked[0].on_time


def test_a_crew_that_is_busy_is_ranked_by_the_end_of_its_work(t1):
    call(t1, "08:00", spot(4, 5))
    send(t1, "08:00", "T1", "west")
    there = {each.crew: each.eta_s for each in assign.options(t1, "T2")}
    assert there["west"] == pytest.approx(60 + 35 * 60 + 60 * 2**0.5, abs=2), "drive, work, drive"
    assert there["east"] == pytest.approx(60 * 82**0.5, abs=2)


def test_the_planners_choice_may_be_overridden_by_hand(t1):
    replan(t1, "08:00")
    assert crew_of(t1) == ("west", "planner")
    send(t1, "08:01", "T1", "east")
    assert crew_of(t1) == ("east", "Li")
    assert kinds(t1, "T1")[3:] == ["assigned", "taken_back", "assigned"]


def test_what_a_person_decided_is_taken_back_before_somebody_else_decides(t1):
    send(t1, "08:01", "T1", "west")
    with pytest.raises(Conflict, match="Li has sent west to T1"):
        send(t1, "08:02", "T1", "east", WANG)
    assert crew_of(t1) == ("west", "Li")


def replace(desk, time, crew, replaces, by=WANG):
    desk.clock.at_ms = at(time)
    return assign.assign(desk, "T1", crew, by, reason="nearer", replaces=replaces)


def test_what_a_person_decided_is_replaced_in_one_step_by_who_names_the_crew_that_leads(t1):
    send(t1, "08:01", "T1", "west")
    replace(t1, "08:02", "east", "west")
    replace(t1, "08:03", "east", "west")  # the answer was lost, and it is asked again
    assert crew_of(t1) == ("east", "Wang")
    assert kinds(t1, "T1")[3:] == ["assigned", "taken_back", "assigned"]
    told = {"crew": "west", "code": "sent_instead", "instead": "east", "reason": "nearer"}
    assert t1.store.tickets.events("T1")[-2].body == told


def test_nobody_is_replaced_but_the_crew_that_was_named(t1):
    send(t1, "08:01", "T1", "east")
    with pytest.raises(Conflict, match="Li has sent east") as refused:
        replace(t1, "08:02", "west", "north")
    assert refused.value.facts["sent"] == "east"
    assert crew_of(t1) == ("east", "Li")
    take_back(t1, "T1", "", LI)
    replan(t1, "08:10")
    assert crew_of(t1) == ("west", "planner")
    with pytest.raises(Conflict, match="planner has sent west"):
        replace(t1, "08:11", "east", "north")


def test_a_crew_that_was_taken_back_meanwhile_needs_no_replacing(t1):
    send(t1, "08:01", "T1", "west")
    take_back(t1, "T1", "", LI)
    replace(t1, "08:02", "east", "west")
    assert crew_of(t1) == ("east", "Wang")
    assert kinds(t1, "T1").count("taken_back") == 1


def test_a_replacement_that_is_refused_takes_nobody_off(county):
    call(county, "08:00", T4, "wire_down")
    send(county, "08:01", "T1", "east")
    before = kinds(county, "T1")
    with pytest.raises(BadInput, match="skill"):
        replace(county, "08:02", "west", "east")
    with pytest.raises(NotFound, match="north"):
        replace(county, "08:02", "north", "east")
    assert kinds(county, "T1") == before


def test_the_same_choice_twice_is_one_event(t1):
    send(t1, "08:01", "T1", "west")
    send(t1, "08:02", "T1", "west", WANG)
    assert kinds(t1, "T1").count("assigned") == 1


def test_choosing_the_planners_crew_makes_it_a_persons_choice(t1):
    replan(t1, "08:00")
    send(t1, "08:01", "T1", "west")
    assert crew_of(t1) == ("west", "Li")
    with pytest.raises(Conflict, match="Li has sent"):
        send(t1, "08:02", "T1", "east", WANG)


def test_choosing_a_crew_that_accepted_already_does_not_send_it_anew(t1):
    replan(t1, "08:00")
    tap(t1, "west", "accepted", "T1", "08:01")
    send(t1, "08:02", "T1", "west")
    assert ticket(t1, "T1").state == "accepted"


@pytest.mark.parametrize("replaces", ["", "west"])
def test_two_dispatchers_at_once_cannot_both_win(t1, replaces):
    start, won, lost = threading.Barrier(2), [], []
    mine, other = ("north", "east") if replaces else ("west", "east")
    if replaces:
        t1.store.company.put_crews([crew_row(WEST) | {"id": "north", "name": "north"}])
        send(t1, "08:00", "T1", replaces)

    def choose(by, crew):
        start.wait()
        try:
            assign.assign(t1, "T1", crew, by, replaces=replaces)
            won.append((crew, by.name))
        except Conflict:
            lost.append(crew)
        t1.store.database.close()

    threads = [threading.Thread(target=choose, args=each) for each in ((LI, mine), (WANG, other))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 1)
    assert crew_of(t1) == won[0]


def test_a_crew_without_the_skill_cannot_be_sent(county):
    call(county, "08:00", T4, "wire_down")
    with pytest.raises(BadInput, match="west cannot go to T1: skill") as refused:
        send(county, "08:01", "T1", "west")
    assert [(fault.field, fault.message) for fault in refused.value.errors] == [("crew", "skill")]
    assert crew_of(county) is None


def test_a_crew_off_its_shift_cannot_be_sent(county):
    call(county, "07:00", T1)
    with pytest.raises(BadInput, match="off shift"):
        send(county, "07:01", "T1", "west")


def test_a_crew_that_no_road_leads_from_cannot_be_sent(t1):
    class NoRoads:
        def matrix(self, origins, destinations):
            import numpy as np

            return np.full((len(origins), len(destinations)), np.inf)

    vars(t1)["roads"] = NoRoads()
    with pytest.raises(BadInput, match="unreachable"):
        send(t1, "08:01", "T1", "west")


def test_a_crew_that_declined_may_be_sent_by_hand_all_the_same(t1):
    send(t1, "08:01", "T1", "west")
    tap(t1, "west", "declined", "T1", "08:02")
    send(t1, "08:03", "T1", "west")
    assert ticket(t1, "T1").state == "assigned"


def test_a_crew_or_ticket_that_is_not_there_is_said_so(t1):
    for name, crew in (("T1", "north"), ("T9", "west")):
        with pytest.raises(NotFound):
            send(t1, "08:01", name, crew)


def test_a_crew_that_left_the_company_is_not_sent(t1):
    t1.store.company.put_crews([crew_row(WEST) | {"active": 0}])
    with pytest.raises(NotFound, match="west"):
        send(t1, "08:01", "T1", "west")


def test_nobody_is_sent_where_no_place_is_known(county):
    call(county, "08:00")
    with pytest.raises(Conflict, match="set it on the map first"):
        send(county, "08:01", "T1", "west")


def test_nobody_is_sent_where_a_crew_is_or_was(t1):
    send(t1, "08:01", "T1", "west")
    for kind, time in (("arrived", "08:05"), ("closed", "08:40")):
        tap(t1, "west", kind, "T1", time)
        with pytest.raises(Conflict, match="no crew can be sent"):
            send(t1, "08:41", "T1", "east")
        with pytest.raises(Conflict, match="no assignment"):
            take_back(t1, "T1", "", LI)


def test_a_crew_is_taken_back_until_it_arrives_and_the_ticket_waits_again(t1):
    send(t1, "08:01", "T1", "west")
    tap(t1, "west", "departed", "T1", "08:02")
    assert take_back(t1, "T1", "needed elsewhere", CHEN).state == "waiting"
    last = t1.store.tickets.events("T1")[-1]
    assert (last.kind, last.by, last.body["reason"]) == ("taken_back", "Chen", "needed elsewhere")


def test_there_must_be_somebody_to_take_back(t1):
    with pytest.raises(Conflict, match="no assignment"):
        take_back(t1, "T1", "", LI)


def test_a_finished_crew_is_free_again(t1):
    send(t1, "08:01", "T1", "west")
    done(t1, "west", "T1", T1, "08:02", "08:03", "08:04", "08:30", "08:31")
    assert list_trips(t1.store.tickets.list_open()) == {}
    assert crew_of(t1) == ("west", "Li")


def order_of(desk, name="T1"):
    """The body of the last order on the ticket."""
    return [each.body for each in desk.store.tickets.events(name) if each.kind == "assigned"][-1]


def test_an_order_by_hand_keeps_the_same_reasons_as_a_planners_and_the_dispatchers_own_words(t1):
    t1.clock.at_ms = at("08:00")
    assign.assign(t1, "T1", "west", LI, reason="knows the house")
    by_hand = order_of(t1)
    take_back(t1, "T1", "", LI)
    replan(t1, "08:00")  # T1 is the desk's for two minutes yet
    call(t1, "08:00", T1)
    replan(t1, "08:00")
    planned = order_of(t1, "T2")
    assert by_hand["reason"] == "knows the house"
    assert by_hand["reasons"].keys() == planned["reasons"].keys()
    assert by_hand["reasons"]["terms"] == planned["reasons"]["terms"]
    assert by_hand["expected"] == planned["expected"]
    assert by_hand["reasons"]["rank"] == {"by_cost": 1, "by_arrival": 1, "of": 2}
    assert by_hand["reasons"]["delays"] == []


def test_an_order_against_the_figures_says_who_was_better_and_what_it_delays(t1):
    call(t1, "08:00", spot(12, 4), critical=True)
    send(t1, "08:00", "T1", "east")
    reasons = order_of(t1)["reasons"]
    assert reasons["rank"] == {"by_cost": 2, "by_arrival": 2, "of": 2}
    assert [(each["crew"], each["why"]) for each in reasons["others"]] == [("west", ["better", "nearer"])]
    assert [each["ticket"] for each in reasons["delays"]] == ["T2"]


def test_who_declined_and_is_sent_all_the_same_has_an_arrival_and_a_chance(t1):
    send(t1, "08:01", "T1", "west")
    tap(t1, "west", "declined", "T1", "08:02")
    send(t1, "08:03", "T1", "west")
    assert order_of(t1)["eta_at"] == at("08:04")
    assert order_of(t1)["expected"]["chance"] == pytest.approx(1, abs=0.01)
    assert order_of(t1)["reasons"]["rank"]["of"] == 2


def test_a_second_crew_sent_by_hand_has_reasons_of_its_own(t1):
    send(t1, "08:01", "T1", "west")
    assign.assign(t1, "T1", "east", LI, second=True)
    order = order_of(t1)
    assert (order["crew"], order["second"]) == ("east", True)
    assert [(each["crew"], each["code"]) for each in order["reasons"]["cannot"]] == [("west", "same_crew")]


def test_a_program_of_the_desk_decides_like_a_person(t1):
    send(t1, "08:01", "T1", "west", Person("desk token", "dispatcher"))
    with pytest.raises(Conflict, match="desk token has sent"):
        send(t1, "08:02", "T1", "east")
