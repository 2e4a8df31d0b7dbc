from __future__ import annotations

import json

import pytest

OCTOBER = ("--from", "2026-10-01T00:00:00+08:00", "--until", "2026-11-01T00:00:00+08:00")


def test_without_trips_the_report_says_so(command):
    told = command("calibrate", "--report")
    assert told.code == 0
    assert told.lines[0].startswith("no trip has come to its end yet")
    assert "too few to learn from" in told.lines[1]


def test_the_report_is_told_as_json(command):
    told = json.loads(command("calibrate", "--json", *OCTOBER).out)
    assert (told["count"], told["bins"], told["brier"]) == (0, [], None)
    assert told["learnt"]["drives"]["count"] == 0


FUTURE = ("--from", "2199-10-01T00:00:00+08:00", "--until", "2199-10-02T00:00:00+08:00")


def test_severe_weather_is_said_with_its_time_listed_and_ended(command):
    shown = f"W1 storm from {FUTURE[1]} until {FUTURE[3]}"
    assert command("weather", "storm", *FUTURE).lines == [f"severe weather: {shown} (to come)"]
    assert command("weather").lines == [f"{shown} (to come)"]
    assert command("weather", "--end", "W1").lines == [f"over: {shown} (withdrawn)"]
    assert command("weather").lines == [f"{shown} (withdrawn)"]
    assert "over already" in command.refused("weather", "--end", "W1")


@pytest.mark.parametrize(
    "words",
    [
        ("calibrate", "--from", "October"),
        ("calibrate", "--from", "2026-10-01"),
        ("weather", "storm", "--from", "2026-10-02T00:00:00+08:00", "--until", "2026-10-01T00:00:00+08:00"),
        ("weather", " ", *FUTURE),
        ("weather", "x" * 41, *FUTURE),
        ("weather", "storm", *OCTOBER),
        ("weather", "storm"),
        ("weather", "storm", *FUTURE, "--end", "W1"),
        ("weather", "--end", "W9"),
    ],
)
def test_a_mistake_is_one_line_and_exit_2(command, words):
    told = command(*words)
    assert told.code == 2
    assert len(told.err.strip().splitlines()) == 1
