"""Whether reports are the same fault: several calls, one trip, and every caller keeps a clock."""

from __future__ import annotations

import pytest

from dispatch.desk.board import is_hazard, needs
from dispatch.desk.intake import answer_for, resolve
from dispatch.desk.merge import merge, unmerge
from dispatch.desk.month import month
from dispatch.errors import Conflict, NotFound
from tests.desk.county import LI, T1, T2, T3, call, done, kinds, send, tap, ticket
from tests.okcounty import at, spot


@pytest.fixture
def two(county):
    """T1 called at 08:00 and T2 at 08:05: two calls of one fault."""
    call(county, "08:00", T1)
    call(county, "08:05", T2)
    return county


def line(desk, report):
    """The report's line of the month."""
    return next(each for each in month(desk, "2026-10").lines if each.report == report)


def test_open_tickets_close_by_are_perhaps_the_same_fault_the_likeliest_first(county):
    call(county, "08:00", spot(3.2, 4))
    call(county, "08:01", spot(3.1, 4))
    call(county, "08:02", spot(5, 4))
    call(county, "08:03")
    told = call(county, "08:04", T1)
    assert [(near.ticket, near.distance_m) for near in told.nearby] == [("T2", 100.0), ("T1", 200.0)]
    assert told.nearby[0].score > told.nearby[1].score
    assert told.nearby[0].reasons == ("apart_m:100", "minutes_apart:3", "same_kind")


def test_a_ticket_that_is_over_is_not_nearby(two):
    resolve(two, "R1", "by_phone", "", LI)
    assert call(two, "08:10", T1).nearby == ()


def test_a_merged_report_keeps_its_own_clock(two):
    merge(two, "R2", "T1", LI)
    told = answer_for(two, "R2")
    assert (told.outcome, told.ticket.id) == ("merged", "T1")
    assert ticket(two, "T1").dues == (at("08:45"), at("08:50"))
    assert ticket(two, "T2").state == "merged"


def test_one_trip_serves_every_caller_of_the_ticket(two):
    merge(two, "R2", "T1", LI)
    send(two, "08:06", "T1", "west")
    done(two, "west", "T1", T1, "08:07", "08:08", "08:47")
    assert [(line(two, name).verdict, line(two, name).crew) for name in ("R1", "R2")] == [
        ("missed", "west"),
        ("kept", "west"),
    ]


def test_merging_the_last_report_away_takes_its_crew_back(two):
    send(two, "08:06", "T2", "west")
    merge(two, "R2", "T1", LI)
    assert [(visit.crew, visit.over) for visit in ticket(two, "T2").visits] == [("west", "taken_back")]


def test_a_crew_goes_on_to_the_callers_that_stay(two):
    call(two, "08:06", spot(3.1, 4))
    merge(two, "R3", "T1", LI)
    send(two, "08:07", "T1", "west")
    merge(two, "R3", "T2", LI)
    assert ticket(two, "T1").state == "assigned"


def test_a_merge_can_be_undone(two):
    before = ticket(two, "T2")
    merge(two, "R2", "T1", LI)
    unmerge(two, "R2", LI)
    assert answer_for(two, "R2").ticket.id == "T2"
    assert (ticket(two, "T2").reports, ticket(two, "T2").state) == (before.reports, "waiting")
    assert ticket(two, "T1").dues == (at("08:45"),)


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda desk: merge(desk, "R1", "T2", LI), "T1 is merged"),
        (lambda desk: resolve(desk, "R1", "by_phone", "", LI), "T1 is no_trip"),
        (lambda desk: resolve(desk, "R2", "by_phone", "", LI), "answered without a trip"),
    ],
    ids=["into a ticket that was merged", "into an answered one", "an answered report"],
)
def test_only_what_is_open_is_merged(two, spoil, why):
    spoil(two)
    with pytest.raises(Conflict, match=why):
        merge(two, "R2", "T1", LI)


def test_nothing_is_merged_into_a_ticket_that_was_closed(two):
    send(two, "08:06", "T1", "west")
    done(two, "west", "T1", T1, "08:07", "08:08", "08:10", "08:20", "08:21")
    with pytest.raises(Conflict, match="T1 is closed"):
        merge(two, "R2", "T1", LI)


@pytest.mark.parametrize("kind", ["arrived", "closed"])
def test_a_ticket_a_crew_has_been_to_is_not_merged_away(two, kind):
    send(two, "08:06", "T2", "west")
    tap(two, "west", kind, "T2", "08:10")
    with pytest.raises(Conflict, match="a crew has been there"):
        merge(two, "R2", "T1", LI)


def test_a_report_is_not_merged_into_its_own_ticket(two):
    with pytest.raises(Conflict, match="already"):
        merge(two, "R1", "T1", LI)


def test_a_report_nobody_located_is_not_merged_for_its_clock_would_not_count(two):
    call(two, "08:06")
    for report, into in (("R3", "T1"), ("R1", "T3")):
        with pytest.raises(Conflict, match="T3 has no place yet"):
            merge(two, report, into, LI)


def test_only_what_was_merged_is_unmerged(two):
    with pytest.raises(Conflict, match="is not merged"):
        unmerge(two, "R1", LI)


def test_a_report_that_a_crew_is_on_its_way_for_alone_is_not_unmerged(two):
    merge(two, "R2", "T1", LI)
    send(two, "08:06", "T1", "west")
    resolve(two, "R1", "by_phone", "", LI)
    with pytest.raises(Conflict, match="take that back first"):
        unmerge(two, "R2", LI)
    assert ticket(two, "T1").state == "assigned"


def test_there_is_no_such_report_or_ticket(two):
    for report, into in (("R9", "T1"), ("R1", "T9")):
        with pytest.raises(NotFound):
            merge(two, report, into, LI)
    assert kinds(two, "T1") == ["received", "located", "promised"]


# -- a crew in a valley that was on its way when its ticket was merged


def merged_while_under_way(desk):
    """West had reached T2 at 08:20 without a signal; at 08:30 R2 is merged into T1."""
    send(desk, "08:06", "T2", "west")
    tap(desk, "west", "accepted", "T2", "08:07")
    desk.clock.at_ms = at("08:30")
    merge(desk, "R2", "T1", LI)
    assert tap(desk, "west", "arrived", "T2", "08:20", T2, sent="08:55").result == "stored"


def test_an_arrival_told_after_the_merge_counts_for_the_caller_it_was_made_for(two):
    merged_while_under_way(two)
    assert (line(two, "R2").verdict, line(two, "R2").arrived_at) == ("kept", at("08:20"))
    assert (line(two, "R2").crew, line(two, "R2").evidence, line(two, "R2").ticket) == ("west", "B", "T1")
    assert line(two, "R1").verdict == "missed", "nobody came for the other caller"


def test_a_trip_to_a_ticket_in_between_counts_for_who_was_merged_on_from_there(two):
    call(two, "08:06", T3)
    merge(two, "R2", "T1", LI)
    send(two, "08:07", "T1", "west")
    two.clock.at_ms = at("08:30")
    for report in ("R1", "R2"):
        merge(two, report, "T3", LI)
    assert tap(two, "west", "arrived", "T1", "08:20", T1, sent="08:55").result == "stored"
    assert [line(two, each).arrived_at for each in ("R1", "R2")] == [at("08:20"), at("08:20")]
    assert line(two, "R3").arrived_at is None, "nobody came for the ticket they were merged into"


def test_the_way_a_report_went_last_is_the_one_that_counts(two):
    call(two, "08:06", T3)
    merge(two, "R2", "T1", LI)
    unmerge(two, "R2", LI)
    merge(two, "R2", "T3", LI)
    send(two, "08:07", "T1", "west")
    assert tap(two, "west", "arrived", "T1", "08:20", T1).result == "stored"
    assert line(two, "R2").arrived_at is None, "it was no longer on the ticket that was served"


def test_what_others_are_still_waiting_for_stays_with_them(two):
    call(two, "08:06", T2)
    merge(two, "R3", "T2", LI)
    merged_while_under_way(two)
    assert line(two, "R3").arrived_at == at("08:20")
    assert line(two, "R2").arrived_at is None


def test_the_arrival_counts_again_on_its_own_ticket_when_the_merge_is_undone(two):
    merged_while_under_way(two)
    unmerge(two, "R2", LI)
    assert (line(two, "R2").ticket, line(two, "R2").arrived_at) == ("T2", at("08:20"))


def test_a_place_far_away_is_seen_even_when_its_ticket_was_merged(two):
    send(two, "08:06", "T2", "west")
    merge(two, "R2", "T1", LI)
    tap(two, "west", "arrived", "T2", "08:20", T3)
    assert ticket(two, "T2").visits[0].evidence == "D"


# -- danger, and undoing


def test_the_fire_stays_on_the_ticket_it_was_merged_into(two):
    call(two, "08:06", T1, "wire_down")
    merge(two, "R3", "T1", LI)
    assert is_hazard(two, ticket(two, "T1"))
    assert needs(two, ticket(two, "T1")) == {"lv", "hv"}


def test_danger_is_not_given_to_a_crew_that_was_sent_and_cannot_mend_it(two):
    send(two, "08:06", "T1", "west")
    call(two, "08:07", T1, "wire_down")
    with pytest.raises(Conflict, match="west on T1 lacks the skill hv; keep R3 on its own ticket"):
        merge(two, "R3", "T1", LI)


def test_undoing_a_merge_gives_the_ticket_its_crew_back(two):
    send(two, "08:06", "T2", "west")
    merge(two, "R2", "T1", LI)
    unmerge(two, "R2", LI)
    back = ticket(two, "T2")
    assert (back.state, back.visit.crew, back.visit.by, back.visit.pinned) == ("assigned", "west", "Li", True)
    assert (back.opened_at, back.dues) == (at("08:05"), (at("08:50"),))


def test_a_crew_that_has_another_job_by_then_is_not_taken_off_it(two):
    send(two, "08:06", "T2", "west")
    merge(two, "R2", "T1", LI)
    send(two, "08:07", "T1", "west")
    unmerge(two, "R2", LI)
    assert (ticket(two, "T2").state, ticket(two, "T1").visit.crew) == ("waiting", "west")
