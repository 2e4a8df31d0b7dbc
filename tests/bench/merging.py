"""Same fault: promises kept on storm days by recognising which calls are one fault. Goal: 95 % of knowing it.

The storm days of 20 crews on the sample that the section `plan` has, the desk's planner; the callers of a
fault are neighbours, as `dispatch/simulate/draw.py` draws them. Each day is played with every way of merging,
as many at a time as there are cores: by the true fault (perfect), never, by the shipped weights with every
likely ticket joined (one click) and with the surest only (by itself), and by a plain rule. The weights were
counted on other days than these. Pairs are a call and a caller already on an open ticket: precision is the
share of pairs joined that are one fault, recall that of one fault joined.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from statistics import mean
from typing import TYPE_CHECKING, NamedTuple

from dispatch.desk import simulated
from dispatch.desk.same import LIKELY
from dispatch.paths import POLICIES
from dispatch.rulebook import load_evidence
from dispatch.simulate import by_fault, never
from dispatch.simulate.merging import recognised, within
from tests.bench.figures import Figure
from tests.bench.plan_days import Day, drawn, ground, in_sample, play

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dispatch.simulate import Call, Result
    from dispatch.simulate.field import Ticket
    from dispatch.simulate.world import Merging
    from tests.bench.house import House

SEEDS, CREWS = range(1, 4), 20
SURE = 0.97
PERFECT, ONE_CLICK, NONE = "perfect", f"likely ({LIKELY})", "none"


def ways() -> Mapping[str, Merging]:
    """Every way of merging, by the name it has in the figures."""
    evidence = load_evidence(POLICIES)
    return {
        PERFECT: by_fault,
        ONE_CLICK: recognised(evidence, LIKELY),
        f"by itself ({SURE})": recognised(evidence, SURE),
        "within 300 m and 2 h": within(300, 120),
        NONE: never,
    }


class Merged(NamedTuple):
    """A day to be played with one way of merging."""

    day: Day
    way: str

    def __str__(self) -> str:
        return f"{self.day}, {self.way}"


@dataclass
class Counted:
    """A way of merging that counts its pairs on the way."""

    way: Merging
    joined: int = 0
    right: int = 0
    one_fault: int = 0

    def __call__(self, call: Call, tickets: Sequence[Ticket]) -> str | None:
        chosen = self.way(call, tickets)
        for ticket in tickets:
            same = sum(other.fault == call.fault for other in ticket.calls)
            self.one_fault += same
            if ticket.id == chosen:
                self.joined += len(ticket.calls)
                self.right += same
        return chosen


class Kept(NamedTuple):
    """What came of a day, and of its pairs those joined, those joined rightly, and those of one fault."""

    result: Result
    joined: int
    right: int
    one_fault: int


def merged(asked: Merged) -> Kept:
    """The day played with the desk's planner."""
    at, scenario = ground(asked.day.where), drawn(asked.day)
    drives, way = simulated.RoadDrives(at.roads, scenario), Counted(ways()[asked.way])
    result, _ = simulated.simulate(at.config, scenario, "default", drives, way)
    return Kept(result, way.joined, way.right, way.one_fault)


def measure(house: House) -> list[Figure]:
    """Shares in %, trips a day; means over the days, pairs over all of them."""
    where, names = in_sample(house), list(ways())
    days = [Day(where, "storm", CREWS, seed) for seed in SEEDS]
    found = play([Merged(*each) for each in product(days, names)], merged)
    by_way = {name: [found[Merged(day, name)] for day in days] for name in names}
    known = [kept.result.on_time for kept in by_way[PERFECT]]
    return [figure for name in names for figure in _figures(name, by_way[name], known)]


def _figures(name: str, days: Sequence[Kept], known: Sequence[float]) -> list[Figure]:
    on_time = [kept.result.on_time for kept in days]
    found = [
        Figure(f"{name}: calls on time", 100 * mean(on_time), "%"),
        _of_perfect(name, mean(on_time) / mean(known), 95 if name == ONE_CLICK else None),
        Figure(f"{name}: trips a day", mean(kept.result.trips for kept in days), ""),
    ]
    joined, right, one_fault = (sum(each) for each in zip(*(kept[1:] for kept in days), strict=True))
    if joined:
        found.append(Figure(f"{name}: precision of pairs", 100 * right / joined, "%"))
    if name != NONE:
        found.append(Figure(f"{name}: recall of pairs", 100 * right / one_fault, "%"))
    if name == ONE_CLICK:
        each = zip(SEEDS, on_time, known, strict=True)
        found += [_of_perfect(f"{name}, seed {seed}", one / best) for seed, one, best in each]
    return found


def _of_perfect(said: str, share: float, goal: float | None = None) -> Figure:
    return Figure(f"{said}: on time, of perfect", 100 * share, "%", goal, "least")
