"""A crew on its way to something ordinary turns to people in danger, where that wins enough minutes."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.plan import (
    Board,
    OnTheWay,
    Plan,
    Waiting,
    Weights,
    divert,
    look_ahead,
    second_half,
    validate_turned,
)
from tests.plan.county import MIN, NOW, Road, crew, job


def turned(board, plan, ways, *, gain_min=10.0, most=2):
    made = divert(board, plan, ways, NOW, Road(), weights=Weights(), gain_min=gain_min, most=most)
    return {each.assignment.ticket: (each.assignment.crew, each.leaves) for each in made}


def waits(ticket, minutes, who="C1"):
    """A plan in which the ticket waits for that crew, who would be there in so many minutes."""
    return Plan(waiting=(Waiting(ticket, who, NOW, NOW + minutes * MIN, ("best_crew_busy",)),))


# C1 drives to T1 and would be busy there for an hour and a half; a wire comes down four minutes from it
BUSY = crew("C1", at=0, free_in=90)
DRIVING = OnTheWay(crew("C1", at=0), "T1")
WIRE = job("T9", at=4, due_in=[45], hazard=True)


def test_a_wire_on_the_ground_turns_the_crew_that_passes_by():
    assert turned(Board((BUSY,), (WIRE,)), waits("T9", 94), [DRIVING]) == {"T9": ("C1", "T1")}


def test_what_endangers_nobody_turns_nobody():
    board = Board((BUSY,), (replace(WIRE, hazard=False),))
    assert turned(board, waits("T9", 94), [DRIVING]) == {}


@pytest.mark.parametrize(("planned", "turns"), [(13, False), (14, True), (15, True)])
def test_it_must_win_the_minutes_that_the_company_asks_for(planned, turns):
    found = turned(Board((BUSY,), (WIRE,)), waits("T9", planned), [DRIVING])
    assert bool(found) is turns


def test_nobody_is_called_off_to_be_the_second_where_one_guards_already():
    second = second_half(WIRE)
    assert turned(Board((BUSY,), (second,)), waits(second.ticket, 94), [DRIVING]) == {}


def test_where_nobody_would_come_at_all_it_is_turned():
    plan = Plan(waiting=(Waiting("T9", None, None, None, ("skill",)),))
    [made] = divert(
        Board((BUSY,), (WIRE,)), plan, [DRIVING], NOW, Road(), weights=Weights(), gain_min=10, most=1
    )
    assert made.sooner_ms is None


def test_a_free_crew_as_near_goes_first():
    board = Board((BUSY, crew("C2", at=5)), (WIRE,))
    assert turned(board, look_ahead(board, NOW, Road()), [DRIVING]) == {}


def test_a_crew_that_cannot_mend_it_drives_on():
    board = Board((BUSY,), (replace(WIRE, needs=frozenset({"hv"})),))
    assert turned(board, waits("T9", 94), [DRIVING]) == {}


def test_no_more_crews_are_turned_than_allowed_and_none_twice():
    crews = tuple(crew(f"C{n}", at=n, free_in=90) for n in range(1, 5))
    ways = [OnTheWay(crew(f"C{n}", at=n), f"T{n}") for n in range(1, 5)]
    wires = tuple(job(f"W{n}", at=n, hazard=True) for n in range(1, 4))
    plan = Plan(waiting=tuple(Waiting(each.ticket, "C1", NOW, NOW + 99 * MIN, ()) for each in wires))
    board = Board(crews, wires)
    assert len(turned(board, plan, ways, most=2)) == 2
    assert turned(board, plan, ways, most=0) == {}
    everybody = turned(board, plan, ways, most=9)
    assert len({who for who, _ in everybody.values()}) == 3


def test_the_heaviest_danger_chooses_first():
    wires = (job("W1", at=1, hazard=True), job("W2", at=1, hazard=True, critical=True))
    plan = Plan(waiting=tuple(Waiting(each.ticket, None, None, None, ()) for each in wires))
    assert turned(Board((BUSY,), wires), plan, [DRIVING]) == {"W2": ("C1", "T1")}


def test_it_says_why_it_is_this_crew():
    board = Board((BUSY, crew("C2", at=40)), (WIRE,))
    [made] = divert(board, waits("T9", 94), [DRIVING], NOW, Road(), weights=Weights(), gain_min=10, most=1)
    assert made.sooner_ms == 90 * MIN
    assert [other.crew for other in made.assignment.reasons.others] == ["C2"]


def to_the_wire():
    board, plan = Board((BUSY,), (WIRE,)), waits("T9", 94)
    return divert(board, plan, [DRIVING], NOW, Road(), weights=Weights(), gain_min=10, most=1)


@pytest.mark.parametrize(
    ("way", "wire", "wrong"),
    [
        (DRIVING, WIRE, ()),
        (OnTheWay(crew("C2"), "T1"), WIRE, ("unknown:C1:T9",)),
        (DRIVING, replace(WIRE, needs=frozenset({"hv"})), ("skill:C1:T9",)),
        (DRIVING, replace(WIRE, barred=frozenset({"C1"})), ("declined:C1:T9",)),
        (OnTheWay(crew("C1", shift=(-60, 4)), "T1"), WIRE, ("shift:C1:T9",)),
        (OnTheWay(crew("C1", breaks=[(2, 30)]), "T1"), WIRE, ("break:C1:T9",)),
    ],
)
def test_turning_a_crew_is_checked_like_every_plan(way, wire, wrong):
    found = to_the_wire()
    assert validate_turned(found, Board((BUSY,), (wire,)), [way]) == wrong


def test_nobody_is_turned_twice_nor_two_to_one_danger():
    found = to_the_wire()
    wrong = validate_turned(found * 2, Board((BUSY,), (WIRE,)), [DRIVING])
    assert wrong == ("crew_twice:C1", "ticket_twice:T9")


@settings(max_examples=60)
@given(st.integers(0, 10_000))
def test_the_order_of_the_board_means_nothing(seed):
    dice = random.Random(seed)
    crews = [crew(f"C{n}", at=dice.randrange(60), free_in=dice.choice((0, 90))) for n in range(5)]
    jobs = [job(f"T{n}", at=dice.randrange(60), hazard=dice.random() < 0.5) for n in range(4)]
    ways = [OnTheWay(replace(each, free_at_ms=NOW), f"X{each.id}") for each in crews if each.free_at_ms > NOW]
    board = Board(tuple(crews), tuple(jobs))
    first = turned(board, look_ahead(board, NOW, Road()), ways)
    for each in (crews, jobs, ways):
        dice.shuffle(each)
    again = Board(tuple(crews), tuple(jobs))
    assert turned(again, look_ahead(again, NOW, Road()), ways) == first
