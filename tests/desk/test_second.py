"""Two crews to one ticket: sent, replaced, taken back and freed, and whose arrival keeps the promise."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatch.crew import Position
from dispatch.desk import assign, upkeep
from dispatch.desk.board import board, list_trips
from dispatch.desk.field import jobs_of
from dispatch.desk.merge import merge, unmerge
from dispatch.desk.month import month
from dispatch.desk.recall import take_back
from dispatch.errors import BadInput, Conflict
from dispatch.ticket import arrived_for
from tests.desk.county import LI, T1, T4, WANG, call, crew_row, replan, send, tap, ticket
from tests.okcounty import CREWS, at, spot


@pytest.fixture
def two(county):
    """A county whose rulebook sends two crews where nobody has power; T1 waits in the town since 08:00."""
    faults = dict(county.rulebook.faults)
    faults["no_power"] = faults["no_power"].model_copy(update={"crews": 2})
    county.rulebook = replace(county.rulebook, faults=faults)
    call(county, "08:00", T1)
    return county


def beside(desk, time, name, crew, by=LI):
    desk.clock.at_ms = at(time)
    return assign.assign(desk, name, crew, by, second=True)


def crews(desk, name="T1"):
    return [trip.crew for trip in ticket(desk, name).trips]


def waiting(desk):
    return {job.ticket: set(job.there) for job in board(desk, desk.clock()).jobs}


def test_the_planner_sends_two_crews_at_once_to_a_ticket_that_needs_two(two):
    replan(two, "08:00")
    assert sorted(crews(two)) == ["east", "west"]
    assert waiting(two) == {}
    assert {crew: [t.id for t in told] for crew, told in list_trips([ticket(two, "T1")]).items()} == {
        "east": ["T1"],
        "west": ["T1"],
    }


def test_only_of_the_first_crew_is_a_chance_said_that_can_come_true(two):
    replan(two, "08:00")
    assigned = [event for event in two.store.tickets.events("T1") if event.kind == "assigned"]
    assert [event.body["expected"]["due_at"] for event in assigned] == [at("08:45"), None]


@pytest.mark.parametrize(("away_km", "carries"), [(20, False), (60, True)])
def test_while_the_first_crew_to_danger_comes_too_late_the_second_half_carries_the_promise(
    two, away_km, carries
):
    """Due at 08:45; a kilometre a minute."""
    faults = two.rulebook.faults
    danger = {**faults, "no_power": faults["no_power"].model_copy(update={"hazard": True})}
    two.rulebook = replace(two.rulebook, faults=danger)
    two.store.company.put_position(Position("west", at("08:00"), *spot(3 + away_km, 4), 5.0))
    send(two, "08:00", "T1", "west")
    [half] = board(two, at("08:00")).jobs
    assert (half.ticket, half.dues_ms) == ("T1+", (at("08:45"),) if carries else ())
    [asked] = board(two, at("08:00"), also=ticket(two, "T1"), second=True).jobs
    assert (asked.ticket, asked.dues_ms) == ("T1", half.dues_ms)


def test_a_ticket_that_needs_one_crew_gets_one(county):
    call(county, "08:00", T1)
    replan(county, "08:00")
    assert crews(county) == ["west"]


def test_the_second_crew_is_sought_until_it_is_sent_and_never_the_same(two):
    send(two, "08:00", "T1", "west")
    assert waiting(two) == {"T1+": {"west"}}
    tap(two, "west", "arrived", "T1", "08:05")
    assert waiting(two) == {"T1+": {"west"}}
    replan(two, "08:06")
    assert crews(two) == ["west", "east"]


def test_what_is_mended_needs_no_second_crew(two):
    send(two, "08:00", "T1", "west")
    tap(two, "west", "arrived", "T1", "08:05")
    tap(two, "west", "restored", "T1", "08:20")
    assert waiting(two) == {}


def test_a_second_crew_that_declines_is_replaced_by_another_one_only(two):
    replan(two, "08:00")
    tap(two, "east", "declined", "T1", "08:02")
    assert crews(two) == ["west"]
    seen = board(two, at("08:03"))
    assert [(job.ticket, set(job.barred)) for job in seen.jobs] == [("T1+", {"east"})]


def test_who_is_left_leads_when_the_first_is_taken_back(two):
    replan(two, "08:00")
    led = ticket(two, "T1").visit.crew
    other = next(crew for crew in crews(two) if crew != led)
    tap(two, other, "accepted", "T1", "08:01")
    tap(two, other, "departed", "T1", "08:02")
    take_back(two, "T1", "needed elsewhere", LI, crew=led)
    assert crews(two) == [other]
    assert (ticket(two, "T1").visit.crew, ticket(two, "T1").state) == (other, "departed")
    assert ticket(two, "T1").trip_of(led) is None


def test_the_first_to_arrive_keeps_the_promise(two):
    replan(two, "08:00")
    tap(two, "east", "arrived", "T1", "08:20")
    tap(two, "west", "arrived", "T1", "08:30")
    t1 = ticket(two, "T1")
    assert arrived_for(t1, t1.reports[0]) == at("08:20")
    assert (t1.state, t1.visit.crew) == ("arrived", "east")
    [line] = month(two, "2026-10").lines
    assert (line.verdict, line.arrived_at, line.crew) == ("kept", at("08:20"), "east")


def test_in_the_month_too_a_first_crew_in_time_keeps_the_promise_whoever_leads_in_the_end(two):
    replan(two, "08:00")
    tap(two, "east", "arrived", "T1", "08:20")
    tap(two, "west", "arrived", "T1", "09:30")
    tap(two, "west", "restored", "T1", "10:00")
    tap(two, "west", "closed", "T1", "10:05")
    [line] = month(two, "2026-10").lines
    assert (line.verdict, line.arrived_at, line.crew) == ("kept", at("08:20"), "east")


def test_closing_frees_both_crews(two):
    replan(two, "08:00")
    tap(two, "east", "arrived", "T1", "08:20")
    tap(two, "west", "arrived", "T1", "08:10")
    tap(two, "west", "restored", "T1", "08:40")
    tap(two, "west", "closed", "T1", "08:45")
    assert ticket(two, "T1").state == "closed"
    assert jobs_of(two, "east") == jobs_of(two, "west") == []


def test_once_it_is_mended_a_second_crew_on_the_road_is_free(two):
    replan(two, "08:00")
    tap(two, "west", "arrived", "T1", "08:10")
    tap(two, "west", "restored", "T1", "08:40")
    assert jobs_of(two, "east") == []
    assert [t.id for t in jobs_of(two, "west")] == ["T1"]


def test_by_hand_a_second_crew_goes_to_any_ticket_even_once_the_first_is_there(county):
    call(county, "08:00", T1)
    send(county, "08:00", "T1", "west")
    tap(county, "west", "arrived", "T1", "08:05")
    assert {each.crew: each.not_possible for each in assign.options(county, "T1", second=True)} == {
        "west": "same_crew",
        "east": None,
    }
    beside(county, "08:06", "T1", "east", WANG)
    assert crews(county) == ["west", "east"]
    beside(county, "08:07", "T1", "east")
    assert crews(county) == ["west", "east"], "said twice, sent once"


def test_replacing_the_crew_that_leads_leaves_the_second(county):
    call(county, "08:00", spot(4, 5))
    replan(county, "08:00")
    beside(county, "08:01", "T1", "east")
    assert crews(county) == ["west", "east"]
    with county.store.transaction():
        county.store.company.put_crews([crew_row(CREWS[0]) | {"id": "third", "name": "third"}])
    send(county, "08:03", "T1", "third")
    assert crews(county) == ["east", "third"]


def test_a_crew_goes_either_beside_another_or_in_place_of_it(two):
    send(two, "08:00", "T1", "west")
    with pytest.raises(BadInput, match="either beside another one or in place of it"):
        assign.assign(two, "T1", "east", LI, second=True, replaces="west")
    beside(two, "08:01", "T1", "east")
    with pytest.raises(Conflict, match="beside west; take west back"):
        assign.assign(two, "T1", "east", LI, replaces="west")
    assert crews(two) == ["west", "east"]


def test_three_crews_are_refused(two):
    replan(two, "08:00")
    with pytest.raises(Conflict, match="go to T1 already"):
        assign.options(two, "T1", second=True)


def test_a_second_crew_that_lacks_the_skill_is_refused(county):
    call(county, "08:00", T4, fault="wire_down")
    send(county, "08:00", "T1", "east")
    with pytest.raises(BadInput, match="west cannot go to T1"):
        beside(county, "08:01", "T1", "west")


def test_a_crew_that_was_never_sent_cannot_be_taken_back(county):
    call(county, "08:00", T1)
    send(county, "08:00", "T1", "west")
    with pytest.raises(Conflict, match="no assignment of east"):
        take_back(county, "T1", "", LI, crew="east")


def test_undoing_a_merge_gives_back_both_crews_that_the_merge_took_off(two):
    call(two, "08:05", T4)
    send(two, "08:06", "T2", "west")
    beside(two, "08:06", "T2", "east")
    merge(two, "R2", "T1", LI)
    assert crews(two, "T2") == []
    unmerge(two, "R2", LI)
    assert crews(two, "T2") == ["west", "east"]
    assert upkeep.check(two) == []


def test_undoing_a_merge_gives_back_the_crew_that_is_still_free(two):
    call(two, "08:05", T4)
    send(two, "08:06", "T2", "west")
    beside(two, "08:06", "T2", "east")
    merge(two, "R2", "T1", LI)
    send(two, "08:07", "T1", "west")
    unmerge(two, "R2", LI)
    assert (crews(two, "T1"), crews(two, "T2")) == (["west"], ["east"])


def test_danger_joins_two_crews_of_whom_one_can_mend_it(two):
    send(two, "08:06", "T1", "west")
    call(two, "08:07", T1, "wire_down")
    with pytest.raises(Conflict, match="west on T1 lacks the skill hv"):
        merge(two, "R2", "T1", LI)
    beside(two, "08:08", "T1", "east")
    merge(two, "R2", "T1", LI)
    assert len(ticket(two, "T1").reports) == 2
