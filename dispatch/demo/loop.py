"""Whose turn it is: every actor of the play in one thread, in the order of their next times."""

from __future__ import annotations

import heapq
import logging
import time
from typing import TYPE_CHECKING, Protocol

from dispatch.demo.door import Refused, Unreachable
from dispatch.errors import DispatchError

if TYPE_CHECKING:
    import threading
    from collections.abc import Callable, Sequence

AGAIN_S = 1.0  # after the first silence of the server; doubled with each until LONGEST_S
LONGEST_S = 15.0
REFUSED_S = 5.0
log = logging.getLogger("dispatch.demo")


class Actor(Protocol):
    """Somebody in the play."""

    name: str

    def act(self, now_s: float) -> float:
        """Do what is due at `now_s`; the moment of the next turn on the same clock, in seconds.

        Unreachable means: the same again later. Refused means: the actor has already given it up.
        """
        ...


class Turns:
    """Gives each actor its turn, and a longer pause the longer the server is silent."""

    def __init__(self) -> None:
        self._silences: dict[str, int] = {}
        self._said: set[str] = set()

    def give(self, actor: Actor, now_s: float) -> float:
        """One turn; when the next one is. A mistake of the play costs its actor a pause, not the play."""
        try:
            again_s = actor.act(now_s)
        except Unreachable as silence:
            return now_s + self._pause_s(actor, silence)
        except (Refused, DispatchError) as refusal:
            self._say_once(f"{actor.name}: {refusal}")
            return now_s + REFUSED_S
        except (LookupError, TypeError, ValueError):
            log.exception("%s did not understand an answer", actor.name)
            return now_s + LONGEST_S
        self._silences.pop(actor.name, None)
        return again_s

    def _pause_s(self, actor: Actor, silence: Unreachable) -> float:
        if not self._silences:
            log.warning("the pages do not answer (%s); the simulated people try again", silence)
        before = self._silences.get(actor.name, 0)
        self._silences[actor.name] = before + 1
        return min(LONGEST_S, AGAIN_S * 2.0 ** min(before, 10))

    def _say_once(self, sentence: str) -> None:
        if sentence not in self._said and len(self._said) < 200:
            self._said.add(sentence)
            log.warning("%s", sentence)


def run(actors: Sequence[Actor], stop: threading.Event, clock: Callable[[], float] = time.monotonic) -> None:
    """Let the actors act until `stop` is set; `clock` counts seconds and is never set back."""
    turns = Turns()
    queue = [(clock(), number) for number in range(len(actors))]
    while queue and not stop.wait(max(0.0, queue[0][0] - clock())):
        number = heapq.heappop(queue)[1]
        again_s = turns.give(actors[number], clock())
        heapq.heappush(queue, (again_s, number))
