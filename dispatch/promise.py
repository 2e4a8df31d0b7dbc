"""The promise: minutes and due time by zone and policy, from the moment of the call."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatch.ticket import Promise

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dispatch.ticket import Zone

MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class TableRow:
    """One row of the month's commitment table: what is counted and how many points it carries."""

    item: str
    counts: str  # arrivals | notices | by_hand
    points: float
    zone: Zone | None = None


@dataclass(frozen=True, slots=True)
class Policy:
    """A rule book as data: minutes by zone, hours of announcement, rows of the table, with its source."""

    name: str
    version: str
    source: str
    minutes: Mapping[Zone, int]
    hours_ahead: Mapping[str, int]
    rows: tuple[TableRow, ...]


def make(policy: Policy, zone: Zone, received_at: int) -> Promise:
    """What a call received at `received_at` is promised in `zone`; never from when we located it."""
    minutes = policy.minutes[zone]
    return Promise(policy.name, policy.version, zone, minutes, received_at + minutes * MINUTE_MS)
