"""A crew out of service, said by the desk and by the crew itself, as board, options and phone tell it."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from tests.web.conftest import assert_problem

OUT = "/api/crews/C1/out_of_service"
VAN = {"reason": "van broke down"}


def crew_of(client, crew="C1"):
    return next(each for each in client.get("/api/board").json["crews"] if each["id"] == crew)


def hours_ahead(client, hours):
    now = datetime.fromisoformat(client.get("/api/board").json["now"])
    return (now + timedelta(hours=hours)).isoformat()


def test_the_board_the_options_and_the_phone_say_why_and_until_when(client):
    ticket = client.report()["ticket"]
    until = hours_ahead(client, 2)
    answer = client.post(OUT, {**VAN, "until": until})
    assert answer.status_code == 200, answer.text
    said = answer.json
    assert (said["reason"], said["by"]) == ("van broke down", "dispatcher test")
    assert datetime.fromisoformat(said["until"]) == datetime.fromisoformat(until)
    assert (crew_of(client)["state"], crew_of(client)["out_of_service"]) == ("out_of_service", said)
    options = {each["crew"]: each for each in client.get(f"/api/tickets/{ticket}/options").json}
    assert (options["C1"]["not_possible"], options["C1"]["out_of_service"]) == ("out_of_service", said)
    assert options["C2"]["out_of_service"] is None
    assert client.get("/api/phone/jobs", "crew").json["crew"]["out_of_service"] == said
    assert client.call("DELETE", f"{OUT}/{said['id']}").status_code == 204
    assert client.call("DELETE", f"{OUT}/{said['id']}").status_code == 204
    assert_problem(client.call("DELETE", f"{OUT}/{said['id']}", "supervisor"), 409)
    assert crew_of(client)["out_of_service"] is None


def test_a_page_that_knows_the_board_is_sent_the_crew_that_went_out(client):
    tag = client.get("/api/board").json["tag"]
    client.post(OUT, VAN)
    news = client.get(f"/api/board?since={tag}").json
    assert [(each["id"], each["state"]) for each in news["crews"]] == [("C1", "out_of_service")]


def test_the_desk_takes_back_what_it_was_told_unless_it_says_otherwise(client):
    first, second = client.report()["ticket"], client.report()["ticket"]
    for ticket, crew in ((first, "C1"), (second, "C2")):
        client.post(f"/api/tickets/{ticket}/assign", {"crew": crew})
    client.post(OUT, VAN)
    client.post("/api/crews/C2/out_of_service", {**VAN, "release": False})
    assert client.get(f"/api/tickets/{first}").json["state"] == "waiting"
    last = client.get(f"/api/tickets/{first}").json["timeline"][-1]
    assert (last["kind"], last["body"]["code"], last["body"]["reason"]) == (
        "taken_back",
        "out_of_service",
        "van broke down",
    )
    why = client.get(f"/api/phone/jobs/{first}/why_not", "crew").json
    assert (why["code"], why["reason"]) == ("out_of_service", "van broke down")
    assert client.get(f"/api/tickets/{second}").json["crew"] == "C2"


def test_a_crew_says_so_itself_and_ends_it_and_the_desk_decides_on_its_ticket(client):
    ticket = client.report()["ticket"]
    client.post(f"/api/tickets/{ticket}/assign", {"crew": "C1"})
    assert_problem(client.post("/api/phone/out_of_service", {**VAN, "release": True}, "crew"), 422)
    said = client.post("/api/phone/out_of_service", VAN, "crew").json
    assert client.post("/api/phone/out_of_service", VAN, "crew").json == said
    assert (said["by_crew"], crew_of(client)["out_of_service"]["by_crew"]) == (True, True)
    assert client.get(f"/api/tickets/{ticket}").json["crew"] == "C1"
    shown = client.post(OUT, VAN)
    assert_problem(shown, 409)
    assert (shown.json["code"], shown.json["facts"]["said"]) == ("out_already", said["id"])
    changed = client.post(OUT, {"reason": "new van comes", "replaces": said["id"]}).json
    assert not changed["by_crew"]
    assert client.get(f"/api/tickets/{ticket}").json["state"] == "waiting"
    assert client.call("DELETE", f"/api/phone/out_of_service/{changed['id']}", "crew").status_code == 204
    assert crew_of(client)["state"] in {"free", "off"}


@pytest.mark.parametrize(
    ("crew", "body", "status"),
    [
        ("C99", VAN, 404),
        ("C1", {}, 422),
        ("C1", {"reason": "   "}, 422),
        ("C1", {"reason": "x" * 201}, 422),
        ("C1", {**VAN, "until": "2026-10-03T08:15:00"}, 422),
        ("C1", {**VAN, "until": "2001-10-03T08:15:00+08:00"}, 422),
        ("C1", {**VAN, "until": "2199-10-03T08:15:00+08:00"}, 422),
        ("C1", {**VAN, "release": "yes"}, 422),
        ("C1", {**VAN, "why": "x"}, 422),
        ("C1", {**VAN, "replaces": "O77"}, 409),
    ],
)
def test_what_makes_no_sense_is_refused(client, crew, body, status):
    assert_problem(client.post(f"/api/crews/{crew}/out_of_service", body), status)
