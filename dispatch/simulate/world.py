"""What happens in a scenario when a planner decides: reports come, crews drive, work and go home.

Everything happens in the order of time and the planner decides after each moment at which something did. It
sees what a desk would see: no report before it comes, no true time before it has passed; from those that have
it learns how long drives and works last today, as the desk does (`plan.pace`). A drive takes the estimate of
its departure times the report's factor; a closure that begins meanwhile does not turn it back, only danger
does, where the planner diverts. A crew finishes what it began after its shift. Of two crews to one fault
each works its time from its own arrival; the fault is repaired when both are done. No clock is read here: a
stopwatch is passed to time decisions.
"""

from __future__ import annotations

import heapq
import math
from itertools import count
from typing import TYPE_CHECKING, Literal, TypeAlias

from dispatch.plan import SECOND, Board, validate
from dispatch.simulate.field import Ticket
from dispatch.simulate.fleet import Fleet
from dispatch.simulate.planners import CallsOff
from dispatch.simulate.played import Played
from dispatch.simulate.today import Today

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dispatch.plan import Assignment, Diversion, Plan, TravelTimes
    from dispatch.simulate.field import Crew, Trip
    from dispatch.simulate.planners import Planner
    from dispatch.simulate.scenario import Call, Scenario
    from dispatch.simulate.travel import Drives
    from dispatch.ticket import Zone

    Merging: TypeAlias = Callable[[Call, Sequence["Ticket"]], str | None]
    """Which of the open tickets a call belongs to, by id; None opens a ticket of its own."""

Kind = Literal["reported", "arrived", "finished", "look"]
LOOK_MS = 300_000  # while a crew is idle and a ticket waits the planner looks again this often
# A trip to a fault that another crew has repaired meanwhile ends after a look around; a guess of ours.
NOTHING_TO_DO_S = 600.0
MINUTE_MS = 60_000


def by_fault(call: Call, tickets: Sequence[Ticket]) -> str | None:
    """Perfect merging: the open ticket of the same fault."""
    return next((ticket.id for ticket in tickets if ticket.calls[0].fault == call.fault), None)


def never(_call: Call, _tickets: Sequence[Ticket]) -> str | None:
    """No merging: every call has a trip of its own."""
    return None


class World:
    """A scenario while it is played: `World(...).play()`."""

    def __init__(
        self,
        scenario: Scenario,
        minutes: Mapping[Zone, int],
        planner: Planner,
        drives: Drives,
        *,
        merging: Merging = by_fault,
        stopwatch: Callable[[], float] = float,
    ) -> None:
        """`minutes` are the policy's by zone, `stopwatch` counts seconds (it stands still by default)."""
        self.scenario, self.minutes, self.planner = scenario, minutes, planner
        self.merging, self.stopwatch = merging, stopwatch
        self.played, self.today = Played(), Today()
        self.fleet = Fleet(scenario, drives, self.played, self.today)
        self.crews = self.fleet.crews
        self.open: dict[str, Ticket] = {}
        self._repaired: dict[str, str] = {}  # fault → the crew that did it
        self._agenda: list[tuple[int, int, Kind, str, int]] = []
        self._numbers, self._tickets = count(), count(1)
        self._calls = {call.id: call for call in scenario.calls}
        self._looks_at = -1
        self._turned_at: list[int] = []  # when crews were called off, epoch ms

    def play(self) -> Played:
        """Play to the end: until nothing more can happen."""
        self._begin()
        while self._agenda:
            now = self._agenda[0][0]
            while self._agenda and self._agenda[0][0] == now:
                _, _, kind, about, number = heapq.heappop(self._agenda)
                self._happen(kind, about, number, now)
            self.played.ended_ms = now
            self._decide(now)
        self.fleet.end()
        return self.played

    def _begin(self) -> None:
        for call in self.scenario.calls:
            self._note(self._ms(call.at_s), "reported", call.id)
        for begins_s, _ in {shift for crew in self.scenario.crews for shift in crew.shifts_s}:
            self._note(self._ms(begins_s), "look")
        for _, ends_s in {rest for crew in self.scenario.crews for rest in crew.breaks_s}:
            self._note(self._ms(ends_s), "look")
        for closing in self.scenario.closures:
            self._note(self._ms(closing.at_s), "look")
            self._note(self._ms(closing.until_s), "look")

    def _ms(self, at_s: float) -> int:
        return self.scenario.start_ms + round(at_s * 1000)

    def _note(self, at: int, kind: Kind, about: str = "", number: int = 0) -> None:
        heapq.heappush(self._agenda, (at, next(self._numbers), kind, about, number))

    def _happen(self, kind: Kind, about: str, number: int, now: int) -> None:
        if kind == "reported":
            self._report(self._calls[about], now)
            return
        trip = self.crews[about].trip if about else None
        if trip is None or trip.number != number:
            return  # only a moment to look, or a drive that was called off
        if kind == "arrived":
            self._arrive(self.crews[about], trip, now)
        else:
            self._finish(self.crews[about], trip, now)

    def _report(self, call: Call, now: int) -> None:
        """A call about what is repaired by now needs nobody; else it joins a ticket or opens one."""
        if call.fault in self._repaired:
            self.played.arrivals[call.id] = (self._repaired[call.fault], now)
            return
        ticket = self.open.get(self.merging(call, list(self.open.values())) or "")
        if ticket is None:
            self._open([call], now)
            return
        ticket.calls.append(call)
        if ticket.on_site and call.fault == ticket.fault:
            self.played.arrivals[call.id] = (ticket.on_site[0], now)

    def _open(self, calls: list[Call], now: int) -> None:
        name = f"T{next(self._tickets):06d}"
        self.open[name] = Ticket(name, calls, now)

    def _arrive(self, crew: Crew, trip: Trip, now: int) -> None:
        """The first crew there keeps the promise, and each begins its work."""
        ticket, trip.order.reached_ms = trip.ticket, now
        ticket.on_site.append(crew.duty.id)
        mine = [call for call in ticket.calls if call.fault == ticket.fault]
        for call in mine:
            self.played.arrivals.setdefault(call.id, (crew.duty.id, now))
        work_s = max(call.true_work_s for call in mine)
        if ticket.fault in self._repaired:
            work_s = min(work_s, NOTHING_TO_DO_S)
        finish_ms = now + math.ceil(work_s * 1000)
        self._note(finish_ms, "finished", crew.duty.id, trip.number)
        self.today.learn("drive", now, trip.drive_s, trip.drive_s * ticket.calls[0].travel_factor)
        expected_ms = now + round(trip.left_s(now, self.today.spread(now, "work")) * 1000)
        if expected_ms < finish_ms:
            self._note(expected_ms, "look")

    def _finish(self, crew: Crew, trip: Trip, now: int) -> None:
        """The crew is done; with it the ticket, unless another is still at it or to be sent."""
        ticket = trip.ticket
        ticket.on_site.remove(crew.duty.id)
        ticket.done += 1
        if trip.order.reached_ms is not None:
            self.today.learn("work", now, ticket.work_s, (now - trip.order.reached_ms) / 1000)
        ticket.nothing_to_do |= ticket.fault in self._repaired
        self.fleet.leave(crew, now)
        if ticket.done == len(ticket.going) and not ticket.lacks(self.scenario):
            self._repair(ticket, crew, now)

    def _repair(self, ticket: Ticket, crew: Crew, now: int) -> None:
        """The fault is repaired; callers who were merged by mistake are still in the dark."""
        del self.open[ticket.id]
        self._repaired.setdefault(ticket.fault, crew.duty.id)
        left = [call for call in ticket.calls if call.fault not in self._repaired]
        for other in dict.fromkeys(call.fault for call in left):
            self._open([call for call in left if call.fault == other], now)

    def _decide(self, now: int) -> None:
        waiting = [ticket for ticket in self.open.values() if ticket.lacks(self.scenario)]
        if not waiting:
            return
        lasts = self.today.spread(now, "work"), self.today.slower(now)
        jobs = tuple(job for each in waiting for job in each.jobs(self.scenario, self.minutes, *lasts))
        board, travel = Board(self.fleet.states(now), jobs), self.fleet.roads(now)
        began = self.stopwatch()
        plan = self.planner.decide(board, now, travel)
        self.played.decisions_s.append(self.stopwatch() - began)
        if broken := validate(plan, board):
            raise RuntimeError(f"the planner broke its own rules: {'; '.join(broken)}")
        turned = [each.assignment for each in self._diversions(board, plan, travel, now)]
        for told in turned:
            self._tell(told, self.fleet.turn, now)
        self._turned_at += [now] * len(turned)
        taken = {told.ticket for told in turned}
        for told in plan.told:
            if told.ticket not in taken:
                self._tell(told, self.fleet.send, now)
        if turned:  # what was left waits again, and who was to go instead is free
            self._note(now, "look")
        self._look_again(now, waiting=len(plan.told) < len(jobs))

    def _tell(self, told: Assignment, go: Callable[[Crew, Ticket, int], int], now: int) -> None:
        crew = self.crews[told.crew]
        arrive_ms = go(crew, self.open[told.ticket.removesuffix(SECOND)], now)
        if crew.trip:
            self._note(arrive_ms, "arrived", told.crew, crew.trip.number)

    def _diversions(self, board: Board, plan: Plan, travel: TravelTimes, now: int) -> Sequence[Diversion]:
        """Which crews turn from what they were told, if this planner turns any; timed with its decision."""
        if not isinstance(self.planner, CallsOff):
            return ()
        driving = self.fleet.on_the_way(board.crews, now)
        self._turned_at = [at for at in self._turned_at if now - at < MINUTE_MS]
        began = self.stopwatch()
        found = self.planner.divert(board, plan, driving, now, travel, changed=len(self._turned_at))
        self.played.decisions_s[-1] += self.stopwatch() - began
        return found

    def _look_again(self, now: int, waiting: bool) -> None:
        """A planner that lets a ticket wait though a crew is idle is asked again before long."""
        idle = any(crew.trip is None and crew.at_work(now) for crew in self.crews.values())
        if waiting and idle and self._looks_at <= now:
            self._looks_at = now + LOOK_MS
            self._note(self._looks_at, "look")
