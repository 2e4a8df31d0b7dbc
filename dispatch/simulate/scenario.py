"""What a scenario says: depots, crews, reports with their hidden truth, and closures of one day.

Places are (lon, lat) in degrees WGS-84, `_s` are seconds; in a scenario they count from its `start_ms`
(epoch ms, UTC). The planner never sees a report's `true_work_s` and `travel_factor`, nor its `fault`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dispatch.plan import Place
    from dispatch.ticket import Zone


@dataclass(frozen=True, slots=True)
class Duty:
    """A crew of the scenario: where it starts and goes home to, and what it can do.

    `shifts_s`, at least one and in order, are its shifts: each from one second until just before another. So
    are its `breaks_s`; in none of them is it sent, nor where the drive would run into one.
    """

    id: str
    depot: Place
    skills: frozenset[str]
    shifts_s: tuple[tuple[float, float], ...]
    breaks_s: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """A report of the scenario.

    `work_s` is what the desk expects, `true_work_s` what the repair takes; a drive to it takes
    `travel_factor` times the estimate. Calls with one `fault` are about the same fault; it needs
    `crews` crews, one or two.
    """

    id: str
    at_s: float
    place: Place
    zone: Zone
    needs: frozenset[str]
    customers: int
    hazard: bool
    critical: bool
    work_s: float
    true_work_s: float
    travel_factor: float
    fault: str
    crews: int = 1

    @property
    def weight(self) -> float:
        """How much it counts: `1 + 0.5 log10(1 + customers) + 9 hazard + 5 critical`."""
        return 1 + 0.5 * math.log10(1 + self.customers) + 9 * self.hazard + 5 * self.critical


@dataclass(frozen=True, slots=True)
class Closing:
    """A road closed (`factor` 0) or slowed from `at_s` until just before `until_s`; `geometry` is GeoJSON."""

    at_s: float
    until_s: float
    geometry: Mapping[str, Any]
    factor: float


@dataclass(frozen=True, slots=True)
class Scenario:
    """One day to be played; ids are unique, `calls` in the order in which they come."""

    name: str
    start_ms: int
    hours: float
    policy: str
    crews: tuple[Duty, ...]
    calls: tuple[Call, ...]
    closures: tuple[Closing, ...] = ()

    def places(self) -> list[Place]:
        """Every depot and every place of a report, each once."""
        return list(
            dict.fromkeys([*(crew.depot for crew in self.crews), *(call.place for call in self.calls)])
        )

    def crews_for(self, calls: Sequence[Call]) -> int:
        """How many crews go to the fault of these calls: as many as the one that asks for most, one or two.

        Where a single crew has the skills, it does alone what needs two: no other would ever come.
        """
        wanted = max(call.crews for call in calls)
        if wanted == 1:
            return 1
        needs = frozenset().union(*(call.needs for call in calls))
        return min(wanted, max(1, sum(needs <= crew.skills for crew in self.crews)))

    def closed_at(self, at_s: float) -> tuple[int, ...]:
        """Which closures hold at a moment, by their position in `closures`."""
        return tuple(n for n, each in enumerate(self.closures) if each.at_s <= at_s < each.until_s)


def due_s(call: Call, minutes: Mapping[Zone, int]) -> float:
    """Until when (s from the start) a crew is promised to be there; `minutes` are the policy's by zone."""
    return call.at_s + 60 * minutes[call.zone]
