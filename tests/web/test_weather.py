"""Severe weather over HTTP: declared and ended by the desk, read by the auditor, refused by field."""

from __future__ import annotations

import pytest

from tests.conftest import NOON
from tests.web.conftest import assert_problem

STORM = {"kind": "storm", "until": "2026-11-18T16:00:00+08:00"}


def listed(client, who="auditor"):
    return client.get("/api/weather", who).json["weather"]


def test_a_weather_is_declared_and_listed(client):
    made = client.post("/api/weather", STORM)
    assert made.status_code == 201, made.text
    assert made.json == {
        "id": "W1",
        "kind": "storm",
        "from": "2026-11-18T12:00:00+08:00",
        "until": STORM["until"],
        "by": made.json["by"],
        "state": "holds",
        "ended_at": None,
        "ended_by": "",
    }
    assert listed(client) == [made.json]


def test_a_weather_is_ended_once_and_stays_listed(client, clock):
    path = f"/api/weather/{client.post('/api/weather', STORM).json['id']}"
    clock.at_ms = NOON + 3_600_000
    assert client.call("DELETE", path, "supervisor").status_code == 204
    [ended] = listed(client)
    assert (ended["state"], ended["ended_at"]) == ("over", "2026-11-18T13:00:00+08:00")
    assert_problem(client.call("DELETE", path), 409)


def test_a_weather_to_come_is_withdrawn(client):
    told = {**STORM, "from": "2026-11-18T14:00:00+08:00"}
    made = client.post("/api/weather", told).json
    assert made["state"] == "to_come"
    client.call("DELETE", f"/api/weather/{made['id']}")
    assert [each["state"] for each in listed(client)] == ["withdrawn"]


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"kind": " "}, "kind"),
        ({"kind": ""}, "kind"),
        ({"kind": "x" * 41}, "kind"),
        ({"kind": 5}, "kind"),
        ({"kind": "a\u0007"}, "kind"),
        ({"until": "2026-11-18T16:00:00"}, "until"),
        ({"until": "2026-11-18T11:00:00+08:00"}, "until"),
        ({"until": "2062-11-18T11:00:00+08:00"}, "until"),
        ({"from": "2026-11-18T17:00:00+08:00"}, "until"),
        ({"from": 5}, "from"),
        ({"place": "here"}, "place"),
    ],
)
def test_a_weather_that_makes_no_sense_is_refused_by_field(client, change, field):
    problem = assert_problem(client.post("/api/weather", {**STORM, **change}), 422)
    assert [each["field"] for each in problem["errors"]] == [field]
    assert listed(client) == []


def test_an_end_has_to_be_said(client):
    assert_problem(client.post("/api/weather", {"kind": "storm"}), 422)


@pytest.mark.parametrize("name", ["W0", "%00", "a" * 300, "..%2F"])
def test_a_weather_nobody_declared_cannot_be_ended(client, name):
    assert client.call("DELETE", f"/api/weather/{name}").status_code == 404


def test_the_page_has_a_place_for_it_and_says_why_a_demo_is_empty(client):
    page = client.get("/calibration", "supervisor").text
    assert 'id="weather"' in page
    assert "模拟来电的出车不计入" in page
