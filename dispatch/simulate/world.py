"""What happens in a scenario when a planner decides: reports come, crews drive, work and go home.

Everything happens in the order of time and the planner decides after each moment at which something did. It
sees what a desk would see: no report before it comes, no true time before it has passed; from those that have
it learns how long drives and works last today, as the desk does (`plan.pace`). A drive takes the estimate of
its departure times the report's factor; a closure that begins meanwhile does not turn it back, only danger
does, where the planner diverts. A crew finishes what it began after its shift. No clock is read here: a
stopwatch is passed to time decisions.
"""

from __future__ import annotations

import heapq
import math
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING, Literal, TypeAlias

from dispatch.plan import Board, OnTheWay, validate
from dispatch.plan.chance import Spread
from dispatch.plan.pace import BY_TABLE, LATELY_MS, Slower, lately
from dispatch.simulate.field import Crew, Ticket, Trip
from dispatch.simulate.planners import AsTheDesk
from dispatch.simulate.played import Leg, Played
from dispatch.simulate.travel import Lookup

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from dispatch.plan import Diversion, Place, Plan
    from dispatch.simulate.planners import Planner
    from dispatch.simulate.scenario import Call, Scenario
    from dispatch.simulate.travel import Drives
    from dispatch.ticket import Zone

    Merging: TypeAlias = Callable[[Call, Sequence["Ticket"]], str | None]
    """Which of the open tickets a call belongs to, by id; None opens a ticket of its own."""

Kind = Literal["reported", "arrived", "finished", "look"]
Lasts = Literal["drive", "work"]
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
        self.scenario, self.minutes, self.planner, self.drives = scenario, minutes, planner, drives
        self.merging, self.stopwatch = merging, stopwatch
        self.played = Played()
        self.crews = {duty.id: Crew(duty, scenario.start_ms) for duty in scenario.crews}
        self.open: dict[str, Ticket] = {}
        self._repaired: dict[str, str] = {}  # fault → the crew that did it
        self._agenda: list[tuple[int, int, Kind, str, int]] = []
        self._numbers, self._tickets, self._trips = count(), count(1), count(1)
        self._calls = {call.id: call for call in scenario.calls}
        self._places = scenario.places()
        self._closed: tuple[int, ...] | None = None
        self._travel = Lookup((), drives.seconds(()))
        self._looks_at = -1
        self._turned_at: list[int] = []  # when crews were called off, epoch ms
        self._lasted: dict[Lasts, list[tuple[int, float, float]]] = {"drive": [], "work": []}

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
        for crew in self.crews.values():
            if crew.trip is None and crew.home_s < math.inf:
                self._drive_home(crew, 1.0)
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
        if ticket.arrived_ms is not None and call.fault == ticket.calls[0].fault:
            self.played.arrivals[call.id] = (ticket.crew, now)

    def _open(self, calls: list[Call], now: int) -> None:
        name = f"T{next(self._tickets):06d}"
        self.open[name] = Ticket(name, calls, now)

    def _arrive(self, crew: Crew, trip: Trip, now: int) -> None:
        ticket = trip.ticket
        ticket.arrived_ms = now
        mine = [call for call in ticket.calls if call.fault == ticket.calls[0].fault]
        for call in mine:
            self.played.arrivals[call.id] = (crew.duty.id, now)
        work_s = max(call.true_work_s for call in mine)
        if ticket.calls[0].fault in self._repaired:
            work_s = min(work_s, NOTHING_TO_DO_S)
        finish_ms = now + math.ceil(work_s * 1000)
        self._note(finish_ms, "finished", crew.duty.id, trip.number)
        self._lasted["drive"].append((now, trip.drive_s, trip.drive_s * ticket.calls[0].travel_factor))
        expected_ms = now + round(trip.left_s(now, self._today(now, "work")) * 1000)
        if expected_ms < finish_ms:
            self._note(expected_ms, "look")

    def _finish(self, crew: Crew, trip: Trip, now: int) -> None:
        """The fault is repaired; callers who were merged by mistake are still in the dark."""
        ticket = self.open.pop(trip.ticket.id)
        fault = ticket.calls[0].fault
        if ticket.arrived_ms is not None:
            self._lasted["work"].append((now, ticket.work_s, (now - ticket.arrived_ms) / 1000))
        self._repaired.setdefault(fault, crew.duty.id)
        left = [call for call in ticket.calls if call.fault != fault and call.fault not in self._repaired]
        for other in dict.fromkeys(call.fault for call in left):
            self._open([call for call in left if call.fault == other], now)
        crew.trip, crew.site, crew.left_ms = None, ticket.place, now
        crew.home_s = self._roads(now).between(ticket.place, crew.duty.depot)

    def _today(self, now: int, what: Lasts) -> Spread:
        """How drives or works have lasted in the last hours, as far as the desk knows."""
        late = [(expected_s, true_s) for at, expected_s, true_s in self._lasted[what] if now - at < LATELY_MS]
        return lately(late, BY_TABLE if what == "work" else Spread())

    def _roads(self, now: int) -> Lookup:
        """Travel times as they are estimated now."""
        closed = self.scenario.closed_at((now - self.scenario.start_ms) / 1000)
        if closed != self._closed:
            self._travel = Lookup(self._places, self.drives.seconds(closed))
            self._closed = closed
        return self._travel

    def _decide(self, now: int) -> None:
        waiting = [ticket for ticket in self.open.values() if not ticket.crew]
        if not waiting:
            return
        travel = self._roads(now)
        ways = [way for crew in self.crews.values() if (way := crew.homeward(now))]
        shown = travel.put_homeward(ways)
        work, drive = self._today(now, "work"), self._today(now, "drive")
        jobs = tuple(ticket.job(self.scenario.start_ms, self.minutes, work) for ticket in waiting)
        board = Board(tuple(crew.state(now, shown, work) for crew in self.crews.values()), jobs)
        began = self.stopwatch()
        plan = self.planner.decide(board, now, Slower(travel, math.exp(drive.centre)))
        self.played.decisions_s.append(self.stopwatch() - began)
        if broken := validate(plan, board):
            raise RuntimeError(f"the planner broke its own rules: {'; '.join(broken)}")
        turned = self._diversions(board, plan, now)
        for each in turned:
            self._divert(self.crews[each.assignment.crew], self.open[each.assignment.ticket], now)
        for told in plan.told:
            if not self.open[told.ticket].crew:
                self._send(self.crews[told.crew], self.open[told.ticket], now)
        if turned:  # what was left waits again, and who was to go instead is free
            self._note(now, "look")
        self._look_again(now, waiting=len(plan.told) < len(jobs))

    def _diversions(self, board: Board, plan: Plan, now: int) -> Sequence[Diversion]:
        """Which crews turn to danger, if this planner turns any; timed with its decision."""
        if not isinstance(self.planner, AsTheDesk) or not any(job.hazard for job in board.jobs):
            return ()
        travel, states = self._roads(now), {crew.id: crew for crew in board.crews}
        trips = [(crew.duty.id, crew.trip) for crew in self.crews.values() if crew.trip]
        ways = {name: (trip.ticket, way) for name, trip in trips if (way := trip.way(now))}
        homeward = [way for crew in self.crews.values() if (way := crew.homeward(now))]
        shown = travel.put_homeward([*homeward, *(way for _, way in ways.values())])
        driving = [
            OnTheWay(replace(states[name], place=shown[way], free_at_ms=now), ticket.id)
            for name, (ticket, way) in ways.items()
            if ticket.ordinary
        ]
        self._turned_at = [at for at in self._turned_at if now - at < MINUTE_MS]
        slower = Slower(travel, math.exp(self._today(now, "drive").centre))
        began = self.stopwatch()
        found = self.planner.divert(board, plan, driving, now, slower, changed=len(self._turned_at))
        self.played.decisions_s[-1] += self.stopwatch() - began
        return found

    def _divert(self, crew: Crew, ticket: Ticket, now: int) -> None:
        """The crew turns where it is; what it drove until now stays driven, and its ticket waits again."""
        trip, travel, played = crew.trip, self._roads(now), self.played
        way = trip.way(now) if trip else None
        if trip is None or way is None:
            raise RuntimeError(f"{crew.duty.id} is not on its way and was turned")
        back = travel.turns_back(way, ticket.place)
        if back:
            old = max(number for number, leg in enumerate(played.legs) if leg.crew == crew.duty.id)
            played.legs[old] = replace(played.legs[old], share=2 * way.share)
        trip.ticket.crew = ""
        played.routes[crew.duty.id].pop()
        played.trips -= 1
        played.told_changes += 1
        played.hazard_changes += 1
        self._turned_at.append(now)
        self._go(crew, ticket, *((way.site, way.gone_s) if back else (way.depot, way.left_s)), now)

    def _send(self, crew: Crew, ticket: Ticket, now: int) -> None:
        """The crew departs at once."""
        self._go(crew, ticket, *self._depart(crew, ticket.place, now), now)

    def _go(self, crew: Crew, ticket: Ticket, origin: Place, lead_s: float, now: int) -> None:
        """Drive to the ticket by `origin`, which lies `lead_s` ahead."""
        estimate_s = lead_s + self._roads(now).between(origin, ticket.place)
        slow = ticket.calls[0].travel_factor
        arrive_ms = now + math.ceil(estimate_s * slow * 1000)
        self.played.legs.append(Leg(crew.duty.id, origin, ticket.place, now, self._closed or ()))
        ticket.crew = crew.duty.id
        told_s = estimate_s * math.exp(self._today(now, "drive").centre)
        eta_ms = now + math.ceil(told_s * 1000)
        crew.trip = Trip(next(self._trips), ticket, eta_ms, estimate_s, now, origin, lead_s, slow)
        self.played.trips += 1
        self.played.routes.setdefault(crew.duty.id, []).append(ticket.calls[0].id)
        self._note(arrive_ms, "arrived", crew.duty.id, crew.trip.number)

    def _depart(self, crew: Crew, place: Place, now: int) -> tuple[Place, float]:
        """Note the drive home; where the drive to the place begins and how many estimated seconds away."""
        travel, way = self._roads(now), crew.homeward(now)
        back = way is not None and travel.turns_back(way, place)
        if way is None:
            origin, estimate_s = crew.stands(now), 0.0
            self._drive_home(crew, float(origin != crew.site))
        elif back:
            origin, estimate_s = crew.site, way.gone_s
            self._drive_home(crew, 2 * way.share)
        else:
            origin, estimate_s = crew.duty.depot, way.left_s
            self._drive_home(crew, 1.0)
        return origin, estimate_s

    def _drive_home(self, crew: Crew, share: float) -> None:
        """So much of the way home was driven, there and back counted twice."""
        if share and crew.site != crew.duty.depot:
            closed = self.scenario.closed_at((crew.left_ms - self.scenario.start_ms) / 1000)
            leg = Leg(crew.duty.id, crew.site, crew.duty.depot, crew.left_ms, closed, share)
            self.played.legs.append(leg)

    def _look_again(self, now: int, waiting: bool) -> None:
        """A planner that lets a ticket wait though a crew is idle is asked again before long."""
        idle = any(crew.trip is None and crew.at_work(now) for crew in self.crews.values())
        if waiting and idle and self._looks_at <= now:
            self._looks_at = now + LOOK_MS
            self._note(self._looks_at, "look")
