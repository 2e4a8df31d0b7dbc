from __future__ import annotations

import os
import signal
import subprocess
import time

import requests

from tests.conftest import TOWN_HALL, free_port

PATIENCE_S = 30  # far more than it takes, so that a slow machine fails nothing
REPORT = {"fault": "no_power", "place": {"lon": TOWN_HALL[0], "lat": TOWN_HALL[1]}}


def child(server, verb):
    """The process of `dispatch run` that does `serve` or `jobs`; None while there is none."""
    return child_of(server.process.pid, "-f", f"dispatch {verb}")


def child_of(parent, *how):
    command = ["pgrep", "-P", str(parent), *how]
    found = subprocess.run(command, capture_output=True, text=True, check=False).stdout.split()
    return int(found[0]) if found else None


def is_gone(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def wait_for(question):
    """The first true answer, asked again and again."""
    until = time.monotonic() + PATIENCE_S
    while time.monotonic() < until:
        if answer := question():
            return answer
        time.sleep(0.1)
    raise AssertionError(question)


def asked(server, path):
    try:
        return requests.get(server.base + path, timeout=5).status_code
    except requests.RequestException:
        return 0


def test_a_process_that_is_killed_is_started_again_and_the_work_goes_on(server):
    worker = wait_for(lambda: child_of(child(server, "serve")))
    stream = server.call("GET", "/api/events", stream=True)
    for verb in ("jobs", "serve"):
        before = child(server, verb)
        os.kill(before, signal.SIGKILL)
        wait_for(lambda verb=verb, before=before: child(server, verb) not in {None, before})
    list(stream.iter_lines())  # to its end: a stream that is cut off raises
    wait_for(lambda: is_gone(worker))
    wait_for(lambda: asked(server, "/api/health") == 200)
    assert server.call("POST", "/api/reports", json=REPORT).status_code == 201
    wait_for(lambda: server.call("GET", "/api/tickets/T1").json()["crew"])
    assert os.getpriority(os.PRIO_PROCESS, child(server, "jobs")) == 10


def test_a_stop_ends_open_streams_cleanly_and_leaves_nobody_behind(server):
    children = [wait_for(lambda verb=verb: child(server, verb)) for verb in ("serve", "jobs")]
    stream = server.call("GET", "/api/events", stream=True)
    lines = stream.iter_lines()
    assert next(lines) == b"retry: 2000"
    server.process.send_signal(signal.SIGTERM)
    list(lines)  # to its end: a stream that is cut off raises
    assert server.process.wait(timeout=PATIENCE_S) == 0
    assert all(map(is_gone, children))


def test_while_it_runs_nobody_else_serves_plans_or_restores(server, tmp_path):
    port = server.base.rsplit(":", 1)[1]
    server.command("backup", str(tmp_path / "copy.db"))
    for command, why in (
        (("run", "--port", port), f"dispatch: cannot listen on 127.0.0.1:{port}"),
        (("run", "--port", str(free_port())), "stop it first"),
        (("jobs",), "stop it first"),
        (("restore", str(tmp_path / "copy.db")), "stop it first"),
    ):
        refused = server.command(*command, ok=False)
        assert refused.returncode == 2
        assert why in refused.stderr
        assert refused.stderr.count("\n") == 1
