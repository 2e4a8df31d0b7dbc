"""What came of a day that was played: what crews were told, who was reached when, what was driven."""

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
class Order:
    """What a crew was told: to go to the ticket whose first call is `call`, perhaps to people in `danger`.

    `reached_ms` is when it was there; None while it is on its way, and for ever where it was told otherwise.
    """

    crew: str
    call: str
    danger: bool
    reached_ms: int | None = None


@dataclass(slots=True)
class Played:
    """What came of a day: what was told, in that order, when each call was reached and by whom (epoch ms)."""

    orders: list[Order] = field(default_factory=list)
    arrivals: dict[str, tuple[str, int]] = field(default_factory=dict)
    legs: list[Leg] = field(default_factory=list)
    decisions_s: list[float] = field(default_factory=list)
    ended_ms: int = 0

    @property
    def trips(self) -> int:
        """How many orders were followed to the place."""
        return sum(order.reached_ms is not None for order in self.orders)

    @property
    def told_changes(self) -> int:
        """How many orders did not stand until the crew was there: whoever changed them, and for whatever."""
        return sum(order.reached_ms is None for order in self.orders)

    @property
    def hazard_changes(self) -> int:
        """Of those, the ones in which the crew was told people in danger instead."""
        found, left = 0, dict[str, Order]()
        for order in self.orders:
            before = left.get(order.crew)
            found += before is not None and before.reached_ms is None and order.danger
            left[order.crew] = order
        return found

    @property
    def routes(self) -> dict[str, list[str]]:
        """The first calls of the tickets that each crew went to, in order."""
        found: dict[str, list[str]] = {}
        for order in self.orders:
            if order.reached_ms is not None:
                found.setdefault(order.crew, []).append(order.call)
        return found
