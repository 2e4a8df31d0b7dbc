"""What the planner sees: crews with what they were told, where they are, and what a ticket needs."""

from __future__ import annotations

import pytest

from dispatch.desk.board import is_hazard, list_trips, needs, work_s
from dispatch.desk.merge import merge
from tests.desk.county import LI, T1, T2, call, send, tap, ticket


@pytest.fixture
def t1(county):
    """T1 waits in the town since 08:00."""
    call(county, "08:00", T1)
    return county


def test_a_busy_crew_takes_a_second_ticket_and_does_the_first_one_first(t1):
    call(t1, "08:00", T2)
    send(t1, "08:01", "T1", "west")
    send(t1, "08:02", "T2", "west")
    trips = list_trips(t1.store.tickets.list_open())
    assert [each.id for each in trips["west"]] == ["T1", "T2"]


def test_the_ticket_a_crew_is_driving_to_comes_first(t1):
    call(t1, "08:00", T2)
    send(t1, "08:01", "T1", "west")
    send(t1, "08:02", "T2", "west")
    tap(t1, "west", "departed", "T2", "08:03")
    trips = list_trips(t1.store.tickets.list_open())
    assert [each.id for each in trips["west"]] == ["T2", "T1"]


def test_hazards_need_every_skill_of_every_caller(county):
    call(county, "08:00", T1)
    call(county, "08:01", T1, "wire_down")
    merge(county, "R2", "T1", LI)
    both = ticket(county, "T1")
    assert needs(county, both) == {"lv", "hv"}
    assert is_hazard(county, both)
    assert work_s(county, both) == 3600
