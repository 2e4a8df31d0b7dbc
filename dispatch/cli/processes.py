"""How the processes are started, watched and ended together."""

from __future__ import annotations

import os
import signal
import sys
import threading
import time
from typing import TYPE_CHECKING, Any

import click
from gunicorn.app.base import BaseApplication

from dispatch.cli.children import Child, Limits
from dispatch.cli.parent import end_with_parent
from dispatch.desk import upkeep
from dispatch.errors import SetupError
from dispatch.secret import secret_key
from dispatch.web import create_app

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from flask import Flask

    from dispatch.desk import Desk

THREADS = 64  # each open board holds one for its events: 4 x dispatchers + 16
WAIT_S = 20.0
LOOK_S = 0.5
NICE = 10  # the planner yields to the pages, which somebody waits for

STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGQUIT)


class _Gunicorn(BaseApplication):  # type: ignore[misc]  # gunicorn carries no types
    def __init__(self, app: Flask, settings: dict[str, Any]) -> None:
        self._app, self._settings = app, settings
        super().__init__()

    def load_config(self) -> None:
        for name, value in self._settings.items():
            self.cfg.set(name, value)

    def load(self) -> Flask:
        return self._app


def serve_pages(desk: Desk, host: str, port: int) -> None:
    """Serve until told to stop: one process, many threads, connections kept open for the phones."""
    end_with_parent()
    app = create_app(desk, secret_key())
    desk.store.database.close()  # a connection must not be carried over a fork
    settings = {
        "post_worker_init": lambda worker: _end_streams_at_stop(app.extensions["tail"].close, worker.ppid),
        "bind": f"[{host}]:{port}" if ":" in host else f"{host}:{port}",
        "workers": 1,
        "worker_class": "gthread",
        "threads": THREADS,
        "keepalive": 75,
        "worker_connections": 2000,
        "timeout": 60,
        "graceful_timeout": 3,
        "loglevel": "warning",
        "proc_name": "dispatch serve",
    }
    with upkeep.present(desk.config):
        _Gunicorn(app, settings).run()


def _end_streams_at_stop(close: Callable[[], None], master: int) -> None:
    """End the pages' event streams when told to stop: they never end by themselves, and a stop would wait."""
    for number in STOPS:
        before = signal.getsignal(number)

        def stop(number: int, frame: Any, before: Any = before) -> None:
            close()
            before(number, frame)

        signal.signal(number, stop)
    threading.Thread(target=_close_after, args=(master, close), name="master", daemon=True).start()


def _close_after(master: int, close: Callable[[], None]) -> None:
    """Wait until the process that started this one is gone (it may be killed, and then tells nobody)."""
    while os.getppid() == master:
        time.sleep(1)
    close()


def run_both(desk: Desk, host: str, port: int, demo: tuple[float, str] | None = None) -> None:
    """Start pages and planner, say where they are, and start again what ends, until told to stop."""
    _check_port(host, port)
    with upkeep.leading(desk.config):  # another one would plan, and ours would end again and again
        pass
    base = _address(host, port)
    ours = [sys.executable, "-m", "dispatch"]
    children = (
        Child("pages", [*ours, "serve", "--host", host, "--port", str(port)]),
        Child("planner", [*ours, "jobs"], nice=NICE, beats=True),
    )
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    try:
        for child in children:
            child.start()
        _wait_until_up(base, children, stop)
        desk.store.company.set_setting("address", base)
        _greet(desk, base, demo)
        actors = _start_demo(desk, base, demo, stop) if demo else None
        watch(children, stop, _limits(desk))
        if actors:
            actors.join(timeout=5)
    finally:
        _end(children)


def _address(host: str, port: int) -> str:
    """Where this machine reaches the pages that listen on `host`."""
    here = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 -- compared, not bound
    return f"http://[{here}]:{port}" if ":" in here else f"http://{here}:{port}"


def _check_port(host: str, port: int) -> None:
    """Raise SetupError when somebody else listens there already."""
    import socket

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SetupError(
                f"cannot listen on {host}:{port} ({error.strerror}); stop what runs there or choose another: "
                f'--port {port + 1}, with make: make run ARGS="--port {port + 1}"'
            ) from error


def _wait_until_up(base: str, children: Sequence[Child], stop: threading.Event) -> None:
    import requests

    until = time.monotonic() + WAIT_S
    while not stop.is_set():
        if any(child.ended() for child in children):
            raise SetupError("a process ended while it started; its message stands above")
        try:
            if requests.get(f"{base}/api/health", timeout=2).status_code == 200:
                return
        except requests.RequestException:
            pass
        if time.monotonic() > until:
            raise SetupError(f"the pages did not answer at {base} within {WAIT_S:.0f} s")
        stop.wait(0.1)


def _greet(desk: Desk, base: str, demo: tuple[float, str] | None) -> None:
    """Say where the pages are and, for the sample company, how to sign in."""
    click.echo(f"\n  Dispatch is at {desk.config.web.base_url or base}")
    users = upkeep.sample_users(desk)
    if users:
        click.echo("  Sample sign-ins:")
        for user in users:
            click.echo(f"    {user['role']:<11} {user['user']:<11} {user['password']}")
    if demo:
        click.echo(f"  Callers and crews are simulated ({demo[1]} day, {demo[0]:g} x real time).")
    click.echo("  Stop with Ctrl-C.\n")


def _start_demo(desk: Desk, base: str, demo: tuple[float, str], stop: threading.Event) -> threading.Thread:
    from dispatch.demo import play

    actors = threading.Thread(target=play, args=(desk, base, *demo, stop), name="demo", daemon=True)
    actors.start()
    return actors


def _limits(desk: Desk) -> Limits:
    return Limits(silent_s=desk.config.plan.silent_after_s)


def watch(children: Sequence[Child], stop: threading.Event, limits: Limits, look_s: float = LOOK_S) -> None:
    """Start again what ends or hangs, until told to stop; one that waits for its turn holds no other up."""
    while not stop.wait(look_s):
        for child in children:
            child.look(limits)


def _end(children: Sequence[Child]) -> None:
    """End all at once, then wait for each."""
    for child in children:
        if child.process and not child.ended():
            child.process.terminate()
    for child in children:
        child.end()
