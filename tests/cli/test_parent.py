from __future__ import annotations

import os
import signal
import time

import requests

from tests.conftest import start_server


def test_pages_and_planner_end_when_the_command_that_started_them_was_killed(config_file, tmp_path):
    server = start_server(config_file, tmp_path / "server.log")
    os.kill(server.process.pid, signal.SIGKILL)
    server.process.wait()
    for _ in range(150):
        try:
            requests.get(f"{server.base}/api/health", timeout=1)
        except requests.ConnectionError:
            break
        time.sleep(0.1)
    else:
        raise AssertionError("the pages still answer 15 s after their parent was killed")
    again = start_server(config_file, tmp_path / "again.log")  # neither port nor leadership is held any more
    again.process.terminate()
    assert again.process.wait(timeout=15) == 0
