"""What would have become of a past month's promises with other crews, depots, limits or closures.

The month is played by the desk's planner: reports as they came and where they were, merged as they are on the
timeline, repairs as long as they took, drives as much slower than the roads say as they were. Where the
timeline does not say (nobody was there, no departure), the usual work and the drive by the roads are taken.
The crews are those of today, with their shifts and breaks: the store keeps none of the past.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from dispatch import compliance
from dispatch.desk.board import is_hazard, needs, work_s
from dispatch.desk.lasted import drive_factor, took_two, worked_s
from dispatch.desk.merge import as_served
from dispatch.desk.simulated import RoadDrives, as_configured
from dispatch.errors import BadInput, NotFound
from dispatch.paths import POLICIES
from dispatch.roads import open_roads
from dispatch.rulebook import load_rulebook
from dispatch.simulate import Call, Closing, Duty, Scenario, World
from dispatch.simulate.scenario import due_s
from dispatch.ticket import arrived_for, find_visit_for

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from dispatch.crew import Crew
    from dispatch.desk import Desk
    from dispatch.plan import Place
    from dispatch.roads import AnyRoads
    from dispatch.ticket import Report, Ticket


@dataclass(frozen=True, slots=True)
class WhatIf:
    """What is to be otherwise; nothing of it is written down anywhere.

    `crews` replace the company's, `dropped` are left out, `units` move the crews of a unit, `depots` single
    ones, `policy` names another rule book, `closures` come on top of those that were.
    """

    crews: tuple[Crew, ...] | None = None
    dropped: tuple[str, ...] = ()
    units: Mapping[str, Place] = field(default_factory=dict)
    depots: Mapping[str, Place] = field(default_factory=dict)
    policy: str = ""
    closures: tuple[Closing, ...] = ()

    @property
    def nothing(self) -> bool:
        """Whether everything stays as it was."""
        return self == WhatIf()


@dataclass(frozen=True, slots=True)
class Kept:
    """How many promises of `reports` were kept, in all and by zone as (kept, of)."""

    reports: int
    kept: int
    by_zone: Mapping[str, tuple[int, int]]


@dataclass(frozen=True, slots=True)
class Replay:
    """A month as it was, as the planner would have run it, and with the change (None without one).

    `left_out` counts reports that needed no trip or have no place or promise. `crews` are how many there are
    today, `gone` those that were sent in that month and are no longer among them.
    """

    month: str
    left_out: int
    crews: int
    gone: tuple[str, ...]
    as_it_was: Kept
    unchanged: Kept
    changed: Kept | None


def replay(desk: Desk, month: str, what_if: WhatIf, roads: AnyRoads | None = None) -> Replay:
    """Play `2026-10` again; BadInput when nothing can be played, NotFound for an unknown crew.

    `roads` are closed and opened on the way: never those that others ask. Without, the area's are opened.
    """
    roads = roads or open_roads(desk.area, desk.config.roads.engine, desk.config.roads.osrm_table)
    from_at, until_at = compliance.month_bounds(month, desk.timezone)
    with desk.store.snapshot():
        tickets = desk.store.tickets.list_received(from_at, until_at)
        served = [
            (report, as_served(desk, ticket, report))
            for ticket in tickets
            for report in ticket.reports
            if from_at <= report.received_at < until_at
        ]
        closures = tuple(_closures(desk, from_at, until_at))
        crews = tuple(desk.store.company.crews())
        known = [(report, ticket) for report, ticket in served if _can_be_played(report, ticket)]
        roads_s = desk.store.chances.drives_s(_sent(known))
    needed = {ticket.id: 1 + took_two(desk, ticket) for ticket in tickets}
    if not known:
        raise BadInput(f"no report of {month} needed a trip and has a place and a promise; nothing to replay")
    calls = [
        _call(desk, report, ticket, from_at, crews=needed[ticket.id], roads_s=roads_s)
        for report, ticket in known
    ]
    day = Scenario(
        name=month,
        start_ms=from_at,
        hours=(until_at - from_at) / 3_600_000,
        policy=desk.rulebook.binding.name,
        crews=_duties(desk, crews, from_at, until_at),
        calls=tuple(sorted(calls, key=lambda call: call.at_s)),
        closures=closures,
    )
    changed = None
    if not what_if.nothing:
        changed = _play(desk, _with(desk, day, what_if, (from_at, until_at), crews), roads)
    return Replay(
        month=month,
        left_out=len(served) - len(known),
        crews=len(crews),
        gone=_gone([ticket for _, ticket in served], crews),
        as_it_was=_as_it_was(known),
        unchanged=_play(desk, day, roads),
        changed=changed,
    )


def _can_be_played(report: Report, ticket: Ticket) -> bool:
    return report.needs_trip and report.promise is not None and ticket.place is not None


def _sent(known: Iterable[tuple[Report, Ticket]]) -> set[int]:
    """The orders of the trips that count, as numbers of their events."""
    visits = (find_visit_for(ticket, report) for report, ticket in known)
    return {visit.sent_by for visit in visits if visit}


def _gone(tickets: Sequence[Ticket], crews: Sequence[Crew]) -> tuple[str, ...]:
    """Who was sent then and is no crew of the company's any more."""
    sent = {visit.crew for ticket in tickets for visit in ticket.visits}
    return tuple(sorted(sent - {crew.id for crew in crews}))


def _closures(desk: Desk, from_at: int, until_at: int) -> Iterator[Closing]:
    """The closures that held in the month, as the timeline tells them: one taken away early ends there."""
    events = desk.store.tickets.events("")
    opened = {event.body["id"]: event.at for event in events if event.kind == "road_opened"}
    for event in events:
        if event.kind == "road_closed":
            said = event.body["closure"]
            ends = min(said["until_at"] or until_at, opened.get(said["id"], until_at), until_at)
            begins = max(said["from_at"], from_at)
            if begins < ends:
                yield Closing(
                    (begins - from_at) / 1000, (ends - from_at) / 1000, said["geometry"], said["factor"]
                )


def _duties(desk: Desk, crews: Sequence[Crew], from_at: int, until_at: int) -> tuple[Duty, ...]:
    return tuple(_duty(desk, crew, from_at, until_at) for crew in sorted(crews, key=lambda crew: crew.id))


def _duty(desk: Desk, crew: Crew, from_at: int, until_at: int) -> Duty:
    shifts = tuple(_shifts(desk, crew, from_at, until_at))
    breaks = crew.breaks_within(from_at, shifts[-1][1], desk.timezone)
    return Duty(crew.id, crew.depot, crew.skills, _seconds(shifts, from_at), _seconds(breaks, from_at))


def _shifts(desk: Desk, crew: Crew, from_at: int, until_at: int) -> Iterator[tuple[int, int]]:
    """Every shift of the month, and the one after it, so that the last reports are reached.

    As at the desk round the clock is one shift: nobody is refused a drive because a day ends.
    """
    first, at = crew.shift.window(from_at, desk.timezone)
    while at <= until_at:
        begins, ends = crew.shift.window(at, desk.timezone)
        if begins > at:
            yield first, at
            first = begins
        at = ends
    yield first, at


def _seconds(spans: Sequence[tuple[int, int]], from_at: int) -> tuple[tuple[float, float], ...]:
    return tuple(((begins - from_at) / 1000, (ends - from_at) / 1000) for begins, ends in spans)


def _call(
    desk: Desk, report: Report, ticket: Ticket, from_at: int, *, crews: int, roads_s: Mapping[int, float]
) -> Call:
    """The report as it is played; `roads_s` are the seconds that the roads say of drives, by their order."""
    if ticket.place is None or report.promise is None:
        raise AssertionError(f"{report.id} cannot be played")
    visit = find_visit_for(ticket, report)
    expected_s = work_s(desk, ticket)
    return Call(
        id=report.id,
        at_s=(report.received_at - from_at) / 1000,
        place=ticket.place.lonlat,
        zone=report.promise.zone,
        needs=needs(desk, ticket),
        customers=report.customers,
        hazard=is_hazard(desk, ticket),
        critical=report.critical,
        work_s=expected_s,
        true_work_s=worked_s(visit, expected_s),
        travel_factor=drive_factor(visit, roads_s.get(visit.sent_by) if visit else None),
        fault=ticket.id,
        crews=crews,
    )


def _with(
    desk: Desk, day: Scenario, what_if: WhatIf, span: tuple[int, int], own: tuple[Crew, ...]
) -> Scenario:
    """The month with the change."""
    crews = what_if.crews if what_if.crews is not None else own
    _check_names("crew", (*what_if.dropped, *what_if.depots), {crew.id for crew in crews})
    units = {unit.id for unit in desk.store.company.units()} | {crew.unit for crew in crews} - {""}
    _check_names("unit", what_if.units, units)
    depots = {crew.id: what_if.units.get(crew.unit, crew.depot) for crew in crews} | dict(what_if.depots)
    moved = [replace(crew, depot=depots[crew.id]) for crew in crews if crew.id not in what_if.dropped]
    return replace(
        day,
        policy=what_if.policy or day.policy,
        crews=_duties(desk, moved, *span),
        closures=(*day.closures, *what_if.closures),
    )


def _check_names(what: str, said: Iterable[str], known: Collection[str]) -> None:
    for name in said:
        if name not in known:
            raise NotFound(f"there is no {what} {name!r}; the {what}s are {', '.join(sorted(known))}")


def _play(desk: Desk, day: Scenario, roads: AnyRoads) -> Kept:
    minutes = load_rulebook(POLICIES, day.policy, ()).binding.minutes
    planner = as_configured(desk.config, "default")
    played = World(day, minutes, planner, RoadDrives(roads, day)).play()
    on_time = [
        call.id in played.arrivals
        and played.arrivals[call.id][1] <= day.start_ms + round(due_s(call, minutes) * 1000)
        for call in day.calls
    ]
    return _count([call.zone for call in day.calls], on_time)


def _as_it_was(known: Sequence[tuple[Report, Ticket]]) -> Kept:
    """By the promises that were made; a report that nobody reached is not kept."""
    zones, kept = [], []
    for report, ticket in known:
        arrived_at = arrived_for(ticket, report)
        if report.promise is not None:
            zones.append(report.promise.zone)
            kept.append(arrived_at is not None and arrived_at <= report.promise.due_at)
    return _count(zones, kept)


def _count(zones: Sequence[str], kept: Sequence[bool]) -> Kept:
    pairs = list(zip(zones, kept, strict=True))
    by_zone = {
        zone: (sum(ok for at, ok in pairs if at == zone), sum(at == zone for at, _ in pairs))
        for zone in ("urban", "rural", "remote")
        if zone in zones
    }
    return Kept(len(pairs), sum(kept), by_zone)
