"""How a planner would have kept the promises of a day: a scenario is played and what came of it counted.

Pure: time is a number, the same scenario and planner give the same day. Travel times come from outside as a
table of the scenario's places.
"""

from __future__ import annotations

from dispatch.simulate.hindsight import best_known
from dispatch.simulate.planners import PLANNERS, AsTheDesk, Planner
from dispatch.simulate.played import Leg, Played
from dispatch.simulate.scenario import Call, Closing, Duty, Scenario
from dispatch.simulate.score import Arrival, Result, result
from dispatch.simulate.travel import Drives
from dispatch.simulate.world import World, by_fault, never

__all__ = [
    "PLANNERS",
    "Arrival",
    "AsTheDesk",
    "Call",
    "Closing",
    "Drives",
    "Duty",
    "Leg",
    "Planner",
    "Played",
    "Result",
    "Scenario",
    "World",
    "best_known",
    "by_fault",
    "never",
    "result",
]
