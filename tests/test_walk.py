"""One repair report walks from the call to the month's table: over HTTP and the command line, on a real town.

Read it as a story. Nothing here looks inside: the two processes run as they do for a company, the dispatcher,
the crew and the partner's program speak HTTP, the supervisor uses the command line.
"""

from __future__ import annotations

import csv
import json
import time
import tomllib
import uuid
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from openpyxl import load_workbook

from dispatch.clock import now_ms
from tests.conftest import EXTRACT, VILLAGE, copy_of, dispatch, start_server, stop_server, where_it_is_morning

TOWN_ACCOUNT = "4100000074"  # Greifstraße 92, Neubrandenburg


@pytest.fixture(scope="module")
def town(sample_config, tmp_path_factory):
    """Dispatch at work in the sample town, for every part of the story; proved sound at the end."""
    home = tmp_path_factory.mktemp("walk")
    where_it_is_morning(copy_of(sample_config, home))
    running = start_server(home / "config.toml", home / "server.log")
    yield running
    stop_server(running)
    proved = dispatch(home / "config.toml", "check")
    assert proved.returncode == 0, proved.stderr
    assert proved.stdout.startswith("sound: ")


def now(ahead_min=0.0):
    """ISO time so many minutes from now."""
    return moment(ahead_min).isoformat()


def moment(ahead_min):
    return datetime.fromtimestamp(now_ms() / 1000, UTC) + timedelta(minutes=ahead_min)


def this_month(town):
    """The calendar month in the company's time zone."""
    zone = tomllib.loads(town.config_file.read_text(encoding="utf-8"))["service"]["timezone"]
    return f"{moment(0).astimezone(ZoneInfo(zone)):%Y-%m}"


def report(town, who="dispatcher", **said):
    """Somebody calls; what they were told."""
    answer = town.call("POST", "/api/reports", who, json={"fault": "no_power", **said})
    assert answer.status_code == 201, answer.text
    return answer.json()


def ticket(town, name):
    return town.call("GET", f"/api/tickets/{name}").json()


def wait_for_crew(town, name):
    """The planner sends somebody by itself; how long that took is measured in `make bench`, not here."""
    for _ in range(200):
        if crew := ticket(town, name)["crew"]:
            return crew
        time.sleep(0.05)
    pytest.fail(f"no crew was sent to {name} within 10 s")


def step(kind, name, seq, place=None):
    """One tap on the crew's phone, with the phone's own id and time."""
    said = {"id": uuid.uuid4().hex, "ticket": name, "kind": kind, "at": now(), "seq": seq}
    if place:
        said["fix"] = {"lon": place["lon"], "lat": place["lat"], "accuracy_m": 8.0, "at": now()}
    return said


def taps(town, crew, *steps):
    answer = town.call("POST", "/api/phone/events", "crew", crew, json=list(steps))
    assert answer.status_code == 200, answer.text
    return [each["result"] for each in answer.json()]


def repair(town, crew, told, seq=0):
    """The crew accepts, drives, arrives, restores and closes."""
    name, place = told["ticket"], told["place"]
    kinds = ("accepted", "departed", "arrived", "restored", "closed")
    steps = [step(kind, name, seq + n, place if kind == "arrived" else None) for n, kind in enumerate(kinds)]
    assert taps(town, crew, *steps) == ["stored"] * 5
    return steps


def counted(town):
    """How many reports the month holds."""
    return town.call("GET", f"/api/months/{this_month(town)}").json()["counts"]["reports"]


def kinds(town, name):
    return [event["kind"] for event in ticket(town, name)["timeline"]]


def test_one_report_walks_from_the_call_to_the_month(town, tmp_path):
    # A customer calls the hotline. The account says where: a street in town, so 45 minutes from the call.
    told = report(town, account_no=TOWN_ACCOUNT, caller={"name": "王敏", "phone": "95598"})
    assert told["outcome"] == "dispatchable"
    assert told["place"]["method"] == "account"
    assert (told["zone"], told["promise"]["minutes"]) == ("urban", 45)
    name = told["ticket"]

    # The planner sends a crew that has the skill, by road, and says why this one and not another.
    crew = wait_for_crew(town, name)
    shown = ticket(town, name)
    assert shown["assignment"]["by"] == "planner"
    assert shown["assignment"]["reasons"]["others"], "a choice that names no other explains nothing"
    due = datetime.fromisoformat(shown["due_at"])
    assert due - datetime.fromisoformat(shown["opened_at"]) == timedelta(minutes=45)

    # The board shows it, the phone shows it, with who called.
    assert name in {each["id"] for each in town.call("GET", "/api/board").json()["tickets"]}
    [job] = town.call("GET", "/api/phone/jobs", "crew", crew).json()["jobs"]
    assert (job["id"], job["caller"]["name"]) == (name, "王敏")

    # The crew goes. A phone that sends everything a second time changes nothing.
    steps = repair(town, crew, told)
    assert taps(town, crew, *steps) == ["duplicate"] * 5
    shown = ticket(town, name)
    assert (shown["state"], shown["visits"][0]["evidence"]) == ("closed", "B")

    # The desk calls back, the customer is satisfied.
    answer = town.call("POST", f"/api/tickets/{name}/callback", json={"reached": True, "power_back": True})
    assert answer.json()["state"] == "archived"
    assert kinds(town, name) == [
        "received", "located", "promised", "assigned",
        "accepted", "departed", "arrived", "restored", "closed", "called_back",
    ]  # fmt: skip

    # The month counts it, the same in every file and on the interface.
    month = this_month(town)
    town.command("export", month, "--out", str(tmp_path), "--lang", "en")
    with (tmp_path / "reports.csv").open(encoding="utf-8-sig", newline="") as file:
        row = next(row for row in csv.DictReader(file) if row["report"] == told["report"])
    assert (row["verdict"], row["zone"], row["evidence"], row["crew"]) == ("kept", "urban", "B", crew)
    written = json.loads((tmp_path / "month.json").read_text(encoding="utf-8"))
    assert written == town.call("GET", f"/api/months/{month}").json()
    urban = next(each for each in written["rows"] if each["item"] == "urban_arrival")
    assert urban["total"] >= 1
    assert load_workbook(tmp_path / "month.xlsx").sheetnames
    assert "</table>" in (tmp_path / "month.html").read_text(encoding="utf-8")


def test_a_caller_under_a_planned_outage_is_told_so_and_nobody_drives(town):
    lon, lat = VILLAGE
    ring = [[lon - 0.01, lat - 0.01], [lon + 0.01, lat - 0.01], [lon, lat + 0.01], [lon - 0.01, lat - 0.01]]
    notice = {
        "kind": "planned",
        "cause": "更换变压器 transformer replacement",
        "published_at": now(-60 * 24 * 8),
        "from": now(-60),
        "to": now(120),
        "area": {"type": "Polygon", "coordinates": [ring]},
    }
    assert town.call("POST", "/api/outages", json=notice).status_code == 201

    told = report(town, place={"lon": lon, "lat": lat})
    assert told["outcome"] == "planned_outage"
    assert told["outage"]["cause"] == notice["cause"]
    assert told["promise"] is None
    assert ticket(town, told["ticket"])["state"] == "no_trip"
    assert told["ticket"] not in {each["id"] for each in town.call("GET", "/api/board").json()["tickets"]}


def test_an_address_is_found_in_the_gazetteer_and_an_unclear_one_waits_for_the_pin(town):
    assert report(town, address="Greifstraße 92, Neubrandenburg")["place"]["method"] == "address"

    told = report(town, address="Hauptstraße")  # many villages have one
    assert (told["outcome"], told["promise"]) == ("needs_place", None)
    assert told["candidates"]
    received = next(e for e in ticket(town, told["ticket"])["timeline"] if e["kind"] == "received")

    pinned = town.call("POST", f"/api/reports/{told['report']}/place", json={"lon": 13.3990, "lat": 53.4600})
    assert pinned.json()["outcome"] == "dispatchable"
    minutes = pinned.json()["promise"]["minutes"]
    due = datetime.fromisoformat(pinned.json()["promise"]["due_at"])
    assert due - datetime.fromisoformat(received["at"]) == timedelta(minutes=minutes), "from the call"


def test_neighbours_who_call_for_the_same_fault_share_one_trip_and_keep_their_own_clocks(town):
    first = report(town, place={"lon": 13.2612, "lat": 53.5571}, received_at=now(-20))
    second = report(town, place={"lon": first["place"]["lon"] + 0.0005, "lat": first["place"]["lat"]})
    assert first["ticket"] in {near["ticket"] for near in second["nearby"]}

    merged = town.call("POST", f"/api/reports/{second['report']}/merge", json={"ticket": first["ticket"]})
    assert (merged.json()["outcome"], merged.json()["ticket"]) == ("merged", first["ticket"])
    assert ticket(town, second["ticket"])["state"] == "merged"
    crew = wait_for_crew(town, first["ticket"])
    repair(town, crew, first, seq=50)

    reports = ticket(town, first["ticket"])["reports"]
    assert [each["id"] for each in reports] == [first["report"], second["report"]]
    assert len({each["promise"]["due_at"] for each in reports}) == 2
    assert {each["arrived_at"] for each in reports} == {reports[0]["arrived_at"]}


def test_the_dispatcher_sends_whom_he_likes_and_two_at_once_cannot_both_win(town):
    told = report(town, account_no=TOWN_ACCOUNT)
    wait_for_crew(town, told["ticket"])
    ranked = town.call("GET", f"/api/tickets/{told['ticket']}/options").json()
    able = [each["crew"] for each in ranked if "not_possible" not in each]
    unable = [each for each in ranked if "not_possible" in each]
    arrivals = [each["arrives_at"] for each in ranked if "not_possible" not in each]
    assert arrivals == sorted(arrivals)
    assert all(each["not_possible"] for each in unable)

    path = f"/api/tickets/{told['ticket']}/assign"
    mine = town.call("POST", path, json={"crew": able[-1], "reason": "knows the house"})
    assert (mine.status_code, mine.json()["crew"]) == (200, able[-1])
    other = town.call("POST", path, "supervisor", json={"crew": able[0]})
    assert other.status_code == 409
    assert able[-1] in other.json()["detail"]

    assert town.call("DELETE", path).json()["state"] == "waiting"
    assert town.call("POST", path, json={"crew": "C99"}).status_code == 404
    resolved = {"how": "false_alarm", "note": "the power was back before the crew left"}
    answer = town.call("POST", f"/api/reports/{told['report']}/resolve", json=resolved)
    assert answer.status_code == 200, answer.text
    assert ticket(town, told["ticket"])["state"] == "no_trip"


def test_a_house_that_is_still_dark_at_the_call_back_is_reopened_and_served_again(town):
    told = report(town, account_no=TOWN_ACCOUNT)
    repair(town, wait_for_crew(town, told["ticket"]), told, seq=100)
    said = {"reached": True, "satisfied": False, "power_back": False}
    answer = town.call("POST", f"/api/tickets/{told['ticket']}/callback", json=said)
    assert answer.status_code == 200
    assert "reopened" in kinds(town, told["ticket"])
    repair(town, wait_for_crew(town, told["ticket"]), told, seq=200)
    assert len(ticket(town, told["ticket"])["visits"]) == 2


def test_what_a_phone_cannot_have_done_is_refused_and_what_is_odd_is_kept_and_flagged(town):
    told = report(town, account_no=TOWN_ACCOUNT)
    crew = wait_for_crew(town, told["ticket"])
    early = step("arrived", told["ticket"], 300, told["place"])
    assert taps(town, crew, early) == ["stored"]
    assert "before_accepted" in ticket(town, told["ticket"])["visits"][0]["flags"]
    assert taps(town, crew, step("closed", told["ticket"], 301)) == ["stored"]
    time.sleep(0.01)
    assert taps(town, crew, step("arrived", told["ticket"], 302)) == ["refused"], "closed, and arriving again"


def test_a_partner_may_report_and_nothing_else(town):
    key = {"Idempotency-Key": "case-4711"}
    sent = {"fault": "wire_down", "account_no": TOWN_ACCOUNT, "channel": "partner"}
    first = town.call("POST", "/api/reports", "intake", json=sent, headers=key)
    again = town.call("POST", "/api/reports", "intake", json=sent, headers=key)
    assert (first.status_code, again.json()["report"]) == (201, first.json()["report"])
    other = town.call("POST", "/api/reports", "intake", json={**sent, "fault": "meter"}, headers=key)
    assert other.status_code == 409
    assert town.call("GET", "/api/board", "intake").status_code == 403


def test_yesterdays_paper_list_is_taken_whole_or_not_at_all(town, tmp_path):
    bad = tmp_path / "bad.csv"
    bad.write_text(
        "received_at,fault,account_no\n"
        f"{now(-30)},no_power,{TOWN_ACCOUNT}\n"
        f"2026-10-03 08:15,no_power,{TOWN_ACCOUNT}\n",
        encoding="utf-8",
    )
    before = counted(town)
    refused = town.command("import", "reports", str(bad), ok=False)
    assert refused.returncode == 2
    assert "line 3" in refused.stderr
    assert "offset" in refused.stderr
    assert counted(town) == before

    good = tmp_path / "good.csv"
    good.write_text(
        f'received_at,fault,address,customers\n{now(-30)},low_voltage,"Greifstraße 92, Neubrandenburg",12\n',
        encoding="utf-8",
    )
    assert "reports: 1 imported" in town.command("import", "reports", str(good)).stdout


def test_an_extract_that_is_cut_off_builds_nothing(tmp_path):
    cut = tmp_path / "cut.osm.pbf"
    cut.write_bytes(EXTRACT.read_bytes()[:400_000])
    done = dispatch(tmp_path / "none.toml", "build", str(cut), "--out", str(tmp_path / "area"))
    assert done.returncode == 2
    assert "cut" in done.stderr
    assert not (tmp_path / "area").exists()
