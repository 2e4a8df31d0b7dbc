from __future__ import annotations

from dataclasses import replace

import pytest

from dispatch.plan import Board, Plan, Weights, plan, validate
from tests.plan.county import BY_HAND, MIN, NOW, Road, Table, crew, job, okcounty, told, waits


def planned(crews, jobs, travel=None, weights=None):
    board = Board(tuple(crews), tuple(jobs))
    made = plan(board, NOW, travel or Road(), weights)
    assert validate(made, board) == ()
    return made


def test_the_nearest_crew_goes():
    made = planned([crew("C1", at=0), crew("C2", at=20)], [job("T1", at=15)])
    assert told(made) == {"T1": "C2"}
    assert made.told[0].arrive_ms == NOW + 5 * MIN
    assert made.told[0].travel_s == 300


def test_a_crew_without_the_skill_never_goes():
    crews = [crew("C1", at=10, skills=["lv"]), crew("C2", at=60, skills=["lv", "hv"])]
    assert told(planned(crews, [job("T1", at=10, needs=["hv"])])) == {"T1": "C2"}


def test_every_needed_skill_must_be_in_one_crew():
    crews = [crew("C1", skills=["lv"]), crew("C2", skills=["hv"])]
    assert waits(planned(crews, [job("T1", needs=["lv", "hv"])])) == {"T1": (None, "skill")}


def test_a_report_waits_for_its_best_crew_when_that_crew_is_free_soon_and_the_other_would_be_late():
    crews = [crew("C1", at=50), crew("C2", at=2, free_in=5)]
    made = planned(crews, [job("T1", at=0, due_in=[45])])
    assert told(made) == {}
    assert waits(made) == {"T1": ("C2", "best_crew_busy")}
    assert (made.waiting[0].start_ms, made.waiting[0].arrive_ms) == (NOW + 5 * MIN, NOW + 7 * MIN)


def test_an_idle_crew_is_not_kept_back_to_save_a_drive_while_somebody_sits_in_the_dark():
    # C1 would still be in time for T1 in forty minutes, with less driving; C2 has nothing else to do
    jobs = [job("T1", at=12, due_in=[90]), job("T2", at=0, due_in=[15], hazard=True)]
    made = planned([crew("C1", at=10), crew("C2", at=42)], jobs)
    assert told(made) == {"T1": "C2", "T2": "C1"}


def test_a_report_does_not_wait_for_a_crew_that_would_be_late():
    crews = [crew("C1", at=30), crew("C2", at=2, free_in=60)]
    assert told(planned(crews, [job("T1", at=0, due_in=[45])])) == {"T1": "C1"}


def test_a_crew_that_is_free_at_this_moment_is_told():
    assert told(planned([crew("C1", free_in=0)], [job("T1")])) == {"T1": "C1"}


def test_busy_crews_are_told_nothing():
    made = planned([crew("C1", free_in=1), crew("C2", free_in=30)], [job("T1"), job("T2"), job("T3")])
    assert made.told == ()
    assert {one.crew for one in made.waiting} == {"C1", "C2"}


def test_a_hazard_goes_first():
    jobs = [job("T1", at=5, due_in=[45]), job("T2", at=5, due_in=[45], hazard=True)]
    made = planned([crew("C1")], jobs)
    assert told(made) == {"T2": "C1"}
    assert waits(made) == {"T1": ("C1", "after:T2")}


def test_a_critical_customer_goes_before_an_ordinary_one():
    jobs = [job("T1", at=5, due_in=[45]), job("T2", at=5, due_in=[45], critical=True)]
    assert told(planned([crew("C1")], jobs)) == {"T2": "C1"}


def test_the_ticket_with_more_customers_goes_first():
    jobs = [job("T1", due_in=[45], customers=1), job("T2", due_in=[45], customers=500)]
    assert told(planned([crew("C1")], jobs)) == {"T2": "C1"}


def test_merged_callers_all_count():
    jobs = [job("T1", due_in=[45]), job("T2", due_in=[45, 46, 47])]
    assert told(planned([crew("C1")], jobs)) == {"T2": "C1"}


def test_the_earliest_caller_decides_whether_the_arrival_is_on_time():
    made = planned([crew("C1", at=30)], [job("T1", due_in=[90, 20])])
    assert (made.told[0].on_time, made.told[0].p_on_time) == (False, 0.0)
    assert made.told[0].reasons.terms.late_min == 10


def test_a_millisecond_after_due_is_late():
    exact = planned([crew("C1", at=20)], [job("T1", due_in=[20])])
    after = planned([crew("C1", at=20)], [job("T1", due_in=[20])], Table([[1200.0001]]))
    assert (exact.told[0].on_time, after.told[0].on_time) == (True, False)


def test_a_pinned_ticket_goes_only_with_its_crew():
    made = planned([crew("C1", at=0), crew("C2", at=40)], [job("T1", at=0, pinned="C2")])
    assert told(made) == {"T1": "C2"}


def test_a_ticket_pinned_to_a_crew_that_is_gone_waits_and_says_so():
    assert waits(planned([crew("C1")], [job("T1", pinned="C9")])) == {"T1": (None, "pinned_elsewhere")}


def test_a_crew_that_declined_is_not_asked_again():
    made = planned([crew("C1", at=0), crew("C2", at=20)], [job("T1", at=0, barred=["C1"])])
    assert told(made) == {"T1": "C2"}
    assert waits(planned([crew("C1")], [job("T1", barred=["C1"])])) == {"T1": (None, "declined")}


@pytest.mark.parametrize(
    "away",
    [crew("C1", shift=(-60, 0)), crew("C1", shift=(1, 480))],
    ids=["ended", "not begun"],
)
def test_a_crew_off_shift_does_not_go(away):
    assert waits(planned([away], [job("T1")])) == {"T1": (None, "off_shift")}


@pytest.mark.parametrize("shift", [(-60, 480), (1, 480)], ids=["on duty", "off duty, too"])
def test_a_crew_out_of_service_does_not_go_and_that_is_named_before_the_roster(shift):
    away = crew("C1", shift=shift, out_of_service=True)
    assert waits(planned([away], [job("T1", hazard=True)])) == {"T1": (None, "out_of_service")}
    beside = planned([away, crew("C2", at=30)], [job("T1")])
    assert told(beside) == {"T1": "C2"}
    assert waits(planned([replace(away, skills=frozenset())], [job("T1")])) == {"T1": (None, "skill")}


def test_a_crew_must_arrive_before_its_shift_ends():
    jobs = [job("T1", at=30)]
    assert waits(planned([crew("C1", shift=(-60, 30))], jobs)) == {"T1": (None, "shift_ends")}
    assert told(planned([crew("C1", shift=(-60, 31))], jobs)) == {"T1": "C1"}


def test_what_no_road_reaches_waits_and_says_so():
    for never in (float("inf"), float("nan"), -1.0):
        assert waits(planned([crew("C1")], [job("T1")], Table([[never]]))) == {"T1": (None, "unreachable")}


def test_an_unreachable_ticket_does_not_draw_a_crew_from_a_reachable_one():
    made = planned([crew("C1")], [job("T1", hazard=True), job("T2")], Table([[float("inf"), 600]]))
    assert told(made) == {"T2": "C1"}


def test_when_nobody_can_go_every_reason_is_named_once():
    crews = [crew("C1", skills=[]), crew("C2", skills=[]), crew("C3", out_of_service=True)]
    assert waits(planned(crews, [job("T1")])) == {"T1": (None, "out_of_service", "skill")}


def test_no_crew_on_the_board_is_no_error():
    assert waits(planned([], [job("T1"), job("T2")])) == {"T1": (None, "no_crew"), "T2": (None, "no_crew")}


def test_nothing_to_do_is_an_empty_plan_and_asks_no_road():
    road = Road()
    assert planned([crew("C1")], [], road) == Plan()
    assert planned([], [], road) == Plan()
    assert road.asked == 0


def test_more_crews_than_tickets_leave_crews_idle():
    made = planned([crew("C1"), crew("C2"), crew("C3")], [job("T1"), job("T2")])
    assert told(made) == {"T1": "C1", "T2": "C2"}


def test_more_tickets_than_crews_leave_tickets_waiting():
    made = planned([crew("C1")], [job("T1"), job("T2"), job("T3")])
    assert told(made) == {"T1": "C1"}
    assert waits(made) == {"T2": ("C1", "after:T1"), "T3": ("C1", "after:T2")}


def test_a_ticket_without_a_promise_is_served_all_the_same():
    made = planned([crew("C1", at=5)], [job("T1", due_in=[])])
    assert (made.told[0].on_time, made.told[0].p_on_time) == (True, 1.0)


def test_the_road_is_asked_about_the_crews_once_and_about_the_sites_once():
    road = Road()
    plan(okcounty(), NOW, road)
    assert road.asked == 2


def test_a_long_wait_counts_double_when_the_knob_is_set():
    # T1 missed its promise five hours ago; T2 still keeps its own, if the crew goes there first
    jobs = [job("T1", due_in=[-300]), job("T2", due_in=[200])]
    crews = [crew("C1", at=0, free_in=155)]
    assert planned(crews, jobs).waiting[1].crew == "C1"
    four_callers = replace(jobs[0], dues_ms=jobs[0].dues_ms * 4)
    assert planned(crews, [four_callers, jobs[1]]).waiting[1].crew == "C1"
    patient_no_more = Weights(late_beyond_min=120)
    assert planned(crews, [four_callers, jobs[1]], weights=patient_no_more).waiting[0].crew == "C1"


def test_okcounty_as_worked_out_by_hand():
    """Costs (and what each pair saves against the best service 40 minutes later).

    |    | T1 (w 1)       | T2 (w 1)    | T3 (w 10)       | T4 (w 1)         |
    | C1 | 0.30 (-300.40) | 1.92 (0)    | 3.00 (-3203.50) | 0.72 (-332.40)   |
    | C2 | 1.60 (-299.10) | 0.22 (-0.4) | 2.50 (-3204.00) | 309.18 (-23.94)  |

    C2 is busy for 10 minutes. C1 could reach the hazard T3 as early as C2, but only C1 reaches T4 in time:
    together they save 3536.40.
    """
    made = plan(okcounty(), NOW, Road(), BY_HAND)
    assert told(made) == {"T4": "C1"}
    assert waits(made) == {
        "T1": ("C1", "after:T4"),
        "T2": ("C2", "after:T3"),
        "T3": ("C2", "best_crew_busy"),
    }
    only = made.told[0]
    assert (only.arrive_ms, only.on_time, only.p_on_time) == (NOW + 12 * MIN, True, 1.0)
    assert only.reasons.terms.total == pytest.approx(0.72)
    other = only.reasons.others[0]
    assert (other.crew, other.arrive_ms) == ("C2", NOW + 28 * MIN)
    assert other.terms.total == pytest.approx(309.18)
    assert other.why == ("later", "busy", "would_delay:T3")


def test_a_crew_that_cannot_go_to_the_dangers_of_a_storm_goes_to_what_it_can():
    """So many wires are down that they alone press: C1 and C2 are able to go to none of them."""
    wires = [job(f"T{n:03}", at=n % 30, due_in=[45], needs=["hv"], hazard=True) for n in range(200)]
    dark = [job(f"T{n}", at=n % 30) for n in range(500, 700)]
    crews = [crew("C1"), crew("C2", at=9), *(crew(f"C{n}", skills=["lv", "hv"]) for n in (3, 4, 5))]
    made = planned(crews, wires + dark)
    assert sorted(told(made).values()) == [each.id for each in crews]
    on_the_road = {each.crew: each.ticket for each in made.told}
    assert on_the_road["C1"] >= "T5"
    assert on_the_road["C2"] >= "T5"
