"""Where a ticket stands, whose clock it runs against, and which arrival counts for whom."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pydantic import TypeAdapter

from dispatch.ticket import Ticket, arrived_for, find_visit, find_visit_for, restored_for
from tests.okcounty import MINUTE, Story, at, spot, t1, t2


def the_report(ticket, name="R1"):
    return next(report for report in ticket.reports if report.id == name)


def arrived(story, name="R1"):
    return arrived_for(story.ticket, the_report(story.ticket, name))


def called_at(time, name="R9"):
    """A caller who is merged into the ticket later; only the moment of the call matters here."""
    return replace(t1().ticket.reports[0], id=name, received_at=at(time))


# -- where it stands


def test_a_report_nobody_can_place_needs_a_place():
    assert Story().called("08:00", address="behind the old mill").ticket.state == "needs_place"


def test_a_located_report_waits_for_a_crew():
    assert t1().ticket.state == "waiting"


@pytest.mark.parametrize("last", ["accepted", "departed", "arrived", "restored", "closed"])
def test_a_ticket_stands_where_its_crew_says_it_is(last):
    order = ["accepted", "departed", "arrived", "restored", "closed"]
    story = t1().sent("08:01", "west")
    for minute, kind in enumerate(order[: order.index(last) + 1], 2):
        story.step(kind, f"08:0{minute}")
    assert story.ticket.state == last


def test_a_step_the_crew_forgot_does_not_hold_the_ticket_back():
    assert t1().sent("08:01", "west").steps("west", restored="08:30").ticket.state == "restored"


def test_a_step_that_comes_late_does_not_turn_the_ticket_back():
    story = t1().sent("08:01", "west").steps("west", closed="08:40", arrived="08:10")
    assert story.ticket.state == "closed"


def test_a_closed_ticket_is_archived_when_the_caller_was_called_back():
    story = t1().sent("08:01", "west").steps("west", closed="08:40")
    story.add("called_back", "09:00", reached=True, satisfied=True, power_back=True)
    assert story.ticket.state == "archived"
    assert story.ticket.satisfied is True


def test_a_callback_nobody_answered_archives_nothing():
    story = t1().sent("08:01", "west").steps("west", closed="08:40")
    assert story.add("called_back", "09:00", reached=False).ticket.state == "closed"


def test_a_ticket_whose_every_report_was_answered_needs_no_trip():
    story = t1().joined("08:06", t2().ticket)
    assert story.add("resolved", "08:07", report="R1", how="by_phone").ticket.state == "waiting"
    assert story.add("resolved", "08:08", report="R2", how="false_alarm").ticket.state == "no_trip"


def test_a_planned_outage_explains_a_report_without_a_trip():
    ticket = t1().add("explained", "08:00", report="R1", outage="N1").ticket
    assert ticket.state == "no_trip"
    assert the_report(ticket).outage == "N1"


def test_a_ticket_whose_reports_all_went_elsewhere_is_merged():
    ticket = t1().add("merged", "08:06", report="R1", into="T2").ticket
    assert ticket.state == "merged"
    assert ticket.into == "T2"


# -- where the crew must go


def test_the_crew_goes_to_the_report_that_still_needs_it():
    story = t1().joined("08:06", t2().ticket)
    assert story.ticket.place.lonlat == spot(3, 4)
    story.add("resolved", "08:07", report="R1", how="false_alarm")
    assert story.ticket.place.lonlat == spot(5, 4)


def test_a_merged_caller_whose_place_is_known_lends_it_to_one_whose_place_is_not():
    lost = Story("T1").called("08:00")
    assert lost.joined("08:06", t2().ticket).ticket.state == "waiting"


# -- clocks


def test_a_merged_caller_keeps_the_own_clock():
    ticket = t1().joined("08:06", t2().ticket).ticket
    assert ticket.dues == (at("08:45"), at("08:50"))
    assert the_report(ticket, "R2").received_at == at("08:05")


def test_the_earliest_due_comes_first_whoever_was_merged():
    assert t2().joined("08:06", t1().ticket).ticket.dues == (at("08:45"), at("08:50"))


def test_a_report_that_was_answered_is_no_longer_due():
    story = t1().joined("08:06", t2().ticket).add("resolved", "08:07", report="R1", how="by_phone")
    assert story.ticket.dues == (at("08:50"),)


def test_reopening_gives_the_repeat_visit_its_own_due():
    story = t1().sent("08:01", "west").steps("west", arrived="08:10", closed="08:40")
    ticket = story.add("reopened", "09:00", due_at=at("09:45")).ticket
    assert ticket.state == "waiting"
    assert ticket.dues == (at("09:45"),)


def test_a_caller_who_joins_after_a_reopening_keeps_the_own_clock():
    story = t1().sent("08:01", "west").steps("west", arrived="08:10", closed="08:40")
    story.add("reopened", "09:00", due_at=at("09:45"))
    later = Story("T5").called("09:05", spot(3, 4)).ticket
    assert story.joined("09:06", later).ticket.dues == (at("09:45"), at("09:50"))


def test_a_reopened_ticket_nobody_ever_came_to_still_owes_its_first_promise():
    story = t1().add("resolved", "08:05", report="R1", how="by_phone")
    assert story.add("reopened", "08:30", due_at=at("09:15")).ticket.dues == (at("08:45"), at("09:15"))


# -- which arrival counts


def test_no_crew_no_arrival():
    assert arrived(t1().sent("08:01", "west").steps("west", departed="08:02")) is None


def test_an_arrival_counts_for_every_caller_who_waited():
    story = t1().joined("08:06", t2().ticket).sent("08:07", "west").steps("west", arrived="08:10")
    assert arrived(story) == arrived(story, "R2") == at("08:10")


def test_an_arrival_after_take_back_still_counts_for_the_caller():
    story = t1().sent("08:01", "west").add("taken_back", "08:05", crew="west").steps("west", arrived="08:06")
    assert arrived(story) == at("08:06")
    assert story.ticket.state == "waiting"


def test_the_first_crew_to_be_there_counts_whichever_was_sent_first():
    story = t1().sent("08:01", "west").add("taken_back", "08:05", crew="west").sent("08:06", "east")
    story.steps("east", arrived="08:20").steps("west", arrived="08:30")
    assert arrived(story) == at("08:20")
    visit = find_visit_for(story.ticket, the_report(story.ticket))
    assert visit == story.ticket.visits[1]


def test_an_arrival_before_a_reopening_stays_the_callers_arrival():
    story = t1().sent("08:01", "west").steps("west", arrived="08:10", closed="08:40")
    story.add("reopened", "09:00", due_at=at("09:45")).sent("09:01", "west").steps("west", arrived="09:30")
    assert arrived(story) == at("08:10")


def test_a_report_that_comes_while_the_crew_stands_there_is_kept_at_once():
    ticket = t1().sent("08:01", "west").steps("west", arrived="08:10").ticket
    assert arrived_for(ticket, called_at("08:20")) == at("08:20")


def test_a_report_that_comes_after_the_crew_closed_waits_for_another():
    ticket = t1().sent("08:01", "west").steps("west", arrived="08:10", closed="08:40").ticket
    assert arrived_for(ticket, called_at("08:40")) == at("08:40")
    assert arrived_for(ticket, called_at("08:41")) is None


def test_a_crew_that_was_taken_back_stands_there_no_more():
    story = t1().sent("08:01", "west").steps("west", arrived="08:10")
    story.add("taken_back", "08:30", crew="west")
    assert arrived_for(story.ticket, called_at("08:31")) is None


def test_a_crew_whose_ticket_was_reopened_stands_there_no_more():
    story = t1().sent("08:01", "west").steps("west", arrived="08:10", restored="08:30")
    story.add("reopened", "09:00", due_at=at("09:45"))
    assert arrived_for(story.ticket, called_at("09:05")) is None


def test_a_phone_clock_set_back_brings_no_crew_before_it_was_sent():
    story = t1().sent("08:05", "west").steps("west", arrived="07:10")
    assert arrived(story) == at("08:05")


# -- restoration


def test_the_last_restoration_counts():
    story = t1().sent("08:01", "west").steps("west", restored="08:30")
    story.add("taken_back", "08:31", crew="west").sent("08:32", "east").steps("east", restored="08:50")
    assert restored_for(story.ticket, the_report(story.ticket)) == at("08:50")


def test_a_restoration_before_the_call_is_not_the_callers():
    ticket = t1().sent("08:01", "west").steps("west", restored="08:30").ticket
    assert restored_for(ticket, called_at("08:31")) is None


def test_a_reopening_says_the_supply_was_not_restored():
    story = t1().sent("08:01", "west").steps("west", restored="08:30", closed="08:35")
    story.add("reopened", "09:00", due_at=at("09:45"))
    assert restored_for(story.ticket, the_report(story.ticket)) is None
    story.sent("09:01", "west").steps("west", restored="09:40")
    assert restored_for(story.ticket, the_report(story.ticket)) == at("09:40")


# -- which trip a step speaks of


def twice_sent():
    story = t1().sent("08:01", "west").add("taken_back", "08:10", crew="west").sent("08:30", "west")
    return story.ticket


def test_a_step_belongs_to_the_trip_that_had_begun_by_then():
    ticket = twice_sent()
    assert find_visit(ticket, "west", at("08:05")) is ticket.visits[0]
    assert find_visit(ticket, "west", at("08:31")) is ticket.visits[1]


def test_a_phone_clock_a_minute_behind_does_not_send_a_step_to_an_older_trip():
    ticket = twice_sent()
    assert find_visit(ticket, "west", at("08:30") - MINUTE) is ticket.visits[1]


def test_a_late_step_of_the_trip_before_does_not_move_to_one_sent_a_minute_later():
    story = t1().sent("08:01", "west").add("taken_back", "08:30", crew="west").sent("08:31", "west")
    ticket = story.ticket
    assert find_visit(ticket, "west", at("08:30")) is ticket.visits[0]


def test_a_step_before_the_first_trip_belongs_to_the_first():
    ticket = twice_sent()
    assert find_visit(ticket, "west", at("06:00")) is ticket.visits[0]


def test_a_crew_that_was_never_sent_has_no_trip():
    assert find_visit(twice_sent(), "east", at("08:31")) is None


def test_a_ticket_comes_back_whole_from_the_store():
    story = (
        Story("T1")
        .called("08:00", note="<b>暗</b> 🔥", customers=12, critical=True)
        .joined("08:06", t2().ticket)
    )
    story.sent("08:07", "west", eta_at=at("08:15"), reasons={"why": ["near"], "cost": {"miss": 0.25}})
    story.steps("west", accepted="08:08", arrived="08:15").add("reopened", "09:00", due_at=at("09:45"))
    adapter = TypeAdapter(Ticket)
    assert adapter.validate_json(adapter.dump_json(story.ticket)) == story.ticket
