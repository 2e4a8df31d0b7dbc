"""What the bench says of its figures: when a goal holds, and the form in which programs read it."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from tests.bench import __main__ as bench
from tests.bench.figures import Figure, percentile, table
from tests.bench.month_walk import START_MS, moved


def test_a_goal_holds_up_to_its_value_and_not_beyond():
    assert Figure("seconds", 2.0, "s", goal=2).holds is True
    assert Figure("seconds", 2.1, "s", goal=2).holds is False


def test_a_goal_may_be_the_least_a_figure_must_reach():
    assert Figure("found", 0.96, "", goal=0.96, bound="least").holds is True
    assert Figure("found", 0.9599, "", goal=0.96, bound="least").holds is False
    assert "goal ≥ 0.96: MISSED" in table([Figure("found", 0.9599, "", 0.96, "least")])


def test_rounding_never_turns_a_miss_into_a_goal_that_holds():
    figure = Figure("seconds", 2.00001, "s", goal=2).as_json()
    assert (figure["value"], figure["holds"]) == (2.0, False)


def test_a_figure_without_a_goal_neither_holds_nor_misses():
    assert Figure("seconds", 2.0, "s").holds is None


def test_a_percentile_is_one_of_the_values_that_were_measured():
    assert percentile([4.0, 1.0, 3.0, 2.0], 50) == 2.0
    assert percentile([4.0, 1.0, 3.0, 2.0], 95) == 4.0
    assert percentile([7.0], 50) == 7.0


def test_the_result_is_written_as_machine_and_sections(monkeypatch, tmp_path, capsys):
    section = SimpleNamespace(__doc__="A wait.", measure=lambda _house: [Figure("wait", 3.0, "s", 2)])
    monkeypatch.setattr(bench, "SECTIONS", {"wait": section})
    monkeypatch.setattr(bench, "RESULT", tmp_path / "bench.json")
    bench.main(["wait"])
    written = json.loads((tmp_path / "bench.json").read_text(encoding="utf-8"))
    figure = {"metric": "wait", "value": 3, "unit": "s", "goal": 2, "bound": "most", "holds": False}
    assert written["sections"] == {"wait": [figure]}
    assert {"cpu", "cores", "memory_gb", "os", "python", "load"} <= set(written["machine"])
    assert "missed: wait: wait" in capsys.readouterr().out


def test_an_unknown_section_ends_with_one_line_that_names_the_known_ones():
    with pytest.raises(SystemExit, match=r"no section 'mnoth'; use one of build, .*month"):
        bench.main(["mnoth"])


def test_a_repeated_event_speaks_of_other_reports_at_another_time_and_of_the_same_crew():
    body = {"report": "R7", "crew": "C7", "promise": {"due_at": START_MS, "minutes": 45}, "to": ["T7"]}
    assert moved(body, 60_000, 250) == {
        "report": "R257",
        "crew": "C7",
        "promise": {"due_at": START_MS + 60_000, "minutes": 45},
        "to": ["T257"],
    }
