from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any, cast

import numpy as np
import pytest

from dispatch.simulate.draw import CALM, DAY_KINDS, Town, Usual, draw

if TYPE_CHECKING:
    from dispatch.ticket import Zone

USUAL = {kind: Usual("hv" if kind == "wire_down" else "lv", 2100.0, kind == "wire_down") for kind in CALM}
SIDE = [13.2 + 0.002 * n for n in range(12)]
TOWN = Town(
    name="a square town",
    lonlat=np.array([(lon, 53.5 + lat - 13.2) for lon in SIDE for lat in SIDE]),
    zones=cast("list[Zone]", ["urban"] * 100 + ["rural"] * 44),
    depots=[(13.2, 53.5), (13.22, 53.52)],
    streets=[[(13.2 + 0.001 * n, 53.5), (13.2 + 0.001 * n, 53.51)] for n in range(9)],
    usual=USUAL,
)


def drawn(kind="storm", crews=20, seed=1, hours=24):
    start = "2026-10-12T08:00:00+08:00"
    return draw(TOWN, kind, crews=crews, seed=seed, start=start, policy="state-grid", hours=hours)


@pytest.mark.parametrize("kind", DAY_KINDS)
def test_the_same_seed_draws_the_same_day_and_another_another(kind):
    assert json.dumps(drawn(kind)) == json.dumps(drawn(kind))
    assert json.dumps(drawn(kind)) != json.dumps(drawn(kind, seed=2))


def test_a_storm_of_twenty_crews_has_some_three_hundred_faults_and_more_than_twice_the_calls():
    day = drawn()
    faults = {report["fault"] for report in day["reports"]}
    assert 280 <= len(faults) <= 293
    assert 1.9 <= len(day["reports"]) / len(faults) <= 2.6
    assert any(report["hazard"] for report in day["reports"])
    assert len(day["closures"]) == 5


def test_more_crews_have_more_to_do_and_a_storm_more_than_a_busy_day():
    count = {(kind, crews): len(drawn(kind, crews)["reports"]) for kind in DAY_KINDS for crews in (20, 60)}
    for kind in DAY_KINDS:
        assert 2.5 <= count[kind, 60] / count[kind, 20] <= 3.5
    assert count["storm", 20] > 2 * count["busy", 20] > 4 * count["ordinary", 20]


def test_in_a_storm_the_truth_is_slower_than_expected_and_strays():
    reports = drawn()["reports"]
    factors = [report["travel_factor"] for report in reports]
    assert 1.1 < np.mean(factors) < 1.35
    assert min(factors) < 1
    assert max(factors) > 1.5
    assert np.mean([report["true_work_s"] / report["work_s"] for report in reports]) > 1.3


def test_calls_come_within_the_hours_in_the_order_of_time_from_houses_of_the_town():
    day = drawn(hours=6)
    at = [report["at_s"] for report in day["reports"]]
    assert at == sorted(at)
    assert at[0] >= 0
    assert at[-1] < 6 * 3600
    houses = {tuple(place) for place in TOWN.lonlat.tolist()}
    assert {(report["lon"], report["lat"]) for report in day["reports"]} <= houses


def test_neighbours_call_about_a_fault_and_share_its_truth():
    by_fault: dict[str, list[Any]] = {}
    for report in drawn()["reports"]:
        by_fault.setdefault(report["fault"], []).append(report)
    several = [calls for calls in by_fault.values() if len(calls) > 2]
    assert several
    for calls in several:
        assert len({(each["true_work_s"], each["travel_factor"], each["needs"]) for each in calls}) == 1
        assert max(each["lon"] for each in calls) - min(each["lon"] for each in calls) < 0.025


@pytest.mark.parametrize("kind", DAY_KINDS)
@pytest.mark.parametrize("crews", [3, 20])
def test_at_every_hour_somebody_is_there_for_every_skill(kind, crews):
    for hour in range(1, 24):
        there = [c for c in drawn(kind, crews)["crews"] if c["shift_s"][0] <= hour * 3600 < c["shift_s"][1]]
        assert {"lv"} <= {skill for each in there for skill in each["skills"]}
        if crews == 20:
            assert {"lv", "hv", "meter"} <= {skill for each in there for skill in each["skills"]}


def test_one_crew_may_have_a_day_too():
    assert len(drawn("ordinary", 1)["crews"]) == 1
