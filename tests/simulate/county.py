"""Days on a road measured in minutes: a place (12, 0) is twelve minutes and 12 km from (0, 0)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dispatch.simulate import Call, Duty, Scenario, World, result

if TYPE_CHECKING:
    from dispatch.ticket import Zone

MINUTES: dict[Zone, int] = {"urban": 45, "rural": 90, "remote": 120}
START = 1_790_000_000_000
MIN = 60


class Road:
    """The drives of a day; while closure 0 holds, nobody passes the tenth minute of the road."""

    def __init__(self, day):
        self.at = np.array([place[0] for place in day.places()])

    def seconds(self, closed):
        table = 60.0 * np.abs(self.at[:, None] - self.at[None])
        if 0 in closed:
            table[(self.at[:, None] < 10) != (self.at[None] < 10)] = np.inf
        return table

    def metres(self, origin, destination, closed):
        assert 0 not in closed or (origin[0] < 10) == (destination[0] < 10), "a closed road was driven"
        return 1000 * abs(origin[0] - destination[0])


def crew(name, *, at=0.0, skills=("lv",), shift=(0, 24 * 60), breaks=()):
    """A crew at a minute of the road; its shift and breaks in minutes of the day."""
    rests = tuple((since * MIN, until * MIN) for since, until in breaks)
    return Duty(name, (at, 0.0), frozenset(skills), ((shift[0] * MIN, shift[1] * MIN),), rests)


def call(name, at_min, place, **more):
    """A call at a minute of the day from a minute of the road: an hour's work, as expected."""
    said = {
        "zone": "urban", "needs": {"lv"}, "customers": 0, "hazard": False, "critical": False,
        "work_s": 60 * MIN, "true_work_s": more.get("work_s", 60 * MIN), "travel_factor": 1.0, "fault": name,
    }  # fmt: skip
    said |= more
    said["needs"] = frozenset(said["needs"])
    return Call(id=name, at_s=at_min * MIN, place=(float(place), 0.0), **said)


def day(crews, calls, closures=()):
    return Scenario(
        "drawn", START, 24, "state-grid", tuple(crews), tuple(sorted(calls, key=lambda c: c.at_s)), closures
    )


def play(scenario, planner, **how):
    return World(scenario, MINUTES, planner, Road(scenario), **how).play()


def minutes(played):
    """When each call was reached, in minutes from the start."""
    return {name: (crew, (at - START) / 60_000) for name, (crew, at) in played.arrivals.items()}


def counted(scenario, planner, **how):
    return result("drawn", scenario, MINUTES, play(scenario, planner, **how), Road(scenario))
