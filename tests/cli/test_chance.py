from __future__ import annotations

import json
import re

import pytest

from dispatch.cli.chance import lessons
from dispatch.plan.chance import Trip, Work, learn

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


def test_what_was_learnt_is_told_with_how_unsure_each_kind_is():
    drives = [Trip(600, 600 * factor, "track", 9, severe=False) for factor in (1.0, 2.0)] * 500
    works = [Work(600, 600, "meter")] * 500
    told = "\n".join(lessons(learn(drives, works)))
    assert re.search(r"drive class:track: x 1\.4\d, 8 in 10 x 0\.9\d to 2\.\d\d$", told, re.MULTILINE)
    assert re.search(r"drive hour:9: x \d\.\d\d$", told, re.MULTILINE)


FUTURE = ("--from", "2199-10-01T00:00:00+08:00", "--until", "2199-10-02T00:00:00+08:00")


def test_severe_weather_is_said_with_its_time_listed_and_ended(command):
    shown = f"W1 storm from {FUTURE[1]} until {FUTURE[3]}"
    assert command("weather", "storm", *FUTURE).lines == [f"severe weather: {shown} (to come)"]
    assert command("weather").lines == [f"{shown} (to come)"]
    assert command("weather", "--end", "W1").lines == [f"over: {shown} (withdrawn)"]
    assert command("weather").lines == [f"{shown} (withdrawn)"]
    assert "over already" in command.refused("weather", "--end", "W1")


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (FUTURE, "what weather it is"),
        (FUTURE[:2], "what weather it is"),
        (FUTURE[2:], "what weather it is"),
        (("--end", "W1", *FUTURE[:2]), "neither KIND, --from nor --until"),
        (("--end", "W1", *FUTURE[2:]), "neither KIND, --from nor --until"),
        (("storm", "--end", "W1"), "neither KIND, --from nor --until"),
        (("storm",), "--until is missing"),
        (("storm", *FUTURE[:2]), "--until is missing"),
        (("", *FUTURE), "kind"),  # as a script says it whose word is empty
        (("--end", ""), "no severe weather ''"),
    ],
)
def test_a_forgotten_word_is_named_and_neither_declares_nor_ends(command, words, why):
    assert command("weather", "storm", *FUTURE).code == 0
    listed = command("weather").lines
    assert why in command.refused("weather", *words)
    assert command("weather").lines == listed


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
