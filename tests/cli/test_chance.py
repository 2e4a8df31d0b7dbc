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


def test_severe_weather_is_said_with_its_time(command):
    told = command("weather", "storm", *OCTOBER)
    assert told.code == 0
    assert told.lines == [f"severe weather (storm) from {OCTOBER[1]} until {OCTOBER[3]}"]


@pytest.mark.parametrize(
    "words",
    [
        ("calibrate", "--from", "October"),
        ("calibrate", "--from", "2026-10-01"),
        ("weather", "storm", "--from", "2026-10-02T00:00:00+08:00", "--until", "2026-10-01T00:00:00+08:00"),
        ("weather", " ", *OCTOBER),
        ("weather", "x" * 41, *OCTOBER),
    ],
)
def test_a_mistake_is_one_line_and_exit_2(command, words):
    told = command(*words)
    assert told.code == 2
    assert len(told.err.strip().splitlines()) == 1
