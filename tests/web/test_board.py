from __future__ import annotations

from datetime import datetime

import pytest

from dispatch.desk import assign
from dispatch.desk.company import import_crews
from tests.web.conftest import assert_problem


def test_the_board_shows_what_is_open_by_time_of_opening(client, clock):
    client.report()
    clock.forward(1)
    client.report(fault="fire_or_shock")
    board = client.get("/api/board").json
    assert [ticket["id"] for ticket in board["tickets"]] == ["T1", "T2"]
    assert [ticket["hazard"] for ticket in board["tickets"]] == [False, True]
    assert len(board["crews"]) == 8
    assert board["seq"] == client.desk.store.tickets.head()[0]


def test_every_time_that_is_told_has_an_offset(client):
    client.report()
    assign.replan(client.desk)
    times = list(times_in([client.get("/api/board").json, client.get("/api/tickets/T1").json]))
    assert len(times) > 10
    assert all(datetime.fromisoformat(time).utcoffset() is not None for time in times)


def times_in(shown, name=""):
    if isinstance(shown, dict):
        for key, value in shown.items():
            yield from times_in(value, key)
    elif isinstance(shown, list):
        for value in shown:
            yield from times_in(value, name)
    elif isinstance(shown, str) and (name.endswith("_at") or name in {"at", "now", "from", "until", "to"}):
        yield shown


@pytest.mark.parametrize(("path", "who"), [("/api/board", "dispatcher"), ("/api/phone/jobs", "crew")])
def test_an_unchanged_answer_is_not_sent_twice(client, clock, path, who):
    first = client.get(path, who)
    again = {"headers": {"If-None-Match": first.headers["ETag"]}}
    clock.forward(0.5)
    unchanged = client.get(path, who, **again)
    assert unchanged.status_code == 304
    assert unchanged.data == b""
    client.report()
    client.post("/api/tickets/T1/assign", {"crew": "C1"})
    changed = client.get(path, who, **again)
    assert changed.status_code == 200
    assert changed.headers["ETag"] != first.headers["ETag"]


def test_a_foreign_etag_gets_the_whole_answer(client):
    for tag in ('"x"', 'W/"x"', "x", '"', ""):
        assert client.get("/api/board", headers={"If-None-Match": tag}).status_code == 200


def test_a_crew_sent_by_hand_stays_sent(client):
    client.report()
    sent = client.post("/api/tickets/T1/assign", {"crew": "C2", "reason": "knows the house"}).json
    assert (sent["crew"], sent["pinned"], sent["state"]) == ("C2", True, "assigned")
    assert client.post("/api/tickets/T1/assign", {"crew": "C2"}).status_code == 200
    refused = assert_problem(client.post("/api/tickets/T1/assign", {"crew": "C1"}, "supervisor"), 409)
    assert (refused["code"], refused["facts"]["sent"]) == ("sent_by_other", "C2")
    late = {"crew": "C1", "replaces": "C3"}
    assert_problem(client.post("/api/tickets/T1/assign", late, "supervisor"), 409)
    assert client.get("/api/tickets/T1").json["crew"] == "C2"
    sent = client.post("/api/tickets/T1/assign", late | {"replaces": "C2"}, "supervisor").json
    assert (sent["crew"], sent["timeline"][-2]["body"]["instead"]) == ("C1", "C1")


def test_an_assignment_can_be_taken_back_with_or_without_a_reason(client):
    client.report()
    for body in (None, {"reason": "wrong crew"}):
        client.post("/api/tickets/T1/assign", {"crew": "C2"})
        back = client.call("DELETE", "/api/tickets/T1/assign", json=body)
        assert (back.status_code, back.json["state"]) == (200, "waiting")
    assert_problem(client.call("DELETE", "/api/tickets/T1/assign"), 409)


@pytest.mark.parametrize("body", [{"reason": 5}, {"why": "x"}, {"instead": "C1"}, []])
def test_taking_back_checks_its_body_too(client, body):
    client.report()
    client.post("/api/tickets/T1/assign", {"crew": "C2"})
    assert_problem(client.call("DELETE", "/api/tickets/T1/assign", json=body), 422)


def test_the_options_rank_every_crew_or_say_why_it_cannot_go(client):
    client.report(fault="meter")
    options = client.get("/api/tickets/T1/options").json
    assert {each["crew"] for each in options} == {f"C{n}" for n in range(1, 9)}
    able = [each for each in options if "not_possible" not in each]
    assert [each["eta_s"] for each in able] == sorted(each["eta_s"] for each in able)
    why = {each["crew"]: each["not_possible"] for each in options if "not_possible" in each}
    assert why["C3"] == "skill"


def test_a_crew_without_the_skill_is_refused_with_the_reason(client):
    client.report(fault="meter")
    problem = assert_problem(client.post("/api/tickets/T1/assign", {"crew": "C3"}), 422)
    assert problem["errors"] == [{"field": "crew", "message": "skill"}]


def test_health_says_whether_the_planner_still_speaks(client, clock):
    silent = client.get("/api/health", "")
    assert silent.status_code == 503
    assert silent.json["last_plan_age_s"] is None
    assign.replan(client.desk)
    clock.forward(0.5)
    well = client.get("/api/health", "")
    assert well.status_code == 200
    head = client.desk.store.tickets.head()[0]
    assert well.json == {
        "store": "ok",
        "jobs_leader": True,
        "last_plan_age_s": 30.0,
        "last_plan_by": "search",
        "head": head,
    }
    clock.forward(0.6)
    assert client.get("/api/health", "").status_code == 503


@pytest.mark.parametrize(("every_s", "silent_after_s"), [(1, 60), (15, 60.2), (120, 480.2), (600, 2400.2)])
def test_board_and_health_call_the_planner_silent_after_four_rounds_and_a_minute_at_least(
    client, clock, every_s, silent_after_s
):
    plan = client.desk.config.plan.model_copy(update={"every_s": every_s})
    client.desk.config = client.desk.config.model_copy(update={"plan": plan})
    assign.replan(client.desk)
    assert client.get("/api/board").json["plan"]["silent_after_s"] == silent_after_s
    clock.forward((silent_after_s - 1) / 60)
    assert client.get("/api/health", "").status_code == 200
    clock.forward(2 / 60)
    assert client.get("/api/health", "").status_code == 503


def test_the_board_names_the_callers_to_nobody(client):
    client.report(caller={"name": "Zhang Wei", "phone": "030-1234567"})
    board = client.get("/api/board").text
    assert "Zhang" not in board
    assert "030-1234567" not in board


@pytest.fixture
def at_rest(client, tmp_path):
    """C1 rests from a quarter to twelve; it is noon."""
    table = tmp_path / "crews.csv"
    table.write_text(
        "crew,name,unit,depot_lon,depot_lat,skills,shift,break\n"
        "C1,One,U1,13.2722533,53.5568433,lv,08:00-20:00,18:00-18:30;11:45-12:15;07:00-07:30\n"
    )
    import_crews(client.desk, table)
    return client


def line_of(client, crew="C1"):
    return next(each for each in client.get("/api/board").json["crews"] if each["id"] == crew)


def test_the_board_shows_the_breaks_of_a_shift_and_who_is_at_rest(at_rest, clock):
    line, before = line_of(at_rest), at_rest.get("/api/board").headers["ETag"]
    day = "2026-11-18T{}:00+08:00".format
    assert line["breaks"] == [
        {"from": day("11:45"), "until": day("12:15")},
        {"from": day("18:00"), "until": day("18:30")},
    ]
    assert line["rests_until"] == day("12:15")
    assert line_of(at_rest, "C2")["breaks"] == []
    clock.forward(15)
    assert line_of(at_rest)["rests_until"] is None
    assert at_rest.get("/api/board").headers["ETag"] != before, "open pages hear that a break is over"
    clock.forward(18 * 60 + 50)
    assert line_of(at_rest)["rests_until"] is None, "who is off duty is not at rest"


def test_an_option_says_that_its_crew_is_at_rest(at_rest):
    at_rest.report()
    rests = {each["crew"]: each["rests_until"] for each in at_rest.get("/api/tickets/T1/options").json}
    assert (rests["C1"], rests["C2"]) == ("2026-11-18T12:15:00+08:00", None)


def test_the_phone_of_a_crew_shows_its_breaks(at_rest):
    own, line = at_rest.get("/api/phone/jobs", "crew").json["crew"], line_of(at_rest)
    assert (own["breaks"], own["rests_until"]) == (line["breaks"], line["rests_until"])
    assert own["rests_until"] is not None
