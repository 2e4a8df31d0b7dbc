"""Which open ticket a call joins, by what a desk could know of it; places are in kilometres of the county."""

from __future__ import annotations

import pytest

from dispatch.paths import POLICIES
from dispatch.rulebook import load_evidence
from dispatch.simulate.field import Ticket
from dispatch.simulate.merging import recognised, within
from tests.okcounty import spot
from tests.simulate.county import call

SURELY = recognised(load_evidence(POLICIES), 0.6)
PLAINLY = within(300, 120)


def at_km(name, minute, east, **more):
    """A call from so many kilometres east; its true fault is another's, which no rule may see."""
    made = call(name, minute, 0, fault=f"true {name}", **more)
    return type(made)(**{field: getattr(made, field) for field in made.__slots__} | {"place": spot(east, 4)})


def ticket(name, *calls, crew=""):
    return Ticket(name, list(calls), 0, [crew] if crew else [])


@pytest.mark.parametrize("rule", [SURELY, PLAINLY], ids=["recognised", "within"])
def test_a_neighbour_who_calls_minutes_later_joins(rule):
    assert rule(at_km("R2", 6, 3.04), [ticket("T1", at_km("R1", 0, 3))]) == "T1"


@pytest.mark.parametrize("rule", [SURELY, PLAINLY], ids=["recognised", "within"])
@pytest.mark.parametrize(("minute", "east"), [(6, 3.4), (200, 3.04)], ids=["too far", "too late"])
def test_who_is_too_far_or_too_late_opens_a_ticket(rule, minute, east):
    assert rule(at_km("R2", minute, east), [ticket("T1", at_km("R1", 0, 3))]) is None


@pytest.mark.parametrize("rule", [SURELY, PLAINLY], ids=["recognised", "within"])
def test_of_two_tickets_the_nearer_is_joined_whatever_their_order(rule):
    tickets = [ticket("T1", at_km("R1", 0, 3.1)), ticket("T2", at_km("R2", 0, 3.02))]
    assert rule(at_km("R3", 3, 3), tickets) == rule(at_km("R3", 3, 3), tickets[::-1]) == "T2"


def test_a_meter_joins_no_outage_however_near():
    assert SURELY(at_km("R2", 6, 3, needs={"meter"}), [ticket("T1", at_km("R1", 0, 3))]) is None


def test_danger_joins_no_crew_without_the_skill():
    wire = at_km("R2", 1, 3, needs={"hv"}, hazard=True)
    dark = at_km("R1", 0, 3)
    assert SURELY(wire, [ticket("T1", dark)]) == "T1"
    assert SURELY(wire, [ticket("T1", dark, crew="C1")]) is None
