"""Answered without a trip: by phone, on the customer's side, a false alarm; never where a crew has been."""

from __future__ import annotations

import pytest

from dispatch.desk.intake import resolve
from dispatch.desk.merge import merge
from dispatch.errors import Conflict
from tests.desk.county import LI, T1, T2, call, done, send, tap


def test_a_report_answered_by_phone_needs_no_crew(county):
    call(county, "08:00", T1)
    told = resolve(county, "R1", "by_phone", "the fuse was out", LI)
    assert (told.report.resolved, told.ticket.state) == ("by_phone", "no_trip")


def test_a_crew_on_its_way_is_taken_back_when_nobody_needs_it_any_more(county):
    call(county, "08:00", T1)
    send(county, "08:01", "T1", "west")
    told = resolve(county, "R1", "false_alarm", "", LI)
    assert (told.ticket.state, told.ticket.visits[0].over) == ("no_trip", "taken_back")


def test_a_crew_goes_on_while_another_caller_waits(county):
    call(county, "08:00", T1)
    call(county, "08:05", T2)
    merge(county, "R2", "T1", LI)
    send(county, "08:06", "T1", "west")
    assert resolve(county, "R1", "customer_side", "", LI).ticket.state == "assigned"


def test_a_report_is_answered_once(county):
    call(county, "08:00", T1)
    resolve(county, "R1", "by_phone", "", LI)
    with pytest.raises(Conflict, match="already"):
        resolve(county, "R1", "false_alarm", "", LI)


def test_a_trip_that_was_made_cannot_be_talked_away(county):
    call(county, "08:00", T1)
    send(county, "08:01", "T1", "west")
    done(county, "west", "T1", T1, "08:02", "08:03", "08:50")
    with pytest.raises(Conflict, match="a crew has been there"):
        resolve(county, "R1", "false_alarm", "", LI)


def test_a_trip_closed_without_an_arrival_cannot_be_talked_away_either(county):
    call(county, "08:00", T1)
    send(county, "08:01", "T1", "west")
    tap(county, "west", "closed", "T1", "08:50")
    with pytest.raises(Conflict, match="a crew has been there"):
        resolve(county, "R1", "false_alarm", "", LI)
