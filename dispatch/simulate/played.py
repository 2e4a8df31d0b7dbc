"""What came of a day that was played: who was reached when, and what was driven for it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dispatch.plan import Place


@dataclass(frozen=True, slots=True)
class Leg:
    """A drive that was made, or the `share` of it, while the closures `closed` held."""

    crew: str
    origin: Place
    destination: Place
    departed_ms: int
    closed: tuple[int, ...]
    share: float = 1.0


@dataclass(slots=True)
class Played:
    """What came of a day: when each call was reached and by whom (epoch ms), and what it took."""

    arrivals: dict[str, tuple[str, int]] = field(default_factory=dict)
    trips: int = 0
    legs: list[Leg] = field(default_factory=list)
    told_changes: int = 0
    hazard_changes: int = 0  # of those, crews called off for people in danger
    decisions_s: list[float] = field(default_factory=list)
    routes: dict[str, list[str]] = field(default_factory=dict)  # crew → first calls of its tickets
    ended_ms: int = 0
