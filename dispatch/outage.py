"""Outage notices: which one explains a report, and whether a notice was announced in time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

NoticeKind = Literal["planned", "temporary"]
HOUR_MS = 3_600_000


@dataclass(frozen=True, slots=True)
class Notice:
    """One planned or temporary outage; `area` is a GeoJSON polygon in (lon, lat) WGS-84, times epoch ms."""

    id: str
    kind: NoticeKind
    cause: str
    published_at: int
    from_at: int
    until_at: int
    area: Mapping[str, object]
    by: str = ""


def explains(notices: Iterable[Notice], at: int, inside: Callable[[Notice], bool]) -> Notice | None:
    """The notice that tells a caller why it is dark: published by then, in force at `at`, over the place.

    `inside` says whether the report's place lies in a notice's area (edges count). Of several, the one
    that ends last, so that nobody is told an hour that will not hold; ties by id.
    """
    in_force = [n for n in notices if n.published_at <= at and n.from_at <= at < n.until_at and inside(n)]
    return max(in_force, key=lambda n: (n.until_at, n.id), default=None)


def in_time(notice: Notice, hours_ahead: Mapping[str, int]) -> bool:
    """Whether it was announced as early as the policy asks (7 days planned, 24 h temporary)."""
    return notice.from_at - notice.published_at >= hours_ahead[notice.kind] * HOUR_MS
