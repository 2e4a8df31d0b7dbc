from __future__ import annotations

import json
from dataclasses import asdict, replace

import pytest

from dispatch.errors import NotFound
from dispatch.plan import Board, Delay, options, plan
from tests.plan.county import MIN, NOW, Road, Table, crew, job, okcounty


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


def test_every_crew_that_cannot_go_says_why():
    crews = [
        crew("C1"),
        crew("C2", skills=[]),
        crew("C3", resting=True),
        crew("C4"),
        crew("C5", at=30, shift=(-60, 20)),
    ]
    found = reasons(crews, [job("T1", barred=["C4"])])
    assert [(cannot.crew, cannot.code) for cannot in found.cannot] == [
        ("C2", "skill"),
        ("C3", "off_shift"),
        ("C4", "declined"),
        ("C5", "shift_ends"),
    ]


def test_options_rank_who_can_go_by_arrival_and_then_who_cannot_by_id():
    crews = (crew("C4", skills=[]), crew("C3", at=5), crew("C2", resting=True), crew("C1", at=20))
    found = options(Board(crews, (job("T1", due_in=[10]),)), "T1", NOW, Road())
    assert [(o.crew, o.eta_s, o.on_time, o.not_possible) for o in found] == [
        ("C3", 300, True, None),
        ("C1", 1200, False, None),
        ("C2", None, False, "off_shift"),
        ("C4", None, False, "skill"),
    ]
    assert found[0].arrives_ms == NOW + 5 * MIN
    assert found[0].cost_terms["drive_min"] == 5
    assert found[2].cost_terms == {}


def test_a_busy_crew_is_an_option_from_its_expected_finish():
    found = options(Board((crew("C1", at=5, free_in=30),), (job("T1"),)), "T1", NOW, Road())
    assert (found[0].eta_s, found[0].would_delay) == (35 * 60, ())


def test_options_tell_what_else_would_be_delayed_in_okcounty():
    """Without T1, C1 reaches T4 at minute 12 and C2 reaches T3 at 20; T2 comes second, at 92.

    C1 sent to T1 is done at 65 and reaches T4 at 72. C2 sent to T1 is done at 95: C1 then takes T3, and T4
    after that, at 20 + 60 + 8 = 88.
    """
    first, second = options(okcounty(), "T1", NOW, Road())
    assert (first.crew, first.eta_s) == ("C1", 5 * 60)
    assert first.would_delay == (Delay("T4", by_s=60 * 60, becomes_late=True),)
    assert (second.crew, second.eta_s) == ("C2", 35 * 60)
    assert second.would_delay == (Delay("T4", by_s=76 * 60, becomes_late=True),)


def test_a_crew_nobody_else_needs_delays_nothing():
    crews = (crew("C1", at=0), crew("C2", at=10))
    found = options(Board(crews, (job("T1", at=10), job("T2", at=0))), "T1", NOW, Road())
    assert (found[0].crew, found[0].would_delay) == ("C2", ())


def test_a_ticket_that_nobody_else_could_reach_is_delayed_without_end():
    crews = (crew("C1", shift=(-60, 60)),)
    found = options(Board(crews, (job("T1"), job("T2", work_min=90))), "T2", NOW, Road())
    assert found[0].would_delay == (Delay("T1", by_s=None, becomes_late=True),)


def test_options_ask_the_road_once():
    road = Road()
    options(okcounty(), "T1", NOW, road)
    assert road.asked == 1


def test_options_without_crews_are_an_empty_list():
    assert options(replace(okcounty(), crews=()), "T1", NOW, Road()) == []


def test_options_for_an_unreachable_ticket_say_so():
    found = options(Board((crew("C1"),), (job("T1"),)), "T1", NOW, Table([[float("nan")], [0.0]]))
    assert [o.not_possible for o in found] == ["unreachable"]


def test_options_for_a_ticket_that_does_not_wait_are_refused():
    with pytest.raises(NotFound, match="T9 does not wait"):
        options(okcounty(), "T9", NOW, Road())
