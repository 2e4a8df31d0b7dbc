"""A month of reports made by the desk's own acts, then repeated through the store until there are enough.

The first 250 reports are walked by the acts themselves with a clock that is turned: taken, planned, driven
to by the planner's own estimate, restored, closed, called back. Every fifteenth crew comes late, every
twentieth report is answered by phone, every twenty-fourth call has a neighbour whose report is merged. The
others are the same events with other numbers, 6 hours later each time, appended one by one like any event.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from itertools import cycle
from typing import TYPE_CHECKING, Any, get_args

from dispatch.desk import assign, field, merge
from dispatch.desk.intake import Draft, resolve, take_report
from dispatch.evidence import Fix
from dispatch.store.people import Person
from dispatch.ticket import FaultKind
from tests.bench.crowd import BENCH

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.desk import Desk
    from dispatch.desk.intake import Answer
    from dispatch.ticket import Ticket, Visit
    from dispatch.timeline import Event

MONTH = "2026-10"
START_MS = round(datetime.fromisoformat("2026-10-01T00:00:00+08:00").timestamp() * 1000)
MIN_MS = 60_000
CALLS, WALKED = 240, 250  # every twenty-fourth call has a neighbour
CALL_EVERY_MS = 120 * MIN_MS
AGAIN_AFTER_MS = 360 * MIN_MS  # 20 days of walking and 39 times 6 hours stay within October


@dataclass
class Clock:
    """A clock that is turned forwards; epoch ms."""

    at_ms: int = START_MS

    def __call__(self) -> int:
        return self.at_ms

    def turn(self, at_ms: int) -> int:
        """Turn to `at_ms` unless it is later already; the time it is."""
        self.at_ms = max(self.at_ms, at_ms)
        return self.at_ms


def fill(desk: Desk, clock: Clock, reports: int) -> None:
    """So many reports (a multiple of WALKED) of October 2026, in a database that has none yet."""
    after = desk.store.tickets.head()[0]
    with desk.store.transaction():
        _walk(desk, clock)
        walked = desk.store.tickets.events_after(after, limit=20 * WALKED)
        for again in range(1, reports // WALKED):
            _repeat(desk, walked, again)


def _walk(desk: Desk, clock: Clock) -> None:
    accounts = desk.store.company.sample_accounts(CALLS)
    for number, (account, fault) in enumerate(zip(cycle(accounts), cycle(get_args(FaultKind)), strict=False)):
        if number == CALLS:
            return
        clock.turn(START_MS + number * CALL_EVERY_MS)
        draft = Draft(fault, account_no=account["account_no"], address=account["address"], note="没有电")
        told = take_report(desk, draft, BENCH)
        if number % 24 == 5:
            merge.merge(desk, take_report(desk, draft, BENCH).report.id, told.ticket.id, BENCH)
        if number % 20 == 0:
            resolve(desk, told.report.id, "by_phone", "主开关跳闸", BENCH)
        else:
            _serve(desk, clock, told, late=number % 15 == 2)


def _serve(desk: Desk, clock: Clock, told: Answer, *, late: bool) -> None:
    """Assign, drive, mend and call back, each step at its own time."""
    assign.replan(desk)
    ticket = desk.store.tickets.get(told.ticket.id)
    if ticket.visit is None:
        return  # explained by an outage notice
    began = clock()
    arrives = max(ticket.visit.eta_at or 0, began + 5 * MIN_MS)
    if late and ticket.dues:
        arrives = max(arrives, ticket.dues[0] + 10 * MIN_MS)
    times = {"accepted": 1 * MIN_MS + began, "departed": 3 * MIN_MS + began, "arrived": arrives}
    times |= {"restored": arrives + 25 * MIN_MS, "closed": arrives + 30 * MIN_MS}
    for seq, (kind, at) in enumerate(times.items()):
        clock.turn(at)
        _step(desk, ticket, ticket.visit, kind, seq)
    clock.turn(arrives + 35 * MIN_MS)
    field.call_back(desk, ticket.id, field.Callback(reached=True, satisfied=True, power_back=True), BENCH)


def _step(desk: Desk, ticket: Ticket, visit: Visit, kind: Any, seq: int) -> None:
    at, place = desk.clock(), ticket.place
    fix = Fix(place.lon, place.lat, 12.0, at) if place and kind == "arrived" else None
    step = field.Step(f"{ticket.id}-{kind}", ticket.id, kind, at, seq, fix)
    (result,) = field.record_field_events(desk, [step], Person("phone", "crew", visit.crew))
    assert result.result == "stored", result


def _repeat(desk: Desk, walked: Sequence[Event], again: int) -> None:
    """The walked events once more, `again` times 6 hours later and under numbers of their own."""
    by_ms, by_number = AGAIN_AFTER_MS * again, WALKED * again
    for event in walked:
        ticket, body = moved(event.ticket, by_ms, by_number), moved(event.body, by_ms, by_number)
        at, now = event.at + by_ms, event.recorded_at + by_ms
        desk.store.tickets.append(ticket, event.kind, body, at=at, now=now, by=event.by)


def moved(value: Any, by_ms: int, by_number: int) -> Any:
    """An event's body at another time, about other tickets and reports."""
    if isinstance(value, dict):
        return {name: moved(each, by_ms, by_number) for name, each in value.items()}
    if isinstance(value, list):
        return [moved(each, by_ms, by_number) for each in value]
    if isinstance(value, int) and value > START_MS // 2:
        return value + by_ms
    if isinstance(value, str) and re.fullmatch(r"[TR]\d+", value):
        return f"{value[0]}{int(value[1:]) + by_number}"
    return value
