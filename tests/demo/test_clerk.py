"""What the simulated desk has to do, and that it leaves people's tickets to people."""

from __future__ import annotations

import random
from datetime import UTC
from typing import Any

import pytest

from dispatch.demo.clerk import Clerk, wanted
from dispatch.demo.door import Refused
from dispatch.demo.pace import Pace

M = 1 / 111_200  # one metre north, in degrees


def ticket(number, state="waiting", north_m=0.0, **more):
    brief = {
        "id": number,
        "state": state,
        "fault": "no_power",
        "opened_at": f"2026-11-18T12:00:{number[1:]}+08:00",
    }
    place = None if state == "needs_place" else {"lon": 13.0, "lat": 53.0 + north_m * M}
    return brief | {"place": place, "simulated": True} | more


class Server:
    def __init__(self, *tickets, candidates=()):
        self.tickets, self.candidates = list(tickets), list(candidates)
        self.sent: list[Any] = []
        self.refuses = 0

    def get(self, path):
        if path == "/api/board":
            return {"tickets": self.tickets}
        return {"candidates": self.candidates} if "/reports/" in path else {"reports": [{"id": "R7"}]}

    def post(self, path, body):
        if self.refuses:
            self.refuses -= 1
            raise Refused("409")
        self.sent.append((path, body))
        self.tickets = [each for each in self.tickets if each["id"] not in path and "R7" not in path]


class Always(random.Random):
    """Dice that fall as told."""

    def __init__(self, value):
        super().__init__(1)
        self.value = value

    def random(self):
        return self.value

    def lognormvariate(self, *_args):
        return 1.0


def clerk(server, dice=None, speed=60.0):
    return Clerk(server, Pace(speed, dice or random.Random(1), lambda: 0, UTC))


def play(actor, until_s):
    now = 0.0
    while now < until_s:
        now = actor.act(now)


def test_closed_tickets_are_called_back_and_lost_ones_placed():
    board = [ticket("T01", "closed"), ticket("T02", "needs_place"), ticket("T03", "arrived")]
    assert list(wanted(board)) == [("call back", "T01", ""), ("place", "T02", "")]


def test_the_newer_of_two_reports_of_one_fault_moves_to_the_older():
    assert list(wanted([ticket("T02", north_m=50), ticket("T01")])) == [("merge", "T02", "T01")]


@pytest.mark.parametrize(
    "other",
    [
        ticket("T01", north_m=70),
        ticket("T01", fault="meter"),
        ticket("T01", "closed"),
        ticket("T01", "needs_place"),
    ],
)
def test_reports_far_apart_or_of_another_kind_or_over_stay_apart(other):
    assert [each for each in wanted([ticket("T02"), other]) if each[0] == "merge"] == []


def test_a_report_whose_crew_is_on_the_road_is_not_moved():
    assert list(wanted([ticket("T01"), ticket("T02", "departed")])) == []


def test_what_people_reported_is_left_to_people():
    server = Server(ticket("T01", "closed", simulated=False), ticket("T02", "needs_place", simulated=False))
    play(clerk(server), 300)
    assert server.sent == []


def test_the_best_candidate_becomes_the_place():
    server = Server(ticket("T01", "needs_place"), candidates=[{"lon": 13.1, "lat": 53.1, "score": 9}, {}])
    play(clerk(server), 60)
    assert server.sent == [("/api/reports/R7/place", {"lon": 13.1, "lat": 53.1})]


def test_an_address_that_means_nothing_is_settled_by_phone():
    server = Server(ticket("T01", "needs_place"))
    play(clerk(server), 60)
    assert [(path, body["how"]) for path, body in server.sent] == [("/api/reports/R7/resolve", "by_phone")]


@pytest.mark.parametrize(
    ("falls", "said"),
    [(0.9, {"reached": True, "power_back": True}), (0.0, {"reached": False})],
)
def test_a_call_back_reaches_the_customer_or_not(falls, said):
    server = Server(ticket("T01", "closed"))
    play(clerk(server, Always(falls)), 100)
    (path, body) = server.sent[0]
    assert path == "/api/tickets/T01/callback"
    assert said.items() <= body.items()


def test_about_one_in_twenty_is_still_dark_and_some_are_not_reached():
    bodies = []
    for seed in range(400):
        server = Server(ticket("T01", "closed"))
        play(clerk(server, random.Random(seed)), 150)
        bodies.append(server.sent[0][1])
    assert 0.08 < sum(not body["reached"] for body in bodies) / 400 < 0.22
    assert 0.02 < sum(body.get("power_back") is False for body in bodies) / 400 < 0.09


def test_whether_two_tickets_belong_together_is_thought_about_once():
    server = Server(ticket("T01", "arrived"), ticket("T02"))
    play(clerk(server, Always(0.99)), 200)  # decides against it
    assert server.sent == []


def test_a_refused_errand_is_tried_again_after_another_look():
    server = Server(ticket("T01", "closed"))
    server.refuses = 1
    actor = clerk(server)
    with pytest.raises(Refused):
        play(actor, 200)
    play(actor, 200)
    assert len(server.sent) == 1


def test_the_callers_learn_how_many_tickets_are_open():
    actor = clerk(Server(ticket("T01"), ticket("T02", simulated=False)))
    actor.act(0.0)
    assert actor.open_tickets == 2
