"""Why a crew is taken back stands on the timeline as a code with its facts, for pages of any language."""

from __future__ import annotations

import pytest

from dispatch.desk import assign
from dispatch.desk.intake import resolve
from dispatch.desk.merge import merge, unmerge
from dispatch.desk.recall import take_back, why_not_going
from tests.desk.county import LI, T1, T2, call, replan, send, tap, ticket
from tests.okcounty import at


@pytest.fixture
def sent(county):
    """T1 waits, and west is on its way to T2 by Li's order."""
    call(county, "08:00", T1)
    call(county, "08:05", T2)
    send(county, "08:06", "T2", "west")
    return county


def last(desk, name, kind):
    return [each.body for each in desk.store.tickets.events(name) if each.kind == kind][-1]


def test_for_a_merge_it_names_the_ticket_that_the_report_is_on_now(sent):
    merge(sent, "R2", "T1", LI)
    assert last(sent, "T2", "taken_back") == {"crew": "west", "code": "merged", "into": "T1"}


def test_a_crew_that_an_undone_merge_gives_back_is_told_so_and_keeps_the_reasons_it_was_sent_for(sent):
    before = last(sent, "T2", "assigned")
    merge(sent, "R2", "T1", LI)
    unmerge(sent, "R2", LI)
    assert last(sent, "T2", "assigned") == before | {"code": "unmerged"}


def test_for_a_report_that_needs_no_trip_it_names_how_that_was_found(sent):
    resolve(sent, "R2", "false_alarm", "", LI)
    assert last(sent, "T2", "taken_back") == {"crew": "west", "code": "resolved", "how": "false_alarm"}


@pytest.mark.parametrize("words", ["", "knows the house"])
def test_for_another_crew_it_names_that_crew_beside_the_dispatchers_own_words(county, words):
    call(county, "08:00", T1)
    replan(county, "08:00")
    first = ticket(county, "T1").visit.crew
    county.clock.at_ms = at("08:01")
    assign.assign(county, "T1", "east", LI, reason=words)
    told = {"crew": first, "code": "sent_instead", "instead": "east", "reason": words}
    assert last(county, "T1", "taken_back") == told


def test_a_crew_is_told_why_though_its_own_late_steps_were_stored_after_it_was_taken_back(sent):
    sent.clock.at_ms = at("08:10")
    take_back(sent, "T2", "east is nearer", LI)
    tap(sent, "west", "departed", "T2", "08:08", sent="08:11")
    found = why_not_going(sent, "T2", "west")
    assert found is not None
    assert (found.kind, found.body["reason"]) == ("taken_back", "east is nearer")


def test_nothing_took_a_crew_off_that_declined_or_was_sent_again(sent):
    take_back(sent, "T2", "", LI)
    send(sent, "08:11", "T2", "west")
    assert why_not_going(sent, "T2", "west") is None
    tap(sent, "west", "declined", "T2", "08:12")
    assert why_not_going(sent, "T2", "west") is None
