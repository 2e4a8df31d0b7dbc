"""What is told of reports and tickets: the shape of every answer, as OpenAPI shows it."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    RootModel,
)

from dispatch.escalation import AlertKind
from dispatch.ticket import Channel, FaultKind, State, Zone

Iso = Annotated[str, Field(json_schema_extra={"format": "date-time"})]


class Shape(BaseModel):
    """An answer."""

    model_config = ConfigDict(extra="forbid", validate_by_name=True, serialize_by_alias=True)


class PlaceOut(Shape):
    """Where, and how we know; `near` is the street or place it lies by, where the map knows one."""

    lon: float
    lat: float
    method: str
    tier: str
    score: float
    precision_m: float
    by: str
    near: str


class CandidateOut(Shape):
    """A place an address could mean."""

    label: str
    lon: float
    lat: float
    kind: str
    score: float
    tier: str
    precision_m: float


class PromiseOut(Shape):
    """What was promised, frozen."""

    policy: str
    version: str
    minutes: int
    due_at: Iso


class NoticeOut(Shape):
    """An outage notice."""

    id: str
    kind: str
    cause: str
    published_at: Iso
    from_: Iso = Field(alias="from")
    to: Iso
    area: dict[str, Any]


class NoticesOut(RootModel[list[NoticeOut]]):
    """Outage notices by start."""


class NearbyOut(Shape):
    """An open ticket that may be of the same fault: how sure that is (0-1), and why."""

    ticket: str
    distance_m: float
    opened_at: Iso
    score: float = Field(ge=0, le=1)
    reasons: list[str]


class AnswerOut(Shape):
    """What became of a report."""

    report: str
    ticket: str
    outcome: str
    place: PlaceOut | None
    candidates: list[CandidateOut]
    zone: Zone | None
    doubt: str
    edge_m: float | None
    promise: PromiseOut | None
    outage: NoticeOut | None
    nearby: list[NearbyOut]


class WaitingOut(Shape):
    """The crew a ticket waits for, when it would start, and why not now (`after:T7` names a ticket)."""

    crew: str
    start_at: Iso
    codes: list[str]


class SecondOut(Shape):
    """The other crew of a ticket that two go to; while `crew` is None it is missing, and why."""

    crew: str | None
    crew_name: str | None
    step: str | None
    eta_at: Iso | None
    waiting_for: WaitingOut | None
    nobody: list[str] | None


class CannotOut(Shape):
    """Why a crew cannot go."""

    crew: str
    why: str


class TicketBase(Shape):
    """What is told of a ticket everywhere."""

    id: str
    state: State
    opened_at: Iso
    due_at: Iso | None
    zone: Zone | None
    minutes: int | None
    place: PlaceOut | None
    address: str
    fault: FaultKind
    hazard: bool
    critical: bool
    customers: int
    unit: str
    unit_name: str
    needs: list[str]
    crew: str | None
    crew_name: str | None
    pinned: bool
    eta_at: Iso | None
    assigned_at: Iso | None
    waiting_for: WaitingOut | None
    nobody: list[str] | None
    second: SecondOut | None
    doubt: str
    simulated: bool
    version: int


class Brief(TicketBase):
    """A ticket in one line; `reports` counts them."""

    reports: int


class VisitOut(Shape):
    """One crew's trip.

    `reason` is what a dispatcher said of an order by hand, `reasons` what was calculated of it then; empty
    where nothing was. `sooner_s` is what calling the crew off `instead_of` won.
    """

    crew: str
    crew_name: str
    assigned_at: Iso
    by: str
    pinned: bool
    eta_at: Iso | None
    reason: str
    reasons: dict[str, Any]
    accepted_at: Iso | None
    departed_at: Iso | None
    arrived_at: Iso | None
    restored_at: Iso | None
    closed_at: Iso | None
    over: str
    instead_of: str  # the ticket that the crew was called off for this one, or empty
    sooner_s: int | None
    evidence: str
    flags: list[str]


class CallerOut(Shape):
    """Who called."""

    name: str
    phone: str


class AttemptOut(Shape):
    """One way in which a report was looked for, and what came of it; `lon`, `lat` are WGS-84."""

    method: str
    raw: str
    result: Literal["taken", "unsure", "unused", "unknown", "failed"]
    score: float
    precision_m: float | None
    datum: str
    lon: float | None = None
    lat: float | None = None
    confirmed_by: str = ""
    reason: str = ""
    answer: str = ""
    at: Iso
    by: str


class ReportOut(Shape):
    """A report with its own clock."""

    id: str
    ticket: str
    first_ticket: str
    received_at: Iso
    channel: Channel
    caller: CallerOut | None
    account_no: str
    address: str
    note: str
    fault: FaultKind
    customers: int
    critical: bool
    unit: str
    place: PlaceOut | None
    zone: Zone | None
    zone_set: str
    zone_method: str
    edge_m: float | None
    doubt: str
    promise: PromiseOut | None
    shadows: list[PromiseOut]
    outage: NoticeOut | None
    resolved: str
    arrived_at: Iso | None
    arrival_s: float | None
    verdict: str
    simulated: bool
    attempts: list[AttemptOut]


class EventOut(Shape):
    """One line of the timeline."""

    seq: int
    kind: str
    at: Iso
    recorded_at: Iso
    by: str
    body: dict[str, Any]


class AlertOut(Shape):
    """A warning: what of, since when (`at`), when it was raised, and who has seen it first."""

    id: str
    ticket: str
    kind: AlertKind
    at: Iso
    raised_at: Iso
    crew: str | None
    crew_name: str | None
    acknowledged_at: Iso | None
    acknowledged_by: str


class TicketOut(TicketBase):
    """Everything about a ticket; `reports` are whole here."""

    reports: list[ReportOut]
    assignment: VisitOut | None
    visits: list[VisitOut]
    timeline: list[EventOut]
    nearby: list[NearbyOut]
    alerts: list[AlertOut]
