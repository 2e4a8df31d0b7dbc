"""Reports and the ticket they make: what is known of a fault, where it stands, who was there and when.

Every report opens a ticket of its own the moment it is received; merging moves the report, with its own
clock, to another ticket and leaves the first one empty. All times are epoch milliseconds, UTC; all places
are (lon, lat) in WGS-84.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, get_args

from dispatch.errors import NotFound

FaultKind = Literal["no_power", "partial", "low_voltage", "wire_down", "fire_or_shock", "meter", "other"]
Zone = Literal["urban", "rural", "remote"]
Channel = Literal["phone", "web", "partner"]
Resolution = Literal["by_phone", "customer_side", "planned_outage", "false_alarm"]
FieldKind = Literal["accepted", "declined", "departed", "arrived", "restored", "closed"]
Over = Literal["taken_back", "diverted", "out_of_service", "declined", "reopened"]  # what ended a visit
State = Literal[
    "needs_place",  # nobody knows where: the desk must say
    "waiting",  # for a crew
    "assigned",
    "accepted",
    "departed",
    "arrived",
    "restored",
    "closed",  # by the crew; the desk still calls back
    "archived",
    "no_trip",  # every report was answered without one
    "merged",  # every report was moved to another ticket
]

FIELD_KINDS: tuple[FieldKind, ...] = get_args(FieldKind)
OVER: frozenset[State] = frozenset({"archived", "no_trip", "merged"})
CALLED_FOR: frozenset[State] = frozenset({"waiting"})
BEFORE_ARRIVAL: frozenset[State] = frozenset({"assigned", "accepted", "departed"})
STEPS: tuple[State, ...] = ("assigned", "accepted", "departed", "arrived", "restored", "closed")
UNDER_WAY: frozenset[State] = frozenset({"assigned", "accepted", "departed", "arrived", "restored"})
CLOCK_SKEW_MS = 120_000  # phone clocks differ by seconds; two minutes are a wrong clock


@dataclass(frozen=True, slots=True)
class Place:
    """Where a report is, and how we know: kept whole, because a wrong place makes a wrong promise."""

    lon: float
    lat: float
    method: str  # given | account | transformer | caller | alias | address | an online provider's name | pin
    tier: str  # A accept, B one click, C pin
    score: float  # 0-100
    precision_m: float
    by: str  # who set or confirmed it
    datum: str = "wgs84"  # of the raw value
    raw: tuple[float, float] | None = None  # as given, when the datum was another
    near: str = ""  # the street or place it lies by, for whoever was told no address
    road_class: str = ""  # of most of the way there from its unit's depot

    @property
    def lonlat(self) -> tuple[float, float]:
        """(lon, lat) in degrees WGS-84."""
        return (self.lon, self.lat)


@dataclass(frozen=True, slots=True)
class Promise:
    """What was promised for one report, frozen when it was made."""

    policy: str
    version: str
    zone: Zone
    minutes: int
    due_at: int


@dataclass(frozen=True, slots=True)
class Zoned:
    """Which zone a place was found in, by which zone set and how, and what was doubtful about it."""

    zone: Zone
    zone_set: str
    edge_m: float
    doubt: str = ""  # no_polygon | overlap | near_edge | account_differs | zone_differs
    method: str = "polygon"  # polygon | account | default | candidates


@dataclass(frozen=True, slots=True)
class Report:
    """One call. It keeps its own clock whichever ticket it is on."""

    id: str
    first_ticket: str
    received_at: int
    channel: Channel
    fault: FaultKind
    account_no: str = ""
    address: str = ""
    note: str = ""
    customers: int = 1
    critical: bool = False
    unit: str = ""
    simulated: bool = False
    place: Place | None = None
    zoned: Zoned | None = None
    promise: Promise | None = None
    shadows: tuple[Promise, ...] = ()
    outage: str = ""  # the notice that explains it
    resolved: str = ""  # a Resolution, or empty

    @property
    def needs_trip(self) -> bool:
        """Whether a crew has to go for it."""
        return not self.resolved


@dataclass(frozen=True, slots=True)
class Visit:
    """One crew's trip to a ticket, from the assignment on."""

    crew: str
    assigned_at: int
    by: str
    pinned: bool = False
    eta_at: int | None = None
    sent_by: int = 0  # sequence number of the event that assigned it; the reasons stand there, whole
    accepted_at: int | None = None
    departed_at: int | None = None
    arrived_at: int | None = None
    restored_at: int | None = None
    closed_at: int | None = None
    over: Over | Literal[""] = ""  # empty while it counts
    over_at: int | None = None
    evidence: str = ""  # grade of the arrival, A-D
    flags: tuple[str, ...] = ()
    instead_of: str = ""  # the ticket that the crew was called off for this one


@dataclass(frozen=True, slots=True)
class Ticket:
    """One fault at one place and everything that was done about it."""

    id: str
    opened_at: int
    version: int = 0  # sequence number of the last event
    reports: tuple[Report, ...] = ()
    visits: tuple[Visit, ...] = ()
    declined_by: tuple[str, ...] = ()
    called_back_at: int | None = None
    satisfied: bool | None = None
    reopened_at: int | None = None
    reopened_due: int | None = None
    into: str = ""  # where its reports went

    @property
    def trips(self) -> tuple[Visit, ...]:
        """The trips that count since the last reopening, in the order they were sent; two crews make two."""
        since = max((n for n, visit in enumerate(self.visits, 1) if visit.over == "reopened"), default=0)
        return tuple(visit for visit in self.visits[since:] if not visit.over)

    @property
    def visit(self) -> Visit | None:
        """The trip that leads, if any: of those that count the one farthest along, of equals the first sent.

        Else one that was closed though taken back: a phone in a valley may close a ticket that the desk took
        back meanwhile. The work is done, and nobody else is to be sent.
        """
        if trips := self.trips:
            return max(trips, key=_how_far)
        for visit in reversed(self.visits):
            if visit.over == "reopened":
                return None
            if visit.closed_at is not None:
                return visit
        return None

    @property
    def sent(self) -> tuple[Visit, ...]:
        """The trips whose crews are at it: none once it is closed; only who was there once it is restored."""
        if self.state not in UNDER_WAY:
            return ()
        done = self.state == "restored"
        return tuple(trip for trip in self.trips if not done or visit_state(trip) in {"arrived", "restored"})

    def trip_of(self, crew: str) -> Visit | None:
        """The trip that counts of this crew, or None."""
        return next((trip for trip in self.trips if trip.crew == crew), None)

    @property
    def state(self) -> State:
        """Where the ticket stands, derived from its reports and its last visit."""
        if not self.reports:
            return "merged"
        if not any(report.needs_trip for report in self.reports):
            return "no_trip"
        visit = self.visit
        if visit is None:
            return "waiting" if self.place else "needs_place"
        over = visit.closed_at is not None and self.called_back_at is not None
        return "archived" if over else visit_state(visit)

    @property
    def place(self) -> Place | None:
        """Where the crew must go: the first report's place that still needs a trip."""
        places = [report.place for report in self.reports if report.place and report.needs_trip]
        return places[0] if places else next((r.place for r in self.reports if r.place), None)

    @property
    def dues(self) -> tuple[int, ...]:
        """Every waiting caller's due time, earliest first; a reopening gives those already served its own."""
        waiting = [r for r in self.reports if r.needs_trip and not _served_before_reopening(self, r)]
        own = [] if self.reopened_due is None else [self.reopened_due]
        return tuple(sorted([*own, *(r.promise.due_at for r in waiting if r.promise)]))


def _how_far(visit: Visit) -> int:
    return STEPS.index(visit_state(visit))


def visit_state(visit: Visit) -> State:
    """How far the crew has come, by the last step it reported."""
    steps: tuple[tuple[int | None, State], ...] = (
        (visit.closed_at, "closed"),
        (visit.restored_at, "restored"),
        (visit.arrived_at, "arrived"),
        (visit.departed_at, "departed"),
        (visit.accepted_at, "accepted"),
    )
    return next((state for at, state in steps if at is not None), "assigned")


def get_report(ticket: Ticket, report_id: str) -> Report:
    """The report on this ticket; NotFound when it is on another."""
    for report in ticket.reports:
        if report.id == report_id:
            return report
    raise NotFound(f"there is no report {report_id[:40]!r} on {ticket.id}")


def _served_before_reopening(ticket: Ticket, report: Report) -> bool:
    """Whether a trip that a reopening ended had been there after this call: its promise is history."""
    return any(
        at is not None and at >= report.received_at
        for visit in ticket.visits
        if visit.over == "reopened"
        for at in (visit.arrived_at, visit.restored_at, visit.closed_at)
    )


def arrived_for(ticket: Ticket, report: Report) -> int | None:
    """When a crew was first there for this report; the moment of the call if one stood there already."""
    visit = find_visit_for(ticket, report)
    return _there(visit, report.received_at) if visit else None


def find_visit_for(ticket: Ticket, report: Report) -> Visit | None:
    """The trip whose arrival counts for this report: the first to be there, of equals the one sent first."""
    times = [(_there(visit, report.received_at), number) for number, visit in enumerate(ticket.visits)]
    there = [(at, number) for at, number in times if at is not None]
    return ticket.visits[min(there)[1]] if there else None


def _there(visit: Visit, since: int) -> int | None:
    """The first moment from `since` on at which the visit's crew was at the place, as far as known."""
    if visit.arrived_at is None or visit.arrived_at >= since:
        return visit.arrived_at
    if visit.assigned_at >= since:
        return visit.assigned_at  # a phone clock set back: no crew arrives before it is sent
    left = [at for at in (visit.closed_at, visit.over_at) if at is not None]
    return since if min(left, default=since) >= since else None


def restored_for(ticket: Ticket, report: Report) -> int | None:
    """When the supply was last restored for this report, or None; a reopening says that it was not."""
    times = [v.restored_at for v in ticket.visits if v.restored_at is not None and v.over != "reopened"]
    return max((at for at in times if at >= report.received_at), default=None)


def find_visit(ticket: Ticket, crew: str, at: int) -> Visit | None:
    """The trip of `crew` that an event of the moment `at` speaks of, even one that was taken back since.

    The trip under way at that moment; else the last begun before it, where a phone's clock may be behind by
    CLOCK_SKEW_MS; else the crew's first.
    """
    mine = [visit for visit in ticket.visits if visit.crew == crew]
    under_way = [v for v in mine if v.assigned_at <= at and (v.over_at is None or at <= v.over_at)]
    begun = [visit for visit in mine if visit.assigned_at <= at + CLOCK_SKEW_MS]
    found = under_way or begun or mine[:1]
    return found[-1] if found else None
