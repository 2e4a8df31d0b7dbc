"""From a report to a crew: `dispatch run` as delivered (pages and planner, two processes), spoken to by HTTP.

50 tickets are open and 8 crews on duty (six at work, two free, see `crowd.py`). 40 reports come one after the
other, each when a crew is free for it, by `POST /api/reports` over one kept connection, with pauses of
0.2-0.7 s so that no rhythm with the planner's own looks arises. All times count from the moment the POST
begins: "answered" until its answer is read, "event recorded" until `recorded_at` of the `assigned` event,
"seen" until an open `GET /api/events` delivers that event, which includes its commit. Then the desk resolves
the report, which takes the crew back, and the next one follows. Goal: P95 of "seen" 1 s, as a dispatcher who
has just typed a report looks up at the board.
"""

from __future__ import annotations

import json
import random
import threading
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import requests

from dispatch.clock import now_ms
from dispatch.config import load
from dispatch.desk import open_desk
from tests.bench.crowd import crowd
from tests.bench.figures import Figure, spread
from tests.bench.house import running

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dispatch.desk import Desk
    from tests.bench.house import House

OPEN = 50
REPORTS = 40
PATIENCE_S = 5.0
LIMIT_S = 90.0


def measure(house: House) -> list[Figure]:
    """Answered, recorded and seen: P50, P95 and the longest, and how many were not assigned in time."""
    config_file = house.company()
    desk = open_desk(load(config_file, {}))
    crowd(desk, config_file.parent, OPEN)
    accounts = [a["account_no"] for a in desk.store.company.sample_accounts(2000) if a["zone"] == "urban"]
    with running(config_file) as server, listening(server.base, server.token("dispatcher")) as board:
        sent = _send(server.base, server.token("dispatcher"), accounts, board)
    told = [each for each in sent if "seen_s" in each]
    recorded = [(_recorded_at(desk, each["ticket"]) - each["began_ms"]) / 1000 for each in told]
    desk.store.database.close()
    return [
        *spread("POST answered", [each["answered_s"] for each in sent], "s"),
        *spread("assigned event recorded", recorded, "s"),
        *spread("assigned event seen on a board", [each["seen_s"] for each in told], "s", p95_goal=1),
        Figure(f"reports of {REPORTS} not assigned within {PATIENCE_S:g} s", REPORTS - len(told), "", 0),
    ]


def _send(base: str, token: str, accounts: Sequence[str], board: Board) -> list[dict[str, Any]]:
    """What happened to each report; fewer than REPORTS when the time is up."""
    dice, until, sent = random.Random(1), time.monotonic() + LIMIT_S, []
    with requests.Session() as phone:
        phone.headers["Authorization"] = f"Bearer {token}"
        for account in accounts[:REPORTS]:
            time.sleep(dice.uniform(0.2, 0.7))
            if time.monotonic() > until:
                break
            sent.append(_send_one(phone, base, account, board))
    return sent


def _send_one(phone: requests.Session, base: str, account: str, board: Board) -> dict[str, Any]:
    began_ms, began = now_ms(), time.monotonic()
    answer = phone.post(
        f"{base}/api/reports", json={"fault": "no_power", "account_no": account}, timeout=PATIENCE_S
    )
    answered = time.monotonic()
    answer.raise_for_status()
    told = answer.json()
    sent = {"ticket": told["ticket"], "began_ms": began_ms, "answered_s": answered - began}
    if (seen := board.wait(told["ticket"], PATIENCE_S)) is not None:
        sent["seen_s"] = seen - began
    done = {"how": "by_phone", "note": "bench"}
    phone.post(f"{base}/api/reports/{told['report']}/resolve", json=done, timeout=5).raise_for_status()
    return sent


def _recorded_at(desk: Desk, ticket: str) -> int:
    return next(e.recorded_at for e in desk.store.tickets.events(ticket) if e.kind == "assigned")


class Board:
    """What an open board page is told, with the moment (monotonic seconds) it was told each assignment."""

    def __init__(self) -> None:
        self._news = threading.Condition()
        self._assigned: dict[str, float] = {}

    def hear(self, message: Mapping[str, Any]) -> None:
        """One `change` of the stream."""
        if message.get("kind") == "assigned":
            with self._news:
                self._assigned.setdefault(message["ticket"], time.monotonic())
                self._news.notify_all()

    def wait(self, ticket: str, patience_s: float) -> float | None:
        """When the ticket's assignment was told; None when `patience_s` pass without."""
        with self._news:
            self._news.wait_for(lambda: ticket in self._assigned, patience_s)
            return self._assigned.get(ticket)


@contextmanager
def listening(base: str, token: str) -> Iterator[Board]:
    """A board that hears `GET /api/events` from now on, in a thread of its own."""
    board = Board()
    headers = {"Authorization": f"Bearer {token}"}
    stream = requests.get(f"{base}/api/events", headers=headers, stream=True, timeout=(5, 30))
    stream.raise_for_status()
    lines = stream.iter_lines(chunk_size=1)
    next(lines)  # the stream is open
    listener = threading.Thread(target=_hear_all, args=(lines, board), daemon=True)
    listener.start()
    try:
        yield board
    finally:
        stream.close()


def _hear_all(lines: Iterator[bytes], board: Board) -> None:
    try:
        for line in lines:
            if line.startswith(b"data: {"):
                board.hear(json.loads(line.removeprefix(b"data: ")))
    except (requests.RequestException, AttributeError, ValueError, OSError):
        return  # closed under our hands: the section is over
