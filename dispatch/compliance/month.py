"""What the month consists of: one line a report, the rows of the commitment table, the figures beside it.

Times are epoch milliseconds, UTC. Figures follow four rules, so that nothing is prettied by rounding:
rates are percent with two decimals, rounded down from whole counts; means, medians and 90th percentiles
are whole seconds, rounded up; nothing to count is None, never 100 % or 0 s; `late` holds every missed
promise, exempt ones included, of which `exempt` says how many.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from dispatch.compliance.verdict import Verdict
    from dispatch.ticket import Report, Ticket, Zone


@dataclass(frozen=True, slots=True)
class Told:
    """One report as the desk tells it to the month: with its ticket, the crew that came, and the proof."""

    report: Report
    ticket: Ticket
    crew: str = ""
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """One report with its verdict: a row of `reports.csv`."""

    report: str
    ticket: str
    unit: str
    zone: Zone | None
    policy: str
    fault: str
    received_at: int
    due_at: int | None
    arrived_at: int | None
    restored_at: int | None
    verdict: Verdict
    evidence: str
    crew: str
    merged: bool
    simulated: bool
    exemption: str = ""
    corrected: bool = False

    @property
    def arrival_ms(self) -> int | None:
        """Milliseconds from the call to a crew at the place."""
        return None if self.arrived_at is None else self.arrived_at - self.received_at

    @property
    def restoration_ms(self) -> int | None:
        """Milliseconds from the arrival to the supply; None when unknown or reported the wrong way round."""
        if self.arrived_at is None or self.restored_at is None or self.restored_at < self.arrived_at:
            return None
        return self.restored_at - self.arrived_at


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the commitment table; what cannot be counted is None.

    `total` holds the reports whose promise is decided (kept, missed, exempt). `open` ones stand apart: they
    are neither fulfilled nor not, and counting them either way would move the rate.
    """

    item: str
    counts: str  # arrivals | notices | by_hand
    zone: Zone | None
    points: float
    total: int | None = None
    late: int | None = None
    exempt: int | None = None
    open: int | None = None
    rate: float | None = None
    rate_without_exemptions: float | None = None
    mean_arrival_s: int | None = None
    p90_arrival_s: int | None = None
    score: float | None = None  # points x rate, four decimals, rounded down


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts and times of one zone, unit or kind of fault; restoration counts from the arrival."""

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


@dataclass(frozen=True, slots=True)
class Late:
    """One missed promise; `late_ms` is by how much, None while nobody has come."""

    report: str
    ticket: str
    unit: str
    zone: Zone | None
    fault: str
    crew: str
    received_at: int
    due_at: int
    arrived_at: int | None
    late_ms: int | None
    exempt: bool


@dataclass(frozen=True, slots=True)
class ShadowTable:
    """The commitment table as another policy, computed beside the binding one, would have it."""

    policy: str
    version: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Head:
    """The last event of the timeline the month was made from, and its hash."""

    seq: int
    hash: str


@dataclass(frozen=True, slots=True)
class Month:
    """A month of reports, judged and counted."""

    month: str
    tz: tzinfo
    policy: str
    version: str
    source: str
    head: Head
    rows: tuple[Row, ...]
    shadows: tuple[ShadowTable, ...]
    zones: tuple[Figures, ...]
    units: tuple[Figures, ...]
    faults: tuple[Figures, ...]
    late: tuple[Late, ...]
    evidence: Mapping[str, int]  # grade A-D of the arrival: reports
    flags: Mapping[str, int]  # oddity: visits it was seen on
    counts: Mapping[str, int]  # reports, and each verdict, and simulated
    lines: tuple[Line, ...] = field(repr=False)

    @property
    def simulated(self) -> bool:
        """Whether any report of the month was invented by a simulated caller."""
        return self.counts["simulated"] > 0
