"""How likely two reports speak of one fault: what speaks for it, what against, and what never changes it."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.paths import POLICIES
from dispatch.rulebook import load_evidence
from dispatch.samefault import Curve, Sign, compare, farthest_m, of_ticket
from dispatch.ticket import FaultKind
from tests.okcounty import at, spot

SHIPPED = load_evidence(POLICIES)
HOME = Sign("no_power", at("08:00"), spot(3, 4))


def alike(**changes):
    """How likely the call at 08:00 and a changed one are of one fault."""
    return compare(HOME, replace(HOME, **changes), SHIPPED)


def test_neighbours_who_are_dark_within_minutes_are_most_likely_one_fault():
    assert alike(at=at("08:06")).score > 0.95
    assert 0.6 < alike(at=at("08:06"), lonlat=spot(3.12, 4)).score < 0.9


def test_what_speaks_for_one_fault_is_told_with_its_figures():
    near = replace(HOME, transformer="TR-7")
    told = compare(near, replace(near, at=at("08:06"), lonlat=spot(3.12, 4)), SHIPPED)
    assert told.reasons == ("apart_m:120", "minutes_apart:6", "same_transformer", "same_kind")
    assert told.score > 0.9


@pytest.mark.parametrize(
    "worse",
    [
        {"lonlat": spot(3.3, 4)},
        {"at": at("10:00")},
        {"fault": "meter"},
        {"fault": "other"},
        {"unit": "U2"},
        {"transformer": "TR-8"},
        {"precision_m": 250.0},
    ],
    ids=[
        "farther away",
        "later",
        "a meter",
        "something else",
        "another unit",
        "another area",
        "a vague place",
    ],
)
def test_each_difference_makes_one_fault_less_likely(worse):
    home = replace(HOME, unit="U1", transformer="TR-7")
    same = compare(home, home, SHIPPED).score
    assert compare(home, replace(home, **worse), SHIPPED).score < same


def test_two_hours_and_two_transformers_apart_they_are_two_faults():
    near = replace(HOME, transformer="TR-7")
    other = replace(HOME, transformer="TR-8", at=at("10:00"), lonlat=spot(3.3, 4))
    assert compare(near, other, SHIPPED).score < 0.05


def test_across_the_county_nothing_makes_them_one_fault():
    near = replace(HOME, transformer="TR-7")
    assert compare(near, replace(near, lonlat=spot(13, 4)), SHIPPED).score < 0.01


def test_an_unknown_transformer_speaks_neither_for_nor_against():
    assert alike(transformer="TR-7") == alike()


def test_two_meters_in_one_house_are_two_faults():
    meter = replace(HOME, fault="meter")
    assert compare(meter, meter, SHIPPED).score < 0.5
    assert "kinds_differ" in compare(meter, meter, SHIPPED).reasons


def test_a_wire_on_the_ground_may_be_why_the_house_is_dark():
    assert alike(fault="wire_down").reasons[-1] == "kinds_agree"
    assert alike(fault="wire_down").score > 0.9


def test_a_fire_is_never_taken_for_an_outage_without_doubt():
    assert alike(fault="fire_or_shock").reasons[-1] == "kinds_differ"


def test_a_report_is_as_likely_of_a_ticket_as_of_its_likest_caller():
    """A, B and C call along one feeder, 250 m apart: A and C would not find each other, B joins them."""
    a, b, c = (replace(HOME, lonlat=spot(3 + east, 4), at=at("08:20")) for east in (0, 0.25, 0.5))
    assert of_ticket(c, (a, b), SHIPPED) == compare(c, b, SHIPPED)
    assert compare(c, a, SHIPPED).score < compare(c, b, SHIPPED).score


def test_between_two_points_of_a_curve_the_line_is_straight_and_beyond_them_level():
    curve = Curve(((10.0, 2.0), (20.0, 0.0), (40.0, -4.0)))
    assert [curve.at(each) for each in (0, 10, 15, 20, 30, 40, 90)] == [2, 2, 1, 0, -2, -4, -4]


signs = st.builds(
    Sign,
    fault=st.sampled_from(get_args(FaultKind)),
    at=st.integers(at("00:00"), at("23:59")),
    lonlat=st.tuples(st.floats(0, 20), st.floats(0, 10)).map(lambda each: spot(*each)),
    precision_m=st.floats(0, 5000),
    transformer=st.sampled_from(["", "TR-1", "TR-2"]),
    unit=st.sampled_from(["", "U1", "U2"]),
)


@given(signs, signs)
def test_it_does_not_matter_who_called_first(one, other):
    forth, back = compare(one, other, SHIPPED), compare(other, one, SHIPPED)
    assert forth.score == pytest.approx(back.score)
    assert forth.reasons == back.reasons
    assert 0 <= forth.score <= 1


@given(signs, st.lists(signs, min_size=1, max_size=4), st.randoms())
def test_the_order_of_a_tickets_callers_does_not_matter(one, others, chance):
    mixed = chance.sample(others, len(others))
    assert of_ticket(one, others, SHIPPED).score == of_ticket(one, mixed, SHIPPED).score


@given(signs, signs)
def test_an_own_transformer_never_makes_it_less_likely_and_another_never_more(one, other):
    bare = compare(replace(one, transformer=""), other, SHIPPED).score
    with_same = compare(replace(one, transformer="TR-1"), replace(other, transformer="TR-1"), SHIPPED).score
    with_other = compare(replace(one, transformer="TR-1"), replace(other, transformer="TR-2"), SHIPPED).score
    assert with_other <= bare <= with_same


@given(
    st.sampled_from(get_args(FaultKind)),
    st.sampled_from(get_args(FaultKind)),
    st.floats(0, 0.4),
    st.integers(0, 40),
)
def test_beyond_the_farthest_no_two_calls_are_as_surely_one_fault(one, other, beyond_km, minutes):
    there = farthest_m(0.6, SHIPPED)
    near = replace(HOME, fault=one, transformer="TR-7", precision_m=0.0)
    far = replace(near, fault=other, lonlat=spot(3 + there / 1000 + beyond_km + 1e-6, 4))
    assert compare(near, replace(far, at=at("08:00") + minutes * 60_000), SHIPPED).score < 0.6
    closest = replace(near, lonlat=spot(3 + there / 1000 - 0.001, 4))
    assert compare(replace(near, fault="no_power"), replace(closest, fault="no_power"), SHIPPED).score >= 0.6


@pytest.mark.parametrize(
    ("points", "odds", "last"),
    [
        (((0, 4), (100, 2), (200, 0)), 1, 150),
        (((0, 4), (100, 2), (200, 3), (300, -1)), 2.5, 212.5),
        (((0, 4), (100, 2)), 2, float("inf")),
        (((0, 4), (100, 2)), 5, -1),
        (((10, 3),), 3, float("inf")),
    ],
    ids=["falling", "rising again", "never less", "never so much", "one weight"],
)
def test_a_curve_knows_the_last_measure_that_is_worth_so_much(points, odds, last):
    assert Curve(points).last_at_least(odds) == pytest.approx(last)
