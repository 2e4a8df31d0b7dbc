"""What a dispatcher's click costs: who could go, and the whole board.

`dispatch run` with 50 and then 500 open tickets (see `crowd.py`), one client, one kept connection, the
planner at work beside it. "options" is `GET /api/tickets/{id}/options` of tickets that six crews could serve,
"board" is `GET /api/board` without an ETag; each 30 times, until the last byte is read. Then the same with
FLEET crews at work and WAITING tickets that wait for one of them, which has the goal; the company has drives
enough to go by. Last, what a process does first after a restart: see the board as the planner does, with
RESTART tickets that wait. Nothing may have to be looked up on the roads for each of them.
"""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import requests

from dispatch.config import load
from dispatch.desk import open_desk
from dispatch.desk.board import board
from dispatch.plan.chance import Trip, learn
from tests.bench.crowd import call, crowd, fleet
from tests.bench.figures import Figure, percentile, spread
from tests.bench.house import running
from tests.bench.month import timed

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from tests.bench.house import House
    from tests.conftest import Server

FEW, MANY = 50, 500
FLEET, WAITING, GOAL_MS = 60, 100, 50
RESTART = (300, 1500)
TIMES = 30
SETTLE_S = 2.0


def measure(house: House) -> list[Figure]:
    """Milliseconds at FEW and at MANY open tickets, and the size of the board."""
    config_file = house.company()
    desk = open_desk(load(config_file, {}))
    at_work = crowd(desk, config_file.parent, FEW)
    with running(config_file) as server:
        figures = _ask(server, at_work, FEW)
        call(desk, "meter", MANY - FEW)
        time.sleep(SETTLE_S)  # the planner has planned the new ones
        figures += _ask(server, at_work, MANY)
    desk.store.database.close()
    return [*figures, *_of_a_fleet(house), *(_after_a_restart(house, waiting) for waiting in RESTART)]


def _company(house: House, waiting: int) -> tuple[Path, list[str]]:
    """The config.toml of a company with a fleet at work and drives enough to go by; the tickets that wait."""
    config_file = house.company()
    desk = open_desk(load(config_file, {}))
    names = fleet(desk, config_file.parent, FLEET, waiting)
    drives = [Trip(600, 700, kind, 9, severe=False) for kind in ("secondary", "residential")] * 100
    desk.store.chances.put_learnt(desk.clock(), learn(drives, []).as_json())
    desk.store.database.close()
    return config_file, names


def _after_a_restart(house: House, waiting: int) -> Figure:
    config_file, names = _company(house, waiting)
    desk = open_desk(load(config_file, {}))
    ticket = desk.store.tickets.get(names[0])
    assert ticket.place
    desk.roads.matrix([ticket.place.lonlat], [ticket.place.lonlat])  # the roads are opened and warm
    seconds, seen = timed(lambda: board(desk, desk.clock()))
    desk.store.database.close()
    assert len(seen.jobs) == len(names)
    assert all(job.doubt for job in seen.jobs)
    return Figure(f"the board first seen after a restart, {len(names)} waiting", seconds * 1000, "ms")


def _of_a_fleet(house: House) -> list[Figure]:
    config_file, waiting = _company(house, WAITING)
    with running(config_file) as server, requests.Session() as page:
        page.headers["Authorization"] = f"Bearer {server.token('dispatcher')}"
        time.sleep(SETTLE_S)
        asked = [f"{server.base}/api/tickets/{name}/options" for name in waiting]
        taken = [_ms(page, url)[0] for url in asked[:TIMES]]
    said = f"options at {FLEET} crews, {len(waiting)} waiting"
    return [
        Figure(f"{said}, the first", taken[0], "ms"),
        Figure(f"{said}, P50", percentile(taken, 50), "ms", GOAL_MS),
        Figure(f"{said}, P95", percentile(taken, 95), "ms"),
    ]


def _ask(server: Server, at_work: Sequence[str], open_tickets: int) -> list[Figure]:
    with requests.Session() as page:
        page.headers["Authorization"] = f"Bearer {server.token('dispatcher')}"
        paths = {"options": [f"/api/tickets/{ticket}/options" for ticket in at_work], "board": ["/api/board"]}
        figures = []
        for name, asked in paths.items():
            taken = [_ms(page, server.base + asked[number % len(asked)]) for number in range(TIMES)]
            figures += spread(f"{name} at {open_tickets} open", [ms for ms, _ in taken], "ms")
        figures.append(Figure(f"board at {open_tickets} open, size", taken[-1][1] / 1000, "kB"))
    return figures


def _ms(page: requests.Session, url: str) -> tuple[float, int]:
    """(milliseconds, bytes) of one GET."""
    taken_s, answer = timed(lambda: page.get(url, timeout=20))
    answer.raise_for_status()
    return taken_s * 1000, len(answer.content)
