from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from dispatch.compliance import tell
from tests.compliance.october import BINDING, at, called, notice, october, one, ticket, trip


def row(month, item):
    return next(each for each in month.rows if each.item == item)


def urban(*told, **more):
    return row(october(*told, **more), "urban_arrival")


def test_each_zone_has_its_row_with_what_was_due_and_what_was_late():
    month = october(one(1, arrived=40), one(2, arrived=46), one(3, zone="rural", arrived=80))
    assert [(r.item, r.total, r.late) for r in month.rows[:3]] == [
        ("urban_arrival", 2, 1),
        ("rural_arrival", 1, 0),
        ("remote_arrival", 0, 0),
    ]


def test_open_reports_stand_apart_from_the_total():
    counted = urban(one(1, arrived=40), one(2), as_of=at(30))
    assert (counted.total, counted.open, counted.rate) == (1, 1, 100.0)


def test_reports_without_a_trip_are_in_no_total():
    month = october(one(1, resolved="by_phone"), one(2, arrived=10))
    assert row(month, "urban_arrival").total == 1
    assert month.counts["no_trip"] == 1


def test_no_reports_in_a_class_is_nothing_not_a_hundred_percent():
    empty = urban()
    assert (empty.total, empty.rate, empty.rate_without_exemptions, empty.score) == (0, None, None, None)
    assert (empty.mean_arrival_s, empty.p90_arrival_s) == (None, None)


def test_a_rate_is_rounded_down_so_that_one_miss_of_many_is_seen():
    month = october(one(0, arrived=46), *(one(n, arrived=10) for n in range(1, 20_001)))
    assert row(month, "urban_arrival").rate == 99.99


def test_two_of_three_is_66_66_not_66_67():
    assert urban(one(1, arrived=1), one(2, arrived=1), one(3, arrived=50)).rate == 66.66


def test_the_score_is_points_times_rate():
    month = october(
        one(1, zone="rural", arrived=10), one(2, zone="rural", arrived=10), one(3, zone="rural", arrived=91)
    )
    assert row(month, "rural_arrival").score == 1.3332


def test_notices_are_judged_by_the_hours_of_their_kind():
    notices = [notice(1), notice(2, hours=167.9), notice(3, "temporary", 24), notice(4, "temporary", 23)]
    counted = row(october(notices=notices), "outages_announced")
    assert (counted.total, counted.late, counted.rate) == (4, 2, 50.0)


def test_a_row_entered_by_hand_stays_empty():
    by_hand = row(october(one(1, arrived=1)), "calls_answered")
    assert (by_hand.total, by_hand.late, by_hand.rate, by_hand.score) == (None, None, None, None)


def test_a_mean_just_over_the_limit_never_reads_as_within_it():
    report = called(1)
    told = tell(report, ticket(report, visits=[trip(at(45, ms=1))]))
    assert urban(told).mean_arrival_s == 45 * 60 + 1


def test_median_and_p90_are_times_that_really_happened():
    month = october(*(one(n, arrived=n) for n in range(1, 11)))
    zone = month.zones[0]
    assert (zone.median_arrival_s, zone.p90_arrival_s, zone.mean_arrival_s) == (5 * 60, 9 * 60, 330)


def test_restoration_counts_from_the_arrival():
    month = october(
        one(1, arrived=10, restored=40), one(2, arrived=10), one(3, minute=0, arrived=20, restored=15)
    )
    assert month.zones[0].mean_restoration_s == 30 * 60


def test_units_and_faults_are_counted_apart_and_named():
    told = [one(1, arrived=1), one(2, arrived=99, unit="south", fault="meter"), one(3, arrived=1, unit="")]
    month = october(*told, names={"north": "城北供电所"})
    assert [(u.key, u.name, u.total, u.late) for u in month.units] == [
        ("north", "城北供电所", 1, 0),
        ("south", "south", 1, 1),
        ("", "", 1, 0),
    ]
    assert {f.key: f.late for f in month.faults if f.reports} == {"no_power": 0, "meter": 1}


def test_the_late_list_says_by_how_much_and_who_still_waits():
    month = october(one(1, arrived=50), one(2), one(3, arrived=1))
    assert [(late.report, late.late_ms) for late in month.late] == [("R1", 5 * 60_000), ("R2", None)]


def test_every_caller_of_one_ticket_keeps_their_own_clock_and_a_merge_shows():
    early, later = called(1), called(2, minute=30)
    both = ticket(early, later, visits=[trip(at(50))])
    lines = october(tell(early, both), tell(later, both)).lines
    assert [(line.verdict, line.merged) for line in lines] == [("missed", False), ("kept", True)]


def test_the_crew_and_proof_are_those_of_the_arrival_that_counts():
    report = called(1)
    visits = [
        trip(crew="K1", over="declined"),
        trip(at(20), crew="K2", evidence="B"),
        trip(at(90), crew="K3", evidence="C"),
    ]
    line = october(tell(report, ticket(report, visits=visits))).lines[0]
    assert (line.crew, line.evidence) == ("K2", "B")


def test_evidence_counts_arrivals_and_oddities_count_visits():
    early, later = called(1), called(2, minute=5)
    both = ticket(early, later, visits=[trip(at(20), evidence="C", flags=("sent_late",))])
    month = october(tell(early, both), tell(later, both), one(3, arrived=5))
    assert month.evidence == {"A": 0, "B": 1, "C": 2, "D": 0}
    assert month.flags == {"sent_late": 1}


def test_a_shadow_policy_has_the_same_table_by_its_own_promises():
    month = october(one(1, arrived=50))
    assert month.rows[0].late == 1
    assert (month.shadows[0].policy, month.shadows[0].rows[0].late) == ("supervision-2009", 0)


def test_reports_of_other_months_stay_out():
    day = 24 * 60
    month = october(one(1, minute=-3 * day, arrived=1), one(2, minute=28 * day + 16 * 60, arrived=50_000))
    assert month.counts["reports"] == 0
    assert october(one(3, minute=-2 * day - 8 * 60)).counts["reports"] == 1


def test_a_report_that_nobody_could_place_is_open_in_no_zone():
    month = october(one(1, zone=None))
    assert month.counts["open"] == 1
    assert [(z.key, z.open) for z in month.zones] == [("urban", 0), ("rural", 0), ("remote", 0), ("", 1)]


def test_simulated_reports_mark_the_month():
    assert october(one(1, simulated=True)).simulated
    assert not october(one(1)).simulated


minutes = st.none() | st.integers(1, 200)
zones = st.sampled_from(["urban", "rural", "remote", None])


@given(st.lists(st.tuples(zones, minutes, st.booleans()), max_size=12), st.randoms(use_true_random=False))
def test_every_report_is_counted_once_and_the_order_of_input_does_not_matter(calls, dice):
    told = [
        one(n, zone=zone, arrived=arrived, resolved="by_phone" if answered else "")
        for n, (zone, arrived, answered) in enumerate(calls)
    ]
    month = october(*told, as_of=at(60))
    verdicts = sum(month.counts[each] for each in ("kept", "missed", "exempt", "open", "no_trip"))
    assert verdicts == len(told) == sum(zone.reports for zone in month.zones)
    assert sum(r.total or 0 for r in month.rows[:3]) == month.counts["kept"] + month.counts["missed"]
    assert october(*dice.sample(told, len(told)), as_of=at(60)) == month
    assert {r.item for r in month.rows} == {r.item for r in BINDING.rows}
