"""When the weather is severe: declared, ended, withdrawn; nothing of it is forgotten, and no month moves."""

from __future__ import annotations

import pytest

from dispatch.desk import chance, upkeep
from dispatch.desk.weather import DAY_MS, LONGEST_DAYS, declare_weather, end_weather, list_weather, state_of
from dispatch.errors import BadInput, Conflict, NotFound
from tests.desk.county import CHEN, LI, T1, call
from tests.okcounty import MINUTE, at


@pytest.fixture
def storm(county):
    """A storm from ten to twelve, declared at eight."""
    return declare_weather(county, "storm", at("10:00"), at("12:00"), CHEN)


def severe(desk, *times):
    return [chance.outlook(desk, at(time)).severe for time in times]


def states(desk, time):
    desk.clock.at_ms = at(time)
    return [(each.id, state_of(each, at(time))) for each in list_weather(desk)]


def told_withdrawn(desk):
    """What the timeline says of the weather that was ended last."""
    return [each.body["withdrawn"] for each in desk.store.tickets.events("") if each.kind == "weather_ended"][
        -1
    ]


@pytest.mark.usefixtures("storm")
def test_severe_weather_is_known_while_it_lasts(county):
    assert severe(county, "09:59", "10:00", "11:59", "12:00") == [False, True, True, False]
    assert [states(county, time)[0][1] for time in ("09:59", "10:00", "12:00")] == [
        "to_come",
        "holds",
        "over",
    ]


def test_a_weather_that_is_ended_held_until_then_and_stays_known(county, storm):
    county.clock.at_ms = at("11:00")
    assert end_weather(county, storm.id, LI).ended_by == "Li"
    assert severe(county, "10:00", "10:59", "11:00", "11:59") == [True, True, False, False]
    assert states(county, "11:01") == [("W1", "over")]


def test_a_weather_that_is_withdrawn_never_holds_and_stays_known(county, storm):
    county.clock.at_ms = at("09:00")
    end_weather(county, storm.id, LI)
    assert severe(county, "09:59", "10:00", "11:59") == [False] * 3
    assert states(county, "10:30") == [("W1", "withdrawn")]


def test_a_weather_that_is_ended_as_it_begins_is_over_on_the_timeline_and_on_the_list(county, storm):
    county.clock.at_ms = at("10:00")
    assert (state_of(end_weather(county, storm.id, LI), at("10:00")), told_withdrawn(county)) == (
        "over",
        False,
    )


def test_a_weather_that_held_is_not_withdrawn_by_a_clock_set_back(county, storm):
    call(county, "10:30", T1)
    county.clock.at_ms = at("09:59")
    ended = end_weather(county, storm.id, LI)
    assert (state_of(ended, at("11:00")), told_withdrawn(county)) == ("over", False)
    assert severe(county, "10:00", "11:00") == [False, False]


def test_a_weather_that_began_when_it_was_declared_is_not_withdrawn_by_a_clock_set_back(county):
    made = declare_weather(county, "storm", at("08:00"), at("12:00"), CHEN)
    county.clock.at_ms = at("07:59")
    assert state_of(end_weather(county, made.id, LI), at("08:01")) == "over"


def test_what_was_written_by_a_clock_that_ran_ahead_begins_no_later_weather(county):
    call(county, "11:00", T1)
    county.clock.at_ms = at("08:00")
    made = declare_weather(county, "storm", at("10:00"), at("12:00"), CHEN)
    assert state_of(end_weather(county, made.id, LI), at("08:00")) == "withdrawn"
    assert told_withdrawn(county)


def test_two_weathers_at_once_end_each_by_itself(county, storm):
    declare_weather(county, "flood", at("11:00"), at("13:00"), CHEN)
    county.clock.at_ms = at("11:30")
    end_weather(county, storm.id, LI)
    assert severe(county, "11:45", "12:59", "13:00") == [True, True, False]
    assert states(county, "11:45") == [("W2", "holds"), ("W1", "over")]


def test_what_is_over_cannot_be_ended_again(county, storm):
    county.clock.at_ms = at("10:30")
    end_weather(county, storm.id, LI)
    with pytest.raises(Conflict, match="over already"):
        end_weather(county, storm.id, LI)
    with pytest.raises(NotFound, match="W9"):
        end_weather(county, "W9", LI)


def test_what_ended_by_itself_cannot_be_ended(county, storm):
    county.clock.at_ms = at("12:00")
    with pytest.raises(Conflict, match="over already"):
        end_weather(county, storm.id, LI)


@pytest.mark.parametrize(
    ("kind", "span", "why"),
    [
        ("storm", (120, 120), "after `from`"),
        ("storm", (120, 60), "after `from`"),
        ("storm", (-120, -60), "in the past"),
        ("storm", (0, LONGEST_DAYS * 24 * 60 + 1), "more than 31 days"),
        (" ", (0, 60), "a word"),
        ("x" * 41, (0, 60), "a word"),
        ("a\nb", (0, 60), "a word"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_kept(county, kind, span, why):
    since, until = (at("08:00") + minutes * MINUTE for minutes in span)
    with pytest.raises(BadInput, match=why):
        declare_weather(county, kind, since, until, CHEN)
    assert list_weather(county) == []


def test_weather_moves_no_month_and_stands_on_the_timeline(county):
    call(county, "08:00", T1)
    before = county.store.tickets.head_of_months()
    made = declare_weather(county, "storm", at("10:00"), at("12:00"), CHEN)
    end_weather(county, made.id, LI)
    assert county.store.tickets.head_of_months() == before
    assert county.store.tickets.head()[0] == before[0][0] + 2
    assert upkeep.check(county) == []


@pytest.mark.usefixtures("storm")
def test_what_is_over_for_a_month_is_listed_no_longer(county):
    county.clock.at_ms = at("12:00") + 30 * DAY_MS
    assert list_weather(county) == []
