from __future__ import annotations

import json
from dataclasses import asdict

from dispatch.plan import Board, Rank, plan
from tests.plan.county import NOW, Road, crew, job, okcounty


def reasons(crews, jobs, ticket="T1"):
    made = plan(Board(tuple(crews), tuple(jobs)), NOW, Road())
    return next(one.reasons for one in made.told if one.ticket == ticket)


def test_reasons_are_plain_values():
    text = json.dumps(asdict(plan(okcounty(), NOW, Road()).told[0].reasons), allow_nan=False)
    assert '"would_delay:T3"' in text


def test_the_best_three_others_are_named_by_cost():
    crews = [crew("C1", at=0), *[crew(f"C{n}", at=10 * n) for n in (5, 4, 3, 2)]]
    found = reasons(crews, [job("T1", at=0)])
    assert [other.crew for other in found.others] == ["C2", "C3", "C4"]
    assert [other.why for other in found.others] == [("later",)] * 3


def test_an_equal_crew_is_passed_over_by_the_order_of_ids():
    assert [o.why for o in reasons([crew("C2", at=9), crew("C1", at=9)], [job("T1")]).others] == [("equal",)]


def test_a_nearer_crew_that_serves_another_ticket_is_explained():
    crews = [crew("C1", at=10), crew("C2", at=30)]
    jobs = [job("T1", at=12, due_in=[45]), job("T2", at=0, due_in=[15], hazard=True)]
    found = reasons(crews, jobs)
    assert [(other.crew, other.why) for other in found.others] == [("C1", ("nearer", "would_make_late:T2"))]


def test_a_ticket_that_another_crew_could_still_reach_in_time_would_only_be_delayed():
    crews = [crew("C1", at=10), crew("C2", at=30)]
    jobs = [job("T1", at=12, due_in=[45]), job("T2", at=0, due_in=[35], hazard=True)]
    [other] = reasons(crews, jobs).others
    assert other.why == ("nearer", "would_delay:T2"), "C2 would be there after 30 minutes"


def test_the_rank_by_cost_and_by_arrival_is_among_those_who_can_go():
    crews = [crew("C1", at=20), crew("C2", at=0, free_in=20), crew("C3", skills=[])]
    assert reasons(crews, [job("T1", at=10)]).rank == Rank(by_cost=1, by_arrival=1, of=2)
    tied = reasons([crew("C1", at=9), crew("C2", at=9)], [job("T1")])
    assert tied.rank == Rank(by_cost=1, by_arrival=1, of=2)


def test_a_plan_says_of_each_ticket_what_others_would_break_and_nothing_of_its_own():
    assert all(one.reasons.delays is None for one in plan(okcounty(), NOW, Road()).told)


def test_every_crew_that_cannot_go_says_why():
    crews = [
        crew("C1"),
        crew("C2", skills=[]),
        crew("C3", out_of_service=True),
        crew("C4"),
        crew("C5", at=30, shift=(-60, 20)),
    ]
    found = reasons(crews, [job("T1", barred=["C4"])])
    assert [(cannot.crew, cannot.code) for cannot in found.cannot] == [
        ("C2", "skill"),
        ("C3", "out_of_service"),
        ("C4", "declined"),
        ("C5", "shift_ends"),
    ]
