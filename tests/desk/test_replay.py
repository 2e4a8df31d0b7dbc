"""A Monday of okcounty played again: R2 and R1 are one fault, R3 and R5 need no trip, R4 waited in vain."""

from __future__ import annotations

import dataclasses
import json
from collections import Counter
from typing import Any, cast

import numpy as np
import pytest

from dispatch.crew import parse_breaks
from dispatch.desk.company import import_crews
from dispatch.desk.replay import Kept, WhatIf, _shifts, replay
from dispatch.desk.what_if import read_closures, read_crews, read_depots
from dispatch.errors import BadInput, NotFound, SetupError
from dispatch.plan.chance import FEWEST, Trip, learn
from dispatch.simulate import Closing, World
from tests.desk.county import T1, T4, call, crew_row, done, send, tap, ticket
from tests.desk.test_month import a_monday
from tests.okcounty import CREWS, StraightRoads, at, spot


class Roads(StraightRoads):
    """The county's roads; a closure shuts all of them."""

    closed = 0

    def apply(self, closures):
        self.closed = len(closures)
        return [1] * len(closures)

    def matrix(self, origins, destinations):
        seconds = super().matrix(origins, destinations)
        return np.where(seconds > 0, np.inf, 0.0) if self.closed else seconds


def again(desk, **change):
    return replay(desk, "2026-10", WhatIf(**change), cast("Any", Roads()))


def test_a_month_is_told_as_it_was_and_as_the_planner_would_have_run_it(county):
    """East, on duty at 07:50, is there at 08:00 for both callers; T4 is 12 km from west: all three kept."""
    a_monday(county)
    found = again(county)
    assert found.as_it_was == Kept(3, 1, {"urban": (1, 2), "remote": (0, 1)})
    assert found.unchanged == Kept(3, 3, {"urban": (2, 2), "remote": (1, 1)})
    assert (found.left_out, found.changed) == (2, None)


@pytest.mark.parametrize(("calls_off", "changes"), [(True, 3), (False, 0)])
def test_a_month_is_played_again_with_the_company_s_own_rule_for_calling_crews_off(
    county, monkeypatch, calls_off, changes
):
    own = {"divert_for_hazard": calls_off, "divert_gain_min": 9, "max_changes_per_min": 3}
    plan, asked = county.config.plan.model_copy(update=own), []
    county.config = county.config.model_copy(update={"plan": plan})

    class Heard(World):
        def __init__(self, scenario, minutes, planner, *rest, **more):
            asked.append((planner.gain_min, planner.most_changes))
            super().__init__(scenario, minutes, planner, *rest, **more)

    a_monday(county)
    monkeypatch.setattr("dispatch.desk.replay.World", Heard)
    again(county)
    assert asked == [(9, changes)]


def test_without_any_crew_no_promise_is_kept(county):
    a_monday(county)
    assert again(county, dropped=("east", "west")).changed.kept == 0


def test_a_depot_two_hours_away_keeps_nothing(county):
    a_monday(county)
    assert again(county, dropped=("east",), depots={"west": spot(4, 130)}).changed.kept == 0
    assert again(county, dropped=("east",)).changed.kept == 3


def test_other_limits_are_other_promises(county):
    """Of a crew 50 km away, called at 07:50, the second caller is reached in 40 minutes, the first in 50."""
    a_monday(county)
    far = {"dropped": ("west",), "depots": {"east": spot(53, 4)}}
    assert again(county, **far).changed.by_zone["urban"] == (1, 2)
    assert again(county, **far, policy="supervision-2009").changed.by_zone["urban"] == (2, 2)
    with pytest.raises(SetupError, match="no policy file mine"):
        again(county, policy="mine")


def test_a_closure_that_shuts_every_road_keeps_everybody_away(county):
    a_monday(county)
    assert again(county, closures=(Closing(0, 31 * 86_400, {}, 0),)).changed.kept == 0
    assert again(county).unchanged.kept == 3


def test_the_breaks_of_crews_are_kept_when_a_month_is_played_again(county):
    """East would go at 07:50; at rest until 08:50 it is there at 09:00, when both callers of T1 are late."""
    a_monday(county)
    west, east = CREWS
    county.store.company.put_crews([crew_row(west) | {"active": 0}, crew_row(east)])
    assert again(county).unchanged.by_zone["urban"] == (2, 2)
    county.store.company.put_crews([crew_row(east) | {"breaks": "07:30-08:50"}])
    assert again(county).unchanged.by_zone == {"urban": (0, 2), "remote": (1, 1)}


def test_a_crew_round_the_clock_is_on_one_shift_and_another_on_each_day_s(county):
    west, east = CREWS
    span = at("00:00", 1), at("23:59", 31)
    (whole,) = _shifts(county, east, *span)
    assert whole[0] == at("00:00", 1)
    assert whole[1] > span[1]
    daily = list(_shifts(county, west, *span))
    assert daily[:2] == [(at("08:00", day), at("20:00", day)) for day in (1, 2)]
    assert daily[-1][0] > span[1]


def heard(desk, monkeypatch):
    """The month as it is played again: the scenario, and what the planner made of it."""
    days: list[Any] = []

    class Heard(World):
        def __init__(self, scenario, *rest, **more):
            days.append(scenario)
            super().__init__(scenario, *rest, **more)

        def play(self):
            days.append(super().play())
            return days[-1]

    monkeypatch.setattr("dispatch.desk.replay.World", Heard)
    again(desk)
    return days


def trips_of(desk, monkeypatch):
    """How many crews drive to each ticket when the month is played again."""
    scenario, played = heard(desk, monkeypatch)
    fault = {each.id: each.fault for each in scenario.calls}
    return Counter(fault[order.call] for order in played.orders)


def test_a_drive_that_was_told_longer_since_drives_are_known_to_be_slow_is_replayed_as_long(
    county, monkeypatch
):
    """The roads say 3 minutes, 6 were told and driven: played again it is 6, not 3."""
    slow = [Trip(600, 1200, "secondary", 9, severe=False)] * 50 * FEWEST
    county.store.chances.put_learnt(at("08:00"), learn(slow, []).as_json())
    call(county, "09:00", T4)
    send(county, "09:00", "T1", "east")
    assert ticket(county, "T1").visit.eta_at == pytest.approx(at("09:06"), abs=5000)
    done(county, "east", "T1", T4, "09:00", "09:01", "09:07", "09:30", "09:31")
    [played] = heard(county, monkeypatch)[0].calls
    assert played.travel_factor == pytest.approx(2, rel=0.02)


def test_a_drive_that_began_when_the_crew_was_done_elsewhere_is_replayed_as_long_as_it_took(
    county, monkeypatch
):
    """East is told T2 by hand while at work on T1 for half an hour; it drives 13 km in 26 minutes."""
    call(county, "08:00", T1)
    send(county, "08:00", "T1", "east")
    for kind, time in (("accepted", "08:00"), ("departed", "08:01"), ("arrived", "08:11")):
        tap(county, "east", kind, "T1", time, T1)
    call(county, "08:12", T4)
    send(county, "08:12", "T2", "east")
    assert ticket(county, "T2").visit.eta_at > at("08:50")
    for kind, time in (("restored", "08:40"), ("closed", "08:41")):
        tap(county, "east", kind, "T1", time, T1)
    done(county, "east", "T2", T4, "08:41", "08:42", "09:08", "09:30", "09:31")
    factors = {each.fault: each.travel_factor for each in heard(county, monkeypatch)[0].calls}
    assert factors["T2"] == pytest.approx(2, rel=0.02)


def test_a_kind_of_fault_that_needs_two_crews_takes_two_trips(county, monkeypatch):
    a_monday(county)
    assert trips_of(county, monkeypatch) == {"T1": 1, "T4": 1}
    faults = {name: each.model_copy(update={"crews": 2}) for name, each in county.rulebook.faults.items()}
    county.rulebook = dataclasses.replace(county.rulebook, faults=faults)
    east, west = crew_row(CREWS[1]), crew_row(CREWS[0], skills="lv")
    county.store.company.put_crews([east, west])
    assert trips_of(county, monkeypatch) == {"T1": 2, "T4": 2}
    county.store.company.put_crews([west | {"active": 0}])
    assert trips_of(county, monkeypatch) == {"T1": 1, "T4": 1}


def test_closures_that_were_hold_again_until_they_were_taken_away(county):
    a_monday(county)
    closure = {"id": "X1", "geometry": {}, "factor": 0, "from_at": at("07:00"), "until_at": None}
    county.store.tickets.append("", "road_closed", {"closure": closure}, at=0, now=0, by="Li")
    assert again(county).unchanged.kept == 0
    county.store.tickets.append("", "road_opened", {"id": "X1"}, at=at("09:00"), now=0, by="Li")
    assert again(county).unchanged.by_zone == {"urban": (0, 2), "remote": (1, 1)}


def test_a_replay_writes_nothing(county):
    a_monday(county)
    before = county.store.tickets.head()
    again(county, dropped=("west",))
    assert county.store.tickets.head() == before


def test_the_same_month_replayed_twice_is_the_same(county):
    a_monday(county)
    assert again(county, dropped=("west",)) == again(county, dropped=("west",))


def test_a_month_with_nothing_to_replay_and_a_crew_nobody_knows_are_refused(county):
    with pytest.raises(BadInput, match="no report of 2026-10 needed a trip"):
        again(county)
    a_monday(county)
    for change in ({"dropped": ("north",)}, {"depots": {"north": T1}}):
        with pytest.raises(NotFound, match="no crew 'north'; the crews are east, west"):
            again(county, **change)


def test_a_company_s_own_table_of_crews_is_read_as_the_import_reads_it(county, tmp_path):
    path = tmp_path / "crews.csv"
    head = "crew,name,unit,depot,depot_lon,depot_lat,datum,skills,shift,break,phone\n"
    row = "new,New 1,U2,the yard,120.1,30.1,gcj02,lv;hv,06:00-18:00,12:00-12:30,107\n"
    path.write_text(head + row)
    (crew,) = read_crews(county, path)
    assert import_crews(county, path) == 1
    assert crew == county.store.company.get_crew("new")
    assert crew.breaks == parse_breaks("12:00-12:30")
    assert crew.depot == pytest.approx((120.0953, 30.1024), abs=0.001)
    path.write_text(head + row.replace("U2", "U9"))
    with pytest.raises(BadInput, match="there is no unit 'U9'"):
        read_crews(county, path)


def test_crews_that_are_only_thought_of_need_no_name_and_no_unit(county, tmp_path):
    path = tmp_path / "crews.csv"
    path.write_text("crew,depot_lon,depot_lat,skills,shift\nnew,120.1,0.1,lv;hv,06:00-18:00\n")
    (crew,) = read_crews(county, path)
    assert (crew.id, set(crew.skills), crew.depot) == ("new", {"lv", "hv"}, (120.1, 0.1))
    path.write_text("crew,depot_lon,depot_lat,skills,shift\nnew,120.1,0.1,lv,all day\n")
    with pytest.raises(BadInput, match="not a shift"):
        read_crews(county, path)


def test_other_crews_take_the_place_of_the_company_s(county, tmp_path):
    a_monday(county)
    path = tmp_path / "crews.csv"
    path.write_text("crew,depot_lon,depot_lat,skills,shift\nnew,121,0,lv,00:00-24:00\n")
    assert again(county, crews=read_crews(county, path)).changed.kept == 1


def test_a_table_of_units_moves_all_their_crews_but_one_that_is_moved_by_itself(county, tmp_path):
    """U2 has the only crew left, east; the yard of its unit is moved two hours away."""
    a_monday(county)
    path = tmp_path / "units.csv"
    lon, lat = spot(4, 130)
    path.write_text(f"unit,name,depot_lon,depot_lat\nU2,East,{lon},{lat}\n")
    moved = {"dropped": ("west",), "units": read_depots(county, path)}
    assert again(county, **moved).changed.kept == 0
    assert again(county, **moved, depots={"east": spot(13, 4)}).changed.kept == 3
    with pytest.raises(NotFound, match="no unit 'U9'; the units are U1, U2"):
        again(county, units={"U9": T1})


def test_who_was_sent_then_and_is_gone_since_is_named(county):
    a_monday(county)
    assert (again(county).crews, again(county).gone) == (2, ())
    county.store.company.put_crews([crew_row(CREWS[0]) | {"active": 0}])
    assert (again(county).crews, again(county).gone) == (1, ("west",))


def test_the_company_s_own_engine_answers_for_the_roads_of_a_replay(county, monkeypatch):
    opened: list[Any] = []

    def opening(*asked):
        opened.append(asked)
        return Roads()

    roads = county.config.roads.model_copy(update={"engine": "osrm:http://roads.example", "osrm_table": 7})
    county.config = county.config.model_copy(update={"roads": roads})
    monkeypatch.setattr(type(county), "area", "the area")
    monkeypatch.setattr("dispatch.desk.replay.open_roads", opening)
    a_monday(county)
    assert replay(county, "2026-10", WhatIf()).unchanged.kept == 3
    assert opened == [("the area", "osrm:http://roads.example", 7)]


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ('[{"factor": 0}]', r"0\.geometry: Field required"),
        ('[{"geometry": {}, "from": "2026-10-05T08:00:00"}]', r"0\.from: .*timezone"),
        ('[{"geometry": {}, "until": "2026-09-05T08:00:00+08:00"}]', "0: ends before it begins"),
        ("{", "the file: Invalid JSON"),
    ],
)
def test_closures_are_read_from_a_list_or_refused_in_a_line(county, tmp_path, said, wrong):
    path = tmp_path / "closures.json"
    path.write_text(said)
    with pytest.raises(BadInput, match=wrong):
        read_closures(county, path, "2026-10")
    path.write_text(json.dumps([{"geometry": {"type": "x"}, "from": "2026-10-02T00:00:00+08:00"}]))
    assert read_closures(county, path, "2026-10") == (Closing(86_400, 31 * 86_400, {"type": "x"}, 0),)
