"""The whole play: a simulated call becomes a closed ticket over HTTP, and nothing of it passes for real."""

from __future__ import annotations

import threading
import time

import pytest

from dispatch.config import load
from dispatch.demo import play
from dispatch.desk import open_desk
from dispatch.desk.people import create_token, person_of_token

NOBODY_THERE = "http://127.0.0.1:9"  # the discard port: nothing listens


class Thread(threading.Thread):
    """A play in a thread of its own, as `dispatch demo` runs it."""

    def __init__(self, config_file, base, speed=3000.0, scenario="busy"):
        super().__init__(daemon=True)
        self.stop, self.config_file, self.args = threading.Event(), config_file, (base, speed, scenario)

    def run(self):
        desk = open_desk(load(self.config_file, {}))
        play(desk, *self.args, self.stop)
        desk.store.database.close()

    def end(self):
        self.stop.set()
        self.join(timeout=2)
        assert not self.is_alive()


@pytest.fixture
def actors(config_file):
    """Starts plays; each has to end within two seconds of the word to stop."""
    started: list[Thread] = []

    def start(base, **more):
        started.append(Thread(config_file, base, **more))
        started[-1].start()
        return started[-1]

    yield start
    for each in started:
        each.end()


def wait_for(what, seconds=60):
    until = time.monotonic() + seconds
    while not (found := what()):
        assert time.monotonic() < until, "it did not happen"
        time.sleep(0.2)
    return found


def test_a_simulated_call_is_walked_to_the_end_over_http(server, actors):
    def finished():
        tickets = (server.call("GET", f"/api/tickets/T{number}") for number in (1, 2, 3))
        return [each.json() for each in tickets if each.ok and each.json()["state"] == "archived"]

    actors(server.base)
    ticket = wait_for(finished)[0]
    kinds = [event["kind"] for event in ticket["timeline"]]
    steps = ["received", "located", "promised", "assigned", "accepted", "departed"]
    steps += ["arrived", "restored", "closed", "called_back"]
    assert [kind for kind in kinds if kind in steps][: len(steps)] == steps
    assert ticket["simulated"]
    assert all(report["simulated"] for report in ticket["reports"])
    assert all(event["by"].startswith(("simulated", "planner")) for event in ticket["timeline"])
    assert ticket["assignment"]["evidence"] == "B"
    assert ticket["assignment"]["flags"] == []
    assert server.call("GET", "/api/board").json()["simulated"]


def test_a_play_over_a_silent_server_goes_on_trying_and_ends_when_told(actors, caplog):
    playing = actors(NOBODY_THERE)
    wait_for(lambda: caplog.records)
    time.sleep(1.5)
    assert playing.is_alive()
    playing.end()
    assert [record.getMessage().count("try again") for record in caplog.records] == [1]


def test_a_play_with_an_unknown_scenario_says_so_and_ends(desk, caplog):
    play(desk, NOBODY_THERE, 10, "flood", threading.Event())
    assert "ordinary" in caplog.text


def test_a_new_play_makes_the_tokens_of_the_last_one_worthless(desk):
    before = create_token(desk, "intake", "simulated caller", simulated=True)
    persons = create_token(desk, "intake", "partner")
    stop = threading.Event()
    stop.set()
    play(desk, NOBODY_THERE, 10, "ordinary", stop)
    assert person_of_token(desk, before) is None
    assert person_of_token(desk, persons) is not None
    assert desk.store.company.setting("simulated") == "1"
