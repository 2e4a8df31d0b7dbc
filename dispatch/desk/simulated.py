"""What each planner would have made of a scenario on the roads of a built area."""

from __future__ import annotations

from functools import lru_cache
from time import perf_counter
from typing import TYPE_CHECKING

import numpy as np

from dispatch.desk.chain import weights
from dispatch.errors import NotFound
from dispatch.paths import POLICIES, from_root
from dispatch.roads import open_roads
from dispatch.rulebook import load_rulebook
from dispatch.simulate import PLANNERS, AsTheDesk, World, best_known, by_fault, result

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from numpy.typing import NDArray

    from dispatch.config import Config
    from dispatch.plan import Place
    from dispatch.roads import AnyRoads
    from dispatch.simulate import Planner, Played, Result, Scenario
    from dispatch.simulate.travel import Table
    from dispatch.simulate.world import Merging
    from dispatch.ticket import Zone

ROWS = 400  # of a table asked at once: bounds the memory the engine needs between
MOST_WHOLE = 3_000  # places whose table is kept whole; of more, rows are asked when a drive begins there
MOST_ROWS = 2_000  # of those kept


class RoadDrives:
    """What the roads say about a scenario's places; each set of closures is asked once."""

    def __init__(self, roads: AnyRoads, scenario: Scenario) -> None:
        """Raises BadInput when a closure's geometry cannot be taken."""
        self._roads, self._closures = roads, scenario.closures
        self._places = scenario.places()
        self._applied: tuple[int, ...] | None = None
        self._tables: dict[tuple[int, ...], Table] = {}
        self._metres: dict[tuple[Place, Place, tuple[int, ...]], float] = {}
        self._apply(tuple(range(len(self._closures))))

    def seconds(self, closed: tuple[int, ...]) -> Table:
        """Seconds from place to place while these closures hold."""
        if closed not in self._tables:
            few = len(self._places) <= MOST_WHOLE
            self._tables[closed] = self._whole(closed) if few else _Rows(lambda row: self._row(closed, row))
        return self._tables[closed]

    def _whole(self, closed: tuple[int, ...]) -> NDArray[np.float32]:
        self._apply(closed)
        rows = range(0, len(self._places), ROWS)
        parts = [self._roads.matrix(self._places[row : row + ROWS], self._places) for row in rows]
        whole = np.concatenate(parts) if parts else np.zeros((0, 0))
        return whole.astype(np.float32)

    def _row(self, closed: tuple[int, ...], row: int) -> NDArray[np.float32]:
        self._apply(closed)
        one: NDArray[np.float32] = self._roads.matrix([self._places[row]], self._places)[0].astype(np.float32)
        return one

    def metres(self, origin: Place, destination: Place, closed: tuple[int, ...]) -> float:
        """Length of the quickest drive while these closures hold."""
        key = origin, destination, closed
        if key not in self._metres:
            self._apply(closed)
            route = self._roads.route(origin, destination)
            self._metres[key] = route.length_m if route else 0.0
        return self._metres[key]

    def _apply(self, closed: tuple[int, ...]) -> None:
        if closed != self._applied:
            self._roads.apply([self._closures[number] for number in closed])
            self._applied = closed


class _Rows:
    """A table whose rows are asked when they are needed, and the last ones kept."""

    def __init__(self, ask: Callable[[int], NDArray[np.float32]]) -> None:
        self._kept = lru_cache(maxsize=MOST_ROWS)(ask)

    def __getitem__(self, row: int, /) -> NDArray[np.float32]:
        return self._kept(row)


def limits(scenario: Scenario) -> Mapping[Zone, int]:
    """Minutes by zone of the scenario's policy; SetupError when there is no such policy."""
    return load_rulebook(POLICIES, scenario.policy, ()).binding.minutes


def drives_of(config: Config, scenario: Scenario, area: Path | None = None) -> RoadDrives:
    """The scenario's drives on `area`, else on the configured one."""
    chosen = config.roads
    folder = area or from_root(config.area.path)
    return RoadDrives(open_roads(folder, chosen.engine, chosen.osrm_table), scenario)


def as_configured(config: Config, planner: str) -> Planner:
    """A planner that knows the company's weights and when the company calls a crew off."""
    chosen, settings = PLANNERS[planner](weights(config)), config.plan
    if isinstance(chosen, AsTheDesk):
        chosen.gain_min = settings.divert_gain_min
        chosen.most_changes = settings.max_changes_per_min if settings.divert_for_hazard else 0
    return chosen


def simulate(
    config: Config, scenario: Scenario, planner: str, drives: RoadDrives, merging: Merging = by_fault
) -> tuple[Result, Played]:
    """The scenario played with one planner by name; NotFound when there is none of that name."""
    if planner not in PLANNERS:
        raise NotFound(f"there is no planner {planner!r}; use one of {', '.join(PLANNERS)}")
    minutes, chosen = limits(scenario), as_configured(config, planner)
    played = World(scenario, minutes, chosen, drives, merging=merging, stopwatch=perf_counter).play()
    return result(planner, scenario, minutes, played, drives), played


def hindsight(
    scenario: Scenario, drives: RoadDrives, days: Sequence[tuple[Result, Played]], seconds: float
) -> Result:
    """The best plan found in so many seconds knowing everything, from the best of these days on."""
    began = perf_counter()
    return best_known(
        scenario, limits(scenario), drives, days, lambda _round: (perf_counter() - began) / seconds
    )
