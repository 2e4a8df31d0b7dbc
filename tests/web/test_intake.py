from __future__ import annotations

import pytest

from tests.cli.test_ask import ODD
from tests.conftest import VILLAGE
from tests.web.conftest import REPORT, assert_problem

MILL = "where the old mill was"
SCRIPT = "<script>alert('停电')</script>"


def post(client, body, key, who="dispatcher"):
    return client.post("/api/reports", body, who, headers={"Idempotency-Key": key})


def test_the_same_key_and_body_answer_for_the_first_report(client):
    first, second = (post(client, REPORT, "call-1") for _ in range(2))
    assert first.status_code == second.status_code == 201
    assert first.json["report"] == second.json["report"] == "R1"
    assert len(client.get("/api/board").json["tickets"]) == 1


def test_the_same_key_with_another_body_is_a_conflict(client):
    post(client, REPORT, "call-1")
    assert_problem(post(client, {**REPORT, "fault": "meter"}, "call-1"), 409)
    assert len(client.get("/api/board").json["tickets"]) == 1


def test_another_key_makes_another_report(client):
    assert post(client, REPORT, "call-1").json["report"] != post(client, REPORT, "call-2").json["report"]


def test_two_programs_may_use_the_same_key(client):
    ours, theirs = (post(client, REPORT, "1", who) for who in ("dispatcher", "intake"))
    assert ours.json["report"] != theirs.json["report"]


def test_a_refused_body_uses_no_key_up(client):
    assert post(client, {"fault": "x"}, "call-1").status_code == 422
    assert post(client, REPORT, "call-1").status_code == 201


@pytest.mark.parametrize(("key", "status"), [("k" * 200, 201), ("k" * 201, 422), ("é/'\"", 201)])
def test_a_key_has_at_most_200_characters(client, key, status):
    assert post(client, REPORT, key).status_code == status


def test_the_promise_follows_the_zone_and_runs_from_the_call(client):
    told = client.report(
        place={"lon": VILLAGE[0], "lat": VILLAGE[1]}, received_at="2026-11-18T11:30:00+08:00"
    )
    assert told["outcome"] == "dispatchable"
    assert told["zone"] == "rural"
    assert told["promise"] == {
        "policy": "state-grid", "version": "1", "minutes": 90, "due_at": "2026-11-18T13:00:00+08:00",
    }  # fmt: skip


def test_whoever_reports_is_told_what_is_doubtful_about_the_zone(client):
    nowhere = {"fault": "no_power", "place": {"lon": 13.05, "lat": 53.5}}  # 3 km beyond the area
    told = client.post("/api/reports", nowhere).json
    assert (told["zone"], told["doubt"]) == ("urban", "no_polygon")
    assert client.post("/api/reports", REPORT).json["doubt"] == ""


def test_whoever_pins_another_county_is_asked_again(client):
    told = client.post("/api/reports", {"fault": "no_power", "place": {"lon": 0.0, "lat": 0.0}}).json
    assert (told["outcome"], told["zone"], told["promise"], told["doubt"]) == (
        "needs_place",
        None,
        None,
        "outside",
    )
    refused = client.post(f"/api/reports/{told['report']}/place", {"lon": 53.55, "lat": 13.26})
    assert_problem(refused, 422)
    assert "swapped" in refused.json["detail"]


def test_a_report_without_a_place_waits_for_the_desk_and_is_promised_from_the_call(client, clock):
    told = client.report(place=None, address="somewhere behind the mill")
    assert told["outcome"] == "needs_place"
    assert told["promise"] is None
    clock.forward(10)
    fixed = client.post(f"/api/reports/{told['report']}/place", REPORT["place"]).json
    assert fixed["outcome"] == "dispatchable"
    assert fixed["promise"]["due_at"] == "2026-11-18T12:45:00+08:00"


def test_a_place_in_another_datum_is_converted_at_the_door(client):
    told = client.report(place={**REPORT["place"], "datum": "gcj02"})
    moved = abs(told["place"]["lon"] - REPORT["place"]["lon"])
    assert 0.0001 < moved < 0.02


def test_a_merged_report_keeps_its_clock_and_can_be_given_back(client, clock):
    first = client.report()
    clock.forward(5)
    second = client.report()
    assert [near["ticket"] for near in second["nearby"]] == [first["ticket"]]
    merged = client.post(f"/api/reports/{second['report']}/merge", {"ticket": first["ticket"]}).json
    assert merged["outcome"] == "merged"
    assert merged["ticket"] == first["ticket"]
    assert merged["promise"] == second["promise"]
    parted = client.call("POST", f"/api/reports/{second['report']}/unmerge").json
    assert parted["ticket"] == second["ticket"]
    assert parted["promise"] == second["promise"]


def test_a_report_answered_by_phone_needs_no_trip(client):
    told = client.report()
    client.post(f"/api/reports/{told['report']}/resolve", {"how": "customer_side", "note": "own fuse"})
    assert client.get("/api/board").json["tickets"] == []
    report = client.get(f"/api/tickets/{told['ticket']}").json["reports"][0]
    assert (report["resolved"], report["verdict"]) == ("customer_side", "no_trip")


def test_a_notice_over_the_place_and_time_explains_a_report(client):
    lon, lat = VILLAGE
    ring = [[lon - 0.01, lat - 0.01], [lon + 0.01, lat - 0.01], [lon, lat + 0.01], [lon - 0.01, lat - 0.01]]
    notice = {
        "cause": "feeder", "published_at": "2026-11-10T08:00:00+08:00", "from": "2026-11-18T11:00:00+08:00",
        "to": "2026-11-18T15:00:00+08:00", "area": {"type": "Polygon", "coordinates": [ring]},
    }  # fmt: skip
    published = client.post("/api/outages", notice)
    assert published.status_code == 201
    told = client.report(place={"lon": lon, "lat": lat})
    assert told["outcome"] == "planned_outage"
    assert told["outage"] == published.json
    assert published.json in client.get("/api/outages").json


def test_a_notice_without_an_id_gets_a_free_one(client):
    known = {each["id"] for each in client.get("/api/outages").json}
    notice = {
        "cause": "feeder", "published_at": "2026-11-10T08:00:00+08:00", "from": "2026-11-20T08:00:00+08:00",
        "to": "2026-11-20T12:00:00+08:00",
        "area": {"type": "MultiPolygon", "coordinates": [[[[13, 53], [13.1, 53], [13.1, 53.1], [13, 53]]]]},
    }  # fmt: skip
    given = client.post("/api/outages", notice).json["id"]
    assert given not in known
    assert_problem(client.post("/api/outages", {**notice, "id": given}), 409)


def test_what_a_caller_said_is_shown_as_text_wherever_it_is_shown(client):
    client.report(note=SCRIPT, address=SCRIPT, caller={"name": SCRIPT, "phone": "1"})
    browser = client.browser("supervisor")
    for path in ("/", "/ticket/T1", "/month/2026-11", "/api/months/2026-11.html", "/intake"):
        page = browser.get(path).text
        assert "<script>alert" not in page
    browser.get("/ticket/%3Cscript%3Ealert(1)%3C/script%3E")


@pytest.mark.parametrize(
    "path", ["/ticket/%3Cscript%3Ealert(1)%3C%2Fscript%3E", "/signin?next=/%22%3E%3Cscript%3Ealert"]
)
def test_what_stands_in_an_address_is_shown_as_text(client, path):
    assert "<script>alert" not in client.browser("dispatcher").get(path).text


def test_the_account_is_found_by_number_and_by_phone(client):
    account = client.get("/api/accounts/4100000037").json
    assert account["address"] == "Hauptstraße 1, Pragsdorf"
    assert client.get(f"/api/accounts/{account['phone']}").json == account


def test_places_are_suggested_as_they_are_typed(client):
    assert client.get("/api/places?q=Turmstr").json[0]["label"].startswith("Turmstraße")
    for nothing in ("", "?q=", "?q=%00", "?q=" + "a" * 20_000, "?q=%ED%A0%80", "?q=%22%27;--%25_*"):
        assert client.get(f"/api/places{nothing}").json == []


@pytest.mark.parametrize("text", [each for each in ODD if len(each) <= 1000 and each.isprintable()])
def test_an_address_in_any_script_and_with_any_operator_is_sought_and_taken(client, text):
    assert client.get("/api/places", query_string={"q": text}).status_code == 200
    told = client.report(place=None, address=text)
    assert told["outcome"] in {"needs_place", "dispatchable"}
    assert client.get(f"/api/tickets/{told['ticket']}").json["address"] == text


def test_a_number_that_is_typed_finds_its_account(client):
    (found, *_) = client.get("/api/places?q=4100000037").json
    assert (found["kind"], found["account_no"]) == ("account", "4100000037")
    assert found["label"].endswith("Hauptstraße 1, Pragsdorf")


def test_what_is_known_around_a_place_is_told_while_a_call_is_typed(client):
    told = client.report()
    lon, lat = REPORT["place"]["lon"], REPORT["place"]["lat"]
    (near,) = client.get(f"/api/places/around?lon={lon}&lat={lat}").json["tickets"]
    assert (near["ticket"], near["distance_m"], near["state"]) == (told["ticket"], 0.0, "waiting")


@pytest.mark.parametrize(
    "asked", ["", "?lon=13", "?lon=x&lat=53", "?lon=NaN&lat=53", "?lon=53.5&lat=130", "?lon=1e400&lat=0"]
)
def test_around_no_place_is_a_problem_that_says_what_to_give(client, asked):
    assert_problem(client.get(f"/api/places/around{asked}"), 422)


def test_every_attempt_to_find_a_report_is_shown_with_what_came_of_it(client):
    told = client.report(place=None, account_no="9999", address="?")
    client.post(f"/api/reports/{told['report']}/place", {**REPORT["place"], "datum": "gcj02"})
    (report,) = client.get(f"/api/tickets/{told['ticket']}").json["reports"]
    shown = [(each["method"], each["result"], each["datum"]) for each in report["attempts"]]
    assert shown == [
        ("account", "unknown", "wgs84"), ("address", "unknown", "wgs84"), ("pin", "taken", "gcj02"),
    ]  # fmt: skip
    assert {each["at"][-6:] for each in report["attempts"]} == {"+08:00"}
    pin = report["attempts"][-1]
    assert pin["confirmed_by"] == report["place"]["by"]
    assert (pin["lon"], pin["lat"]) == (report["place"]["lon"], report["place"]["lat"])
    assert pin["raw"] == f"{REPORT['place']['lon']}, {REPORT['place']['lat']}"


def test_a_report_of_one_zone_is_promised_while_its_place_is_still_asked_for(client):
    client.post(f"/api/reports/{client.report(place=None, address=MILL)['report']}/place", REPORT["place"])
    told = client.report(place=None, address=MILL)
    assert (told["outcome"], told["place"], told["zone"]) == ("needs_place", None, "urban")
    assert told["promise"]["minutes"] == 45
    on_board = next(each for each in client.get("/api/board").json["tickets"] if each["id"] == told["ticket"])
    assert (on_board["state"], on_board["due_at"]) == ("needs_place", told["promise"]["due_at"])
    moved = client.post(f"/api/reports/{told['report']}/place", {"lon": VILLAGE[0], "lat": VILLAGE[1]}).json
    assert (moved["outcome"], moved["promise"]) == ("dispatchable", told["promise"])
    assert client.get(f"/api/tickets/{told['ticket']}").json["doubt"] == "zone_differs"


def test_a_transformer_said_with_the_call_finds_the_place(client):
    client.desk.store.company.put_transformers([{"id": "T 1", "name": "x", "lon": 13.26, "lat": 53.55}])
    assert client.report(place=None, transformer="T 1")["place"]["method"] == "transformer"
