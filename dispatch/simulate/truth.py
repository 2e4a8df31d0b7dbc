"""What is true of a scenario, as arrays: trips (one for each fault), drives under every closure, work."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from dispatch.simulate.played import Leg, Order, Played
from dispatch.simulate.scenario import due_s

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from dispatch.simulate.scenario import Call, Duty, Scenario
    from dispatch.simulate.travel import Drives
    from dispatch.ticket import Zone

    Floats = NDArray[np.float64]
    Ints = NDArray[np.intp]

NO_ROAD_S = 1e9


@dataclass(frozen=True, slots=True)
class Truth:
    """Arrays over trips, the faults in the order of their first calls; seconds from the start.

    After them come the second trips of those that need two crews, which keep no promise: of two crews the one
    that is there first is taken to make the first trip. `half` [trips] is the other trip to the same fault,
    -1 where one is enough: no crew makes both. `number` is the first trip by the fault's first call.

    `due_s` and `call_weight` are [trips, calls], infinity and 0 where a trip has fewer calls. `table` is
    [periods, places, places] estimated seconds; period n holds from `since_s[n]`. `able` is [crews, trips].
    A crew is taken to be on duty from its first shift's beginning to its last one's end. `breaks_s` are
    (from, until) columns [crews], its first breaks, then its second, ...
    """

    scenario: Scenario
    crews: tuple[Duty, ...]
    trips: tuple[tuple[Call, ...], ...]
    number: Mapping[str, int]
    half: Ints
    place: Ints
    at_s: Floats
    work_s: Floats
    factor: Floats
    weight: Floats
    due_s: Floats
    call_weight: Floats
    able: NDArray[np.bool_]
    depot: Ints
    from_s: Floats
    until_s: Floats
    breaks_s: tuple[tuple[Floats, Floats], ...]
    since_s: Floats
    table: NDArray[np.floating]

    @classmethod
    def of(cls, scenario: Scenario, minutes: Mapping[Zone, int], drives: Drives) -> Truth:
        """Everything about the scenario; `minutes` are the policy's by zone."""
        by_fault: dict[str, list[Call]] = {}
        for call in scenario.calls:
            by_fault.setdefault(call.fault, []).append(call)
        faults = [tuple(calls) for calls in by_fault.values()]
        trips, half = _halves(faults, [scenario.crews_for(calls) > 1 for calls in faults])
        crews, width = scenario.crews, max((len(calls) for calls in trips), default=0)
        promised = [*faults, *[()] * (len(trips) - len(faults))]
        row = {place: number for number, place in enumerate(scenario.places())}
        since_s, table = _periods(scenario, drives)
        return cls(
            scenario=scenario,
            crews=crews,
            trips=trips,
            number={calls[0].id: number for number, calls in enumerate(faults)},
            half=half,
            place=np.array([row[calls[0].place] for calls in trips], dtype=np.intp),
            at_s=np.array([calls[0].at_s for calls in trips], dtype=np.float64),
            work_s=np.array([max(c.true_work_s for c in calls) for calls in trips], dtype=np.float64),
            factor=np.array([calls[0].travel_factor for calls in trips], dtype=np.float64),
            weight=np.array([sum(c.weight for c in calls) for calls in trips], dtype=np.float64),
            due_s=_padded([[due_s(c, minutes) for c in calls] for calls in promised], width, np.inf),
            call_weight=_padded([[c.weight for c in calls] for calls in promised], width, 0.0),
            able=_able(crews, trips),
            depot=np.array([row[crew.depot] for crew in crews], dtype=np.intp),
            from_s=np.array([crew.shifts_s[0][0] for crew in crews], dtype=np.float64),
            until_s=np.array([crew.shifts_s[-1][1] for crew in crews], dtype=np.float64),
            breaks_s=_breaks(crews),
            since_s=since_s,
            table=table,
        )

    def depart(self, site: Ints, crew: Ints, trip: Ints, free_s: Floats) -> tuple[Floats, Floats]:
        """When crews, free since `free_s`, depart from their sites to trips, and how long they drive.

        Not before the first call, where no road leads when one opens, and after a break that the drive, as it
        is estimated, would run into; they wait at the site or go home to wait, whichever is better. A drive
        is `NO_ROAD_S` where none ever leads there.
        """
        depart_s = np.maximum(free_s, self.at_s[trip])
        depot = self.depot[crew]
        drive_s = self._once_open(site, depot, trip, free_s, depart_s)
        for since_s, until_s in self.breaks_s:
            begins, ends = since_s[crew], until_s[crew]
            at = np.flatnonzero((depart_s < ends) & (depart_s + drive_s > begins))
            then_s = ends[at]
            drive_s[at] = self._once_open(site[at], depot[at], trip[at], free_s[at], then_s)
            depart_s[at] = then_s
        return depart_s, np.minimum(drive_s, NO_ROAD_S)

    def _once_open(self, site: Ints, depot: Ints, trip: Ints, free_s: Floats, depart_s: Floats) -> Floats:
        """Estimated seconds of drives; `depart_s` is put off, in place, until a road leads there."""
        drive_s = self._estimate_s(site, depot, trip, (depart_s - free_s, depart_s))
        stuck = np.flatnonzero(np.isinf(drive_s))
        for opens_s in self.since_s if len(stuck) else ():
            at = stuck[(depart_s[stuck] < opens_s) & np.isinf(drive_s[stuck])]
            then_s = np.full(len(at), opens_s)
            drive_s[at] = self._estimate_s(site[at], depot[at], trip[at], (then_s - free_s[at], then_s))
            depart_s[at] = then_s
        return drive_s

    def _estimate_s(self, site: Ints, depot: Ints, trip: Ints, when_s: tuple[Floats, Floats]) -> Floats:
        """Estimated seconds; `when_s` says how long each crew has been idle, and when it departs."""
        idle_s, depart_s = when_s
        period = np.searchsorted(self.since_s, depart_s, side="right") - 1
        to = self.place[trip]
        stayed = self.table[period, site, to]
        home = np.maximum(self.table[period, site, depot] - idle_s, 0.0) + self.table[period, depot, to]
        best: Floats = np.minimum(stayed, home).astype(np.float64)
        return best

    def played(self, routes: Sequence[Sequence[int]]) -> Played:
        """The day as these routes (trips of each crew) make it."""
        day = Played()
        for number, route in enumerate(routes):
            self._drive(day, number, route)
        return day

    def _drive(self, day: Played, number: int, route: Sequence[int]) -> None:
        crew, site, free_s = self.crews[number], self.depot[number], self.from_s[number]
        places, start_ms = self.scenario.places(), self.scenario.start_ms
        for trip in route:
            depart_s, drive_s = self._one(site, number, trip, free_s)
            arrive_s = depart_s + drive_s * self.factor[trip]
            for call in self.trips[trip]:
                there_ms = start_ms + int(np.ceil(max(arrive_s, call.at_s) * 1000 - 1e-6))
                if call.id not in day.arrivals or there_ms < day.arrivals[call.id][1]:
                    day.arrivals[call.id] = (crew.id, there_ms)
            first = self.trips[trip][0]
            day.orders.append(Order(crew.id, first.id, first.hazard, start_ms + round(arrive_s * 1000)))
            closed = self.scenario.closed_at(depart_s)
            to = self.place[trip]
            day.legs.append(Leg(crew.id, places[site], places[to], round(depart_s * 1000), closed))
            site, free_s = to, arrive_s + self.work_s[trip]
            day.ended_ms = max(day.ended_ms, start_ms + round(free_s * 1000))

    def _one(self, site: int, crew: int, trip: int, free_s: float) -> tuple[float, float]:
        one = [np.array([each]) for each in (site, crew, trip)]
        depart_s, drive_s = self.depart(one[0], one[1], one[2], np.array([free_s]))
        return float(depart_s[0]), float(drive_s[0])


def _periods(scenario: Scenario, drives: Drives) -> tuple[Floats, NDArray[np.floating]]:
    moments = {0.0} | {at for closing in scenario.closures for at in (closing.at_s, closing.until_s)}
    since_s = np.array(sorted(moments))
    tables = [drives.seconds(scenario.closed_at(at_s)) for at_s in since_s]
    rows = range(len(scenario.places()))
    return since_s, np.stack([np.stack([table[row] for row in rows]) for table in tables])


def _halves(
    faults: Sequence[tuple[Call, ...]], two: Sequence[bool]
) -> tuple[tuple[tuple[Call, ...], ...], Ints]:
    """The trips to faults, the second ones behind, and of each the number of its other half."""
    firsts = np.flatnonzero(np.array(two, dtype=np.bool_))
    half = np.full(len(faults) + len(firsts), -1, dtype=np.intp)
    half[firsts], half[len(faults) :] = len(faults) + np.arange(len(firsts)), firsts
    return (*faults, *(faults[int(first)] for first in firsts)), half


def _breaks(crews: Sequence[Duty]) -> tuple[tuple[Floats, Floats], ...]:
    """Crews with fewer breaks have some that never come: from infinity until minus infinity."""
    most = max((len(crew.breaks_s) for crew in crews), default=0)
    never = (np.inf, -np.inf)
    rows = [[*crew.breaks_s, *[never] * (most - len(crew.breaks_s))] for crew in crews]
    table = np.array(rows, dtype=np.float64).reshape(len(crews), most, 2)
    return tuple((table[:, number, 0], table[:, number, 1]) for number in range(most))


def _padded(rows: list[list[float]], width: int, empty: float) -> Floats:
    table = np.full((len(rows), width), empty)
    for number, row in enumerate(rows):
        table[number, : len(row)] = row
    return table


def _able(crews: Sequence[Duty], trips: Sequence[Sequence[Call]]) -> NDArray[np.bool_]:
    needs = [frozenset().union(*(call.needs for call in calls)) for calls in trips]
    able = [[each <= crew.skills for each in needs] for crew in crews]
    return np.array(able, dtype=np.bool_).reshape(len(crews), len(trips))
