"""Who goes: the board as the planner sees it, its plan made known, and the dispatcher's own choice."""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import TYPE_CHECKING

from dispatch import plan as planning
from dispatch.desk import chance
from dispatch.desk.chain import Chain
from dispatch.desk.closures import roads_now
from dispatch.errors import BadInput, Conflict, Fault, RoadsUnavailable
from dispatch.plan import Board, CrewState, Job, Weights
from dispatch.ticket import BEFORE_ARRIVAL, UNDER_WAY, Ticket

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dispatch.config import Config
    from dispatch.crew import Crew, Position
    from dispatch.desk import Desk
    from dispatch.plan import Assignment, Option, Plan
    from dispatch.store.people import Person
    from dispatch.store.standbys import StandBy

FRESH_MS = 600_000  # a position older than ten minutes no longer says where a crew is
PLANNER = "planner"
HELD_MS = (
    120_000  # two minutes to send a crew, as companies publish: so long a ticket taken back is the desk's
)


def list_trips(tickets: Sequence[Ticket]) -> dict[str, list[Ticket]]:
    """The tickets each crew has been told and not yet finished, in the order it was told them."""
    trips: dict[str, list[Ticket]] = {}
    for ticket in tickets:
        if ticket.visit and ticket.state in UNDER_WAY:
            trips.setdefault(ticket.visit.crew, []).append(ticket)
    for each in trips.values():
        each.sort(key=lambda t: (t.visit.departed_at is None if t.visit else True, _told_at(t), t.id))
    return trips


def _told_at(ticket: Ticket) -> int:
    return ticket.visit.assigned_at if ticket.visit else 0


def where_is(
    crew: Crew, position: Position | None, now: int, standby: StandBy | None = None
) -> tuple[float, float]:
    """A crew's place for planning, (lon, lat): its phone's if fresh, else where it waits, else its depot."""
    if position and now - position.at <= FRESH_MS:
        return (position.lon, position.lat)
    if standby and standby.arrive_at <= now:
        return standby.place
    return crew.depot


def board(desk: Desk, now: int, also: Ticket | None = None) -> Board:
    """Crews and the tickets that wait, as the planner sees them; `also` counts as waiting (for options)."""
    tickets = [t for t in desk.store.tickets.list_open() if also is None or t.id != also.id]
    ahead = chance.outlook(desk, now)
    trips = list_trips(tickets)
    seen, sent, known = desk.store.company.positions(), desk.store.standbys.all(), desk.store.company.crews()
    places = {crew.id: where_is(crew, seen.get(crew.id), now, sent.get(crew.id)) for crew in known}
    crews = [_crew_state(desk, crew, trips.get(crew.id, []), places[crew.id], ahead) for crew in known]
    waiting = [t for t in tickets if t.state == "waiting" and not _is_held(t, now)]
    waiting += [also] if also else []
    return Board(tuple(crews), tuple(job(desk, t, ahead) for t in waiting if t.place and t.dues))


def _is_held(ticket: Ticket, now: int) -> bool:
    """Whether a dispatcher took the crew off just now, to do what the planner would not."""
    last = ticket.visits[-1] if ticket.visits else None
    if last is None or last.over != "taken_back" or last.over_at is None:
        return False
    return 0 <= now - last.over_at < HELD_MS


def _crew_state(
    desk: Desk, crew: Crew, trips: Sequence[Ticket], place: tuple[float, float], ahead: chance.Outlook
) -> CrewState:
    """When and where the crew's next drive can begin: after everything it was told."""
    free_at = ahead.now
    for ticket in trips:
        if ticket.place is None or ticket.visit is None:
            continue
        work_ms = round(work_s(desk, ticket, ahead) * 1000)
        free_at = _finish_ms(desk, ticket, work_ms, place, free_at)
        place = ticket.place.lonlat
    begins, ends = crew.shift.duty(ahead.now, desk.timezone)
    return CrewState(crew.id, place, free_at, crew.skills, begins, ends)


def _finish_ms(desk: Desk, ticket: Ticket, work_ms: int, place: tuple[float, float], start: int) -> int:
    """Expected end of the work: never before one minute from `start`, however long it has taken already."""
    visit = ticket.visit
    if visit is None:
        return start
    if visit.arrived_at is not None:
        return max(visit.arrived_at + work_ms, start + 60_000)
    if ticket.place is None:
        return start
    drive_s = float(desk.roads.matrix([place], [ticket.place.lonlat])[0, 0])
    if drive_s == float("inf"):
        return max((visit.eta_at or start) + work_ms, start + work_ms)
    return start + round(drive_s * 1000) + work_ms


def work_s(desk: Desk, ticket: Ticket, ahead: chance.Outlook | None = None) -> float:
    """Expected seconds on site: the longest of its reports' kinds of fault, as works turned out lately."""
    factor = ahead.learnt.work_factor if ahead else lambda _fault: 1.0
    faults = desk.rulebook.faults
    return max(faults[each.fault].work_min * factor(each.fault) for each in ticket.reports) * 60.0


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
    return Job(
        ticket=ticket.id,
        place=ticket.place.lonlat,
        needs=needs(desk, ticket),
        dues_ms=ticket.dues,
        opened_ms=ticket.opened_at,
        customers=sum(report.customers for report in waiting),
        hazard=is_hazard(desk, ticket),
        critical=any(report.critical for report in waiting),
        work_s=work_s(desk, ticket, ahead),
        barred=frozenset(ticket.declined_by),
        doubt=ahead.doubt(chance.road_class(desk, ticket)) if ahead.learnt.enough else None,
    )


def weights(config: Config) -> Weights:
    """The planner's weights as the company set them: the keys of [plan] that bear their names."""
    return Weights(**{each.name: getattr(config.plan, each.name) for each in fields(Weights)})


def replan(desk: Desk, chain: Chain | None = None) -> Plan:
    """Plan the board as it is now and tell free crews their next job; what changed meanwhile stays.

    `chain` is what planned before, whose routes the search begins with.
    """
    chain = chain or Chain(desk.config.plan.budget_s)
    now = desk.clock()
    roads = roads_now(desk, now)
    with desk.store.snapshot():
        versions = {t.id: t.version for t in desk.store.tickets.list_open()}
        seen = board(desk, now)
    made = chain.plan(seen, now, roads, weights(desk.config))
    for assignment in made.told:
        _tell(desk, assignment, versions)
    said = {"by": made.by, "waiting": [asdict(each) for each in made.waiting]}
    desk.store.company.put_plan(now, said)
    return made


def _tell(desk: Desk, assignment: Assignment, versions: Mapping[str, int]) -> None:
    """Write an assignment down unless its ticket or its crew changed since the board was read."""
    with desk.store.transaction():
        ticket = desk.store.tickets.get(assignment.ticket)
        busy = list_trips(desk.store.tickets.list_open())
        if ticket.version != versions[ticket.id] or assignment.crew in busy:
            return
        now = desk.clock()
        body = {
            "crew": assignment.crew,
            "pinned": False,
            "eta_at": assignment.arrive_ms,
            "reasons": asdict(assignment.reasons),
            "expected": chance.expected(
                desk,
                ticket,
                now,
                drive_s=assignment.travel_s,
                chance=assignment.p_on_time,
                work_s=work_s(desk, ticket),
            ),
        }
        desk.store.tickets.append(ticket.id, "assigned", body, at=now, now=now, by=PLANNER)


def options(desk: Desk, ticket_id: str) -> list[Option]:
    """Every crew ranked by when it could be there, or why it cannot go."""
    now = desk.clock()
    ticket = desk.store.tickets.get(ticket_id)
    _check_open(ticket)
    roads = roads_now(desk, now)
    seen = board(desk, now, also=ticket)
    return planning.options(seen, ticket_id, now, roads, weights(desk.config))


def _check_open(ticket: Ticket) -> None:
    if ticket.state == "needs_place":
        raise Conflict(
            f"{ticket.id} has no place yet; set it on the map first", code="no_place_yet", ticket=ticket.id
        )
    if ticket.state not in {"waiting", *BEFORE_ARRIVAL}:
        why = f"{ticket.id} is {ticket.state}; no crew can be sent to it now"
        raise Conflict(why, code="no_crew_now", ticket=ticket.id, state=ticket.state)


def assign(
    desk: Desk, ticket_id: str, crew_id: str, by: Person, *, reason: str = "", pin: bool = True
) -> Ticket:
    """The dispatcher sends a crew. What another dispatcher decided by hand has to be taken back first.

    BadInput when the crew cannot do it (skill, shift, no road), Conflict when somebody was faster. While the
    roads' server is silent a crew is sent without an estimate, whatever its shift and the roads say.
    """
    desk.store.company.get_crew(crew_id)
    if (known := _already(desk.store.tickets.get(ticket_id), crew_id)) is not None:
        return known
    chosen = _choose(desk, ticket_id, crew_id)
    now = desk.clock()
    with desk.store.transaction():
        ticket = desk.store.tickets.get(ticket_id)
        _check_open(ticket)
        if (known := _already(ticket, crew_id)) is not None:
            return known
        if ticket.visit and ticket.visit.crew != crew_id:
            back = {"crew": ticket.visit.crew, "reason": reason or f"{crew_id} sent instead"}
            desk.store.tickets.append(ticket_id, "taken_back", back, at=now, now=now, by=by.name)
        body = {"crew": crew_id, "pinned": pin, "eta_at": chosen and chosen.arrives_ms, "reason": reason}
        if chosen and chosen.arrives_ms is not None:
            drive_s, usual_s = chosen.cost_terms["drive_min"] * 60, work_s(desk, ticket)
            body["expected"] = chance.expected(
                desk, ticket, now, drive_s=drive_s, chance=chosen.p_on_time, work_s=usual_s
            )
        desk.store.tickets.append(ticket_id, "assigned", body, at=now, now=now, by=by.name)
        return desk.store.tickets.get(ticket_id)


def _choose(desk: Desk, ticket_id: str, crew_id: str) -> Option | None:
    """What sending the crew would mean, None while nobody knows the roads; BadInput when it cannot do it."""
    chosen = None
    try:
        chosen = next(each for each in options(desk, ticket_id) if each.crew == crew_id)
        lacks = chosen.not_possible
    except RoadsUnavailable:
        skilled = (
            needs(desk, desk.store.tickets.get(ticket_id)) <= desk.store.company.get_crew(crew_id).skills
        )
        lacks = None if skilled else "skill"
    if lacks and lacks != "declined":
        why = f"{crew_id} cannot go to {ticket_id}: {lacks.replace('_', ' ')}"
        told = {"crew": crew_id, "ticket": ticket_id, "why": lacks}
        raise BadInput(f"{why}; choose another crew.", (Fault("crew", lacks),), code="cannot_go", **told)
    return chosen


def _already(ticket: Ticket, crew: str) -> Ticket | None:
    """The ticket if this crew goes already, by hand or on its way; Conflict when somebody sent another."""
    visit = ticket.visit
    if visit is None or ticket.state not in BEFORE_ARRIVAL:
        return None
    if visit.crew == crew:
        return None if visit.by == PLANNER and ticket.state == "assigned" else ticket
    if visit.by == PLANNER:
        return None
    why = f"{visit.by} has sent {visit.crew} to {ticket.id}; take that back first if {crew} shall go"
    raise Conflict(why, code="sent_by_other", by=visit.by, sent=visit.crew, ticket=ticket.id, crew=crew)


def take_back(desk: Desk, ticket_id: str, reason: str, by: Person) -> Ticket:
    """Take a crew off a ticket before it arrives; the ticket waits again."""
    now = desk.clock()
    with desk.store.transaction():
        ticket = desk.store.tickets.get(ticket_id)
        if ticket.visit is None or ticket.state not in BEFORE_ARRIVAL:
            why = f"{ticket_id} is {ticket.state}; there is no assignment to take back"
            raise Conflict(why, code="nothing_to_take_back", ticket=ticket_id, state=ticket.state)
        body = {"crew": ticket.visit.crew, "reason": reason}
        desk.store.tickets.append(ticket_id, "taken_back", body, at=now, now=now, by=by.name)
        return desk.store.tickets.get(ticket_id)
