"""How long drives and works have lasted lately, as far as the desk of a day that is played knows."""

from __future__ import annotations

import math
from typing import Literal, TypeAlias

from dispatch.plan.chance import Spread
from dispatch.plan.pace import BY_TABLE, LATELY_MS, lately

Lasts: TypeAlias = Literal["drive", "work"]


class Today:
    """Learns from what is over and says what to expect, as the desk does (`plan.pace`); epoch ms."""

    def __init__(self) -> None:
        self._lasted: dict[Lasts, list[tuple[int, float, float]]] = {"drive": [], "work": []}

    def learn(self, what: Lasts, now: int, expected_s: float, true_s: float) -> None:
        """A drive or a work that is over now, expected to last so long, lasted so long in truth."""
        self._lasted[what].append((now, expected_s, true_s))

    def spread(self, now: int, what: Lasts) -> Spread:
        """How drives or works have lasted in the last hours, by what was expected."""
        late = [(expected_s, true_s) for at, expected_s, true_s in self._lasted[what] if now - at < LATELY_MS]
        return lately(late, BY_TABLE if what == "work" else Spread())

    def slower(self, now: int) -> float:
        """How much longer than the roads say drives take now."""
        return math.exp(self.spread(now, "drive").centre)
