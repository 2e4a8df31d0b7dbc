"""Same fault: promises kept on storm days by recognising which calls are one fault. Goal: 95 % of knowing it.

Simulated storm days of 20 crews on the sample area, the desk's planner; the callers of a fault are
neighbours, as `dispatch/simulate/draw.py` draws them. Each day is played with every way of merging: by the
true fault (perfect), never, by the shipped weights with every likely ticket joined (one click) and with the
surest only (by itself), and by a plain rule. The weights were counted on other days than these. Pairs are a
call and a caller already on an open ticket: precision is the share of pairs joined that are one fault, recall
that of one fault joined.
"""

from __future__ import annotations

from dataclasses import dataclass
from statistics import mean
from typing import TYPE_CHECKING

from dispatch.config import load
from dispatch.desk import scenarios, simulated
from dispatch.paths import POLICIES
from dispatch.rulebook import load_evidence
from dispatch.simulate import by_fault, never
from dispatch.simulate.merging import recognised, within
from tests.bench.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.simulate import Call, Result, Scenario
    from dispatch.simulate.field import Ticket
    from dispatch.simulate.world import Merging
    from tests.bench.house import House

SEEDS, CREWS = (1, 2, 3), 20
LIKELY, SURE = 0.6, 0.97


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


def measure(house: House) -> list[Figure]:
    """Shares in %, trips a day; means over the days, pairs over all of them."""
    config = load(house.company(), {})
    evidence = load_evidence(POLICIES)
    ways: dict[str, Merging] = {
        "perfect": by_fault,
        f"likely ({LIKELY})": recognised(evidence, LIKELY),
        f"by itself ({SURE})": recognised(evidence, SURE),
        "within 300 m and 2 h": within(300, 120),
        "none": never,
    }
    counted = {name: Counted(way) for name, way in ways.items()}
    days: dict[str, list[Result]] = {name: [] for name in ways}
    for seed in SEEDS:
        scenario = _day(house, seed)
        drives = simulated.drives_of(config, scenario)
        for name, way in counted.items():
            days[name].append(simulated.simulate(config, scenario, "default", drives, way)[0])
    return [figure for name in ways for figure in _figures(name, days, counted[name])]


def _day(house: House, seed: int) -> Scenario:
    file = house.folder() / "storm.json"
    scenarios.write(
        scenarios.draw_day(load(house.company(), {}), "storm", CREWS, seed, area=house.area), file
    )
    return scenarios.read(file)


def _figures(name: str, days: dict[str, list[Result]], pairs: Counted) -> list[Figure]:
    on_time = mean(day.on_time for day in days[name])
    known = mean(day.on_time for day in days["perfect"])
    goal = 95 if name.startswith("likely") else None
    found = [
        Figure(f"{name}: calls on time", 100 * on_time, "%"),
        Figure(f"{name}: on time, of perfect", 100 * on_time / known, "%", goal, "least"),
        Figure(f"{name}: trips a day", mean(day.trips for day in days[name]), ""),
    ]
    if pairs.joined:
        found.append(Figure(f"{name}: precision of pairs", 100 * pairs.right / pairs.joined, "%"))
    if name != "none":
        found.append(Figure(f"{name}: recall of pairs", 100 * pairs.right / pairs.one_fault, "%"))
    return found
