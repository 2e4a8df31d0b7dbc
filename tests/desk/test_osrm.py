"""The desk whose roads are answered by a server that takes no closures, and that is down just now."""

from __future__ import annotations

import logging

import pytest

from dispatch import jobs
from dispatch.desk import assign
from dispatch.desk.board import needs
from dispatch.desk.closures import close_road, open_road, roads_now
from dispatch.desk.place import nearest_unit
from dispatch.errors import BadInput, Conflict, RoadsUnavailable
from dispatch.roads import open_roads
from dispatch.store.closures import Closure
from tests.conftest import free_port
from tests.desk.county import LI, T1, call, send, ticket
from tests.desk.test_closures import ACROSS, ClosableRoads, close
from tests.okcounty import at


@pytest.fixture
def silent(county, tmp_path):
    """The county with its roads behind a server that does not answer."""
    vars(county)["roads"] = open_roads(tmp_path, f"osrm:http://127.0.0.1:{free_port()}")
    return county


def test_a_call_is_taken_zoned_and_promised_while_the_roads_are_silent(silent):
    answer = call(silent, "08:00", T1)
    assert answer.outcome == "dispatchable"
    assert answer.report.promise.minutes == 45


def test_the_unit_is_then_the_nearest_by_the_straight_line(silent):
    for unit in silent.store.company.units():
        assert nearest_unit(silent, unit.depot) == unit.id


def test_the_planner_says_what_is_wrong_in_one_line_and_goes_on(silent, caplog):
    call(silent, "08:00", T1)
    with caplog.at_level(logging.ERROR, logger="dispatch.jobs"):
        planner = jobs.Planner(silent)
        planner.plan()
        planner.plan()
    assert [record.exc_info for record in caplog.records] == [None, None]
    assert "cannot be reached; start osrm-routed" in caplog.messages[0]
    assert ticket(silent, "T1").state == "waiting"


def test_the_planner_plans_as_soon_as_the_roads_answer_again(silent):
    call(silent, "08:00", T1)
    planner = jobs.Planner(silent)
    planner.plan()
    vars(silent)["roads"] = ClosableRoads()
    planner.plan()
    assert ticket(silent, "T1").state == "assigned"


def test_who_could_go_is_not_guessed(silent):
    call(silent, "08:00", T1)
    with pytest.raises(RoadsUnavailable, match="osrm-routed"):
        assign.options(silent, "T1")


def test_a_dispatcher_still_sends_a_crew_by_hand_but_without_an_arrival(silent):
    call(silent, "08:00", T1)
    sent = send(silent, "08:01", "T1", "west")
    assert (sent.visit.crew, sent.visit.eta_at) == ("west", None)


def test_a_crew_without_the_skill_is_refused_all_the_same(silent):
    call(silent, "08:00", T1, fault="wire_down")
    unskilled = next(
        crew.id
        for crew in silent.store.company.crews()
        if not needs(silent, ticket(silent, "T1")) <= crew.skills
    )
    with pytest.raises(BadInput, match="skill"):
        send(silent, "08:01", "T1", unskilled)


def test_a_closure_is_refused_with_what_to_do_instead(silent):
    silent.clock.at_ms = at("08:00")
    with pytest.raises(Conflict, match=r"osrm-customize --segment-speed-file"):
        close_road(silent, Closure("", ACROSS, 0.0, at("08:00"), None, "flood"), LI)
    assert silent.store.closures.list_not_over(at("08:00")) == []


def test_closures_told_before_do_not_hold_up_a_plan_but_are_named_once(county, tmp_path, caplog):
    vars(county)["roads"] = ClosableRoads()
    closure, _edges = close(county)
    roads = open_roads(tmp_path, f"osrm:http://127.0.0.1:{free_port()}")
    vars(county)["roads"] = roads
    with caplog.at_level(logging.WARNING, logger="dispatch.closures"):
        assert roads_now(county, at("08:01")) is roads
        assert roads_now(county, at("08:02")) is roads
    assert len(caplog.messages) == 1
    assert closure.id in caplog.messages[0]
    open_road(county, closure.id, LI)
    assert roads_now(county, at("08:03")) is roads
