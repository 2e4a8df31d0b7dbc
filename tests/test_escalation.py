"""What the desk is warned of and when: told as a story, and asked minute by minute."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.escalation import Limits, Out, list_alerts
from tests.okcounty import MINUTE, Story, at, spot, t1, t2

LIMITS = Limits(before_due_min=10, accept_min=3, silent_min=15)


def clock(moment):
    """Epoch ms of that Monday as `08:35`."""
    minutes = (moment - at("00:00")) // MINUTE
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def holding(story, time, seen=None, limits=LIMITS):
    """The kinds that hold for a ticket at `time`; `seen` is when the west crew's phone was last heard."""
    heard = {"west": at(seen)} if seen else {}
    return [each.kind for each in list_alerts([story.ticket], heard, at(time), limits)[0]]


def warned(story, until="10:00", seen=None):
    """Every new warning from 08:00 on, as a desk sees it that looks every minute: `08:35 before_due`."""
    told, now, raised = [], at("08:00"), set()
    while now <= at(until):
        for each in list_alerts([story.ticket], {"west": at(seen)} if seen else {}, now, LIMITS)[0]:
            if each.name not in raised:
                told.append(f"{clock(now)} {each.kind}")
            raised.add(each.name)
        now += MINUTE
    return told


def test_ten_minutes_before_due_and_at_due_the_desk_is_warned_while_nobody_is_there():
    assert warned(t1()) == ["08:35 before_due", "08:45 due"]


def test_a_crew_on_site_ends_the_warnings_of_the_clock():
    there = t1().sent("08:01", "west").steps("west", accepted="08:02", departed="08:03", arrived="08:20")
    assert warned(there) == []


def test_a_call_whose_place_nobody_sets_is_not_forgotten_for_want_of_a_promise():
    lost = Story("T1").called("08:00")
    assert warned(lost) == ["08:05 no_place"]
    assert warned(lost.found("08:04", spot(3, 4), called="08:00")) == ["08:35 before_due", "08:45 due"]


def test_a_crew_that_does_not_accept_within_three_minutes_is_told_to_the_desk():
    assert warned(t1().sent("08:05", "west"), until="08:30") == ["08:08 not_accepted"]
    assert holding(t1().sent("08:05", "west").step("accepted", "08:07"), "08:20") == []


def test_a_crew_that_was_sent_and_is_out_of_service_is_told_to_the_desk_until_it_is_there():
    out = {"west": Out(1, at("08:06"))}
    sent = t1().sent("08:05", "west").step("accepted", "08:05")

    def told(story, crews=out):
        return [each.kind for each in list_alerts([story.ticket], {}, at("08:07"), LIMITS, crews)[0]]

    assert told(sent) == ["out_of_service"]
    assert told(sent, {"east": Out(1, at("08:06"))}) == []
    assert told(sent.steps("west", departed="08:05", arrived="08:06")) == []


def test_another_crew_has_three_minutes_of_its_own():
    again = t1().sent("08:05", "west").sent("08:20", "east")
    first, second = (
        list_alerts([story.ticket], {}, at(time), LIMITS)[0][0]
        for story, time in ((t1().sent("08:05", "west"), "08:10"), (again, "08:23"))
    )
    assert (first.kind, second.kind) == ("not_accepted", "not_accepted")
    assert first.name != second.name
    assert (second.crew, clock(second.at)) == ("east", "08:23")


def test_a_crew_on_its_way_without_a_word_for_a_quarter_of_an_hour_is_silent():
    driving = t1().sent("08:01", "west").steps("west", accepted="08:02", departed="08:03")
    assert warned(driving, until="08:30") == ["08:18 silent"]


def test_a_position_is_a_word():
    driving = t1().sent("08:01", "west").steps("west", accepted="08:02", departed="08:03")
    assert warned(driving, until="08:30", seen="08:14") == ["08:29 silent"]


def test_a_crew_at_work_may_be_silent():
    there = t1().sent("08:01", "west").steps("west", accepted="08:02", departed="08:03", arrived="08:04")
    assert holding(there, "10:00") == []


def test_when_due_has_passed_the_warning_before_it_is_no_longer_raised():
    """A desk that was down from 08:30 to 09:00 is told once that the clock has run out."""
    assert holding(t1(), "09:00") == ["due"]


def test_of_merged_callers_the_earliest_clock_warns_once():
    both = t2().joined("08:10", t1().ticket)
    assert warned(both) == ["08:35 before_due", "08:45 due"]


def test_a_merge_hides_no_clock_that_runs_out():
    """T1, due at 08:45, joins T2, due at 08:50, when that was warned of already."""
    late = t2().joined("08:48", t1().ticket)
    assert holding(late, "08:49") == ["due"]


def test_a_ticket_without_a_place_but_with_a_promise_is_warned_of_too():
    nowhere = Story("T1").called("08:00")
    promised = t1().events[-1].body
    nowhere.add("promised", "08:01", **promised)
    assert nowhere.ticket.state == "needs_place"
    assert warned(nowhere) == ["08:05 no_place", "08:35 before_due", "08:45 due"]


def test_a_reopened_ticket_has_a_clock_of_its_own():
    steps = {
        "accepted": "08:02",
        "departed": "08:03",
        "arrived": "08:04",
        "restored": "08:05",
        "closed": "08:06",
    }
    dark = t1().sent("08:01", "west").steps("west", **steps).add("reopened", "08:30", due_at=at("09:15"))
    assert warned(dark) == ["09:05 before_due", "09:15 due"]


@pytest.mark.parametrize(
    ("limits", "left"),
    [
        (Limits(0, 3, 15), ["due"]),
        (Limits(10, 0, 15), ["due"]),
        (Limits(10, 3, 0), ["due", "not_accepted"]),
    ],
)
def test_a_kind_set_to_nought_is_off(limits, left):
    assert holding(t1().sent("08:05", "west"), "08:50", limits=limits)[: len(left)] == left
    assert "before_due" not in holding(t1(), "08:44", limits=Limits(0, 3, 15))


def test_the_next_moment_to_look_is_told():
    waits = t1().sent("08:05", "west").ticket
    times = ("08:06", "08:08", "08:35", "08:45")
    moments = [list_alerts([waits], {}, at(time), LIMITS)[1] for time in times]
    assert moments == [at("08:08"), at("08:35"), at("08:45"), None]


minutes = st.integers(0, 180)


@given(minutes, minutes, st.lists(minutes, max_size=30))
def test_looking_at_the_told_moments_only_misses_nothing_and_repeats_nothing(sent, accepted, extra):
    """The same warnings come out as by looking every minute, whatever moments are looked at besides."""
    story = t1().sent(at("08:00") + sent * MINUTE, "west")
    if accepted > sent:
        story.step("accepted", at("08:00") + accepted * MINUTE)
    ticket, start, end = story.ticket, at("08:00"), at("11:00")

    def names(moments):
        return {each.name for now in moments for each in list_alerts([ticket], {}, now, LIMITS)[0]}

    told, now = {start + each * MINUTE for each in extra} | {start}, start
    while (now := list_alerts([ticket], {}, now, LIMITS)[1] or end) < end:
        told.add(now)
    assert names(told) == names(range(start, end, MINUTE))


def test_the_order_of_the_tickets_does_not_matter():
    one, other = t1().ticket, Story("T5").called("08:02", spot(4, 4)).ticket
    forth = list_alerts([one, other], {}, at("08:46"), LIMITS)
    back = list_alerts([other, one], {}, at("08:46"), LIMITS)
    assert set(forth[0]) == set(back[0])
    assert forth[1] == back[1]
