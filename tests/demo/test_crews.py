"""A simulated crew does the steps in order, drives, and goes on from where the server says it is."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import pairwise
from typing import Any, cast

import pytest

from dispatch import crew
from dispatch.demo.crews import ASK_S, OFF_DUTY_S, STEPS, Crew, next_step
from dispatch.demo.door import Refused, Unreachable
from dispatch.demo.pace import Pace
from dispatch.paths import POLICIES
from dispatch.rulebook import load_rulebook
from dispatch.zone import metres

DEPOT, PLACE = (13.0, 53.0), (13.02, 53.01)
NOON_S = 1_794_974_400
FAULTS = load_rulebook(POLICIES, "state-grid", ()).faults
WORLD = "00:00-24:00"


@dataclass
class Route:
    line: list[tuple[float, float]]
    travel_s: float


class Roads:
    def __init__(self, leads=True):
        self.leads = leads

    def route(self, origin, destination):
        return Route([origin, (origin[0], destination[1]), destination], 600.0) if self.leads else None


class Server:
    """Gives one ticket and remembers what the phone sent."""

    def __init__(self, **visit):
        self.now_s = 0.0
        self.sent: list[Any] = []
        self.positions: list[Any] = []
        self.asked: list[float] = []
        self.answers: list[Exception] = []
        self.refuses = ""
        steps = dict.fromkeys(f"{step}_at" for step in STEPS)
        self.visit: dict[str, Any] = {**steps, "assigned_at": self.iso(), **visit}
        self.job: dict[str, Any] | None = {"id": "T1", "fault": "no_power", "pinned": True}
        self.job |= {"place": at(PLACE), "visit": self.visit}

    def iso(self):
        return datetime.fromtimestamp(self.clock() / 1000, UTC).isoformat()

    def clock(self):
        return round((NOON_S + self.now_s) * 1000)

    def get(self, path):
        assert path == "/api/phone/jobs"
        self.asked.append(self.now_s)
        return {"jobs": [dict(self.job, visit=dict(self.job["visit"]))] if self.job else []}

    def post(self, path, body):
        if path == "/api/phone/positions":
            self.positions += [(self.now_s, body[0])]
            return {"stored": 1}
        self.sent += [(self.now_s, each) for each in body]
        if self.answers:
            raise self.answers.pop(0)
        (step,) = body
        if self.refuses:
            return [{"id": step["id"], "result": "refused", "reason": self.refuses}]
        self.visit[f"{step['kind']}_at"] = step["at"]
        if step["kind"] in {"closed", "declined"}:
            self.job = None
        return [{"id": step["id"], "result": "stored", "reason": ""}]

    def pin(self, pinned):
        assert self.job
        self.job["pinned"] = pinned

    @property
    def kinds(self):
        return [step["kind"] for _, step in self.sent]


def at(lonlat):
    return {"lon": lonlat[0], "lat": lonlat[1]}


def crew_of(server, speed=60.0, shift=WORLD, last=None, roads=None):
    who = crew.Crew("C1", "one", "U1", DEPOT, frozenset({"lv"}), crew.parse_shift(shift))
    pace = Pace(speed, random.Random(5), server.clock, UTC)
    return Crew(who, server, pace, cast("Any", roads or Roads()), faults=FAULTS, last=last)


def play(server, actor, until_s):
    """Give turns until `until_s`; the moments of the turns."""
    turns = []
    while server.now_s < until_s:
        turns.append(server.now_s)
        server.now_s = actor.act(server.now_s)
    return turns


def test_a_crew_does_the_steps_in_order_each_once():
    server = Server()
    play(server, crew_of(server), 120)
    assert server.kinds == list(STEPS)
    assert [step["seq"] for _, step in server.sent] == sorted({step["seq"] for _, step in server.sent})


def test_a_crew_drives_and_works_as_long_as_life_over_speed():
    server = Server()
    play(server, crew_of(server, speed=10), 900)
    times = {step["kind"]: now for now, step in server.sent}
    assert times["arrived"] - times["departed"] == pytest.approx(600 / 10, rel=0.5)
    assert times["restored"] - times["arrived"] == pytest.approx(35 * 60 / 10, rel=0.8)


def test_a_crew_arrives_with_a_fix_near_the_place():
    server = Server()
    play(server, crew_of(server), 120)
    (fix,) = [step["fix"] for _, step in server.sent if step["kind"] == "arrived"]
    assert metres(PLACE, (fix["lon"], fix["lat"])) < 60
    assert 5 <= fix["accuracy_m"] <= 30


def test_positions_on_the_way_come_every_few_seconds_and_lie_between_depot_and_place():
    server = Server()
    play(server, crew_of(server, speed=10), 900)
    times = {step["kind"]: now for now, step in server.sent}
    way = [(now, fix) for now, fix in server.positions if times["departed"] < now < times["arrived"]]
    gaps = [later[0] - earlier[0] for earlier, later in pairwise(way)]
    assert len(way) > 10
    assert all(2 <= gap <= 5 for gap in gaps)
    far = [metres(PLACE, (fix["lon"], fix["lat"])) for _, fix in way]
    assert far[0] > far[len(far) // 2] > far[-1]


def test_a_phone_sends_at_most_one_request_a_second():
    server = Server()
    turns = play(server, crew_of(server, speed=100), 200)
    assert min(later - earlier for earlier, later in pairwise(turns)) >= 1.0


def test_a_crew_that_starts_again_goes_on_where_the_server_says_it_is():
    server = Server(accepted_at="2026-11-18T04:00:00+00:00", departed_at="2026-11-18T04:00:00+00:00")
    play(server, crew_of(server), 120)
    assert server.kinds == ["arrived", "restored", "closed"]


def test_work_done_before_a_new_start_counts():
    server = Server(arrived_at="2026-11-17T00:00:00+00:00")
    play(server, crew_of(server), 2)
    assert server.kinds == ["restored"]


def test_a_step_without_an_answer_is_sent_again_as_the_same_event():
    server = Server()
    server.answers = [Unreachable("silent")]
    actor = crew_of(server)
    with pytest.raises(Unreachable):
        play(server, actor, 60)
    play(server, actor, server.now_s + 1)
    assert server.sent[0][1] == server.sent[1][1]


def test_a_refused_step_is_told_and_the_jobs_are_read_again():
    server = Server()
    actor = crew_of(server)
    server.refuses = "T1 was closed"
    with pytest.raises(Refused, match="T1 was closed"):
        play(server, actor, 60)
    asked = len(server.asked)
    actor.act(server.now_s + ASK_S)
    assert len(server.asked) == asked + 1


def test_a_job_taken_back_ends_the_drive_and_the_crew_goes_home():
    server = Server()
    actor = crew_of(server, speed=10)
    while "departed" not in server.kinds:
        server.now_s = actor.act(server.now_s)
    play(server, actor, server.now_s + 20)
    server.job = None
    play(server, actor, server.now_s + 200)
    assert server.kinds == ["accepted", "departed"]
    assert metres(DEPOT, lonlat(server.positions[-1])) < 60


def lonlat(position):
    return (position[1]["lon"], position[1]["lat"])


def test_an_idle_crew_far_out_drives_home():
    server = Server()
    server.job = None
    last = crew.Position("C1", 0, *PLACE, 10.0)
    play(server, crew_of(server, last=last), 120)
    assert metres(PLACE, lonlat(server.positions[0])) < 60
    assert metres(DEPOT, lonlat(server.positions[-1])) < 60
    assert server.sent == []


def test_a_crew_off_duty_asks_rarely_and_tells_nobody_where_it_is():
    server = Server()
    server.job = None
    play(server, crew_of(server, shift="06:00-07:00"), 100)
    assert server.positions == []
    assert len(server.asked) <= 100 / OFF_DUTY_S + 1


def test_where_no_road_leads_the_crew_gets_there_all_the_same():
    server = Server()
    play(server, crew_of(server, roads=Roads(leads=False)), 200)
    assert server.kinds == list(STEPS)


def test_a_crew_declines_rarely_but_never_what_the_dispatcher_gave_it_by_hand():
    firsts: dict[bool, list[str]] = {True: [], False: []}
    for pinned, kinds in firsts.items():
        for seed in range(300):
            server = Server()
            server.pin(pinned)
            actor = crew_of(server)
            actor._pace.dice.seed(seed)
            while not server.sent:
                server.now_s = actor.act(server.now_s)
            kinds.append(server.kinds[0])
    assert 0 < firsts[False].count("declined") < 20
    assert firsts[True].count("declined") == 0


@pytest.mark.parametrize("done", range(len(STEPS)))
def test_the_next_step_follows_the_last_one_reported(done):
    visit = dict.fromkeys(f"{step}_at" for step in STEPS)
    if done:
        visit[f"{STEPS[done - 1]}_at"] = "now"
    assert next_step(visit) == STEPS[done]


def test_after_the_last_step_there_is_none():
    assert next_step(dict.fromkeys((f"{step}_at" for step in STEPS), "now")) == ""
