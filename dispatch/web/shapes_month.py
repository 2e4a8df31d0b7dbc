"""What is told of a month: the shape of its JSON, as OpenAPI shows it; `dispatch.export` writes it."""

from __future__ import annotations

from dispatch.ticket import Zone  # noqa: TC001 -- pydantic reads the types of the fields
from dispatch.web.shapes import Iso, Shape


class RowOut(Shape):
    """A row of the commitment table; None where nothing can be counted."""

    item: str
    zone: Zone | None
    counts: str
    points: float
    total: int | None
    late: int | None
    exempt: int | None
    open: int | None
    rate: float | None
    rate_without_exemptions: float | None
    mean_arrival_s: int | None
    p90_arrival_s: int | None
    score: float | None


class ShadowOut(Shape):
    """The table as another policy would have it."""

    policy: str
    version: str
    rows: list[RowOut]


class FiguresOut(Shape):
    """Counts and times of one zone, unit or kind of fault."""

    key: str
    name: str
    reports: int
    total: int
    late: int
    exempt: int
    open: int
    no_trip: int
    rate: float | None
    rate_without_exemptions: float | None
    mean_arrival_s: int | None
    median_arrival_s: int | None
    p90_arrival_s: int | None
    mean_restoration_s: int | None


class LateOut(Shape):
    """One missed promise; `late_s` is None while nobody has come."""

    report: str
    ticket: str
    unit: str
    zone: Zone | None
    fault: str
    crew: str
    received_at: Iso
    due_at: Iso
    arrived_at: Iso | None
    late_s: float | None
    exempt: bool


class HeadOut(Shape):
    """The last event the month was counted at."""

    seq: int
    hash: str


class MonthOut(Shape):
    """The commitment table of a month and what stands beside it."""

    month: str
    policy: str
    policy_version: str
    policy_source: str
    timezone: str
    simulated: bool
    rows: list[RowOut]
    shadows: list[ShadowOut]
    zones: list[FiguresOut]
    units: list[FiguresOut]
    faults: list[FiguresOut]
    late: list[LateOut]
    exemptions: list[str]
    corrections: list[str]
    evidence: dict[str, int]
    flags: dict[str, int]
    counts: dict[str, int]
    head: HeadOut
