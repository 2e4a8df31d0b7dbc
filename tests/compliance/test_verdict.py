from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from dispatch.compliance import month_bounds, month_of, neighbours, verdict
from dispatch.errors import BadInput
from tests.compliance.october import CHINA, NOVEMBER, at, called, ticket, trip


def judged(report, *visits, as_of=NOVEMBER, promise=None):
    return verdict(report, ticket(report, visits=visits), as_of, promise)


def test_arriving_at_the_due_time_keeps_the_promise():
    assert judged(called(1), trip(at(45))) == "kept"


def test_one_millisecond_after_the_due_time_is_late():
    assert judged(called(1), trip(at(45, ms=1))) == "missed"


def test_nobody_there_yet_is_open_until_the_due_time_has_passed():
    assert judged(called(1), trip(), as_of=at(45)) == "open"
    assert judged(called(1), trip(), as_of=at(45, ms=1)) == "missed"


def test_a_report_without_a_promise_is_open_however_late():
    assert judged(called(1, zone=None), as_of=at(10_000)) == "open"


def test_a_report_answered_without_a_trip_has_no_verdict_on_arrival():
    assert judged(called(1, resolved="by_phone")) == "no_trip"


def test_a_late_arrival_stays_missed_when_the_report_is_resolved_by_phone_afterwards():
    assert judged(called(1, resolved="by_phone"), trip(at(50), over="reopened")) == "missed"


def test_a_shadow_policy_judges_by_its_own_due_time():
    report = called(1)
    assert judged(report, trip(at(50))) == "missed"
    assert judged(report, trip(at(50)), promise=report.shadows[0]) == "kept"


def test_a_caller_who_rings_while_the_crew_stands_there_was_reached_at_once():
    assert judged(called(1, minute=30), trip(at(10))) == "kept"


def test_a_crew_that_came_and_left_before_the_call_does_not_count():
    assert judged(called(1, minute=30), trip(at(10), closed=at(20))) == "missed"


def test_the_first_arrival_counts_even_of_a_visit_that_was_taken_back():
    assert judged(called(1), trip(at(20), over="taken_back"), trip(at(90), crew="K2")) == "kept"


def test_a_month_begins_and_ends_at_midnight_of_the_service():
    first, until = month_bounds("2026-10", CHINA)
    assert first == int(datetime(2026, 9, 30, 16, tzinfo=UTC).timestamp() * 1000)
    assert until == int(datetime(2026, 10, 31, 16, tzinfo=UTC).timestamp() * 1000)


def test_december_ends_with_the_year_and_a_month_may_lose_an_hour():
    assert month_bounds("2026-12", CHINA)[1] == month_bounds("2027-01", CHINA)[0]
    first, until = month_bounds("2026-03", ZoneInfo("Europe/Berlin"))
    assert until - first == (31 * 24 - 1) * 3_600_000


def test_a_report_of_the_last_millisecond_belongs_to_the_old_month():
    until = month_bounds("2026-10", CHINA)[1]
    assert (month_of(until - 1, CHINA), month_of(until, CHINA)) == ("2026-10", "2026-11")


def test_the_months_beside_a_month_pass_the_new_year():
    assert neighbours("2026-12") == ("2026-11", "2027-01")
    assert neighbours("2027-01") == ("2026-12", "2027-02")


@pytest.mark.parametrize(
    "bad", ["2026-13", "2026-00", "2026-1", "26-10", "", "2026-10-01", "٢٠٢٦-١٠", "2026-10\n", "0000-01"]
)
def test_what_is_not_a_month_is_refused_with_a_sentence(bad):
    with pytest.raises(BadInput, match="write it as year and month, like 2026-10") as refused:
        month_bounds(bad, CHINA)
    assert refused.value.errors[0].field == "month"
