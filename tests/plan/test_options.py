"""What sending any crew to one ticket would mean, and what the figures say of an order by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatch.errors import NotFound
from dispatch.plan import Assignment, Board, Cannot, Delay, Rank, options, order
from tests.plan.county import BY_HAND, MIN, NOW, Road, Table, crew, job, okcounty


def test_options_rank_who_can_go_by_arrival_and_then_who_cannot_by_id():
    crews = (crew("C4", skills=[]), crew("C3", at=5), crew("C2", out_of_service=True), crew("C1", at=20))
    found = options(Board(crews, (job("T1", due_in=[10]),)), "T1", NOW, Road())
    assert [(o.crew, o.eta_s, o.on_time, o.not_possible) for o in found] == [
        ("C3", 300, True, None),
        ("C1", 1200, False, None),
        ("C2", None, False, "out_of_service"),
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


def test_options_ask_the_road_for_the_crews_and_then_between_the_sites():
    road = Road()
    options(okcounty(), "T1", NOW, road)
    assert road.asked == 2


def test_of_very_many_tickets_only_those_that_press_are_said_to_be_delayed():
    """One crew, 120 tickets that are due and 30 that may wait: the road is not asked between them all."""
    pressing = [job(f"T{n:03}", at=n % 9, due_in=[20]) for n in range(120)]
    patient = [job(f"W{n:02}", at=n % 9, due_in=[600]) for n in range(30)]

    class Wide(Road):
        widest = 0

        def matrix(self, origins, destinations):
            self.widest = max(self.widest, len(origins))
            return super().matrix(origins, destinations)

    road = Wide()
    [found] = options(Board((crew("C1", at=4),), (job("T9"), *pressing, *patient)), "T9", NOW, road)
    assert {delay.ticket[0] for delay in found.would_delay} == {"T"}
    assert road.widest == 121


def test_options_without_crews_are_an_empty_list():
    assert options(replace(okcounty(), crews=()), "T1", NOW, Road()) == []


def test_options_for_an_unreachable_ticket_say_so():
    found = options(Board((crew("C1"),), (job("T1"),)), "T1", NOW, Table([[float("nan")]]))
    assert [o.not_possible for o in found] == ["unreachable"]


def test_options_for_a_ticket_that_does_not_wait_are_refused():
    with pytest.raises(NotFound, match="T9 does not wait"):
        options(okcounty(), "T9", NOW, Road())


# -- an order by hand


def ordered(board, ticket, who):
    return order(board, ticket, who, now=NOW, travel=Road(), weights=BY_HAND)


def whys(made):
    return [(other.crew, other.why) for other in made.reasons.others]


def test_an_order_by_hand_says_the_same_of_its_crew_as_the_options_do():
    for each in options(okcounty(), "T1", NOW, Road(), BY_HAND):
        made = ordered(okcounty(), "T1", each.crew)
        assert (made.ticket, made.crew, made.arrive_ms) == ("T1", each.crew, each.arrives_ms)
        assert (made.on_time, made.p_on_time) == (each.on_time, each.p_on_time)
        assert made.travel_s == each.cost_terms["drive_min"] * 60
        assert made.reasons.delays == each.would_delay


def test_a_crew_that_the_figures_would_rather_have_sent_has_nothing_against_it():
    crews = (crew("C1", at=0), crew("C2", at=20))
    made = ordered(Board(crews, (job("T1", at=0),)), "T1", "C2")
    assert made.reasons.rank == Rank(by_cost=2, by_arrival=2, of=2)
    assert whys(made) == [("C1", ("better", "nearer"))]
    assert made.reasons.delays == ()


def test_who_is_there_first_is_not_always_who_costs_least():
    crews = (crew("C1", at=30), crew("C2", at=10, free_in=25))
    made = ordered(Board(crews, (job("T1", at=10),)), "T1", "C1")
    assert made.reasons.rank == Rank(by_cost=2, by_arrival=1, of=2)
    assert whys(made) == [("C2", ("better", "later", "busy", "nearer"))]


def test_what_the_best_three_others_would_break_is_told_by_the_tickets_that_wait():
    crews = (crew("C1", at=10), crew("C2", at=30), *[crew(f"C{n}", at=100 * n) for n in (3, 4, 5)])
    waits = (job("T1", at=12, due_in=[45]), job("T2", at=0, due_in=[15], hazard=True))
    made = ordered(Board(crews, waits), "T1", "C2")
    assert whys(made)[0] == ("C1", ("nearer", "would_make_late:T2"))
    assert [other.crew for other in made.reasons.others] == ["C1", "C3", "C4"]
    assert made.reasons.delays == ()


def test_an_order_that_breaks_something_says_what():
    made = ordered(okcounty(), "T1", "C1")
    assert made.reasons.delays == (Delay("T4", by_s=60 * 60, becomes_late=True),)


def test_who_would_leave_a_ticket_to_nobody_is_said_to():
    crews = (crew("C1", skills=["lv", "hv"]), crew("C2", at=9))
    waits = (job("T1"), job("T2", at=5, needs=["hv"], due_in=[], work_min=600))
    crews = (replace(crews[0], shift_until_ms=NOW + 60 * MIN), crews[1])
    made = ordered(Board(crews, waits), "T1", "C2")
    assert whys(made) == [("C1", ("nearer", "would_strand:T2"))]


def test_no_more_than_two_tickets_are_named_against_a_crew_the_late_ones_first():
    crews = (crew("C1"), crew("C2", at=50))
    waits = (job("T1"), *[job(f"T{n}", at=n, due_in=[90 * n]) for n in (2, 3, 4)])
    [(_, why)] = whys(ordered(Board(crews, waits), "T1", "C2"))
    broken = [code for code in why if code.startswith("would_")]
    assert len(broken) <= 2
    assert broken == sorted(broken, key=lambda code: code.startswith("would_delay"))


def test_who_cannot_go_cannot_be_ordered_and_who_declined_can():
    board = Board((crew("C1", skills=[]), crew("C2"), crew("C3")), (job("T1", barred=["C2", "C3"]),))
    assert ordered(board, "T1", "C1") == Cannot("C1", "skill")
    made = ordered(board, "T1", "C2")
    assert isinstance(made, Assignment)
    assert [(cannot.crew, cannot.code) for cannot in made.reasons.cannot] == [
        ("C1", "skill"),
        ("C3", "declined"),
    ]


def test_an_order_of_nobody_or_to_nowhere_is_refused():
    for ticket, who in (("T9", "C1"), ("T1", "C9")):
        with pytest.raises(NotFound):
            ordered(okcounty(), ticket, who)


def test_an_order_asks_the_road_no_oftener_than_options():
    road = Road()
    order(okcounty(), "T1", "C1", now=NOW, travel=road)
    assert road.asked == 2
