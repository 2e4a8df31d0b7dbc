"""What the best plan of a day would be for somebody who knows everything: planners are held against it.

Ruin and recreate over whole routes: a few related trips are taken out and put back where they cost least,
kept when that is no worse or by a falling chance (Schrimpf et al. 2000; Christiaens and Vanden Berghe 2020).
Every report is known from the beginning and so is the truth of every drive and repair; but nobody departs
before the first call about a fault, as no promise can be kept earlier, nor in a break, nor on a drive that by
its estimate would run into one. A fault that needs two crews takes a trip of each: the one that is there
first keeps the promise, and the other may come at any time. It is the best found, no proven bound.
"""

from __future__ import annotations

import math
import random
from typing import TYPE_CHECKING, Any

import numpy as np

from dispatch.simulate.routes import NO_TRIP_COST, Routes
from dispatch.simulate.score import result
from dispatch.simulate.truth import Truth

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from numpy.typing import NDArray

    from dispatch.simulate.played import Played
    from dispatch.simulate.scenario import Scenario
    from dispatch.simulate.score import Result
    from dispatch.simulate.travel import Drives
    from dispatch.ticket import Zone

FEWEST, MOST = 4, 14  # trips taken out at once
RELATED = 40  # of the trips most like the first
FIRST_HEAT, LAST_HEAT = 2.0, 0.02  # in weights of a report: how much worse may be kept
BLINK = 0.02  # the best place is overlooked now and then, so that not every round is the same


def best_known(
    scenario: Scenario,
    minutes: Mapping[Zone, int],
    drives: Drives,
    played: Sequence[tuple[Result, Played]],
    progress: Callable[[int], float],
) -> Result:
    """The best plan found, never worse (weighted) than what any of the planners really made of the day.

    `played` are the planners' days, at least one. The search starts from the best of them and goes on while
    `progress(round)` is below 1; it tells how much of the effort is spent, by a clock or by counting.
    """
    ranked = sorted(played, key=lambda day: -day[0].weighted_on_time)
    if not (scenario.calls and scenario.crews):
        return _as_hindsight(ranked[0][0])
    truth = Truth.of(scenario, minutes, drives)
    found = Search(truth, ranked[0][1]).run(progress)
    known = result("hindsight", scenario, minutes, truth.played(found), drives)
    return max(known, _as_hindsight(ranked[0][0]), key=lambda each: each.weighted_on_time)


def _as_hindsight(made: Result) -> Result:
    fields: dict[str, Any] = {name: getattr(made, name) for name in made.__slots__}
    return type(made)(**{**fields, "planner": "hindsight", "decision_ms": {"p50": 0.0, "p99": 0.0}})


class Search:
    """Routes of all crews, made better round by round."""

    def __init__(self, truth: Truth, played: Played) -> None:
        """Begins with the trips that crews made on the day `played`."""
        self._truth = truth
        self._dice = random.Random(1)  # noqa: S311 -- the same day is searched the same way
        self._routes = Routes(truth, begun(truth, played))
        self._routes.strip()
        served = {trip for route in self._routes.trips() for trip in route}
        self._left = {trip for trip in range(len(truth.weight)) if trip not in served}
        self._related = _related(truth)

    def run(self, progress: Callable[[int], float]) -> list[list[int]]:
        """The best routes found, trips by number."""
        cost = best_cost = self._cost()
        best, done = self._routes.trips(), 0
        while (spent := progress(done)) < 1 and len(self._truth.weight) > 1:
            done += 1
            before = self._routes.driven.copy(), set(self._left)
            self._round()
            new = self._cost()
            heat = FIRST_HEAT * (LAST_HEAT / FIRST_HEAT) ** spent
            if new < cost or self._dice.random() < math.exp((cost - new) / heat):
                cost = new
            else:
                self._routes.driven, self._left = before
            if cost < best_cost - 1e-9:
                best, best_cost = self._routes.trips(), cost
        return best

    def _cost(self) -> float:
        left = sum(float(self._truth.weight[trip]) for trip in self._left)
        return self._routes.cost() + NO_TRIP_COST * left

    def _round(self) -> None:
        first = self._dice.randrange(len(self._truth.weight))
        like = [int(trip) for trip in self._related[first]]
        count = min(len(like), self._dice.randint(FEWEST, MOST) - 1)
        out = [first, *self._dice.sample(like, count)]
        self._routes.take_out(out)
        waiting = sorted(set(out) | self._left)
        self._left = {
            trip for trip in self._in_some_order(waiting) if not self._routes.put_in(trip, self._dice, BLINK)
        }

    def _in_some_order(self, trips: list[int]) -> list[int]:
        """Heaviest first, most pressing first, or any order."""
        self._dice.shuffle(trips)
        way = self._dice.randrange(3)
        if way == 0:
            trips.sort(key=lambda trip: -self._truth.weight[trip])
        elif way == 1:
            trips.sort(key=lambda trip: self._truth.due_s[trip].min())
        return trips


def begun(truth: Truth, played: Played) -> list[list[int]]:
    """The trips that each crew made; of two to one fault, who was there first keeps the promise."""
    routes = played.routes
    return [[_trip(truth, played, crew.id, call) for call in routes.get(crew.id, ())] for crew in truth.crews]


def _trip(truth: Truth, played: Played, crew: str, call: str) -> int:
    first = truth.number[call]
    leads = truth.half[first] < 0 or played.arrivals[call][0] == crew
    return first if leads else int(truth.half[first])


def _related(truth: Truth) -> NDArray[np.intp]:
    """For each trip the others most like it: near by road and called in about the same time."""
    apart: NDArray[np.float64] = truth.table[0][np.ix_(truth.place, truth.place)] / 600.0
    apart = np.nan_to_num(apart, posinf=1e6) + np.abs(truth.at_s[:, None] - truth.at_s[None]) / 3600
    np.fill_diagonal(apart, np.inf)
    return np.argsort(apart, axis=1, kind="stable")[:, : min(RELATED, max(len(apart) - 1, 0))]
