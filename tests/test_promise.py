"""What a call is promised."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatch import promise
from tests.okcounty import MINUTE, POLICY, at, t1


@pytest.mark.parametrize(("zone", "due"), [("urban", "08:45"), ("rural", "09:30"), ("remote", "10:00")])
def test_the_promise_is_the_zones_minutes_from_the_call(zone, due):
    assert promise.make(POLICY, zone, at("08:00")).due_at == at(due)


def test_the_promise_keeps_the_milliseconds_of_the_call():
    assert promise.make(POLICY, "urban", at("08:00") + 1).due_at == at("08:45") + 1


def test_the_promise_says_by_which_policy_and_version_it_was_made():
    made = promise.make(POLICY, "rural", at("08:00"))
    assert (made.policy, made.version, made.zone, made.minutes) == ("state-grid", "1", "rural", 90)


def test_a_later_policy_changes_no_promise():
    story = t1()
    stricter = replace(POLICY, version="2", minutes={"urban": 30, "rural": 60, "remote": 90})
    later = promise.make(stricter, "urban", at("08:00"))
    report = story.ticket.reports[0]
    assert (report.promise.version, report.promise.minutes, report.promise.due_at) == ("1", 45, at("08:45"))
    assert later.due_at == report.promise.due_at - 15 * MINUTE


def test_the_clock_does_not_jump_when_the_day_does():
    assert promise.make(POLICY, "remote", at("23:30", 4)).due_at == at("01:30", 5)
