"""How well an arrival is proven (A-D), and what is odd about a step a crew reports."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatch import ticket

if TYPE_CHECKING:
    from dispatch.ticket import FieldKind, Visit

NEAR_M = 150.0  # a house may stand this far from its gate
GOOD_FIX_M = 100.0  # worse accuracy than this proves no place
CLOCK_SKEW_MS = ticket.CLOCK_SKEW_MS
SENT_LATE_MS = 600_000
FIX_AGE_MS = 300_000  # a van is elsewhere five minutes later
AFTER: dict[str, tuple[str, ...]] = {
    "departed": ("accepted",),
    "arrived": ("accepted", "departed"),
    "restored": ("arrived",),
    "closed": ("arrived",),
}


@dataclass(frozen=True, slots=True)
class Fix:
    """A position from the phone: (lon, lat) WGS-84, metres of accuracy, its own time in epoch ms."""

    lon: float
    lat: float
    accuracy_m: float
    at: int
    mock: bool = False


def grade(distance_m: float | None, fix: Fix | None, at: int) -> str:
    """B one good fix at the place; C without a usable fix; D a fix that contradicts the arrival.

    `at` is the moment of the step, epoch ms: a fix of another time proves nothing about it and contradicts
    nothing. The source is DOMAIN §6. A needs a second independent source (track, photo, caller's code),
    which no single step can bring.
    """
    if fix is None or distance_m is None or not math.isfinite(distance_m + fix.accuracy_m):
        return "C"
    fresh = abs(fix.at - at) <= FIX_AGE_MS
    if fix.mock or (fresh and distance_m > NEAR_M + fix.accuracy_m):
        return "D"
    return "B" if fresh and fix.accuracy_m <= GOOD_FIX_M else "C"


def oddities(kind: FieldKind, at: int, visit: Visit, received_at: int) -> tuple[str, ...]:
    """What the auditor should see about a step: stored all the same, never lost.

    `at` is the phone's time, `received_at` the moment the step reached us, both epoch ms.
    """
    found = [f"before_{step}" for step in AFTER.get(kind, ()) if _missing_or_later(visit, step, at)]
    if kind != "declined" and getattr(visit, f"{kind}_at") is not None:
        found.append("repeated")
    if at < visit.assigned_at - CLOCK_SKEW_MS:
        found.append("before_assigned")
    if visit.over:
        found.append(f"after_{visit.over}")
    if received_at - at > SENT_LATE_MS:
        found.append("sent_late")
    return tuple(found)


def _missing_or_later(visit: Visit, step: str, at: int) -> bool:
    done: int | None = getattr(visit, f"{step}_at")
    return done is None or done > at
