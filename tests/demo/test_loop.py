"""Turns in order of time; silence makes longer pauses, and nothing ends the play but the word to stop."""

from __future__ import annotations

import logging
import threading

import pytest

from dispatch.demo.door import Refused, Unreachable
from dispatch.demo.loop import LONGEST_S, REFUSED_S, Turns, run
from dispatch.errors import BadInput


class Actor:
    def __init__(self, name="one", *answers):
        self.name, self.answers, self.turns = name, list(answers), []

    def act(self, now_s):
        self.turns.append(now_s)
        answer = self.answers.pop(0) if self.answers else 10.0
        if isinstance(answer, Exception):
            raise answer
        return now_s + answer


class Stop(threading.Event):
    """Waiting for the word to stop takes no time; it comes after `seconds` of its own."""

    def __init__(self, seconds):
        super().__init__()
        self.now_s, self.until_s = 0.0, seconds

    def wait(self, timeout=None):
        self.now_s += timeout or 0.0
        return self.now_s > self.until_s


def test_the_actor_with_the_earliest_time_acts_next():
    slow, quick, stop = Actor("slow", 4.0), Actor("quick", 1.5, 1.0, 3.0), Stop(6.0)
    run([slow, quick], stop, clock=lambda: stop.now_s)
    assert slow.turns == [0.0, 4.0]
    assert quick.turns == [0.0, 1.5, 2.5, 5.5]


def test_a_play_told_to_stop_ends_although_everybody_waits():
    stop = threading.Event()
    thread = threading.Thread(target=run, args=([Actor("one", 1000.0)], stop))
    thread.start()
    stop.set()
    thread.join(timeout=2)
    assert not thread.is_alive()


def test_pauses_grow_while_the_server_is_silent_and_are_forgotten_when_it_answers():
    turns, actor = Turns(), Actor("one", *[Unreachable("x")] * 7, 1.0, Unreachable("x"))
    pauses = [turns.give(actor, 0.0) for _ in range(9)]
    assert pauses == [1, 2, 4, 8, LONGEST_S, LONGEST_S, LONGEST_S, 1.0, 1]


def test_silence_is_told_once_for_everybody(caplog):
    turns = Turns()
    for name in ("one", "other", "one"):
        turns.give(Actor(name, Unreachable("x")), 0.0)
    assert len(caplog.records) == 1


@pytest.mark.parametrize("refusal", [Refused("POST /x: 409 no"), BadInput("no")])
def test_a_refusal_is_told_once_and_the_actor_goes_on(caplog, refusal):
    turns, actor = Turns(), Actor("one", refusal, refusal)
    assert [turns.give(actor, 0.0), turns.give(actor, 0.0)] == [REFUSED_S, REFUSED_S]
    assert turns.give(actor, 0.0) == 10.0
    assert len(caplog.records) == 1


def test_an_answer_of_another_shape_is_logged_with_its_trace_and_ends_nothing(caplog):
    with caplog.at_level(logging.ERROR):
        assert Turns().give(Actor("one", KeyError("tickets")), 0.0) == LONGEST_S
    assert caplog.records[0].exc_info
