from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time

import pytest

from dispatch.cli.children import VARIABLE, Beat, Child, Limits
from dispatch.cli.processes import watch
from dispatch.errors import SetupError

PATIENCE_S = 20  # far more than it takes, so that a slow machine fails nothing
SHORT = Limits(start_s=10, silent_s=0.5, wait_s=0.02, longest_s=0.08, settled_s=60, still_s=0.4)
BEATS = f"""
import os, time
while True:
    os.write(int(os.environ["{VARIABLE}"]), b".")
    time.sleep(0.02)
"""
LIVES = "import time; time.sleep(600)"
ENDS = "raise SystemExit(3)"


@pytest.fixture
def watched():
    """Starts children, watches them in a thread, and ends all afterwards."""
    stop, children, threads = threading.Event(), [], []

    def begin(*codes, limits=SHORT, beats=True):
        made = [
            Child(f"number {n}", [sys.executable, "-S", "-c", code], beats=beats)
            for n, code in enumerate(codes)
        ]
        for child in made:
            child.start()
        children.extend(made)
        threads.append(threading.Thread(target=watch, args=(made, stop, limits, 0.02)))
        threads[-1].start()
        return made

    vars(begin)["stop"] = stop
    yield begin
    stop.set()
    for thread in threads:
        thread.join(timeout=PATIENCE_S)
    for child in children:
        child.end(kill=True)


def wait_for(question):
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if answer := question():
            return answer
        time.sleep(0.01)
    raise AssertionError(question)


def is_there(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def another(child, before):
    """The number of the process that took the place of `before`, once it runs."""
    return wait_for(lambda: child.process.pid != before and not child.ended() and child.process.pid)


def test_a_process_that_ended_by_itself_is_started_again_with_one_clear_line(watched, caplog):
    [child] = watched(BEATS)
    before = child.process.pid
    os.kill(before, signal.SIGKILL)
    another(child, before)
    assert [each.getMessage() for each in caplog.records] == [
        "the number 0 process ended (-9); starting it again in 0.02 s"
    ]


def test_one_that_hangs_is_gone_before_the_next_one_begins(watched, caplog):
    [child] = watched(BEATS)
    before = child.process.pid
    wait_for(lambda: child._has_beaten)
    os.kill(before, signal.SIGSTOP)
    another(child, before)
    assert not is_there(before)
    assert "was silent for" in caplog.text
    assert caplog.text.count("starting it again") == 1


def test_one_that_beats_is_left_alone_and_one_that_is_not_expected_to_as_well(watched, caplog):
    caplog.set_level(logging.INFO)
    [beating] = watched(BEATS)
    [quiet] = watched(LIVES, beats=False)
    numbers = beating.process.pid, quiet.process.pid
    time.sleep(2 * SHORT.silent_s)
    assert (beating.process.pid, quiet.process.pid) == numbers
    assert caplog.text == ""


def test_one_that_never_says_a_word_is_given_the_time_of_a_start_only(watched, caplog):
    [child] = watched(LIVES, limits=Limits(start_s=0.1, silent_s=60, wait_s=0.02))
    another(child, child.process.pid)
    assert "was silent for" in caplog.text


def test_one_that_ends_again_and_again_is_started_ever_more_slowly(watched, caplog):
    watched(ENDS)
    wait_for(lambda: len(caplog.records) >= 5)
    waits = [float(each.getMessage().split()[-2]) for each in caplog.records[:5]]
    assert waits == [0.02, 0.04, 0.08, 0.08, 0.08]


def test_one_that_lived_for_a_while_is_started_again_at_once(watched, caplog):
    watched(ENDS, limits=Limits(wait_s=0.02, settled_s=0))
    wait_for(lambda: len(caplog.records) >= 3)
    assert all("in 0.02 s" in each.getMessage() for each in caplog.records[:3])


def test_while_one_waits_for_its_turn_the_others_are_still_watched(watched, caplog):
    waits, dies = watched(ENDS, BEATS, limits=Limits(wait_s=600))
    wait_for(lambda: caplog.records)
    os.kill(dies.process.pid, signal.SIGKILL)
    wait_for(lambda: len(caplog.records) == 2)
    assert waits.ended()


def test_after_a_stop_nothing_is_started_again(watched, caplog):
    [child] = watched(BEATS)
    before = child.process.pid
    watched.stop.set()
    child.end()
    time.sleep(0.2)
    assert (child.process.pid, child.ended(), caplog.text) == (before, True, "")


def test_one_that_hangs_when_it_is_told_to_end_is_killed(monkeypatch):
    monkeypatch.setattr("dispatch.cli.children.END_S", 0.1)
    child = Child("deaf", [sys.executable, "-S", "-c", LIVES])
    child.start()
    assert child.process
    os.kill(child.process.pid, signal.SIGSTOP)
    child.end()
    assert not is_there(child.process.pid)


def test_a_watch_that_stood_still_itself_blames_nobody():
    child = Child("planner", [sys.executable, "-S", "-c", LIVES], beats=True)
    child.start()
    try:
        time.sleep(0.3)
        child.look(Limits(start_s=0.1, still_s=0.2))
        assert not child.ended()
        time.sleep(0.15)
        child.look(Limits(start_s=0.1, still_s=0.2))
        assert child.ended()
    finally:
        child.end(kill=True)


def test_a_beat_goes_nowhere_when_nobody_listens_and_never_stops_the_work():
    Beat({})()
    ours, theirs = os.pipe()
    os.close(ours)
    Beat({VARIABLE: str(theirs)})()
    os.close(theirs)
    with pytest.raises(SetupError, match="unset it"):
        Beat({VARIABLE: "loud"})
