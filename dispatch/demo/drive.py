"""Where somebody is on the way: a line followed at one speed from its beginning to its end."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import TYPE_CHECKING

from dispatch.zone import metres

if TYPE_CHECKING:
    from collections.abc import Sequence

    LonLat = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Drive:
    """A drive along `line` ((lon, lat) points) that starts at `start_s` and lasts `lasts_s` seconds.

    `reached_m` is how far from the beginning each point of the line lies, in metres.
    """

    line: tuple[LonLat, ...]
    reached_m: tuple[float, ...]
    start_s: float
    lasts_s: float

    @property
    def end_s(self) -> float:
        """When it is over."""
        return self.start_s + self.lasts_s

    def at(self, now_s: float) -> LonLat:
        """(lon, lat) at `now_s`: the beginning before it starts, the end when it is over."""
        if now_s <= self.start_s:
            return self.line[0]
        if now_s >= self.end_s:
            return self.line[-1]
        done_m = (now_s - self.start_s) / self.lasts_s * self.reached_m[-1]
        after = bisect_right(self.reached_m, done_m)
        if after == len(self.line):
            return self.line[-1]
        low, high = self.reached_m[after - 1], self.reached_m[after]
        return between(self.line[after - 1], self.line[after], (done_m - low) / (high - low))


def drive(line: Sequence[LonLat], start_s: float, lasts_s: float) -> Drive:
    """The drive along at least one point, with its distances added up."""
    steps_m = (metres(one, other) for one, other in pairwise(line))
    return Drive(tuple(line), tuple(accumulate(steps_m, initial=0.0)), start_s, max(0.0, lasts_s))


def between(one: LonLat, other: LonLat, share: float) -> LonLat:
    """The point at `share` (0-1) of the way from one (lon, lat) to the other."""
    return (one[0] + (other[0] - one[0]) * share, one[1] + (other[1] - one[1]) * share)
