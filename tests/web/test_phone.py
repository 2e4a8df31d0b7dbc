from __future__ import annotations

import pytest

from tests.conftest import TOWN_HALL, make_token
from tests.web.conftest import assert_problem

NOON = "2026-11-18T12:00:00+08:00"
FIX = {"lon": TOWN_HALL[0], "lat": TOWN_HALL[1], "accuracy_m": 8, "at": NOON}


@pytest.fixture
def told(client):
    """C1 has been sent to T1."""
    client.report(caller={"name": "Zhang Wei", "phone": "030-1234567转801"}, note="dark stairs")
    client.post("/api/tickets/T1/assign", {"crew": "C1"})
    return client


def step(kind, seq, **more):
    return {"id": f"phone-1-{seq:04}", "ticket": "T1", "kind": kind, "at": NOON, "seq": seq, **more}


def send(client, *steps):
    answer = client.post("/api/phone/events", list(steps), "crew")
    assert answer.status_code == 200, answer.text
    return answer.json


def test_a_crew_sees_its_own_jobs_with_whom_to_call(told):
    jobs = told.get("/api/phone/jobs", "crew").json
    assert jobs["crew"]["id"] == "C1"
    job = jobs["jobs"][0]
    assert (job["id"], job["note"], job["caller"]["phone"]) == ("T1", "dark stairs", "030-1234567转801")
    assert job["route_url"].startswith("geo:53.557")


def test_a_crew_does_not_see_the_jobs_of_another(told):
    other = make_token(told.desk, "crew", "C2")
    assert told.get("/api/phone/jobs", "", headers=other).json["jobs"] == []


def test_a_crew_may_ask_why_a_job_is_its_own_no_more(told):
    path = "/api/phone/jobs/T1/why_not"
    assert told.get(path, "crew").json == {
        "ticket": "T1",
        "at": None,
        "code": None,
        "about": "",
        "reason": "",
    }
    instead = {"crew": "C2", "reason": "knows the house", "replaces": "C1"}
    assert told.post("/api/tickets/T1/assign", instead).status_code == 200
    said = told.get(path, "crew").json
    assert (said["code"], said["about"], said["reason"]) == (
        "sent_instead",
        "城区抢修二班",
        "knows the house",
    )
    told.post("/api/tickets/T1/assign", {"crew": "C1", "replaces": "C2"})
    told.call("DELETE", "/api/tickets/T1/assign")
    said = told.get(path, "crew").json
    assert (said["code"], said["about"], said["reason"]) == ("", "", "")


def test_of_a_ticket_it_was_never_sent_to_a_crew_learns_nothing(told):
    other = make_token(told.desk, "crew", "C2")
    assert_problem(told.get("/api/phone/jobs/T1/why_not", "", headers=other), 404)
    assert_problem(told.get("/api/phone/jobs/T9/why_not", "crew"), 404)


def test_a_crew_signed_in_by_name_sees_the_same_jobs(told):
    browser = told.browser("crew1")
    assert 'data-crew="C1"' in browser.get("/phone").text
    assert [job["id"] for job in browser.get("/api/phone/jobs").json["jobs"]] == ["T1"]


def test_the_steps_of_a_trip_are_stored_and_shown(told):
    kinds = ("accepted", "departed", "arrived", "restored", "closed")
    sent = send(told, *(step(kind, n, fix=FIX) for n, kind in enumerate(kinds)))
    assert [each["result"] for each in sent] == ["stored"] * 5
    ticket = told.get("/api/tickets/T1").json
    assert ticket["state"] == "closed"
    assert ticket["visits"][0]["arrived_at"] == NOON
    assert ticket["visits"][0]["evidence"] == "B"
    assert ticket["reports"][0]["verdict"] == "kept"


def test_a_step_keeps_the_ids_of_its_photos(told):
    send(told, step("accepted", 1), step("arrived", 2, photos=["photo-0001", "photo-0002"]))
    arrived = told.get("/api/tickets/T1").json["timeline"][-1]
    assert (arrived["kind"], arrived["body"]["photos"]) == ("arrived", ["photo-0001", "photo-0002"])


def test_a_step_sent_twice_is_stored_once(told):
    assert send(told, step("accepted", 1))[0]["result"] == "stored"
    head = told.desk.store.tickets.head()
    assert send(told, step("accepted", 1))[0]["result"] == "duplicate"
    assert told.desk.store.tickets.head() == head


def test_one_refused_step_holds_up_no_other(told):
    sent = send(told, step("accepted", 1), {**step("arrived", 2), "ticket": "T99"}, step("departed", 3))
    assert [each["result"] for each in sent] == ["stored", "refused", "stored"]
    assert "T99" in sent[1]["reason"]
    assert (sent[1]["code"], sent[1]["facts"]) == ("no_such_ticket", {"ticket": "T99"})


def test_a_step_that_cannot_be_read_holds_up_no_other_and_says_what_is_wrong_with_it(told):
    odd = {**step("arrived", 2), "at": "2026-11-18T12:00:00"}
    sent = send(
        told, step("accepted", 1), odd, 5, {**step("restored", 4), "id": "no id"}, step("departed", 3)
    )
    assert [each["result"] for each in sent] == ["stored", "refused", "refused", "refused", "stored"]
    assert [each["id"] for each in sent] == ["phone-1-0001", "phone-1-0002", "", "", "phone-1-0003"]
    assert sent[1]["reason"].startswith("at: needs an offset")
    assert [each["code"] for each in sent] == ["", *["step_unreadable"] * 3, ""]
    assert sent[1]["facts"] == {"fields": "at"}
    assert told.get("/api/tickets/T1").json["state"] == "departed"


def test_a_step_nobody_knows_is_refused_with_a_code_for_a_phone_of_any_language(told):
    sent = send(told, {**step("arrived", 1), "kind": "flown", "wings": 2})
    assert (sent[0]["result"], sent[0]["code"]) == ("refused", "step_unreadable")
    assert sent[0]["facts"] == {"fields": "kind, wings"}


def test_a_crew_cannot_report_steps_of_a_ticket_it_was_never_given(told):
    other = make_token(told.desk, "crew", "C2")
    answer = told.post("/api/phone/events", [step("arrived", 1)], "", headers=other)
    refused = answer.json[0]
    assert (refused["result"], refused["code"]) == ("refused", "never_given")
    assert refused["facts"] == {"ticket": "T1", "crew": "C2"}
    assert told.get("/api/tickets/T1").json["state"] == "assigned"


def test_nothing_to_say_is_fine(client):
    assert send(client) == []
    assert client.post("/api/phone/positions", [], "crew").json == {"stored": 0}


def test_only_a_newer_position_is_news(client):
    place = {"at": NOON, "lon": 13.26, "lat": 53.55, "accuracy_m": 9}
    assert client.post("/api/phone/positions", [place], "crew").json == {"stored": 1}
    assert client.post("/api/phone/positions", [place], "crew").json == {"stored": 0}
    crew = client.get("/api/board").json["crews"][0]
    assert crew["position"] == place


def test_the_page_is_there_for_a_phone_that_is_not_paired_yet(client):
    page = client.browser().get("/phone")
    assert page.status_code == 200
    assert 'data-crew=""' in page.text


def test_a_sign_in_of_the_desk_has_no_jobs(client):
    assert_problem(client.get("/api/phone/jobs", "dispatcher"), 403)
    assert 'data-crew=""' in client.browser("dispatcher").get("/phone").text
