"""What each event does to a ticket, in whatever order the world sends them."""

from __future__ import annotations

import json
from dataclasses import asdict, replace
from typing import Any

import pytest

from dispatch.ticket import Place
from dispatch.timeline import fold
from tests.okcounty import Story, at, spot, t1, t2, t3

# -- beginning


def test_a_ticket_begins_with_a_call():
    with pytest.raises(ValueError, match="T1 begins with assigned, not received"):
        fold(Story().sent("08:00", "west").events)


def test_a_ticket_needs_at_least_one_event():
    with pytest.raises(ValueError, match="at least one event"):
        fold([])


def test_a_kind_nobody_knows_is_our_mistake():
    with pytest.raises(KeyError):
        fold(t1().add("teleported", "08:01").events)


def test_the_version_is_the_number_of_the_last_event():
    assert t1().sent("08:01", "west").ticket.version == 4


# -- place and promise


def test_the_promise_runs_from_the_call_not_from_when_we_located_it():
    story = Story().called("08:00").found("08:30", spot(3, 4))
    assert story.ticket.reports[0].promise.due_at == at("08:45")


def test_a_place_keeps_the_value_that_was_given_and_its_datum():
    place = Place(120.1, 0.1, "pin", "A", 100.0, 30.0, "Li", "gcj02", (120.105, 0.098))
    story = t1().add("located", "08:10", report="R1", unit="U2", place=json.loads(json.dumps(asdict(place))))
    assert story.ticket.reports[0].place == place
    assert story.ticket.reports[0].unit == "U2"


def test_a_new_place_changes_no_promise():
    before = t1().ticket.reports[0].promise
    story = t1().add("located", "08:10", report="R1", unit="U2", place=asdict(t3().ticket.place))
    assert story.ticket.reports[0].promise == before
    assert story.ticket.place.lonlat == spot(10, 4)


@pytest.mark.parametrize("kind", ["located", "promised", "explained", "resolved", "merged", "parted"])
def test_what_is_said_of_a_report_on_another_ticket_is_refused_not_lost(kind):
    about: Any = {
        name: asdict(getattr(t1().ticket.reports[0], name)) for name in ("place", "zoned", "promise")
    }
    about |= {"unit": "", "shadows": [], "outage": "N1", "how": "by_phone", "into": "T2"}
    story = t1().add(kind, "08:10", report="R9", **about)
    with pytest.raises(ValueError, match="R9 is not on T1"):
        fold(story.events)


# -- merging


def test_unmerge_restores_both_tickets():
    one, two = t1(), t2()
    before = one.ticket, two.ticket
    two.add("merged", "08:10", report="R2", into="T1")
    one.joined("08:10", before[1]).add("parted", "08:20", report="R2")
    two.joined("08:20", before[1])
    after = (replace(one.ticket, version=before[0].version), replace(two.ticket, version=before[1].version))
    assert after == before


def test_a_report_that_comes_home_decides_the_place_again():
    home = t1().joined("08:06", t2().ticket)
    alone = t1().ticket
    home.add("merged", "08:10", report="R1", into="T3")
    assert home.ticket.place.lonlat == spot(5, 4)
    assert home.joined("08:20", alone).ticket.place.lonlat == spot(3, 4)


def test_a_report_is_never_twice_on_a_ticket():
    with pytest.raises(ValueError, match="R2 is already on T1"):
        fold(t1().joined("08:06", t2().ticket).joined("08:07", t2().ticket).events)


# -- assigning


def test_a_declined_ticket_waits_again_and_remembers_who_declined():
    ticket = t1().sent("08:01", "west").step("declined", "08:02").ticket
    assert ticket.state == "waiting"
    assert ticket.declined_by == ("west",)


def test_who_declines_twice_is_remembered_once():
    story = t1().sent("08:01", "west").step("declined", "08:02").sent("08:03", "west")
    assert story.step("declined", "08:06").ticket.declined_by == ("west",)


def test_a_ticket_taken_back_waits_again():
    ticket = t1().sent("08:01", "west").add("taken_back", "08:02", crew="west").ticket
    assert ticket.state == "waiting"
    assert (ticket.visits[0].over, ticket.visits[0].over_at) == ("taken_back", at("08:02"))


def test_sending_another_crew_takes_the_ticket_back_from_the_first():
    ticket = t1().sent("08:01", "west").sent("08:05", "east").ticket
    assert ticket.visit.crew == "east"
    assert ticket.visits[0].over == "taken_back"


def test_taking_back_what_nobody_has_changes_nothing():
    story = t1()
    assert story.ticket.visits == story.add("taken_back", "08:02", crew="west").ticket.visits


def test_taking_back_what_was_declined_leaves_it_declined():
    story = t1().sent("08:01", "west").step("declined", "08:02").add("taken_back", "08:03", crew="west")
    assert story.ticket.visits[0].over == "declined"


def test_a_decline_that_comes_after_take_back_is_remembered_too():
    story = t1().sent("08:01", "west").add("taken_back", "08:05", crew="west").sent("08:06", "east")
    ticket = story.step("declined", "08:02").ticket
    assert ticket.visit.crew == "east"
    assert ticket.visits[0].over == "taken_back"
    assert ticket.declined_by == ("west",)


def test_a_decline_after_closing_does_not_open_the_ticket_again():
    story = t1().sent("08:01", "west").steps("west", arrived="08:10", closed="08:40")
    assert story.step("declined", "08:41").ticket.state == "closed"


def test_two_trips_that_look_the_same_are_told_apart():
    ticket = t1().sent("08:01", "west").sent("08:01", "west").steps("west", arrived="08:10").ticket
    assert [visit.arrived_at for visit in ticket.visits] == [None, at("08:10")]
    assert ticket.state == "arrived"


# -- in the field


def test_the_first_stored_arrival_stands():
    ticket = t1().sent("08:01", "west").steps("west", arrived="08:30").steps("west", arrived="08:10").ticket
    assert ticket.visit.arrived_at == at("08:30")


def test_a_repeated_step_only_leaves_its_flags_and_each_flag_once():
    story = t1().sent("08:01", "west").step("arrived", "08:30", flags=["before_accepted"])
    story.step("arrived", "08:10", flags=["repeated", "before_accepted"]).step(
        "arrived", "08:11", flags=["repeated"]
    )
    assert story.ticket.visit.flags == ("before_accepted", "repeated")


def test_the_grade_of_the_first_arrival_stands():
    story = t1().sent("08:01", "west")
    story.add("arrived", "08:30", crew="west", evidence="D").add(
        "arrived", "08:31", crew="west", evidence="B"
    )
    assert story.ticket.visit.evidence == "D"


def test_an_arrival_before_acceptance_is_stored():
    ticket = t1().sent("08:01", "west").steps("west", arrived="08:10", accepted="08:20").ticket
    assert (ticket.visit.accepted_at, ticket.visit.arrived_at) == (at("08:20"), at("08:10"))


def test_a_closed_ticket_that_is_reached_again_stays_closed():
    story = t1().sent("08:01", "west").steps("west", arrived="08:10", closed="08:40")
    story.step("arrived", "08:50", flags=["repeated"])
    assert story.ticket.state == "closed"
    assert story.ticket.visit.arrived_at == at("08:10")


def test_a_step_of_the_crew_that_was_replaced_leaves_the_new_one_alone():
    story = t1().sent("08:01", "west").sent("08:05", "east").steps("west", accepted="08:02", arrived="08:06")
    assert story.ticket.state == "assigned"
    assert story.ticket.visits[0].arrived_at == at("08:06")


def test_a_crew_that_was_never_sent_can_report_no_step():
    with pytest.raises(ValueError, match="east, who was never assigned to T1"):
        fold(t1().sent("08:01", "west").steps("east", arrived="08:10").events)


def closed_in_a_valley():
    """The crew did its work out of reach; the desk had taken the ticket back before it heard of it."""
    story = t1().sent("08:01", "west").add("taken_back", "08:45", crew="west")
    return story.steps("west", accepted="08:02", arrived="08:10", restored="08:30", closed="08:40")


def test_a_crew_that_closes_what_was_taken_back_has_closed_it():
    assert closed_in_a_valley().ticket.state == "closed"


def test_work_that_was_done_leaves_the_crew_sent_since_in_charge_until_it_is_taken_back():
    story = t1().sent("08:01", "west").sent("08:30", "east").steps("west", arrived="08:10", closed="08:20")
    assert story.ticket.state == "assigned"
    assert story.add("taken_back", "08:50", crew="east").ticket.state == "closed"


def test_what_was_closed_though_taken_back_can_be_reopened():
    story = closed_in_a_valley().add("reopened", "09:00", due_at=at("09:45"))
    assert story.ticket.state == "waiting"
    assert story.sent("09:01", "east").step("declined", "09:02", "east").ticket.state == "waiting"


# -- calling back


def test_a_caller_still_dark_reopens_the_ticket():
    story = t1().sent("08:01", "west").steps("west", arrived="08:10", closed="08:40")
    story.add("called_back", "09:00", reached=True, satisfied=False, power_back=False)
    ticket = story.add("reopened", "09:00", due_at=at("09:45")).ticket
    assert (ticket.state, ticket.called_back_at, ticket.satisfied) == ("waiting", None, None)
    assert ticket.visits[0].over == "reopened"


def test_a_repeat_visit_needs_a_callback_of_its_own():
    story = t1().sent("08:01", "west").steps("west", closed="08:40")
    story.add("reopened", "09:00", due_at=at("09:45"))
    story.add("called_back", "09:00", reached=True, satisfied=False, power_back=False)
    story.sent("09:01", "west").steps("west", closed="09:30")
    assert story.ticket.state == "closed"
    assert story.add("called_back", "10:00", reached=True, power_back=True).ticket.state == "archived"


def test_a_caller_still_dark_after_advice_by_phone_gets_a_crew():
    story = t1().add("resolved", "08:05", report="R1", how="by_phone")
    assert story.add("reopened", "08:30", due_at=at("09:15")).ticket.state == "waiting"


def test_reopening_does_not_bring_a_false_alarm_back():
    story = t1().joined("08:06", t2().ticket).add("resolved", "08:07", report="R2", how="false_alarm")
    story.sent("08:08", "west").steps("west", arrived="08:10", closed="08:40")
    ticket = story.add("reopened", "09:00", due_at=at("09:45")).ticket
    assert [report.needs_trip for report in ticket.reports] == [True, False]


# -- two crews


def test_a_second_crew_takes_nobody_back_and_a_first_one_takes_back_everybody():
    both = t1().sent("08:01", "west").sent("08:02", "east", second=True)
    assert [trip.crew for trip in both.ticket.trips] == ["west", "east"]
    assert [trip.crew for trip in both.sent("08:03", "third").ticket.trips] == ["third"]


def test_the_trip_farthest_along_leads_and_of_equals_the_one_sent_first():
    both = t1().sent("08:01", "west").sent("08:02", "east", second=True)
    assert both.ticket.visit.crew == "west"
    assert both.step("accepted", "08:03", "east").ticket.visit.crew == "east"
    assert both.step("accepted", "08:04", "west").ticket.visit.crew == "west"


def test_only_the_crew_that_is_named_is_taken_back():
    both = t1().sent("08:01", "west").sent("08:02", "east", second=True)
    both.add("taken_back", "08:03", crew="east", reason="")
    assert [trip.crew for trip in both.ticket.trips] == ["west"]


def test_a_reopening_ends_the_trips_of_both_crews():
    both = t1().sent("08:01", "west").sent("08:02", "east", second=True).steps("west", closed="08:30")
    both.add("reopened", "09:00", due_at=at("09:45"))
    assert both.ticket.trips == ()
    assert both.ticket.visit is None
    assert [visit.over for visit in both.ticket.visits] == ["reopened", "reopened"]
