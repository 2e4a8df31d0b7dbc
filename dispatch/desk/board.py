"""What the planner sees now: where each crew is and when it is free, and the tickets that wait for one."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from dispatch.desk import chance
from dispatch.desk.whereabouts import seen_lately, whereabouts
from dispatch.errors import Conflict
from dispatch.plan import Board, CrewState, Job, halves, second_half
from dispatch.plan.lookahead import travel_between
from dispatch.plan.pace import LEAST_S, left_s, left_variance, log_width, mean_factor
from dispatch.ticket import BEFORE_ARRIVAL

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dispatch.crew import Crew
    from dispatch.desk import Desk
    from dispatch.plan import Place
    from dispatch.plan.chance import Spread
    from dispatch.ticket import Ticket, Visit

    Leg = tuple[Place, Place]
    """A drive: from (lon, lat) to (lon, lat)."""

PLANNER = "planner"  # who decided, where nobody did
HELD_MS = (
    120_000  # two minutes to send a crew, as companies publish: so long a ticket taken back is the desk's
)


def list_trips(tickets: Sequence[Ticket]) -> dict[str, list[Ticket]]:
    """The tickets each crew has been told and not yet finished, in the order it was told them."""
    trips: dict[str, list[Ticket]] = {}
    for ticket in tickets:
        for trip in ticket.sent:
            trips.setdefault(trip.crew, []).append(ticket)
    for crew, told in trips.items():
        told.sort(key=partial(_in_order, crew))
    return trips


def _in_order(crew: str, ticket: Ticket) -> tuple[bool, int, str]:
    trip = ticket.trip_of(crew)
    return (trip.departed_at is None, trip.assigned_at, ticket.id) if trip else (True, 0, ticket.id)


def board(
    desk: Desk,
    now: int,
    also: Ticket | None = None,
    *,
    second: bool = False,
    ahead: chance.Outlook | None = None,
) -> Board:
    """Crews and the tickets that wait, as the planner sees them; `also` counts as waiting (for options).

    It waits for somebody in place of the crew that leads, or with `second` for one more. `ahead` is the
    outlook at `now`, where the caller has it already.
    """
    tickets = [t for t in desk.store.tickets.list_open() if also is None or t.id != also.id]
    ahead = ahead or chance.outlook(desk, now)
    asked = also if also is None or second else without_lead(also)
    trips = list_trips([*tickets, asked] if asked else tickets)
    known = desk.store.company.crews()
    places, seen = whereabouts(desk, known, now), seen_lately(desk, now)
    out = desk.store.out_of_service.holding(now)
    going = [
        Going(crew, places[crew.id], crew.id in seen, trips.get(crew.id, []), crew.id in out)
        for crew in known
    ]
    drives_s = _drives_s(desk, going)
    crews = [_crew_state(desk, each, drives_s, ahead) for each in going]
    jobs = [each for t in tickets if not _is_held(t, now) for each in _jobs(desk, t, ahead)]
    if asked and asked.dues:
        whole = job(desk, asked, ahead)
        jobs.append(replace(_beside(asked, whole), ticket=asked.id) if second else whole)
    return Board(tuple(crews), tuple(jobs))


def without_lead(ticket: Ticket) -> Ticket:
    """The ticket as it would stand once the crew that leads is called off."""
    return replace(ticket, visits=tuple(each for each in ticket.visits if each is not ticket.visit))


def _jobs(desk: Desk, ticket: Ticket, ahead: chance.Outlook) -> tuple[Job, ...]:
    """What of a ticket waits for a crew: nothing, all of it, both halves, or the second."""
    waits = ticket.state == "waiting"
    if not (ticket.place and ticket.dues and (waits or lacks_second(desk, ticket))):
        return ()
    whole = job(desk, ticket, ahead)
    if not waits:
        return (_beside(ticket, whole),)
    return (whole,) if crews_for(desk, ticket) == 1 else halves(whole)


def _beside(ticket: Ticket, whole: Job) -> Job:
    """The half that a second crew does: without a promise only where a first one keeps it."""
    due = ticket.dues[0]
    kept = any(trip.arrived_at is not None or (trip.eta_at or due) <= due for trip in ticket.trips)
    half = second_half(whole)
    return half if kept else replace(half, dues_ms=whole.dues_ms)


def lacks_second(desk: Desk, ticket: Ticket) -> bool:
    """Whether a crew was sent to a ticket that needs one more, and nothing is mended yet."""
    going = ticket.state in {*BEFORE_ARRIVAL, "arrived"}
    return going and len(ticket.trips) < crews_for(desk, ticket)


def crews_for(desk: Desk, ticket: Ticket) -> int:
    """How many crews the ticket needs: as many as the kind of fault that needs most."""
    faults = desk.rulebook.faults
    return max((faults[r.fault].crews for r in ticket.reports if r.needs_trip), default=1)


def _is_held(ticket: Ticket, now: int) -> bool:
    """Whether a dispatcher took the crew off just now, to do what the planner would not.

    A crew that was called off for danger, or is out of service, leaves one that is to be planned at once.
    """
    last = max(reversed(ticket.visits), key=lambda v: v.over_at or v.assigned_at, default=None)
    if last is None or last.over != "taken_back" or last.over_at is None:
        return False
    return 0 <= now - last.over_at < HELD_MS


@dataclass(frozen=True, slots=True)
class Going:
    """A crew, where it is and whether it was seen there, and the tickets it was told, in order."""

    crew: Crew
    place: Place
    seen: bool
    trips: Sequence[Ticket]
    out_of_service: bool = False

    def legs(self) -> list[tuple[Ticket, Visit, Leg]]:
        """Each of its tickets that has a place, its trip there, and from where to where it drives."""
        found, place = [], self.place
        for ticket in self.trips:
            visit = ticket.trip_of(self.crew.id)
            if visit is not None and ticket.place is not None:
                found.append((ticket, visit, (place, ticket.place.lonlat)))
                place = ticket.place.lonlat
        return found


def _drives_s(desk: Desk, going: Sequence[Going]) -> dict[Leg, float]:
    """Seconds by road of every drive still to be made; the roads are asked once, for all crews together."""
    legs = [leg for each in going for _, visit, leg in each.legs() if visit.arrived_at is None]
    if not legs:
        return {}
    origins, sites = (list(dict.fromkeys(leg[end] for leg in legs)) for end in (0, 1))
    row, column = ({place: n for n, place in enumerate(places)} for places in (origins, sites))
    seconds = travel_between(desk.roads, origins, sites)
    return {leg: float(seconds[row[leg[0]], column[leg[1]]]) for leg in legs}


def _crew_state(desk: Desk, going: Going, drives_s: Mapping[Leg, float], ahead: chance.Outlook) -> CrewState:
    """When and where the crew's next drive can begin, and how sure that is: after everything it was told."""
    free_at, place, variance = ahead.now, going.place, 0.0
    for ticket, visit, leg in going.legs():
        road_s = drives_s.get(leg, 0.0) * ahead.slower_to(ticket)
        drive = (_left_to_drive_s(road_s, visit, free_at, going.seen), ahead.width_to(ticket))
        busy_s, of_it = _busy(_usual_work(desk, ticket, ahead), drive, visit, free_at)
        free_at, variance, place = free_at + round(1000 * busy_s), variance + of_it, leg[1]
    crew = going.crew
    begins, ends = crew.shift.duty(ahead.now, desk.timezone)
    breaks = crew.breaks_within(ahead.now, ends, desk.timezone)
    state = CrewState(crew.id, place, free_at, crew.skills, begins, ends, going.out_of_service, breaks)
    if not ahead.learnt.enough or free_at <= ahead.now:
        return state
    return replace(state, free_width=log_width((free_at - ahead.now) / 1000, variance))


def _left_to_drive_s(road_s: float, visit: Visit, start: int, seen: bool) -> float:
    """Seconds still on the road from `start` (epoch ms); `road_s` is from where the crew is thought to be.

    One that nobody has `seen` since it set out is not thought to begin its drive again at every look.
    """
    if math.isfinite(road_s) and (seen or visit.departed_at is None):
        return road_s
    if visit.eta_at is None:
        gone_s = (start - (visit.departed_at or start)) / 1000
        return max(road_s - gone_s, 0.0) if math.isfinite(road_s) else 0.0
    return max(visit.eta_at - start, 0) / 1000


def _busy(
    work: tuple[float, Spread], drive: tuple[float, float], visit: Visit, start: int
) -> tuple[float, float]:
    """Seconds that a crew is still busy with its trip from `start` (epoch ms), and their variance.

    `work` are the seconds on site and how true ones lie beside them, `drive` those on the road, if it is not
    there yet, and the width of their logarithm.
    """
    if visit.restored_at is not None:
        return LEAST_S, 0.0
    usual_s, spread = work
    if visit.arrived_at is not None:
        done_s = (start - visit.arrived_at) / 1000
        return left_s(usual_s, done_s, spread), left_variance(usual_s, done_s, spread)
    drive_s, width = drive
    whole_s = drive_s + left_s(usual_s, 0.0, spread)
    return whole_s, left_variance(usual_s, 0.0, spread) + (drive_s * width) ** 2


def _usual_work(desk: Desk, ticket: Ticket, ahead: chance.Outlook) -> tuple[float, Spread]:
    """Seconds on site as learnt, of the longest of its reports' kinds of fault; how works of it lie today."""
    faults = desk.rulebook.faults
    kinds = {r.fault: faults[r.fault].work_min * ahead.learnt.work_factor(r.fault) for r in ticket.reports}
    longest = max(sorted(kinds), key=lambda kind: kinds[kind])
    return kinds[longest] * 60.0, ahead.work_of(longest)


def work_s(desk: Desk, ticket: Ticket) -> float:
    """Seconds on site by the table, which what is learnt is held against: the longest of its reports'."""
    return max(desk.rulebook.faults[each.fault].work_min for each in ticket.reports) * 60.0


def needs(desk: Desk, ticket: Ticket) -> frozenset[str]:
    """Every skill that some report of the ticket needs."""
    faults = desk.rulebook.faults
    return frozenset().union(*(faults[r.fault].needs for r in ticket.reports if r.needs_trip))


def is_hazard(desk: Desk, ticket: Ticket) -> bool:
    """Whether any report speaks of danger to people."""
    return any(desk.rulebook.faults[r.fault].hazard for r in ticket.reports if r.needs_trip)


def job(desk: Desk, ticket: Ticket, ahead: chance.Outlook) -> Job:
    """A waiting ticket as the planner sees it."""
    if ticket.place is None:
        raise Conflict(
            f"{ticket.id} has no place yet; set it on the map first", code="no_place_yet", ticket=ticket.id
        )
    waiting = [report for report in ticket.reports if report.needs_trip]
    usual_s, work = _usual_work(desk, ticket, ahead)
    return Job(
        ticket=ticket.id,
        place=ticket.place.lonlat,
        needs=needs(desk, ticket),
        dues_ms=ticket.dues,
        opened_ms=ticket.opened_at,
        customers=sum(report.customers for report in waiting),
        hazard=is_hazard(desk, ticket),
        critical=any(report.critical for report in waiting),
        work_s=usual_s * mean_factor(work),
        barred=frozenset(ticket.declined_by),
        there=frozenset(trip.crew for trip in ticket.trips),
        slower=ahead.slower_to(ticket),
        doubt=ahead.doubt(ticket),
    )
