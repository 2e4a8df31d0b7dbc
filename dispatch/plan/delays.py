"""What happens to the other waiting tickets when a crew is sent to one."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from dispatch.plan.board import Delay
from dispatch.plan.lookahead import SHIFT_ENDS, UNREACHABLE, look, pair, prices_of, savings

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from dispatch.plan.board import CrewState, Job
    from dispatch.plan.cost import Floats
    from dispatch.plan.lookahead import Outlook


class Delays:
    """What happens to the other waiting tickets when a crew is sent to this one.

    `here` is the outlook of the one ticket, `rest` that of the others, `legs_s` the seconds from the site of
    each ticket [this one first, then the others] to the others. A crew on its way to one of the others, a
    pair (crew, other) of `on_the_way`, goes on to it unless it is sent here.
    """

    def __init__(
        self, here: Outlook, rest: Outlook, legs_s: Floats, on_the_way: tuple[tuple[int, int], ...] = ()
    ) -> None:
        self.rest, self.legs_ms = rest, np.ceil(legs_s[1:] * 1000)
        sent = tuple(_sent(crew, here.jobs[0], here, row) for row, crew in enumerate(here.crews))
        self.after = look(
            sent, rest.jobs, rest.now_ms, np.repeat(legs_s[:1], len(sent), axis=0), rest.weights
        )
        able = np.isin(rest.code, (0, UNREACHABLE, SHIFT_ENDS))
        self.shift_left_ms = np.where(able, rest.shift_left_ms, -np.inf)
        self.work_ms = np.array([job.work_s * 1000 for job in rest.jobs])
        dues = [min(job.dues_ms, default=math.inf) - rest.now_ms for job in rest.jobs]
        self.due_ms = np.array(dues, dtype=np.float64)
        self.prices = prices_of(savings(rest.total, rest.later))  # one crew sent changes the pairing little
        self.before_ms = self._arrivals(rest.ahead_ms, rest.total, rest.later, fixed=on_the_way)

    def when_sent(self, crew: int) -> tuple[Delay, ...]:
        """The tickets that would be reached later, the longest delay first."""
        pairs = ("ahead_ms", "total", "later")
        with_crew_sent = [
            self._with_row(getattr(self.rest, key), getattr(self.after, key), crew) for key in pairs
        ]
        then_ms = self._arrivals(*with_crew_sent)
        delayed = np.flatnonzero(then_ms > self.before_ms)
        delays = [self._delay(int(job), then_ms[job]) for job in delayed]
        return tuple(sorted(delays, key=lambda delay: (-(delay.by_s or math.inf), delay.ticket)))

    def _delay(self, job: int, then_ms: float) -> Delay:
        before_ms, due_ms = self.before_ms[job], self.due_ms[job]
        by_s = math.ceil((then_ms - before_ms) / 1000) if math.isfinite(then_ms) else None
        return Delay(self.rest.jobs[job].ticket, by_s, becomes_late=bool(before_ms <= due_ms < then_ms))

    @staticmethod
    def _with_row(values: Floats, after: Floats, crew: int) -> Floats:
        changed = values.copy()
        changed[crew] = after[crew]
        return changed

    def _arrivals(
        self, ahead_ms: Floats, total: Floats, later: Floats, *, fixed: tuple[tuple[int, int], ...] = ()
    ) -> Floats:
        """Predicted ms from now until each job is reached, infinity when nobody can; `fixed` pairs stand.

        A job outside the pairing is taken as the second job of whoever gets there first. Several may count
        on the same crew, so it is a lower bound, the same in both plans that are compared.
        """
        saved = savings(total, later)
        for crew_fixed, job_fixed in fixed:
            saved[crew_fixed, :] = saved[:, job_fixed] = 0.0
        pairs = np.array([*fixed, *pair(saved, self.prices)], dtype=np.intp).reshape(-1, 2)
        crew, job = pairs[:, 0], pairs[:, 1]
        second_ms = ahead_ms.copy()
        second_ms[crew] = (ahead_ms[crew, job] + self.work_ms[job])[:, None] + self.legs_ms[job]
        reached: NDArray[np.float64] = np.where(second_ms < self.shift_left_ms, second_ms, np.inf).min(
            axis=0, initial=np.inf
        )
        reached[job] = ahead_ms[crew, job]
        return reached


def _sent(crew: CrewState, job: Job, here: Outlook, row: int) -> CrewState:
    """The crew as it will be once it has served the job; unchanged when it cannot."""
    if here.code[row, 0]:
        return crew
    arrive_ms = here.now_ms + int(here.ahead_ms[row, 0])
    return replace(crew, place=job.place, free_at_ms=arrive_ms + math.ceil(job.work_s * 1000))
