from __future__ import annotations

import pytest

from tests.conftest import NOON, TOWN_HALL
from tests.web.conftest import assert_problem

LON, LAT = TOWN_HALL
LINE = {"type": "LineString", "coordinates": [[LON - 0.01, LAT], [LON + 0.01, LAT]]}
RING = [[LON - 0.01, LAT - 0.01], [LON + 0.01, LAT - 0.01], [LON, LAT + 0.01], [LON - 0.01, LAT - 0.01]]
CLOSED = {"geometry": LINE, "factor": 0, "reason": "flood"}


def shown(client):
    return client.get("/api/board").json["closures"]


def test_a_closure_is_taken_and_stands_on_the_board(client):
    answer = client.post("/api/closures", CLOSED)
    assert answer.status_code == 201, answer.text
    assert set(answer.json) == {"id", "edges"}
    assert answer.json["edges"] > 0
    assert shown(client) == [
        {"id": answer.json["id"], "geometry": LINE, "factor": 0.0, "reason": "flood"}
        | {"from": "2026-11-18T12:00:00+08:00", "until": None}
    ]


@pytest.mark.parametrize(
    "geometry",
    [
        {"type": "Polygon", "coordinates": [RING]},
        {"type": "MultiPolygon", "coordinates": [[RING]]},
        {"type": "MultiLineString", "coordinates": [LINE["coordinates"]]},
    ],
)
def test_every_line_and_area_can_be_closed(client, geometry):
    answer = client.post("/api/closures", {**CLOSED, "geometry": geometry, "factor": 0.5})
    assert answer.status_code == 201, answer.text
    assert answer.json["edges"] > 0


def test_a_closure_leaves_the_board_when_it_is_over(client, clock):
    until = "2026-11-18T14:00:00+08:00"
    told = {**CLOSED, "from": "2026-11-18T13:00:00+08:00", "until": until}
    assert client.post("/api/closures", told).status_code == 201
    tag = client.get("/api/board").headers["ETag"]
    assert [each["until"] for each in shown(client)] == [until]
    clock.at_ms = NOON + 2 * 3_600_000
    assert shown(client) == []
    assert client.get("/api/board", headers={"If-None-Match": tag}).status_code == 200


def test_a_closure_is_taken_away_once(client):
    path = f"/api/closures/{client.post('/api/closures', CLOSED).json['id']}"
    assert client.call("DELETE", path, "supervisor").status_code == 204
    assert shown(client) == []
    assert_problem(client.call("DELETE", path), 404)


def test_a_closed_town_leaves_no_crew_that_could_come(client):
    client.report()
    around = [
        [LON - 1, LAT - 1],
        [LON + 1, LAT - 1],
        [LON + 1, LAT + 1],
        [LON - 1, LAT + 1],
        [LON - 1, LAT - 1],
    ]
    client.post("/api/closures", {**CLOSED, "geometry": {"type": "Polygon", "coordinates": [around]}})
    options = client.get("/api/tickets/T1/options").json
    assert {each.get("not_possible") for each in options} <= {"unreachable", "off_shift", "skill"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"factor": 1.01}, "factor"),
        ({"factor": -1}, "factor"),
        ({"factor": "0"}, "factor"),
        ({"factor": None}, "factor"),
        ({"until": "2026-11-18T11:00:00+08:00"}, "until"),
        ({"until": "2026-11-18T14:00:00"}, "until"),
        ({"from": 5}, "from"),
        ({"reason": " "}, "reason"),
        ({"name": "x"}, "name"),
        ({"geometry": None}, "geometry"),
        ({"geometry": {"type": "Point", "coordinates": [LON, LAT]}}, "geometry"),
        (
            {"geometry": {"type": "LineString", "coordinates": [[LON, LAT]]}},
            "geometry.LineString.coordinates",
        ),
        ({"geometry": {"type": "LineString", "coordinates": [[0, 0], [1, 1]]}}, "geometry"),
        ({"geometry": {"type": "LineString", "coordinates": [[LAT, LON], [LAT, LON + 0.1]]}}, "geometry"),
        ({"geometry": {"type": "Polygon", "coordinates": [[*RING[:3], RING[1], RING[0]]]}}, "geometry"),
    ],
)
def test_a_closure_that_makes_no_sense_is_refused_by_field(client, change, field):
    problem = assert_problem(client.post("/api/closures", {**CLOSED, **change}), 422)
    assert [each["field"] for each in problem["errors"]] == [field]
    assert shown(client) == []


@pytest.mark.parametrize("missing", ["geometry", "factor", "reason"])
def test_what_is_needed_has_to_be_said(client, missing):
    body = {name: value for name, value in CLOSED.items() if name != missing}
    assert_problem(client.post("/api/closures", body), 422)


@pytest.mark.parametrize("name", ["X0", "%00", "a" * 300, "..%2F"])
def test_a_closure_nobody_made_cannot_be_opened(client, name):
    assert client.call("DELETE", f"/api/closures/{name}").status_code == 404
