"""What happens now, pushed to the pages: server-sent events that resume where a page left off."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING

from flask import Blueprint, Response, current_app, request

from dispatch.errors import BadInput, Fault
from dispatch.web.gate import READERS, allow, desk
from dispatch.web.spec import EVENT_STREAM, More, speaks
from dispatch.web.tell import Teller
from dispatch.web.tell_alert import alert_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.crew import Position
    from dispatch.desk import Desk

pages = Blueprint("live", __name__)
LOOK_S = 0.1
HEARTBEAT_S = 15.0


class Tail:
    """Looks at the store ten times a second for every page together, and wakes those that wait."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._news = threading.Condition()
        self._stamp: tuple[object, ...] = ()
        self._round = 0
        self._watcher: threading.Thread | None = None
        self.closed = False

    def wait(self, seen: int, timeout_s: float) -> int:
        """The number of the newest change, as soon as it differs from `seen`, or after `timeout_s`."""
        with self._news:
            if self._watcher is None or not self._watcher.is_alive():
                self._watcher = threading.Thread(target=self._watch, name="tail", daemon=True)
                self._watcher.start()
            self._news.wait_for(lambda: self.closed or self._round != seen, timeout_s)
            return self._round

    def close(self) -> None:
        """End every stream: the server is about to stop, and a page connects again by itself."""
        with self._news:
            self.closed = True
            self._news.notify_all()

    def _watch(self) -> None:
        while not self.closed:
            stamp = self._desk.store.stamp()
            if stamp != self._stamp:
                with self._news:
                    self._stamp = stamp
                    self._round += 1
                    self._news.notify_all()
            time.sleep(LOOK_S)


def _start_after() -> int:
    """The sequence number the page has seen: `Last-Event-ID` of a reconnection, else `after`.

    A number that was never given (the database is an older copy) counts as the newest one.
    """
    text = request.headers.get("Last-Event-ID") or request.args.get("after") or ""
    newest = desk().store.tickets.head()[0]
    if not text:
        return newest
    if not (text.isascii() and text.isdigit()) or len(text) > 15:
        raise BadInput("`after` is a sequence number.", (Fault("after", "not a number"),))
    return min(int(text), newest)


@pages.get("/api/events")
@allow(*READERS)
@speaks(
    also=(401, 403, 422),
    more=More(
        media=EVENT_STREAM,
        query={"after": "begin after this sequence number (default: now)"},
        headers={"Last-Event-ID": "the last id seen; wins over `after`"},
    ),
)
def get_events() -> Response:
    """Server-sent events: `change` with its sequence number as id, `position`, `plan`, `alert`."""
    tail: Tail = current_app.extensions["tail"]
    stream = _stream(desk(), tail, _start_after())
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    return Response(stream, content_type="text/event-stream", headers=headers)


def _stream(desk: Desk, tail: Tail, after: int) -> Iterator[str]:
    seen, positions, plan = -1, desk.store.company.positions(), desk.store.company.last_plan()
    turn = desk.store.alerts.turn()
    yield "retry: 2000\n\n"
    while not tail.closed:
        newest = tail.wait(seen, HEARTBEAT_S)
        if newest == seen:
            yield ": still here\n\n"
            continue
        seen = newest
        teller = Teller(desk)
        while events := desk.store.tickets.events_after(after):
            for event in events:
                shown = {"seq": event.seq, "ticket": event.ticket, "kind": event.kind, "by": event.by}
                yield _message("change", {**shown, "at": teller.iso(event.at)}, event.seq)
            after = events[-1].seq
        moved, positions = _moved(positions, desk.store.company.positions())
        for each in moved:
            shown = {"crew": each.crew, "lon": each.lon, "lat": each.lat, "accuracy_m": each.accuracy_m}
            yield _message("position", {**shown, "at": teller.iso(each.at)})
        raised, turn = desk.store.alerts.list_after(turn)
        for warning in raised:
            yield _message("alert", alert_out(warning, teller).model_dump())
        if (latest := desk.store.company.last_plan()) != plan and latest:
            plan = latest
            yield _message("plan", {"at": teller.iso(latest[0]), "by": latest[1].get("by", "search")})


def _moved(
    before: dict[str, Position], now: dict[str, Position]
) -> tuple[list[Position], dict[str, Position]]:
    return [position for crew, position in now.items() if before.get(crew) != position], now


def _message(kind: str, data: dict[str, object], number: int | None = None) -> str:
    head = f"id: {number}\n" if number is not None else ""
    return f"{head}event: {kind}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"
