from __future__ import annotations

import json

import pytest

from dispatch.config import load
from dispatch.desk import scenarios, simulated
from dispatch.errors import BadInput, NotFound, SetupError
from tests.conftest import TOWN_HALL, VILLAGE

CLOSED = {
    "type": "Polygon",
    "coordinates": [[[13.39, 53.53], [13.405, 53.53], [13.405, 53.545], [13.39, 53.545], [13.39, 53.53]]],
}


def said(**more):
    """A day of two crews at the town hall and one report from a village."""
    lon, lat = TOWN_HALL
    report = {
        "id": "R1", "at_s": 60, "lon": VILLAGE[0], "lat": VILLAGE[1], "zone": "rural", "needs": "lv",
        "customers": 12, "hazard": False, "critical": False, "work_s": 1900, "true_work_s": 2300,
        "travel_factor": 1.07, "fault": "F1",
    }  # fmt: skip
    crews = [{"id": name, "depot": "D1", "skills": ["lv"], "shift_s": [0, 86400]} for name in ("C1", "C2")]
    return {
        "name": "small", "start": "2026-10-12T08:00:00+08:00", "hours": 24, "policy": "state-grid",
        "depots": [{"id": "D1", "lon": lon, "lat": lat}], "crews": crews, "reports": [report], "closures": [],
    } | more  # fmt: skip


def changed(part, **fields):
    """The same day with the first of a part changed; a field that is None is left out."""
    first, *rest = said()[part]
    first = {key: value for key, value in (first | fields).items() if value is not None}
    return said(**{part: [first, *rest]})


@pytest.fixture(scope="module")
def config(sample_config):
    return load(sample_config, {})


@pytest.fixture
def written(tmp_path):
    """Writes a scenario and reads it again."""

    def write(day):
        path = tmp_path / "day.json"
        path.write_text(json.dumps(day), encoding="utf-8")
        return scenarios.read(path)

    return write


def test_a_scenario_is_read_as_it_was_said(written):
    day = written(said())
    assert (day.name, day.hours, len(day.crews)) == ("small", 24, 2)
    assert (day.calls[0].place, day.calls[0].needs) == (VILLAGE, {"lv"})
    assert day.start_ms == 1_791_763_200_000


@pytest.mark.parametrize(
    ("day", "named"),
    [
        (changed("reports", lon=None), r"reports\.0\.lon: Field required"),
        (changed("reports", lat=float("nan")), r"reports\.0\.lat: .*finite"),
        (changed("reports", at_s=-5), r"reports\.0\.at_s: .*greater than or equal to 0"),
        (changed("reports", work_s=-1), r"reports\.0\.work_s"),
        (changed("reports", travel_factor=0), r"reports\.0\.travel_factor"),
        (changed("reports", zone="moon"), r"reports\.0\.zone"),
        (changed("reports", crews=3), r"reports\.0\.crews: .*less than or equal to 2"),
        (changed("reports", crews=0), r"reports\.0\.crews: .*greater than or equal to 1"),
        (changed("reports", speed=3), r"reports\.0\.speed: Extra inputs are not permitted"),
        (changed("crews", depot="D9"), "crew C1: there is no depot D9"),
        (changed("crews", shift_s=[500, 500]), "crew C1: its shift_s must end after it begins"),
        (changed("crews", breaks_s=[[900, 900]]), "crew C1: each of its breaks_s must end after it begins"),
        (changed("crews", breaks_s=[[0, 900], [800, 1000]]), "crew C1: its breaks_s must be in order, none"),
        (changed("crews", breaks_s=[[900]]), r"crews\.0\.breaks_s\.0: .*at least 2 items"),
        (changed("crews", breaks_s=[900, 1800]), r"crews\.0\.breaks_s\.0: .*valid array"),
        (changed("crews", id="C2"), "crews: C2 is there twice"),
        (said(start="2026-10-12T08:00:00"), "start: .*timezone"),
        (said(policy="../state-grid"), "policy"),
        (said(hours=0), "hours"),
        (said(weather="bad"), "weather: Extra inputs"),
        (said(closures=[{"at_s": 9, "until_s": 9, "geometry": CLOSED, "factor": 0}]), "closures.0: must end"),
        ([], "the file: .*"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_scenario_is_said_in_one_line(written, day, named):
    with pytest.raises(BadInput, match=named) as wrong:
        written(day)
    assert "\n" not in str(wrong.value)


def test_a_crew_of_a_scenario_may_have_breaks(written):
    assert written(said()).crews[0].breaks_s == ()
    rests = [[14_400, 16_200], [36_000, 37_800]]
    assert written(changed("crews", breaks_s=rests)).crews[0].breaks_s == ((14_400, 16_200), (36_000, 37_800))


def test_a_report_of_a_scenario_may_need_two_crews_and_both_drive_there(config, written):
    assert written(said()).calls[0].crews == 1
    day = written(changed("reports", crews=2))
    found, played = simulated.simulate(config, day, "default", simulated.drives_of(config, day))
    assert (found.trips, len({order.crew for order in played.orders})) == (2, 2)


def test_a_file_that_is_no_json_is_refused(tmp_path):
    (tmp_path / "day.json").write_bytes(b"\xff{")
    with pytest.raises(BadInput, match=r"day\.json, the file: Invalid JSON"):
        scenarios.read(tmp_path / "day.json")


def test_a_policy_that_is_not_there_is_named_with_those_that_are(written):
    with pytest.raises(SetupError, match=r"no policy file mine\.toml; data/policies has: .*state-grid"):
        simulated.limits(written(said(policy="mine")))


def test_a_closure_whose_shape_makes_no_sense_is_refused(config, written):
    point = {"type": "Point", "coordinates": [13.2, 53.5]}
    day = written(said(closures=[{"at_s": 0, "until_s": 9, "geometry": point, "factor": 0}]))
    with pytest.raises(BadInput, match=r"closures\[0\]: the geometry must be a line or a polygon"):
        simulated.drives_of(config, day)


def test_an_unknown_planner_is_named_with_those_there_are(config, written):
    day = written(said())
    with pytest.raises(NotFound, match="use one of default, lookahead, nearest-free, nearest-pair"):
        simulated.simulate(config, day, "best", simulated.drives_of(config, day))


def test_a_crew_drives_the_real_roads_at_the_true_pace_and_home_again(config, written):
    day = written(said())
    drives = simulated.drives_of(config, day)
    found, _ = simulated.simulate(config, day, "default", drives)
    there_s = float(drives.seconds(())[0][1])
    assert found.arrivals[0].arrived_s == pytest.approx(60 + 1.07 * there_s, abs=0.01)
    there, home = drives.metres(TOWN_HALL, VILLAGE, ()), drives.metres(VILLAGE, TOWN_HALL, ())
    assert found.km == pytest.approx((there + home) / 1000, abs=0.001)
    assert found.km > 18


def test_a_village_that_is_closed_off_is_reached_when_its_roads_open(config, written):
    """No drive leads over a closed road: the crew sets out at the hour at which the closure ends."""
    day = written(said(closures=[{"at_s": 0, "until_s": 3600, "geometry": CLOSED, "factor": 0}]))
    drives = simulated.drives_of(config, day)
    found, _ = simulated.simulate(config, day, "default", drives)
    assert found.arrivals[0].arrived_s == pytest.approx(
        3600 + 1.07 * float(drives.seconds(())[0][1]), abs=0.01
    )


@pytest.mark.parametrize("shift", [[0, 30], [80_000, 80_001]])
def test_without_a_crew_on_duty_nobody_is_reached_and_that_is_the_result(config, written, shift):
    crews = [{"id": "C1", "depot": "D1", "skills": ["lv"], "shift_s": shift}]
    for day in (written(said(crews=crews)), written(said(crews=[], depots=[]))):
        found, _ = simulated.simulate(config, day, "default", simulated.drives_of(config, day))
        assert (found.unreached, found.trips) == (1, 0)


def test_a_day_is_drawn_on_the_company_s_depots_and_zones(config, tmp_path):
    drawn = scenarios.draw_day(config, "ordinary", 9, 1)
    assert "zones by set" in drawn["name"]
    assert {(each["lon"], each["lat"]) for each in drawn["depots"]} == {
        (13.2722533, 53.5568433), (13.3096742, 53.4956329), (13.1699805, 53.5449413),
    }  # fmt: skip
    scenarios.write(drawn, tmp_path / "day.json")
    assert scenarios.read(tmp_path / "day.json").policy == "state-grid"
    assert drawn == scenarios.draw_day(config, "ordinary", 9, 1)


def test_another_area_is_played_without_a_company_and_says_how_its_zones_came(config, built_area):
    drawn = scenarios.draw_day(config, "storm", 4, 1, area=built_area)
    assert drawn["name"].endswith("zones by distance from a depot")
    assert {report["zone"] for report in drawn["reports"]} <= {"urban", "rural", "remote"}
    assert drawn["closures"]
