"""What a page is sent of the board: all of it once, then only what changed, and never less than that."""

from __future__ import annotations

import threading
from random import Random
from typing import Any

import pytest

from dispatch.desk import alerts, assign
from dispatch.desk.company import import_crews
from dispatch.web.told import GONE_KEPT, Told

KINDS = ("tickets", "crews", "alerts")
MOVES = ("call", "call", "call", "replan", "send", "resolve", "place", "later", "seen", "nothing")


class Page:
    """A page that keeps the board by what it is sent."""

    def __init__(self, client):
        self.client, self.tag, self.sent = client, "", {}
        self.lines: dict[str, dict[str, Any]] = {kind: {} for kind in KINDS}

    def ask(self):
        self.sent = self.client.get(f"/api/board?since={self.tag}").json
        for kind in KINDS:
            if self.sent["since"] is None:
                self.lines[kind] = {}
            for gone in self.sent["gone"][kind]:
                self.lines[kind].pop(gone, None)  # what came and went meanwhile was never here
            self.lines[kind] |= {each["id"]: each for each in self.sent[kind]}
        assert self.sent["since"] in (None, self.tag)
        self.tag = self.sent["tag"]
        return self


def whole(client):
    told = client.get("/api/board").json
    return {kind: {each["id"]: each for each in told[kind]} for kind in KINDS}


def changed(page):
    sent = page.ask().sent
    return {kind: [each["id"] for each in sent[kind]] for kind in KINDS}


def move(client, clock, dice, reports):
    what = dice.choice(MOVES)
    if what == "call":
        fault = dice.choice(["no_power", "wire_down"])
        reports.append(client.report(fault=fault))
    elif what == "replan":
        assign.replan(client.desk)
    elif what == "later":
        clock.forward(dice.choice([1, 10, 30]))
        alerts.escalate(client.desk)
    elif what == "seen":
        for each in client.get("/api/board").json["alerts"][:1]:
            client.post(f"/api/alerts/{each['id']}/acknowledge", {})
    elif reports and what in {"send", "resolve", "place"}:
        told = dice.choice(reports)
        bodies = {
            "send": (f"/api/tickets/{told['ticket']}/assign", {"crew": f"C{dice.randint(1, 8)}"}),
            "resolve": (f"/api/reports/{told['report']}/resolve", {"how": "by_phone", "note": ""}),
            "place": (
                f"/api/reports/{told['report']}/place",
                {"lon": 13.26, "lat": 53.55 + dice.random() / 100, "reason": "seen"},
            ),
        }
        client.post(*bodies[what])  # whether it is refused or not


@pytest.mark.parametrize("seed", range(3))
def test_what_changed_put_together_is_the_whole_board(client, clock, seed):
    dice = Random(seed)
    reports: list[dict[str, Any]] = []
    pages = [Page(client) for _ in range(3)]
    for _ in range(25):
        move(client, clock, dice, reports)
        dice.choice(pages).ask()
    for page in pages:
        assert page.ask().lines == whole(client)
        assert page.sent["since"] is not None


def test_only_what_changed_is_sent(client):
    client.report()
    client.report()
    page = Page(client).ask()
    assert page.sent["since"] is None
    assert changed(page) == {"tickets": [], "crews": [], "alerts": []}
    client.post("/api/tickets/T2/assign", {"crew": "C2"})
    assert changed(page) == {"tickets": ["T2"], "crews": ["C2"], "alerts": []}


def test_what_is_over_is_told_once(client):
    client.report()
    page = Page(client).ask()
    client.post("/api/reports/R1/resolve", {"how": "by_phone", "note": ""})
    assert page.ask().sent["gone"]["tickets"] == ["T1"]
    assert page.ask().sent["gone"]["tickets"] == []


def test_a_line_of_names_that_changed_is_sent_anew(client, tmp_path):
    client.report()
    client.post("/api/tickets/T1/assign", {"crew": "C2"})
    page = Page(client).ask()
    (tmp_path / "crews.csv").write_text(
        "crew,name,unit,depot_lon,depot_lat,skills,shift\nC2,Night Owls,U1,13.26,53.55,lv,00:00-24:00\n"
    )
    import_crews(client.desk, tmp_path / "crews.csv")
    assert changed(page) == {"tickets": ["T1"], "crews": ["C2"], "alerts": []}
    assert page.lines["tickets"]["T1"]["crew_name"] == "Night Owls"


def test_an_address_that_is_corrected_is_sent_anew(client):
    account = client.desk.store.company.sample_accounts(1)[0]
    client.report(account_no=account["account_no"])
    page = Page(client).ask()
    client.desk.store.company.put_accounts([account | {"address": "Market 1"}])
    assert changed(page)["tickets"] == ["T1"]
    assert page.lines["tickets"]["T1"]["address"] == "Market 1"


@pytest.mark.parametrize(
    "tag", ["x", "x-1", "-", "-1", "\N{ARABIC-INDIC DIGIT ONE}", "1" * 99, "OURS-99", "OURS--1", "OURS-x"]
)
def test_a_tag_that_is_not_ours_gets_the_whole_board(client, tag):
    client.report()
    name = client.get("/api/board").json["tag"].partition("-")[0]
    told = client.get("/api/board", query_string={"since": tag.replace("OURS", name)})
    assert (told.status_code, told.json["since"], len(told.json["tickets"])) == (200, None, 1)


def test_who_was_away_while_too_much_went_gets_the_whole_board(client):
    page = Page(client).ask()
    told, turn = client.app.extensions["told"], page.tag.partition("-")[2]
    told._kinds["tickets"].gone = dict.fromkeys(map(str, range(GONE_KEPT + 1)), int(turn))
    client.report()
    assert page.ask().sent["since"] is None
    assert page.ask().sent["since"] == page.tag


def test_the_desk_is_read_once_for_all_who_ask_while_it_is_read(client, monkeypatch):
    begun, go_on, reads = threading.Event(), threading.Event(), []
    read = Told._read

    def slowly(self):
        reads.append(1)
        begun.set()
        go_on.wait(5)
        return read(self)

    monkeypatch.setattr(Told, "_read", slowly)
    told, asked = Told(client.desk), []
    pages = [threading.Thread(target=lambda: asked.append(told.board())) for _ in range(5)]
    pages[0].start()
    begun.wait(5)
    for page in pages[1:]:
        page.start()
    go_on.set()
    for page in pages:
        page.join(5)
    assert (len(asked), len(reads)) == (5, 2)
