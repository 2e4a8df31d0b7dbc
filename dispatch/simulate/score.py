"""How well a played day kept its promises, as the figures that planners are compared by."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from dispatch.simulate.scenario import due_s

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dispatch.simulate.played import Played
    from dispatch.simulate.scenario import Call, Scenario
    from dispatch.simulate.travel import Drives
    from dispatch.ticket import Zone


@dataclass(frozen=True, slots=True)
class Arrival:
    """When a report was reached, by whom, and until when it was promised; seconds from the start."""

    report: str
    crew: str | None
    arrived_s: float | None
    due_s: float


@dataclass(frozen=True, slots=True)
class Result:
    """The figures of one planner on one scenario.

    Shares are 0-1 of the reports. Lateness is counted over all reports, those on time with 0; a report that
    nobody reached is late until the day was played out. `km` holds every drive, those home included.
    `hazard_changes` are those of `told_changes` in which a crew was called off for people in danger.
    """

    planner: str
    reports: int
    trips: int
    on_time: float
    weighted_on_time: float
    by_zone: dict[str, dict[str, float]]
    mean_late_min: float
    p95_late_min: float
    unreached: int
    km: float
    told_changes: int
    hazard_changes: int
    decision_ms: dict[str, float]
    arrivals: tuple[Arrival, ...]

    def as_json(self) -> dict[str, Any]:
        """Plain data; the arrivals in the order of the reports."""
        return asdict(self)


def result(
    planner: str, scenario: Scenario, minutes: Mapping[Zone, int], played: Played, drives: Drives
) -> Result:
    """What `planner` made of the scenario; `minutes` are the policy's by zone."""
    arrivals = tuple(_arrival(call, scenario, minutes, played) for call in scenario.calls)
    on_time = [each.arrived_s is not None and each.arrived_s <= each.due_s for each in arrivals]
    ended_s = (played.ended_ms - scenario.start_ms) / 1000
    late = [max(0.0, _reached(each, ended_s) - each.due_s) / 60 for each in arrivals]
    return Result(
        planner=planner,
        reports=len(arrivals),
        trips=played.trips,
        on_time=share(on_time, [1.0] * len(on_time)),
        weighted_on_time=share(on_time, [call.weight for call in scenario.calls]),
        by_zone=_by_zone(scenario.calls, on_time),
        mean_late_min=round(sum(late) / len(late), 3) if late else 0.0,
        p95_late_min=round(percentile(late, 95), 3),
        unreached=sum(each.arrived_s is None for each in arrivals),
        km=round(_km(played, drives), 3),
        told_changes=played.told_changes,
        hazard_changes=played.hazard_changes,
        decision_ms={f"p{p}": round(1000 * percentile(played.decisions_s, p), 3) for p in (50, 99)},
        arrivals=arrivals,
    )


def share(kept: Sequence[bool], weights: Sequence[float]) -> float:
    """The weight of what was kept as a share of all, 0-1; of nothing all is kept."""
    whole = sum(weights)
    return sum(w for ok, w in zip(kept, weights, strict=True) if ok) / whole if whole else 1.0


def percentile(values: Sequence[float], percent: int) -> float:
    """The nearest-rank percentile; 0 of nothing."""
    return sorted(values)[max(0, -(-percent * len(values) // 100) - 1)] if values else 0.0


def _arrival(call: Call, scenario: Scenario, minutes: Mapping[Zone, int], played: Played) -> Arrival:
    crew, arrived_ms = played.arrivals.get(call.id, (None, None))
    arrived_s = None if arrived_ms is None else (arrived_ms - scenario.start_ms) / 1000
    return Arrival(call.id, crew, arrived_s, round(due_s(call, minutes), 3))


def _reached(arrival: Arrival, ended_s: float) -> float:
    return ended_s if arrival.arrived_s is None else arrival.arrived_s


def _by_zone(calls: Sequence[Call], on_time: Sequence[bool]) -> dict[str, dict[str, float]]:
    found = {}
    for zone in ("urban", "rural", "remote"):
        kept = [ok for call, ok in zip(calls, on_time, strict=True) if call.zone == zone]
        if kept:
            found[zone] = {"reports": len(kept), "on_time": sum(kept) / len(kept)}
    return found


def _km(played: Played, drives: Drives) -> float:
    ordered = sorted(played.legs, key=lambda leg: leg.closed)  # the roads change as seldom as possible
    return sum(leg.share * drives.metres(leg.origin, leg.destination, leg.closed) for leg in ordered) / 1000
