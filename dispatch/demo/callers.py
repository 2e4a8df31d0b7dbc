"""When simulated callers call: one by one on most days, in a storm many of one transformer."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from dispatch.demo.door import Refused

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator, Mapping

    from dispatch.demo.door import Door
    from dispatch.demo.pace import Pace
    from dispatch.demo.town import Town

AT_MOST_OPEN = 60  # more tickets than crews could ever look after; callers wait
OPENING_S = (1.5, 3.0, 3.5)  # a newcomer sees something happen at once, whatever the day is like
LEAST_GAP_S = 1.0
CROWDED_S = 3.0
BURST_GAP_S = 40.0  # neighbours call one after the other


@dataclass(frozen=True, slots=True)
class Day:
    """How many faults an hour are called in, and what share of them the whole neighbourhood calls about."""

    faults_per_h: float
    bursts: float = 0.0
    burst_calls: tuple[int, int] = (4, 8)  # fewest and most


SCENARIOS: Mapping[str, Day] = {
    "ordinary": Day(4),
    "busy": Day(15),
    "storm": Day(22, bursts=1 / 3),  # about 40 calls an hour
}


@dataclass(frozen=True, slots=True)
class Call:
    """One call: `gap_s` simulated seconds after the last; calls of one `outage` (0 none) belong together."""

    gap_s: float
    outage: int = 0


def calls(day: Day, dice: random.Random) -> Iterator[Call]:
    """The calls of a day without end: a Poisson stream, decided by the dice alone."""
    outage = 0
    while True:
        gap_s = dice.expovariate(day.faults_per_h / 3600)
        if dice.random() >= day.bursts:
            yield Call(gap_s)
            continue
        outage += 1
        yield Call(gap_s, outage)
        for _ in range(dice.randint(*day.burst_calls) - 1):
            yield Call(dice.expovariate(1 / BURST_GAP_S), outage)


class Counts(Protocol):
    """Somebody who knows how many tickets are open."""

    open_tickets: int


class Callers:
    """Everybody who calls: one report after the other, and nobody while the board is crowded."""

    name = "simulated caller"

    def __init__(self, door: Door, pace: Pace, town: Town, stream: Iterator[Call], board: Counts) -> None:
        self._door, self._pace, self._town, self._board = door, pace, town, board
        self._stream = stream
        self._opening = iter(OPENING_S)
        self._due_s: float | None = None
        self._said: dict[str, Any] = {}
        self._key = ""

    def act(self, now_s: float) -> float:
        """Call if it is time; when the next call is."""
        if self._due_s is None:
            return self._pick_up(now_s)
        if now_s < self._due_s:
            return self._due_s
        if self._board.open_tickets >= AT_MOST_OPEN:
            return now_s + CROWDED_S
        try:
            self._door.post("/api/reports", self._said, self._key)
        except Refused:
            self._pick_up(now_s)
            raise
        return self._pick_up(now_s)

    def _pick_up(self, now_s: float) -> float:
        """Decide the next call once, so that it is the same call when it has to be repeated."""
        gap_s, outage = next(self._opening, 0.0), 0
        if not gap_s:
            call = next(self._stream)
            gap_s, outage = max(LEAST_GAP_S, call.gap_s / self._pace.speed), call.outage
        self._said, self._key = self._town.report(outage), secrets.token_hex(16)
        self._due_s = now_s + gap_s
        return self._due_s
