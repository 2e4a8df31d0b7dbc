"""How well an arrival is proven, and what is odd about a step."""

from __future__ import annotations

import math
from dataclasses import replace

import pytest

from dispatch.evidence import Fix, grade, oddities
from dispatch.ticket import Visit
from tests.okcounty import at, spot

FIX = Fix(*spot(3, 4), accuracy_m=20, at=at("08:10"))


@pytest.mark.parametrize(
    ("distance_m", "accuracy_m", "mock", "proof"),
    [
        (30, 20, False, "B"),
        (170, 20, False, "B"),
        (171, 20, False, "D"),
        (30, 100, False, "B"),
        (30, 101, False, "C"),
        (5000, 6000, False, "C"),
        (5000, 101, False, "D"),
        (0, 5, True, "D"),
        (math.nan, 20, False, "C"),
        (30, math.inf, False, "C"),
    ],
    ids=[
        "good fix at the place",
        "as far as a gate and the accuracy allow",
        "a metre too far",
        "just accurate enough",
        "too coarse to prove a place",
        "so coarse that it contradicts nothing",
        "coarse and far all the same",
        "a mocked fix",
        "no distance",
        "no accuracy",
    ],
)
def test_one_fix_proves_as_much_as_it_can(distance_m, accuracy_m, mock, proof):
    assert grade(distance_m, replace(FIX, accuracy_m=accuracy_m, mock=mock), FIX.at) == proof


def test_no_fix_or_no_place_proves_nothing_and_contradicts_nothing():
    assert grade(None, None, FIX.at) == grade(30, None, FIX.at) == grade(None, FIX, FIX.at) == "C"


@pytest.mark.parametrize("minutes", [-5, 5], ids=["before the step", "after the step"])
def test_a_fix_more_than_five_minutes_from_the_step_neither_proves_nor_contradicts_it(minutes):
    then = FIX.at + minutes * 60_000
    beyond = then + (1 if minutes > 0 else -1)
    assert (grade(30, FIX, then), grade(30, FIX, beyond)) == ("B", "C")
    assert (grade(5000, FIX, then), grade(5000, FIX, beyond)) == ("D", "C")


VISIT = Visit("west", at("08:01"), "Li")
UNDER_WAY = replace(VISIT, accepted_at=at("08:02"), departed_at=at("08:03"))


def odd(kind, time, visit=UNDER_WAY, sent=None):
    return oddities(kind, at(time), visit, at(sent or time))


def test_steps_in_their_order_are_not_odd():
    there = replace(UNDER_WAY, arrived_at=at("08:10"))
    assert (
        odd("accepted", "08:02", VISIT)
        == odd("departed", "08:03", replace(VISIT, accepted_at=at("08:02")))
        == ()
    )
    assert odd("arrived", "08:10") == odd("restored", "08:30", there) == odd("closed", "08:40", there) == ()
    assert odd("declined", "08:02", VISIT) == ()


def test_an_arrival_before_acceptance_is_flagged():
    assert odd("arrived", "08:10", VISIT) == ("before_accepted", "before_departed")
    assert odd("arrived", "08:10", replace(UNDER_WAY, accepted_at=at("08:11"))) == ("before_accepted",)


def test_a_departure_before_acceptance_is_flagged():
    assert odd("departed", "08:03", VISIT) == ("before_accepted",)


def test_a_restoration_before_arrival_is_flagged():
    assert odd("restored", "08:30") == ("before_arrived",)
    assert odd("restored", "08:30", replace(UNDER_WAY, arrived_at=at("08:31"))) == ("before_arrived",)


def test_closing_without_an_arrival_is_flagged():
    assert odd("closed", "08:40") == ("before_arrived",)


def test_a_repeated_step_is_flagged():
    assert odd("accepted", "08:05") == ("repeated",)


def test_a_step_before_the_crew_was_sent_is_flagged():
    assert odd("accepted", "07:58", VISIT) == ("before_assigned",)


def test_a_phone_clock_a_few_seconds_behind_is_not_odd():
    assert oddities("accepted", VISIT.assigned_at - 5000, VISIT, VISIT.assigned_at) == ()


@pytest.mark.parametrize("why", ["taken_back", "declined", "reopened"])
def test_a_step_of_a_trip_that_was_over_is_flagged(why):
    assert odd("arrived", "08:10", replace(UNDER_WAY, over=why)) == (f"after_{why}",)


def test_a_step_that_reaches_us_more_than_ten_minutes_later_is_flagged():
    assert odd("arrived", "08:10", sent="08:20") == ()
    assert odd("arrived", "08:10", sent="08:21") == ("sent_late",)
