from __future__ import annotations

import re
from typing import Any

import pytest

from dispatch import proposal
from dispatch.desk import assign
from dispatch.escalation import Alert
from dispatch.web import (
    shapes,
    shapes_chance,
    shapes_coverage,
    shapes_month,
    shapes_places,
    shapes_road,
    shapes_zones,
)
from tests.web.conftest import REPORT
from tests.web.test_gate import MAY

# The calls of the public interface that are served today, as users know them; names in braces may differ.
CALLS = {
    "POST /api/reports", "POST /api/reports/{}/place", "POST /api/reports/{}/merge",
    "POST /api/reports/{}/unmerge", "POST /api/reports/{}/resolve", "GET /api/board", "GET /api/events",
    "GET /api/tickets/{}", "GET /api/tickets/{}/options", "POST /api/tickets/{}/assign",
    "DELETE /api/tickets/{}/assign", "POST /api/tickets/{}/callback", "POST /api/phone/events",
    "POST /api/phone/positions", "GET /api/phone/jobs", "POST /api/outages", "GET /api/outages",
    "GET /api/months/{}", "GET /api/months/{}.xlsx", "GET /api/months/{}.csv", "GET /api/months/{}.html",
    "GET /api/health", "POST /api/closures", "DELETE /api/closures/{}",
    "POST /api/alerts/{}/acknowledge", "POST /api/alerts/acknowledge",
    "GET /api/coverage", "GET /api/standby", "POST /api/crews/{}/standby", "DELETE /api/crews/{}/standby",
}  # fmt: skip


@pytest.fixture(scope="module")
def described(still):
    return still.get("/api/openapi.json", "").json


def calls(described):
    return {
        f"{method.upper()} {re.sub(r'{.*?}', '{}', path)}": call
        for path, by_method in described["paths"].items()
        for method, call in by_method.items()
    }


def refs(part):
    if isinstance(part, dict):
        yield from ([part["$ref"]] if "$ref" in part else [])
        for value in part.values():
            yield from refs(value)
    elif isinstance(part, list):
        for value in part:
            yield from refs(value)


def test_it_is_openapi_3_1(described):
    assert described["openapi"].startswith("3.1")
    assert set(described) <= {"openapi", "info", "paths", "components", "security", "tags", "servers"}
    assert {"title", "version"} <= set(described["info"])
    assert all(path.startswith("/") for path in described["paths"])
    assert all(re.fullmatch(r"[A-Za-z0-9._-]+", name) for name in described["components"]["schemas"])


def test_every_reference_leads_somewhere_and_every_schema_is_used(described):
    schemas = described["components"]["schemas"]
    used = {ref.removeprefix("#/components/schemas/") for ref in refs(described)}
    assert used == set(schemas)


def test_every_call_has_a_name_a_sentence_and_answers(described):
    names = [call["operationId"] for call in calls(described).values()]
    assert len(set(names)) == len(names)
    for call in calls(described).values():
        assert call["summary"].endswith(".")
        assert any(code.startswith("2") for code in call["responses"])
        assert all(answer["description"] for answer in call["responses"].values())


def test_every_part_of_a_path_is_described(described):
    for path, by_method in described["paths"].items():
        for call in by_method.values():
            told = {each["name"] for each in call["parameters"] if each["in"] == "path"}
            assert told == set(re.findall(r"{(.*?)}", path))
            assert all(each["schema"] for each in call["parameters"])


def test_the_calls_of_the_public_interface_are_described(described):
    assert set(calls(described)) >= CALLS


def test_what_is_described_is_served_and_what_is_served_is_described(described):
    served = {
        f"{method} {re.sub('<.*?>', '{}', rule)}"
        for method, rule in MAY
        if rule.startswith("/api/") and rule != "/api/openapi.json"
    }
    assert set(calls(described)) == served


def test_mistakes_are_described_as_problems(described):
    for call in calls(described).values():
        for code, answer in call["responses"].items():
            if code[0] == "4":
                assert list(answer["content"]) == ["application/problem+json"]
                assert next(refs(answer)) == "#/components/schemas/Problem"


def test_a_call_with_a_body_says_how_it_can_be_wrong(described):
    for name, call in calls(described).items():
        if "requestBody" in call:
            assert {"413", "415", "422"} <= set(call["responses"]), name
            assert list(call["requestBody"]["content"]) == ["application/json"]


def test_only_health_needs_no_token(described):
    assert described["security"] == [{"token": []}]
    assert described["components"]["securitySchemes"]["token"]["scheme"] == "bearer"
    assert [name for name, call in calls(described).items() if call.get("security") == []] == [
        "GET /api/health"
    ]


def test_unknown_fields_are_refused_by_the_description_too(described):
    schemas = described["components"]["schemas"]
    bodies = {
        ref.rsplit("/", 1)[1] for call in calls(described).values() for ref in refs(call.get("requestBody"))
    }
    objects = [schemas[name] for name in bodies if schemas[name].get("type") == "object"]
    assert objects
    assert all(each["additionalProperties"] is False for each in objects)


def test_headers_and_questions_are_described(described):
    told = {
        name: {each["name"] for each in call["parameters"] if each["in"] in {"header", "query"}}
        for name, call in calls(described).items()
    }
    assert told["POST /api/reports"] == {"Idempotency-Key"}
    assert told["GET /api/events"] == {"after", "Last-Event-ID"}
    assert told["GET /api/phone/jobs"] == {"If-None-Match"}
    assert told["GET /api/board"] == {"If-None-Match", "since"}
    assert told["GET /api/places"] == {"q"}
    assert told["GET /api/months/{}.xlsx"] == told["GET /api/months/{}.html"] == {"lang"}


def test_files_and_streams_are_described_by_their_type(described):
    kinds = {
        name: next(iter(call["responses"]["200"]["content"]))
        for name, call in calls(described).items()
        if "200" in call["responses"]
    }
    assert kinds["GET /api/events"] == "text/event-stream"
    assert kinds["GET /api/months/{}.csv"] == "text/csv"
    assert kinds["GET /api/months/{}.html"] == "text/html"
    assert kinds["GET /api/months/{}.xlsx"].endswith("spreadsheetml.sheet")
    assert kinds["GET /api/months/{}"] == kinds["GET /api/board"] == "application/json"


NOON = "2026-11-18T12:00:00+08:00"
STEPS = [
    {"id": f"phone-{n:04}", "ticket": "T1", "kind": kind, "at": NOON, "seq": n}
    for n, kind in enumerate(("accepted", "departed", "arrived", "restored", "closed"))
]
NOTICE = {
    "cause": "feeder", "published_at": NOON, "from": NOON, "to": "2026-11-20T12:00:00+08:00",
    "area": {"type": "Polygon", "coordinates": [[[13, 53], [13.1, 53], [13.1, 53.1], [13, 53]]]},
}  # fmt: skip
WEATHER = {"kind": "storm", "until": "2026-11-19T12:00:00+08:00"}
CLOSURE = {
    "geometry": {"type": "LineString", "coordinates": [[13.25, 53.55], [13.27, 53.56]]},
    "factor": 0.5, "reason": "flood", "until": "2026-11-20T12:00:00+08:00",
}  # fmt: skip
# One walk through every call, in order: (shape of the answer, method, path, who, body)
WALK: list[tuple[Any, str, str, str, Any]] = [
    (shapes.AnswerOut, "POST", "/api/reports", "intake", REPORT | {"caller": {"name": "Li", "phone": "1"}}),
    (shapes.AnswerOut, "POST", "/api/reports", "dispatcher", {"fault": "meter", "address": "Turmstraße 3"}),
    (shapes.AnswerOut, "POST", "/api/reports", "dispatcher", REPORT),
    (shapes.AnswerOut, "GET", "/api/reports/R2", "auditor", None),
    (shapes.AnswerOut, "POST", "/api/reports/R2/place", "dispatcher", REPORT["place"] | {"reason": "asked"}),
    (shapes.AnswerOut, "POST", "/api/reports/R3/merge", "dispatcher", {"ticket": "T1"}),
    (shapes.AnswerOut, "POST", "/api/reports/R3/unmerge", "dispatcher", {}),
    (shapes.AnswerOut, "POST", "/api/reports/R3/resolve", "dispatcher", {"how": "by_phone", "note": "fuse"}),
    (shapes_road.OptionsOut, "GET", "/api/tickets/T1/options", "auditor", None),
    (shapes.TicketOut, "POST", "/api/tickets/T1/assign", "dispatcher", {"crew": "C2"}),
    (shapes.TicketOut, "DELETE", "/api/tickets/T1/assign", "dispatcher", {"reason": "asked"}),
    (shapes.TicketOut, "POST", "/api/tickets/T1/assign", "dispatcher", {"crew": "C1", "reason": "near"}),
    (shapes_road.StoredOut, "POST", "/api/phone/positions", "crew", []),
    (shapes_road.JobsOut, "GET", "/api/phone/jobs", "crew", None),
    (shapes_road.NotGoingOut, "GET", "/api/phone/jobs/T1/why_not", "crew", None),
    (shapes_road.StepsOut, "POST", "/api/phone/events", "crew", STEPS),
    (
        shapes.TicketOut,
        "POST",
        "/api/tickets/T1/callback",
        "dispatcher",
        {"reached": True, "power_back": False},
    ),
    (shapes_road.ClosedOut, "POST", "/api/closures", "dispatcher", CLOSURE),
    (shapes.AlertOut, "POST", "/api/alerts/A1/acknowledge", "dispatcher", {}),
    (shapes_road.StoredOut, "POST", "/api/alerts/acknowledge", "dispatcher", {"alerts": ["A1"]}),
    (shapes_road.BoardOut, "GET", "/api/board", "auditor", None),
    (shapes.TicketOut, "GET", "/api/tickets/T1", "auditor", None),
    (shapes.NoticeOut, "POST", "/api/outages", "dispatcher", NOTICE),
    (shapes.NoticesOut, "GET", "/api/outages", "auditor", None),
    (shapes_places.SuggestionsOut, "GET", "/api/places?q=Turm", "dispatcher", None),
    (shapes_places.AroundOut, "GET", "/api/places/around?lon=13.26&lat=53.56", "dispatcher", None),
    (shapes_places.AccountOut, "GET", "/api/accounts/4100000037", "dispatcher", None),
    (shapes_month.MonthOut, "GET", "/api/months/2026-11", "auditor", None),
    (shapes_road.HealthOut, "GET", "/api/health", "", None),
    (shapes_chance.CalibrationOut, "GET", "/api/calibration", "auditor", None),
    (shapes_chance.WeatherOut, "POST", "/api/weather", "dispatcher", WEATHER),
    (shapes_chance.WeathersOut, "GET", "/api/weather", "auditor", None),
    (shapes_coverage.CoverageOut, "GET", "/api/coverage", "auditor", None),
    (shapes_coverage.StandByOut, "POST", "/api/crews/C8/standby", "dispatcher", REPORT["place"]),
    (shapes_coverage.StandBysOut, "GET", "/api/standby", "auditor", None),
    (shapes_road.OutOfServiceOut, "POST", "/api/crews/C8/out_of_service", "dispatcher", {"reason": "van"}),
    (shapes_road.OutOfServiceOut, "POST", "/api/phone/out_of_service", "crew", {"reason": "van"}),
    (shapes_zones.ZonesOut, "GET", "/api/zones", "auditor", None),
    (shapes_zones.ProposalOut, "GET", "/api/zones/proposal", "auditor", None),
]


@pytest.fixture
def proposed(tmp_path, monkeypatch):
    """A proposal without cells, kept where the pages look for it."""
    monkeypatch.setattr(proposal, "KEPT", tmp_path / "proposal.geojson")
    proposal.write({"proposal": {"extract": "map.osm", "limits": {}}, "features": []}, proposal.KEPT)


@pytest.mark.usefixtures("proposed")
def test_the_answers_of_a_whole_walk_have_the_shapes_that_are_described(client, described):
    assign.replan(client.desk)
    client.desk.store.alerts.raise_all([Alert("T1", "due", 1, 1)], 1)
    seen = set()
    for shape, method, path, who, body in WALK:
        answer = client.call(method, path, who, json=body)
        assert answer.status_code in {200, 201}, (path, answer.text)
        shape.model_validate(answer.json)
        seen.add(call := f"{method} {re.sub(r'/(A|C|R|T|2026-|4100)[0-9]+', '/{}', path.partition('?')[0])}")
        told = calls(described)[call]["responses"][str(answer.status_code)]
        assert next(refs(told)) == f"#/components/schemas/{shape.__name__}"
        if method == "GET" or "phone" in path:
            assign.replan(client.desk)
    files = {name for name in calls(described) if name.endswith((".xlsx", ".csv", ".html", "/events"))}
    silent = {name for name, call in calls(described).items() if "204" in call["responses"]}
    assert seen | files | silent >= set(calls(described))
