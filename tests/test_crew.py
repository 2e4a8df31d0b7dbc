"""Who is on duty at a moment, also past midnight and on the days the clocks change."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.crew import Crew, Shift, parse_breaks, parse_shift
from tests.okcounty import EAST, MINUTE, TIMEZONE, WEST, at

BERLIN = ZoneInfo("Europe/Berlin")  # sets its clocks on 29 March and 25 October 2026
SHANGHAI = ZoneInfo("Asia/Shanghai")  # did so until 1991
HOUR = 60 * MINUTE


def ms(text: str, zone: ZoneInfo = BERLIN) -> int:
    """`2026-03-29 08:00` on the wall clock of a zone, in epoch ms."""
    return int(datetime.fromisoformat(text).replace(tzinfo=zone).timestamp() * 1000)


def wall(moment_ms: int, zone: ZoneInfo = BERLIN) -> str:
    """What the wall clock shows."""
    return f"{datetime.fromtimestamp(moment_ms / 1000, UTC).astimezone(zone):%d %H:%M}"


def test_a_crew_is_on_duty_from_the_first_minute_of_its_shift_to_before_the_last():
    assert not WEST.on_duty(at("08:00") - 1, TIMEZONE)
    assert WEST.on_duty(at("08:00"), TIMEZONE)
    assert WEST.on_duty(at("20:00") - 1, TIMEZONE)
    assert not WEST.on_duty(at("20:00"), TIMEZONE)


def test_before_the_shift_the_next_one_is_named():
    assert WEST.shift.window(at("20:00"), TIMEZONE) == (at("08:00", day=6), at("20:00", day=6))


def test_a_crew_around_the_clock_is_never_off_duty():
    assert all(EAST.on_duty(at("00:00") + minute * MINUTE, TIMEZONE) for minute in range(0, 2880, 7))


def test_a_crew_around_the_clock_can_be_sent_on_a_drive_that_passes_midnight():
    begins, ends = EAST.shift.duty(at("23:50"), TIMEZONE)
    assert begins == at("00:00")
    assert ends == at("00:00", day=7), "nobody goes off duty at midnight"


def test_a_day_crew_drives_within_its_shift_only():
    assert WEST.shift.duty(at("19:50"), TIMEZONE) == (at("08:00"), at("20:00"))


def test_a_shift_over_midnight_belongs_to_the_evening_it_began():
    night = parse_shift("20:00-08:00")
    began = (at("20:00", day=4), at("08:00", day=5))
    assert night.window(at("23:59", day=4), TIMEZONE) == began
    assert night.window(at("00:00", day=5), TIMEZONE) == began
    assert night.window(at("08:00", day=5), TIMEZONE) == (at("20:00", day=5), at("08:00", day=6))


@pytest.mark.parametrize(
    ("day", "zone", "hours"),
    [
        ("2026-03-28", BERLIN, 11),
        ("2026-10-24", BERLIN, 13),
        ("2026-03-28", SHANGHAI, 12),
        ("1991-04-13", SHANGHAI, 11),
        ("1991-09-14", SHANGHAI, 13),
    ],
)
def test_a_night_in_which_the_clocks_change_still_ends_at_the_wall_clocks_eight(day, zone, hours):
    first, last = parse_shift("20:00-08:00").window(ms(f"{day} 21:00", zone), zone)
    assert wall(first, zone)[3:] == "20:00"
    assert wall(last, zone)[3:] == "08:00"
    assert last - first == hours * HOUR


@pytest.mark.parametrize(("day", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_a_crew_around_the_clock_is_on_duty_in_every_hour_of_a_day_the_clocks_change(day, hours):
    always = parse_shift("00:00-24:00")
    first, last = always.window(ms(f"{day} 12:00"), BERLIN)
    assert last - first == hours * HOUR
    assert all(always.window(moment, BERLIN)[0] <= moment for moment in range(first, last, 10 * MINUTE))


def test_a_day_shift_does_not_notice_that_the_clocks_changed_at_night():
    first, last = WEST.shift.window(ms("2026-03-29 03:30"), BERLIN)
    assert (wall(first), wall(last)) == ("29 08:00", "29 20:00")


def test_a_shift_that_the_changed_clocks_swallow_is_left_out():
    swallowed = parse_shift("02:30-03:10")  # at two it was three
    first, last = swallowed.window(ms("2026-03-29 03:05"), BERLIN)
    assert (wall(first), wall(last)) == ("30 02:30", "30 03:10")


@settings(deadline=None)
@given(
    st.integers(0, 1439),
    st.integers(0, 1439),
    st.integers(ms("2026-01-01 00:00"), ms("2027-01-01 00:00")),
    st.sampled_from([BERLIN, SHANGHAI, ZoneInfo("America/Sao_Paulo"), ZoneInfo("Australia/Lord_Howe")]),
)
def test_the_shift_of_any_moment_ends_after_it_and_begins_within_two_days(first, last, moment, zone):
    begins, ends = Shift(first, last).window(moment, zone)
    assert begins < ends
    assert moment < ends
    assert begins <= moment + 48 * HOUR
    assert ends - begins <= 25 * HOUR


@pytest.mark.parametrize(
    ("text", "shift"),
    [
        ("08:00-20:00", Shift(480, 1200)),
        (" 8:00 - 20:00 ", Shift(480, 1200)),
        ("20:00-08:00", Shift(1200, 480)),
        ("00:00-24:00", Shift(0, 0)),
        ("16:00-24:00", Shift(960, 0)),
    ],
)
def test_a_shift_is_written_as_two_times(text, shift):
    assert parse_shift(text) == shift


@pytest.mark.parametrize(
    "text", ["", "08:00", "8-20", "08:00-25:00", "08:60-20:00", "24:01-08:00", "a:b-c:d", "白班"]
)
def test_what_is_not_a_shift_is_refused_with_an_example(text):
    with pytest.raises(ValueError, match="is not a shift; write it as 08:00-20:00"):
        parse_shift(text)


def test_breaks_are_read_off_the_wall_clock_and_repeat_each_day():
    crew = Crew(
        "C1",
        "",
        "U1",
        (0.0, 0.0),
        frozenset(),
        parse_shift("00:00-24:00"),
        breaks=parse_breaks("12:00-12:30; 23:45-00:15"),
    )
    day = 24 * 60 * 60_000
    noon, late = (at("12:00"), at("12:30")), (at("23:45"), at("23:45") + 30 * 60_000)
    assert crew.breaks_within(at("08:00"), at("08:00") + day, TIMEZONE) == (noon, late)
    assert crew.breaks_within(at("12:10"), at("13:00"), TIMEZONE) == (noon,), "one that has begun"
    assert crew.breaks_within(at("12:30"), at("13:00"), TIMEZONE) == ()


@pytest.mark.parametrize("text", ["12:00", "12:00-25:00", "12:00-12:00", "08:00-20:00", "noon"])
def test_what_is_no_break_is_refused_by_name(text):
    with pytest.raises(ValueError, match=f"{text}.*break|break.*{text}"):
        parse_breaks(f"10:00-10:15;{text}")
