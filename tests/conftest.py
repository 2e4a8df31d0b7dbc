"""A real town built once, the sample company over it, and servers on a port of their own."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import pytest
import requests

from dispatch.area import build_area
from dispatch.clock import now_ms
from dispatch.config import load
from dispatch.desk import open_desk, upkeep
from dispatch.desk.people import create_token
from dispatch.paths import ROOT, SAMPLE

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from dispatch.desk import Desk

EXTRACT = SAMPLE / "neubrandenburg-2016.osm.pbf"
TOWN_HALL = (13.2612, 53.5571)  # urban
VILLAGE = (13.3975, 53.5388)  # Pragsdorf, rural


@pytest.fixture(scope="session")
def built_area(tmp_path_factory):
    """The sample's area, built once for all tests."""
    area = tmp_path_factory.mktemp("built") / "area"
    build_area(EXTRACT, area, lambda _stage, _share: None)
    return area


@pytest.fixture(scope="session")
def sample_config(built_area, tmp_path_factory):
    """A config.toml over the sample area, and a database of the sample company beside it."""
    home = tmp_path_factory.mktemp("sample")
    return write_config(home, built_area)


def write_config(home: Path, area: Path, more: str = "") -> Path:
    """A configuration whose database lies beside it; made with the sample company."""
    path = home / "config.toml"
    path.write_text(
        f'[service]\ntimezone = "Asia/Shanghai"\n[store]\nurl = "sqlite:{home / "dispatch.db"}"\n'
        f'[area]\npath = "{area}"\n{more}',
        encoding="utf-8",
    )
    upkeep.create_sample(load(path, {}))
    return path


def copy_of(sample_config: Path, home: Path) -> Path:
    """The configuration of a fresh copy of the sample company in the folder `home`."""
    shutil.copy(sample_config.parent / "dispatch.db", home / "dispatch.db")
    text = sample_config.read_text(encoding="utf-8").replace(str(sample_config.parent), str(home))
    (home / "config.toml").write_text(text, encoding="utf-8")
    return home / "config.toml"


@pytest.fixture
def config_file(sample_config, tmp_path):
    """A fresh copy of the sample company for one test."""
    return copy_of(sample_config, tmp_path)


def where_it_is_morning(config_file: Path) -> Path:
    """The company moves to a time zone where it is nine o'clock, for tests that live by the machine's clock.

    Otherwise they would fail whenever a shift, a day or a month ends while they run.
    """
    hour = datetime.fromtimestamp(now_ms() / 1000, UTC).hour
    ahead = (9 - hour + 12) % 24 - 12
    text = config_file.read_text(encoding="utf-8")
    zone = f"Etc/GMT{-ahead:+d}"  # POSIX counts hours west of Greenwich
    config_file.write_text(text.replace("Asia/Shanghai", zone), encoding="utf-8")
    return config_file


class Clock:
    """A clock that tests set; epoch ms."""

    def __init__(self, at_ms: int) -> None:
        self.at_ms = at_ms

    def __call__(self) -> int:
        return self.at_ms

    def forward(self, minutes: float) -> None:
        self.at_ms += round(minutes * 60_000)


NOON = 1_794_974_400_000  # 2026-11-18T12:00:00+08:00


@pytest.fixture
def clock():
    return Clock(NOON)


@pytest.fixture
def desk(config_file, clock) -> Iterator[Desk]:
    """The sample company's desk at noon, with a clock to turn."""
    opened = open_desk(load(config_file, {}), clock=clock)
    yield opened
    opened.store.database.close()


@dataclass
class Server:
    """`dispatch run` on a port of its own, over a fresh sample company."""

    base: str
    config_file: Path
    process: Any
    tokens: dict[str, str] = field(default_factory=dict)

    def command(self, *args: str, ok: bool = True) -> subprocess.CompletedProcess[str]:
        """Run `dispatch ARGS` on the same company."""
        done = dispatch(self.config_file, *args)
        assert not ok or done.returncode == 0, done.stderr
        return done

    def token(self, role: str, crew: str = "") -> str:
        """A token of this role, made by the command line once."""
        if role + crew not in self.tokens:
            more = ["--crew", crew] if crew else []
            self.tokens[role + crew] = self.command("token", "create", "--role", role, *more).stdout.strip()
        return self.tokens[role + crew]

    def call(self, method: str, path: str, who: str = "dispatcher", crew: str = "", **more: Any) -> Any:
        """One HTTP call with the token of a role; a requests.Response."""
        headers = {"Authorization": f"Bearer {self.token(who, crew)}", **more.pop("headers", {})}
        return requests.request(method, self.base + path, headers=headers, timeout=20, **more)


def clean_environ() -> dict[str, str]:
    """This environment without what would lead a test to the user's own database."""
    return {name: value for name, value in os.environ.items() if not name.startswith("DISPATCH_")}


def dispatch(config_file: Path, *args: str) -> subprocess.CompletedProcess[str]:
    """Run the command line in a process of its own."""
    environ = {**clean_environ(), "DISPATCH_CONFIG": str(config_file), "COLUMNS": "120"}
    command = [sys.executable, "-m", "dispatch", *args]
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, env=environ, check=False)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def start_server(config_file: Path, log: Path, port: int = 0) -> Server:
    """Start `dispatch run`, on any port unless one is named, and wait until it is healthy."""
    port = port or free_port()
    environ = {**clean_environ(), "DISPATCH_CONFIG": str(config_file), "DISPATCH_SECRET_KEY": "k" * 40}
    with log.open("w") as out:
        process = subprocess.Popen(
            [sys.executable, "-m", "dispatch", "run", "--port", str(port)],
            cwd=ROOT,
            env=environ,
            stdout=out,
            stderr=subprocess.STDOUT,
        )
    server = Server(f"http://127.0.0.1:{port}", config_file, process)
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        try:
            if requests.get(f"{server.base}/api/health", timeout=2).status_code == 200:
                return server
        except requests.RequestException:
            pass
        time.sleep(0.1)
    stop_server(server)
    pytest.fail(f"the server did not start:\n{log.read_text()}")


def stop_server(server: Server) -> None:
    server.process.send_signal(signal.SIGTERM)
    try:
        server.process.wait(timeout=15)
    except subprocess.TimeoutExpired:
        server.process.kill()
        server.process.wait()


@pytest.fixture
def server(config_file, tmp_path):
    """A running Dispatch for one test; ended afterwards, and its database proved sound."""
    running = start_server(config_file, tmp_path / "server.log")
    yield running
    stop_server(running)
    done = dispatch(config_file, "check")
    assert done.returncode == 0, done.stderr


def make_token(desk: Desk, role: str, crew: str = "") -> dict[str, str]:
    """Headers of somebody of this role."""
    return {"Authorization": f"Bearer {create_token(desk, role, f'{role} test', crew)}"}
