from __future__ import annotations

import pytest

from tests.conftest import TOWN_HALL
from tests.web.conftest import assert_problem

PLACE = {"lon": TOWN_HALL[0], "lat": TOWN_HALL[1]}


def test_a_crew_is_asked_to_wait_and_its_phone_says_where(client):
    answer = client.post("/api/crews/C1/standby", PLACE)
    assert answer.status_code == 200, answer.text
    made = answer.json
    assert (made["crew"], made["lon"], made["lat"], made["by"]) == ("C1", *TOWN_HALL, "dispatcher test")
    assert client.get("/api/standby").json["standing"] == [made]
    assert client.get("/api/phone/jobs", "crew").json["stand_by"] == made
    assert client.call("DELETE", "/api/crews/C1/standby").status_code == 204
    assert client.get("/api/phone/jobs", "crew").json["stand_by"] is None
    assert_problem(client.call("DELETE", "/api/crews/C1/standby"), 404)


def test_nothing_changed_is_not_sent_twice(client):
    tag = client.get("/api/standby").headers["ETag"]
    assert client.get("/api/standby", headers={"If-None-Match": tag}).status_code == 304
    client.post("/api/crews/C1/standby", PLACE)
    assert client.get("/api/standby", headers={"If-None-Match": tag}).status_code == 200


@pytest.mark.parametrize(
    ("crew", "body", "status"),
    [
        ("C99", PLACE, 404),
        ("C1", {"lon": 13.2}, 422),
        ("C1", {**PLACE, "reason": "x"}, 422),
        ("C1", {"lon": 0.0, "lat": 0.0}, 422),
        ("C1", {**PLACE, "lat": 91}, 422),
    ],
)
def test_what_makes_no_sense_is_refused(client, crew, body, status):
    assert_problem(client.post(f"/api/crews/{crew}/standby", body), status)
