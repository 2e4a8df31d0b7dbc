"""What the bench says of its figures: when a goal holds, and the form in which programs read it."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace

import pytest

from dispatch.simulate import PLANNERS, Result
from tests.bench import __main__ as bench
from tests.bench import plan
from tests.bench.figures import Figure, percentile, table
from tests.bench.month_walk import START_MS, moved
from tests.bench.plan import NAMES, compared
from tests.bench.plan_days import Where


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


def a_result(name, changes):
    """What a planner of this name made of a day on which it told so many crews otherwise, one for danger."""
    return Result(
        planner=name,
        reports=1,
        on_time=1.0,
        weighted_on_time=1.0,
        by_zone={},
        mean_late_min=0.0,
        p95_late_min=0.0,
        trips=1,
        unreached=0,
        km=1.0,
        told_changes=changes,
        hazard_changes=1,
        decision_ms={"p50": 1.0, "p99": 1.0},
        arrivals=(),
    )


def test_on_every_kind_of_day_each_planner_says_how_many_told_crews_it_changed(monkeypatch):
    """The second of two storms changes twice as many as the first; who plans in hindsight tells nobody."""

    def drawn(days, _one):
        return {day: {name: a_result(name, 2 * day.seed) for name in NAMES} for day in days}

    monkeypatch.setattr(plan, "play", drawn)
    said = {each.metric: each.value for each in compared([(Where("sample", Path(), Path()), 20, 2)])}
    what = "sample, 20 crews"
    for kind, mean in (
        (f"{what}, storm of 2 seeds", 3),
        (f"{what}, busy day", 2),
        (f"{what}, ordinary day", 2),
    ):
        for name in PLANNERS:
            assert said[f"{kind}, {name}: told crews changed"] == mean
            assert said[f"{kind}, {name}: called off for danger"] == 1
        assert not [
            each for each in said if each.startswith(f"{kind}, hindsight") and "crews changed" in each
        ]
