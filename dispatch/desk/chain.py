"""Which planner answers: the search, else look-ahead, else the nearest able crew; a plan is checked first.

Each has a limit of time of its own. One that crashes, hangs or breaks a rule is logged and the next one is
asked; while one still hangs it is not asked again.
"""

from __future__ import annotations

import logging
import time
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import fields
from functools import partial
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

from dispatch import plan as planning
from dispatch.errors import RoadsUnavailable
from dispatch.plan import Weights

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from dispatch.config import Config
    from dispatch.plan import Board, Plan, TravelTimes

T = TypeVar("T")
WATCHDOG_S = 2.0
log = logging.getLogger("dispatch.plan")


def weights(config: Config) -> Weights:
    """The planner's weights as the company set them: the keys of [plan] that bear their names."""
    return Weights(**{each.name: getattr(config.plan, each.name) for each in fields(Weights)})


class Planner(Protocol):
    """What each link of the chain is."""

    def __call__(self, board: Board, now: int, travel: TravelTimes, weights: Weights) -> Plan:
        """A plan of the board at `now` (epoch ms)."""
        ...


class Chain:
    """Plans one board after the other, each search beginning with the routes of the plan before."""

    def __init__(self, budget_s: float, watchdog_s: float = WATCHDOG_S) -> None:
        self._budget_s, self._watchdog_s = budget_s, max(watchdog_s, 3 * budget_s)
        self._before: Plan | None = None
        self._hanging: dict[str, Future[Any]] = {}

    def plan(self, board: Board, now: int, travel: TravelTimes, weights: Weights) -> Plan:
        """The first sound plan. RuntimeError when there is none, RoadsUnavailable without roads."""
        for name, planner in self._links():
            made = self.ask(name, partial(planner, board, now, travel, weights))
            broken = planning.validate(made, board) if made else ()
            if made and not broken:
                self._before = made
                return made
            if broken:
                log.error("the planner %s broke its own rules: %s", name, "; ".join(broken))
        raise RuntimeError("no planner made a plan that keeps the rules; see the messages above")

    @property
    def hangs(self) -> bool:
        """Whether some planner still has not answered what it was asked: it is passed over until it does."""
        return any(not answer.done() for answer in self._hanging.values())

    def _links(self) -> Iterator[tuple[str, Planner]]:
        yield "search", self._search
        yield "look_ahead", planning.look_ahead
        yield "nearest_able", planning.nearest_able

    def _search(self, board: Board, now: int, travel: TravelTimes, weights: Weights) -> Plan:
        budget = within(self._budget_s)
        return planning.plan(board, now, travel, weights, before=self._before, keep_going=budget)

    def ask(self, name: str, act: Callable[[], T]) -> T | None:
        """What the planner says within the watchdog's time, or None; its own mistakes are logged.

        RoadsUnavailable is passed on.
        """
        if name in self._hanging and not self._hanging[name].done():
            return None
        pool = ThreadPoolExecutor(1, thread_name_prefix=f"plan-{name}")
        answer = pool.submit(act)
        self._hanging[name] = answer
        pool.shutdown(wait=False)
        if not wait([answer], self._watchdog_s).done:
            log.error("the planner %s has not answered within %g s", name, self._watchdog_s)
            return None
        failed = answer.exception()
        if isinstance(failed, RoadsUnavailable):
            raise failed
        if failed is not None:
            log.error("the planner %s failed", name, exc_info=failed)
            return None
        return answer.result()


def within(budget_s: float) -> Callable[[int], bool]:
    """Says yes until `budget_s` seconds have passed since it was first asked."""
    until: list[float] = []

    def keep_going(_number: int) -> bool:
        now = time.monotonic()
        until[:] = until or [now + budget_s]
        return now < until[0]

    return keep_going
