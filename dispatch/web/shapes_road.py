"""What is told of crews, the board, options and phones: the shape of every answer, as OpenAPI shows it."""

from __future__ import annotations

from typing import Any, Literal, TypeAlias

from pydantic import Field, RootModel, SerializerFunctionWrapHandler, model_serializer

from dispatch.ticket import State  # noqa: TC001 -- pydantic reads the types of these fields
from dispatch.web.shapes import AlertOut, Brief, CallerOut, Iso, SecondOut, Shape, VisitOut
from dispatch.web.shapes_coverage import StandByOut  # noqa: TC001 -- as above

PlannerName: TypeAlias = Literal["search", "look_ahead", "nearest_able"]


class PositionOut(Shape):
    """Where a phone last was."""

    lon: float
    lat: float
    accuracy_m: float
    at: Iso


class LonLat(Shape):
    """A place."""

    lon: float
    lat: float


class SpanOut(Shape):
    """From and until."""

    from_: Iso = Field(alias="from")
    until: Iso


class OutOfServiceOut(Shape):
    """That a crew is out of service: since when and until when (null: till it is ended), why, who said so.

    `by_crew` is whether a crew said so, and nobody decided yet what becomes of what it was told.
    """

    id: str
    at: Iso
    until: Iso | None
    reason: str
    by: str
    by_crew: bool


class CrewBrief(Shape):
    """A crew in one line."""

    id: str
    name: str
    unit: str
    unit_name: str
    phone: str
    skills: list[str]
    state: str
    ticket: str | None
    step: State | None  # how far it is with that ticket
    next: list[str]
    position: PositionOut | None
    depot: LonLat
    shift: SpanOut
    breaks: list[SpanOut]  # of that shift
    rests_until: Iso | None  # while a break lasts
    out_of_service: OutOfServiceOut | None


class PlanOut(Shape):
    """How old the planner's last word is, from what age on it is taken to hang, and which planner spoke."""

    at: Iso
    age_s: float
    silent_after_s: float
    by: PlannerName


class ServiceOut(Shape):
    """Whose board it is."""

    name: str
    hotline: str


class ClosureOut(Shape):
    """Roads closed (factor 0) or slowed to a share of their speed; without `until` till they are opened."""

    id: str
    geometry: dict[str, Any]
    factor: float
    from_: Iso = Field(alias="from")
    until: Iso | None
    reason: str


class ClosedOut(Shape):
    """A closure as it was taken, and how many directed edges of road it touches."""

    id: str
    edges: int


class GoneOut(Shape):
    """The ids of what is no longer on the board."""

    tickets: list[str]
    crews: list[str]
    alerts: list[str]


class BoardOut(Shape):
    """Everything that is open; with `since`, only the tickets, crews and alerts that changed, and what went.

    `tag` is what to ask by next time. Alerts that nobody has seen come first, each by their time.
    """

    tag: str
    since: str | None
    gone: GoneOut
    seq: int
    now: Iso
    service: ServiceOut
    simulated: bool
    plan: PlanOut | None
    tickets: list[Brief]
    crews: list[CrewBrief]
    closures: list[ClosureOut]
    alerts: list[AlertOut]


class DelayOut(Shape):
    """Whom it would delay."""

    ticket: str
    by_s: int | None
    becomes_late: bool


class OptionOut(Shape):
    """One crew that could go; or, with `not_possible`, why it cannot."""

    crew: str
    crew_name: str
    arrives_at: Iso | None
    eta_s: int | None
    on_time: bool
    p_on_time: float
    cost_terms: dict[str, float]
    would_delay: list[DelayOut]
    rests_until: Iso | None  # the end of its break; the planner sends it then, a dispatcher at once
    out_of_service: OutOfServiceOut | None  # then `not_possible` is so, unless it lacks a skill, too
    not_possible: str | None = None

    @model_serializer(mode="wrap")
    def _only_when_so(self, dump: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """`not_possible` is there only when it is so."""
        whole: dict[str, Any] = dump(self)
        if self.not_possible is None:
            del whole["not_possible"]
        return whole


class OptionsOut(RootModel[list[OptionOut]]):
    """Crews by arrival, then those that cannot go."""


class StepOut(Shape):
    """What became of a phone's event; a refusal may have a code and facts, as a problem has."""

    id: str
    result: str
    reason: str
    code: str
    facts: dict[str, str]


class StepsOut(RootModel[list[StepOut]]):
    """In the order they were sent."""


class StoredOut(Shape):
    """How many were news."""

    stored: int


class JobOut(Brief):
    """A ticket as its crew sees it."""

    note: str
    caller: CallerOut | None
    route_url: str
    accept_by: Iso | None  # when the desk is warned that nobody has accepted
    visit: VisitOut
    beside: SecondOut | None


class OwnCrewOut(Shape):
    """Whose phone it is."""

    id: str
    name: str
    unit: str
    shift: SpanOut
    breaks: list[SpanOut]  # of that shift
    rests_until: Iso | None  # while a break lasts
    out_of_service: OutOfServiceOut | None


class JobsOut(Shape):
    """What a crew has to do, the first now."""

    crew: OwnCrewOut
    now: Iso
    jobs: list[JobOut]
    stand_by: StandByOut | None  # where to wait while there is no job


class NotGoingOut(Shape):
    """Why a crew need not go to a ticket that it was sent to.

    `code` is `merged`, `resolved`, `sent_instead`, `hazard`, `out_of_service`, empty when a person took it
    back and gave no more than a `reason`, or null when it was not taken back at all: it goes on, or the work
    is done. `about` is the ticket or crew that the code speaks of, or how it was resolved.
    """

    ticket: str
    at: Iso | None
    code: str | None
    about: str
    reason: str


class HealthOut(Shape):
    """Whether the two processes do their work."""

    store: str
    jobs_leader: bool
    last_plan_age_s: float | None
    last_plan_by: PlannerName | None
    head: int
