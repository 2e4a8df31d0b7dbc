"""How long things take in the play: real durations, spread as in life and shortened by its speed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random
    from collections.abc import Callable
    from datetime import tzinfo


@dataclass(frozen=True, slots=True)
class Pace:
    """One play's speed (x real time), its dice, the clock (epoch ms) and the company's time zone."""

    speed: float
    dice: random.Random
    clock: Callable[[], int]
    zone: tzinfo

    def spread_s(self, median_s: float, sigma: float = 0.35) -> float:
        """Seconds to wait here for what takes about `median_s` in life; log-normal around it."""
        return median_s * self.dice.lognormvariate(0, sigma) / self.speed

    def chance(self, share: float) -> bool:
        """True in `share` (0-1) of all cases."""
        return self.dice.random() < share

    def now_iso(self) -> str:
        """The moment as a phone writes it: ISO 8601 with an offset, to the millisecond."""
        return datetime.fromtimestamp(self.clock() / 1000, UTC).isoformat(timespec="milliseconds")

    def since_s(self, moment: str) -> float:
        """Seconds from an ISO 8601 moment until now."""
        return self.clock() / 1000 - datetime.fromisoformat(moment).timestamp()
