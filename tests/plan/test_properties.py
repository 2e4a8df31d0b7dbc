"""What holds for every board: the same plan again, in any order, breaking no rule, never an error."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch import plan as planning
from dispatch.plan import Board, look_ahead, nearest_able, options, validate
from tests.plan.county import NOW, crew, job

minutes = st.integers(-90, 300)
skills = st.sets(st.sampled_from(["lv", "hv", "cable"]), max_size=2)
crew_ids = [f"C{n}" for n in range(5)]
some_crew = st.sets(st.sampled_from(crew_ids), max_size=1).map(frozenset)


breaks = st.lists(st.integers(-60, 300), max_size=4, unique=True).map(
    lambda ends: list(zip(sorted(ends)[::2], sorted(ends)[1::2], strict=False))
)


class Odd:
    """Seconds by pair of places, some of them no number at all."""

    def __init__(self, seconds):
        self.seconds = seconds

    def matrix(self, origins, destinations):
        count = len(self.seconds)
        return [[self.seconds[int(7 * a[0] + b[0]) % count] for b in destinations] for a in origins]


@st.composite
def boards(draw):
    crews = tuple(
        crew(
            name,
            at=draw(st.integers(0, 30)),
            free_in=draw(minutes),
            skills=draw(skills),
            shift=(draw(st.integers(-300, 10)), draw(minutes)),
            out_of_service=draw(st.booleans()),
            breaks=draw(breaks),
        )
        for name in draw(st.permutations(crew_ids))[: draw(st.integers(0, 5))]
    )
    jobs = tuple(
        job(
            f"T{n}",
            at=draw(st.integers(0, 30)),
            due_in=draw(st.lists(minutes, max_size=3)),
            needs=draw(skills),
            customers=draw(st.integers(0, 1000)),
            hazard=draw(st.booleans()),
            barred=draw(st.sets(st.sampled_from(crew_ids), max_size=1)),
            pinned=draw(st.sampled_from([None, None, None, "C0", "C9"])),
        )
        for n in range(draw(st.integers(0, 7)))
    )
    halves = tuple(
        replace(each, ticket=f"{each.ticket}+", apart_from=each.ticket, there=draw(some_crew), pinned=None)
        for each in draw(st.lists(st.sampled_from(jobs), max_size=2, unique=True) if jobs else st.just([]))
    )
    first = {half.apart_from: half.ticket for half in halves}
    jobs = tuple(replace(each, apart_from=first.get(each.ticket)) for each in jobs)
    return Board(crews, jobs + halves)


odd_seconds = st.sampled_from([float("nan"), float("inf"), -1.0, 1e308])
travels = st.lists(st.floats(0, 7200) | odd_seconds, min_size=1, max_size=40).map(Odd)


def plan(board, now, travel, **more):
    return planning.plan(board, now, travel, keep_going=lambda number: number < 4, **more)


every_board = settings(deadline=None, max_examples=150)


@every_board
@given(boards(), travels)
def test_no_plan_breaks_a_rule(board, travel):
    assert validate(plan(board, NOW, travel), board) == ()


@every_board
@given(boards(), travels)
def test_no_crew_does_both_halves_of_a_ticket(board, travel):
    for made in (plan(board, NOW, travel), look_ahead(board, NOW, travel), nearest_able(board, NOW, travel)):
        for route in made.routes:
            bare = [stop.ticket.rstrip("+") for stop in route.stops]
            assert len(bare) == len(set(bare))


@every_board
@given(boards(), travels)
def test_the_same_board_gives_the_same_plan(board, travel):
    assert plan(board, NOW, travel) == plan(board, NOW, travel)


@every_board
@given(boards(), travels, st.randoms(use_true_random=False))
def test_the_order_of_the_board_does_not_matter(board, travel, chance):
    crews, jobs = list(board.crews), list(board.jobs)
    chance.shuffle(crews)
    chance.shuffle(jobs)
    assert plan(Board(tuple(crews), tuple(jobs)), NOW, travel) == plan(board, NOW, travel)


@every_board
@given(boards(), travels)
def test_only_free_crews_are_told(board, travel):
    free = {one.id for one in board.crews if one.free_at_ms <= NOW}
    assert {one.crew for one in plan(board, NOW, travel).told} <= free


@every_board
@given(boards(), travels)
def test_options_name_every_crew_once_and_only_plain_numbers(board, travel):
    for one in board.jobs[:2]:
        found = options(board, one.ticket, NOW, travel)
        assert sorted(option.crew for option in found) == sorted(each.id for each in board.crews)
        json.dumps([asdict(option) for option in found], allow_nan=False)
