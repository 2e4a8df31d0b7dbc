from __future__ import annotations

import json

import pytest

from dispatch.cli import rehearse
from dispatch.paths import SAMPLE
from dispatch.simulate import PLANNERS
from dispatch.simulate.draw import DAY_KINDS


@pytest.fixture(scope="module")
def home(tmp_path_factory):
    return tmp_path_factory.mktemp("rehearse")


def test_the_choices_are_those_of_the_simulator():
    """They are written down twice, so that help loads nothing heavy."""
    assert set(rehearse.PLANNERS) == set(PLANNERS)
    assert rehearse.KINDS == DAY_KINDS


def test_a_day_is_drawn_and_played(command, home):
    drawn = command("scenario", "--crews", 4, "--kind", "storm", "--seed", 3, "--out", home / "a.json")
    assert drawn.code == 0, drawn.err
    command("scenario", "--crews", 4, "--kind", "storm", "--seed", 3, "--out", home / "b.json")
    assert (home / "a.json").read_bytes() == (home / "b.json").read_bytes()
    told = command("simulate", home / "a.json", "--json")
    result = json.loads(told.out)
    fixed = {
        "planner", "reports", "trips", "on_time", "weighted_on_time", "by_zone", "mean_late_min",
        "p95_late_min", "km", "told_changes", "decision_ms", "arrivals",
    }  # fmt: skip
    assert fixed <= set(result)
    assert result["planner"] == "default"
    assert result["reports"] == len(json.loads((home / "a.json").read_text())["reports"])
    assert {"report", "crew", "arrived_s", "due_s"} == set(result["arrivals"][0])
    assert result["told_changes"] == result["hazard_changes"]
    table = command("simulate", home / "a.json", "--planner", "nearest-free", "--planner", "nearest-pair")
    assert [line.split()[0] for line in table.lines[1::2]] == ["nearest-free", "nearest-pair"]


def test_hindsight_is_shown_beside_the_planner_and_is_no_worse(command, home):
    command("scenario", "--crews", 4, "--kind", "storm", "--seed", 3, "--out", home / "a.json")
    made, best = json.loads(command("simulate", home / "a.json", "--json", "--hindsight", 1).out)
    assert (made["planner"], best["planner"]) == ("default", "hindsight")
    assert best["weighted_on_time"] >= made["weighted_on_time"]
    assert {each["report"] for each in best["arrivals"]} == {each["report"] for each in made["arrivals"]}


def test_a_past_month_is_played_again_with_a_change_that_is_not_written_down(command, home):
    rows = [f"2020-01-07T{hour:02d}:30:00+08:00,no_power,4100000074" for hour in (8, 9, 10)]
    (home / "calls.csv").write_text("\n".join(["received_at,fault,account_no", *rows]))
    assert command("import", "reports", home / "calls.csv").code == 0
    told = command("replay", "2020-01", "--drop", "C1", "--depot", "C2", "13.3096,53.4956")
    assert told.code == 0, told.err
    assert "as those of the past are not kept" in told.lines[1]
    assert [line[:19].strip() for line in told.lines[2:]] == [
        "as it was", "replayed unchanged", "with the change", "difference",
    ]  # fmt: skip
    own = command("replay", "2020-01", "--crews", SAMPLE / "crews.csv", "--depots", SAMPLE / "units.csv")
    assert own.lines[-1].split() == ["difference", "+0", "promises", "kept"], own.err
    assert "no report of 1999-01" in command.refused("replay", "1999-01")
    assert "no crew 'C99'" in command.refused("replay", "2020-01", "--drop", "C99")
    assert "not LON,LAT" in command.refused("replay", "2020-01", "--depot", "C1", "x")


def test_a_mistake_in_a_scenario_is_one_line(command, home):
    (home / "bad.json").write_text('{"name": "x"}')
    assert "bad.json, start: Field required (and 5 more)" in command.refused("simulate", home / "bad.json")
    assert "--crews" in command.refused(
        "scenario", "--crews", 0, "--kind", "storm", "--seed", 1, "--out", home / "c.json"
    )
    assert "There are no roads" in command.refused("simulate", home / "a.json", "--area", home)
