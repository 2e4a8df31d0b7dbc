"""Crews and tickets of a day that is played: where each crew is, and what each ticket has seen.

Times are epoch ms. What the desk would know stands beside what is true: a crew is known to be busy until its
expected finish as works last on this day, the longer the longer it has been at it, as at the desk.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING

from dispatch.plan import CrewState, Job, halves, second_half
from dispatch.plan.pace import left_s, mean_factor
from dispatch.simulate.scenario import due_s
from dispatch.simulate.travel import Homeward

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dispatch.plan import Place
    from dispatch.plan.chance import Spread
    from dispatch.simulate.played import Order
    from dispatch.simulate.scenario import Call, Duty, Scenario
    from dispatch.ticket import Zone


AHEAD_MS = 24 * 3_600_000  # a plan is made anew long before: what a crew does tomorrow is not told today


@dataclass(slots=True)
class Ticket:
    """Calls that are served by one trip, or by two crews; the place and the fault are those of the first.

    `going` are the crews that were told, in order, also when they are done; `on_site` those at work there.
    Once one of them finds that there is `nothing_to_do`, no further one is sought.
    """

    id: str
    calls: list[Call]
    opened_ms: int
    going: list[str] = field(default_factory=list)
    on_site: list[str] = field(default_factory=list)
    done: int = 0
    nothing_to_do: bool = False

    @property
    def fault(self) -> str:
        """The fault that its crews come for."""
        return self.calls[0].fault

    @property
    def place(self) -> Place:
        """Where the crew goes."""
        return self.calls[0].place

    @property
    def ordinary(self) -> bool:
        """Whether its crew may be called off for people in danger: one that another waits for may not."""
        return len(self.going) == 1 and not any(call.hazard or call.critical for call in self.calls)

    @property
    def work_s(self) -> float:
        """Expected seconds on site."""
        return max(call.work_s for call in self.calls)

    def lacks(self, scenario: Scenario) -> int:
        """How many crews are still to be sent."""
        return 0 if self.nothing_to_do else max(scenario.crews_for(self.calls) - len(self.going), 0)

    def jobs(
        self, scenario: Scenario, minutes: Mapping[Zone, int], work: Spread, slower: float
    ) -> tuple[Job, ...]:
        """What of it waits, as the planner sees it: nothing, all of it, both halves, or the second.

        `work` is how works last today, `slower` by how much longer drives do than the roads say.
        """
        lacks = self.lacks(scenario)
        if not lacks:
            return ()
        whole = self._job(scenario.start_ms, minutes, work, slower)
        if self.going:
            return (second_half(whole),)
        return (whole,) if lacks == 1 else halves(whole)

    def _job(self, start_ms: int, minutes: Mapping[Zone, int], work: Spread, slower: float) -> Job:
        return Job(
            ticket=self.id,
            place=self.place,
            needs=frozenset().union(*(call.needs for call in self.calls)),
            dues_ms=tuple(sorted(start_ms + round(due_s(call, minutes) * 1000) for call in self.calls)),
            opened_ms=self.opened_ms,
            customers=sum(call.customers for call in self.calls),
            hazard=any(call.hazard for call in self.calls),
            critical=any(call.critical for call in self.calls),
            work_s=self.work_s * mean_factor(work),
            there=frozenset(self.going),
            slower=slower,
        )


@dataclass(slots=True)
class Trip:
    """A crew on its way to a ticket or at work there.

    `eta_ms` is when it was expected there at its departure, `drive_s` what the roads say of the drive. That
    leads from `origin`, which lies `lead_s` ahead where the crew was called on its way elsewhere, and takes
    `slow` times as long in truth.
    """

    number: int
    ticket: Ticket
    eta_ms: int
    drive_s: float
    departed_ms: int
    origin: Place
    lead_s: float
    slow: float
    order: Order

    def way(self, now: int) -> Homeward | None:
        """Where it is between `origin` and its ticket; None when it stands at either end or has not begun."""
        gone_s = (now - self.departed_ms) / 1000 / self.slow - self.lead_s
        left_s = self.drive_s - self.lead_s - gone_s
        if self.order.reached_ms is not None or not (gone_s > 0 and left_s > 0):
            return None
        return Homeward(self.origin, self.ticket.place, gone_s, left_s)

    def left_s(self, now: int, work: Spread) -> float:
        """Seconds that the desk believes the crew to be busy: by the estimate, by the arrival once known."""
        if self.order.reached_ms is None:
            return max(self.eta_ms - now, 0) / 1000 + left_s(self.ticket.work_s, 0.0, work)
        return left_s(self.ticket.work_s, (now - self.order.reached_ms) / 1000, work)


@dataclass(slots=True)
class Crew:
    """A crew: busy on its `trip`, or on the way home from `site` since `left_ms`, or there."""

    duty: Duty
    start_ms: int
    site: Place = field(init=False)
    left_ms: int = 0
    home_s: float = 0.0
    trip: Trip | None = None

    _rests: tuple[tuple[int, int], ...] = field(init=False)

    def __post_init__(self) -> None:
        self.site = self.duty.depot
        self._rests = tuple((self._ms(since), self._ms(until)) for since, until in self.duty.breaks_s)

    def _ms(self, at_s: float) -> int:
        return self.start_ms + round(at_s * 1000)

    def shift_ms(self, now: int) -> tuple[int, int]:
        """The shift, from and until, that holds now or is the next to begin; at last the last."""
        at_s = (now - self.start_ms) / 1000
        shifts = self.duty.shifts_s
        begins, ends = next((shift for shift in shifts if at_s < shift[1]), shifts[-1])
        return self._ms(begins), self._ms(ends)

    def breaks_ms(self, now: int) -> tuple[tuple[int, int], ...]:
        """Its breaks, from and until, that are not over and begin within the shift and a day from now."""
        ends = min(self.shift_ms(now)[1], now + AHEAD_MS)
        first = bisect_right(self._rests, now, key=lambda rest: rest[1])
        return tuple(takewhile(lambda rest: rest[0] < ends, self._rests[first:]))

    def at_work(self, now: int) -> bool:
        """Whether a shift holds now and no break."""
        begins, ends = self.shift_ms(now)
        return begins <= now < ends and not any(since <= now for since, _ in self.breaks_ms(now))

    def homeward(self, now: int) -> Homeward | None:
        """How far it is on its way home; None when it is busy, there, or cannot get there."""
        gone_s = (now - self.left_ms) / 1000
        if self.trip is not None or not 0 < gone_s < self.home_s < math.inf:
            return None
        return Homeward(self.site, self.duty.depot, gone_s, self.home_s - gone_s)

    def stands(self, now: int) -> Place:
        """Where it is when it is neither busy nor on its way."""
        at_home = (now - self.left_ms) / 1000 >= self.home_s
        return self.duty.depot if at_home else self.site

    def state(self, now: int, shown: Mapping[Homeward, Place], work: Spread) -> CrewState:
        """The crew as the planner sees it; `shown` names the place of each crew on its way home."""
        way, place, free_at = self.homeward(now), self.stands(now), now
        if self.trip is not None:
            place, free_at = self.trip.ticket.place, now + round(self.trip.left_s(now, work) * 1000)
        elif way is not None:
            place = shown[way]
        begins, ends = self.shift_ms(now)
        rests = self.breaks_ms(now)
        return CrewState(self.duty.id, place, free_at, self.duty.skills, begins, ends, breaks=rests)
