"""The crews of a day that is played on the road: sent, turned, on the way home, and what they drive for it.

A crew that is called on its way goes by the road it is on, back or on, whichever is quicker; nothing is
driven between places of which the table knows nothing.
"""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import count
from typing import TYPE_CHECKING

from dispatch.plan import OnTheWay
from dispatch.simulate.field import Crew, Trip
from dispatch.simulate.played import Leg, Order
from dispatch.simulate.travel import Lookup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.plan import CrewState, Place
    from dispatch.simulate.field import Ticket
    from dispatch.simulate.played import Played
    from dispatch.simulate.scenario import Scenario
    from dispatch.simulate.today import Today
    from dispatch.simulate.travel import Drives, Homeward


class Fleet:
    """Every crew of a scenario by id, in `crews`; what they were told and drive is written into `played`."""

    def __init__(self, scenario: Scenario, drives: Drives, played: Played, today: Today) -> None:
        self.crews = {duty.id: Crew(duty, scenario.start_ms) for duty in scenario.crews}
        self._scenario, self._drives, self._played, self._today = scenario, drives, played, today
        self._places, self._numbers = scenario.places(), count(1)
        self._closed: tuple[int, ...] | None = None
        self._travel = Lookup((), drives.seconds(()))

    def roads(self, now: int) -> Lookup:
        """Travel times as they are estimated now."""
        closed = self._closed_at(now)
        if closed != self._closed:
            self._travel = Lookup(self._places, self._drives.seconds(closed))
            self._closed = closed
        return self._travel

    def states(self, now: int) -> tuple[CrewState, ...]:
        """The crews as the planner sees them, those on the way home where they are."""
        shown = self.roads(now).put_homeward(self._homeward(now))
        work = self._today.spread(now, "work")
        return tuple(crew.state(now, shown, work) for crew in self.crews.values())

    def on_the_way(self, states: Sequence[CrewState], now: int) -> list[OnTheWay]:
        """The crews that drive to something ordinary, as they would stand if they were called off now."""
        trips = [(crew.duty.id, crew.trip) for crew in self.crews.values() if crew.trip]
        ways = {name: (trip.ticket, way) for name, trip in trips if (way := trip.way(now))}
        shown = self.roads(now).put_homeward([*self._homeward(now), *(way for _, way in ways.values())])
        known = {crew.id: crew for crew in states}
        return [
            OnTheWay(replace(known[name], place=shown[way], free_at_ms=now), ticket.id)
            for name, (ticket, way) in ways.items()
            if ticket.ordinary
        ]

    def send(self, crew: Crew, ticket: Ticket, now: int) -> int:
        """The crew departs at once; when it will be there (epoch ms)."""
        return self._go(crew, ticket, *self._depart(crew, ticket.place, now), now)

    def turn(self, crew: Crew, ticket: Ticket, now: int) -> int:
        """The crew turns where it is, and what it leaves waits again; when it will be there (epoch ms)."""
        trip, travel, legs = crew.trip, self.roads(now), self._played.legs
        way = trip.way(now) if trip else None
        if trip is None or way is None:
            raise RuntimeError(f"{crew.duty.id} is not on its way and was turned")
        back = travel.turns_back(way, ticket.place)
        if back:
            old = max(number for number, leg in enumerate(legs) if leg.crew == crew.duty.id)
            legs[old] = replace(legs[old], share=2 * way.share)
        trip.ticket.going.remove(crew.duty.id)
        return self._go(crew, ticket, *((way.site, way.gone_s) if back else (way.depot, way.left_s)), now)

    def leave(self, crew: Crew, now: int) -> None:
        """The crew is done and goes home."""
        if crew.trip:
            crew.site = crew.trip.ticket.place
        crew.trip, crew.left_ms = None, now
        crew.home_s = self.roads(now).between(crew.site, crew.duty.depot)

    def end(self) -> None:
        """Who is idle at last is home in the end."""
        for crew in self.crews.values():
            if crew.trip is None and crew.home_s < math.inf:
                self._drive_home(crew, 1.0)

    def _homeward(self, now: int) -> list[Homeward]:
        return [way for crew in self.crews.values() if (way := crew.homeward(now))]

    def _closed_at(self, now: int) -> tuple[int, ...]:
        return self._scenario.closed_at((now - self._scenario.start_ms) / 1000)

    def _go(self, crew: Crew, ticket: Ticket, origin: Place, lead_s: float, now: int) -> int:
        """Drive to the ticket by `origin`, which lies `lead_s` ahead; the arrival."""
        estimate_s = lead_s + self.roads(now).between(origin, ticket.place)
        slow = ticket.calls[0].travel_factor
        danger = any(call.hazard for call in ticket.calls)
        order = Order(crew.duty.id, ticket.calls[0].id, danger)
        self._played.orders.append(order)
        self._played.legs.append(Leg(crew.duty.id, origin, ticket.place, now, self._closed or ()))
        ticket.going.append(crew.duty.id)
        eta_ms = now + math.ceil(estimate_s * self._today.slower(now) * 1000)
        crew.trip = Trip(next(self._numbers), ticket, eta_ms, estimate_s, now, origin, lead_s, slow, order)
        return now + math.ceil(estimate_s * slow * 1000)

    def _depart(self, crew: Crew, place: Place, now: int) -> tuple[Place, float]:
        """Note the drive home; where the drive to the place begins and how many estimated seconds away."""
        travel, way = self.roads(now), crew.homeward(now)
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
            closed = self._closed_at(crew.left_ms)
            leg = Leg(crew.duty.id, crew.site, crew.duty.depot, crew.left_ms, closed, share)
            self._played.legs.append(leg)
