from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import pytest

from dispatch.plan import Diversion, Weights
from dispatch.simulate import PLANNERS, AsTheDesk, Closing, by_fault, never
from tests.simulate.county import MIN, START, call, counted, crew, day, minutes, play


def planner(name="nearest-pair"):
    return PLANNERS[name](Weights())


class Watched:
    """Lets another decide and keeps what it was shown."""

    def __init__(self, inner):
        self.inner, self.seen = inner, []

    def decide(self, board, now, travel):
        self.seen.append(((now - START) / 60_000, board))
        return self.inner.decide(board, now, travel)


@pytest.mark.parametrize("name", PLANNERS)
def test_a_day_of_three_calls_goes_as_on_paper(name):
    """One crew at 0. A at 5 is called in at 0, worked on from 5 to 65; B at 8 waits from 10 on and is reached
    at 68 after 3 minutes of road, done at 128; C at 0 is called at 140, when the crew is home again."""
    played = play(day([crew("C1")], [call("A", 0, 5), call("B", 10, 8), call("C", 140, 0)]), planner(name))
    assert minutes(played) == {"A": ("C1", 5), "B": ("C1", 68), "C": ("C1", 140)}
    assert played.trips == 3


def test_a_crew_called_on_its_way_home_is_no_quicker_than_the_road():
    """Done at 80 (20 + 60), at 85 it is 5 minutes from the site, 15 from home; B lies 4 beyond the site."""
    played = play(day([crew("C1")], [call("A", 0, 20), call("B", 85, 24)]), planner())
    assert minutes(played)["B"] == ("C1", 85 + 5 + 4)


def test_a_drive_takes_the_truth_and_not_the_estimate():
    played = play(day([crew("C1")], [call("A", 0, 10, travel_factor=1.5)]), planner())
    assert minutes(played) == {"A": ("C1", 15)}


def test_a_crew_is_busy_until_it_is_really_done():
    calls = [call("A", 0, 0, true_work_s=90 * MIN), call("B", 1, 0)]
    assert minutes(play(day([crew("C1")], calls), planner()))["B"] == ("C1", 90)


def test_the_planner_believes_a_crew_busy_as_long_as_works_last_and_longer_once_it_is_overdue():
    seen = Watched(planner())
    play(day([crew("C1")], [call("A", 0, 0, true_work_s=90 * MIN), call("B", 1, 0)]), seen)
    free = {minute: (board.crews[0].free_at_ms - START) / 60_000 for minute, board in seen.seen}
    looked = sorted(free)
    assert (looked[0], looked[1], looked[-1]) == (0, 1, 90)
    assert free[1] == pytest.approx(60, abs=0.1)
    assert looked[2] == pytest.approx(free[1], abs=0.001)  # a look when it should be done
    assert free[looked[2]] > looked[2] + 10


def test_works_that_last_longer_today_are_expected_to_last_longer():
    calls = [call(f"A{n}", n * 110, 0, true_work_s=100 * MIN) for n in range(4)]
    seen = Watched(planner())
    play(day([crew("C1")], calls), seen)
    expected = [board.jobs[0].work_s for _, board in seen.seen]
    assert expected == sorted(expected)
    assert expected[0] == 60 * MIN
    assert 70 * MIN < expected[-1] < 100 * MIN


def test_drives_that_take_longer_today_are_expected_to_take_longer():
    calls = [call(f"A{n}", n * 90, 10, travel_factor=2.0) for n in range(4)]
    seen = Watched(planner())
    play(day([crew("C1")], calls), seen)
    slower = [board.jobs[0].slower for _, board in seen.seen]
    assert slower[0] == 1
    assert slower == sorted(slower)
    assert 1.17 < slower[-1] < 2


def test_the_planner_sees_no_report_before_it_comes_and_nothing_of_the_truth():
    calls = [call("A", 0, 5), call("B", 30, 8, true_work_s=7.0, travel_factor=3.0), call("C", 200, 1)]
    seen, other = Watched(planner("default")), Watched(planner("default"))
    play(day([crew("C1"), crew("C2", at=30)], calls), seen)
    truth = {"true_work_s": 8_000.0, "travel_factor": 0.7}
    play(day([crew("C1"), crew("C2", at=30)], [*calls[:2], call("C", 200, 1, **truth)]), other)
    for minute, board in seen.seen:
        assert all((job.opened_ms - START) / 60_000 <= minute for job in board.jobs)
    assert [each for each in seen.seen if each[0] <= 200] == [each for each in other.seen if each[0] <= 200]


def test_the_future_changes_nothing_that_was_decided_before():
    early = [call("A", 0, 5), call("B", 30, 8)]
    alone = play(day([crew("C1"), crew("C2", at=30)], early), planner("default"))
    later = play(day([crew("C1"), crew("C2", at=30)], [*early, call("C", 300, 9)]), planner("default"))
    assert alone.arrivals.items() <= later.arrivals.items()


def test_calls_of_one_fault_are_one_trip_where_they_are_merged():
    calls = [call("A", 0, 10, fault="F1"), call("B", 5, 11, fault="F1"), call("C", 20, 11, fault="F1")]
    merged = play(day([crew("C1")], calls), planner(), merging=by_fault)
    assert minutes(merged) == {"A": ("C1", 10), "B": ("C1", 10), "C": ("C1", 20)}
    assert merged.trips == 1


def test_without_merging_every_call_is_a_trip_and_the_later_ones_find_nothing_to_do():
    calls = [call("A", 0, 10, fault="F1"), call("B", 5, 10, fault="F1"), call("C", 6, 10)]
    played = play(day([crew("C1")], calls), planner(), merging=never)
    assert minutes(played) == {"A": ("C1", 10), "B": ("C1", 70), "C": ("C1", 80)}


def test_who_calls_about_what_is_repaired_needs_no_trip():
    played = play(day([crew("C1")], [call("A", 0, 0, fault="F1"), call("B", 61, 0, fault="F1")]), planner())
    assert minutes(played)["B"] == ("C1", 61)
    assert played.trips == 1


def test_a_caller_merged_by_mistake_is_in_the_dark_until_the_own_fault_is_reached():
    calls = [call("A", 0, 10), call("B", 5, 12)]
    all_one = play(
        day([crew("C1")], calls), planner(), merging=lambda _c, open_: open_[0].id if open_ else None
    )
    assert minutes(all_one) == {"A": ("C1", 10), "B": ("C1", 72)}


def test_a_closed_road_is_not_driven_before_it_opens():
    closed = Closing(0, 30 * MIN, {}, 0)
    scenario = day([crew("C1")], [call("A", 5, 12), call("B", 6, 9)], (closed,))
    counted_day = counted(scenario, planner())
    assert [(each.report, each.arrived_s / MIN) for each in counted_day.arrivals] == [("A", 78), ("B", 15)]
    assert counted_day.km == pytest.approx(9 + 3 + 12)


def test_kilometres_are_those_driven_with_the_way_home():
    """To 20, home again to 15, back to 24, and home: 20 + 5 + 5 + 4 + 24."""
    assert counted(day([crew("C1")], [call("A", 0, 20), call("B", 85, 24)]), planner()).km == pytest.approx(
        58
    )


def test_nobody_is_sent_outside_the_shift_or_without_the_skill():
    crews = [crew("C1", shift=(60, 120)), crew("C2", skills=["hv"])]
    played = play(day(crews, [call("A", 0, 5), call("B", 130, 5)]), planner())
    assert minutes(played) == {"A": ("C1", 65)}


@pytest.mark.parametrize("name", PLANNERS)
def test_a_crew_at_rest_is_not_told_until_its_break_is_over(name):
    """A is called in at 5; the drive of 10 minutes would run into the break from 12 to 42. A is done at 112,
    within the break from 100 to 130, in which B is called in and the crew goes home."""
    rests = [(12, 42), (100, 130)]
    played = play(day([crew("C1", breaks=rests)], [call("A", 5, 10), call("B", 108, 12)]), planner(name))
    assert minutes(played) == {"A": ("C1", 42 + 10), "B": ("C1", 130 + 12)}
    told = [(leg.departed_ms - START) / 60_000 for leg in played.legs if leg.destination != (0.0, 0.0)]
    assert told == [42, 130]


def test_of_a_shift_of_many_days_the_planner_is_shown_the_breaks_of_the_next_one():
    rests = [(720 + 1440 * n, 750 + 1440 * n) for n in range(31)]
    crews = [crew("C1", shift=(0, 31 * 1440), breaks=rests)]
    seen = Watched(planner())
    play(day(crews, [call("A", 0, 5), call("B", 5 * 1440 + 725, 5)]), seen)
    shown = [[(since - START) // 60_000 for since, _ in board.crews[0].breaks] for _, board in seen.seen]
    assert shown[:2] == [[720], [5 * 1440 + 720, 6 * 1440 + 720]]


@pytest.mark.parametrize("name", PLANNERS)
def test_another_crew_goes_while_the_nearest_one_rests(name):
    crews = [crew("C1", breaks=[(0, 60)]), crew("C2", at=40)]
    assert minutes(play(day(crews, [call("A", 5, 10)]), planner(name))) == {"A": ("C2", 35)}


def test_a_drive_that_is_over_when_the_break_begins_is_made_and_the_work_runs_into_it():
    played = play(day([crew("C1", breaks=[(16, 46)])], [call("A", 5, 10), call("B", 50, 10)]), planner())
    assert minutes(played) == {"A": ("C1", 15), "B": ("C1", 75)}


@pytest.mark.parametrize("name", PLANNERS)
@pytest.mark.parametrize("crews", [(), (crew("C1", shift=(0, 3)),)], ids=["no crew", "all off shift"])
def test_a_day_without_crews_ends_with_nobody_reached(name, crews):
    found = counted(day(crews, [call("A", 5, 5)]), planner(name))
    assert (found.unreached, found.on_time, found.trips) == (1, 0.0, 0)


@pytest.mark.parametrize("name", PLANNERS)
def test_the_same_day_played_twice_is_the_same(name):
    calls = [call(f"R{n}", n * 7 % 60, n * 5 % 31, hazard=n == 4) for n in range(12)]
    scenario = day([crew("C1"), crew("C2", at=15), crew("C3", at=30)], calls)
    assert play(scenario, planner(name)).arrivals == play(scenario, planner(name)).arrivals


@pytest.mark.parametrize("name", PLANNERS)
def test_a_day_with_breaks_and_two_crews_to_some_faults_is_the_same_again_and_serves_all(name):
    calls = [call(f"R{n}", n * 7 % 60, n * 5 % 31, hazard=n == 4, crews=1 + (n % 3 == 0)) for n in range(12)]
    crews = [crew(f"C{n}", at=15 * n, breaks=[(30 + 20 * n, 60 + 20 * n)]) for n in range(3)]
    once, again = (play(day(crews, calls), planner(name)) for _ in range(2))
    assert once.orders == again.orders
    assert once.trips == 12 + 4
    assert {order.call for order in once.orders} == set(once.arrivals)


def test_nearest_free_serves_first_come_first_and_nearest_pair_the_shortest_drive():
    scenario = day([crew("C1")], [call("A", 0, 0), call("far", 1, 40), call("near", 2, 1)])
    assert [*minutes(play(scenario, planner("nearest-free")))] == ["A", "far", "near"]
    assert [*minutes(play(scenario, planner("nearest-pair")))] == ["A", "near", "far"]


def test_a_planner_that_breaks_the_rules_is_found_out():
    class Careless:
        def decide(self, board, now, travel):
            return planner().decide(type(board)(board.crews, ()), now, travel)

    with pytest.raises(RuntimeError, match="ticket_missing:T000001"):
        play(day([crew("C1")], [call("A", 0, 5)]), Careless())


def test_the_drives_of_a_crew_begin_where_the_last_one_ended():
    calls = [call(f"R{n}", n * 7 % 60, n * 5 % 31) for n in range(12)]
    scenario = day([crew("C1"), crew("C2", at=15)], calls)
    played = play(scenario, planner("default"))
    for name in ("C1", "C2"):
        legs = [leg for leg in played.legs if leg.crew == name and leg.share == 1]
        assert all(one.destination == two.origin for one, two in pairwise(legs))


def test_a_crew_on_its_way_turns_to_danger_and_what_it_left_waits_again():
    """One crew. A at 60 is driven to from 0 on; at 20 a wire lies at 15. Turning means back to 0, where the
    drive began, and 15 minutes from there: at 55. After an hour's work 45 minutes to A, and 60 home."""
    scenario = day([crew("C1")], [call("A", 0, 60), call("W", 20, 15, hazard=True)])
    played = play(scenario, planner("default"))
    assert minutes(played) == {"W": ("C1", 55), "A": ("C1", 115 + 45)}
    assert (played.told_changes, played.hazard_changes, played.trips) == (1, 1, 2)
    assert counted(scenario, planner("default")).km == pytest.approx(20 + 20 + 15 + 45 + 60)


def test_a_crew_that_turns_beyond_the_danger_drives_on_by_its_destination():
    """At 20 it is nearer to A at 25 than to where it came from; the wire lies at 30."""
    scenario = day([crew("C1")], [call("A", 0, 25), call("W", 20, 30, hazard=True)])
    assert minutes(play(scenario, planner("default")))["W"] == ("C1", 30)


def test_a_planner_that_diverts_nobody_changes_nothing_that_was_told():
    scenario = day([crew("C1")], [call("A", 0, 60), call("W", 20, 15, hazard=True)])
    for name in ("lookahead", "nearest-free", "nearest-pair"):
        assert play(scenario, planner(name)).told_changes == 0
    still = planner("default")
    assert isinstance(still, AsTheDesk)
    still.most_changes = 0
    assert play(scenario, still).told_changes == 0


def test_no_more_than_the_allowed_turn_within_a_minute():
    crews = [crew(f"C{n}", at=1000 * n) for n in range(4)]
    told = [call(f"A{n}", 0, 1000 * n + 60) for n in range(4)]
    wires = [call(f"W{n}", 20, 1000 * n + 15, hazard=True) for n in range(4)]
    turned = minutes(play(day(crews, [*told, *wires]), planner("default")))
    assert sum(at == 55 for name, (_, at) in turned.items() if name.startswith("W")) == 2


class Fickle:
    """Sends the nearest pair, and turns the crew on its way to whatever has come in since, danger or none."""

    def __init__(self):
        self.turned = 0

    def decide(self, board, now, travel):
        return planner().decide(board, now, travel)

    def divert(self, board, made, on_the_way, now, travel, *, changed):  # noqa: ARG002 -- it looks at nothing
        if self.turned or not (on_the_way and board.jobs):
            return ()
        self.turned += 1
        alone = type(board)((on_the_way[0].crew,), (board.jobs[0],))
        (told,) = planner("lookahead").decide(alone, now, travel).told
        return (Diversion(on_the_way[0].ticket, told, None),)


@pytest.mark.parametrize(("danger", "for_danger"), [(False, 0), (True, 1)])
def test_a_planner_that_changes_its_mind_is_seen_and_danger_is_told_apart(danger, for_danger):
    scenario = day([crew("C1")], [call("A", 0, 60), call("B", 20, 15, hazard=danger)])
    found = counted(scenario, Fickle())
    assert (found.told_changes, found.hazard_changes) == (1, for_danger)
    assert minutes(play(scenario, Fickle())) == {"B": ("C1", 55), "A": ("C1", 160)}


def test_a_planner_that_tells_a_crew_on_its_way_another_ticket_is_refused():
    class Hasty:
        def decide(self, board, now, travel):
            free = tuple(replace(each, free_at_ms=now) for each in board.crews)
            return planner().decide(type(board)(free, board.jobs), now, travel)

    with pytest.raises(RuntimeError, match="busy:C1:T000002"):
        play(day([crew("C1")], [call("A", 0, 60), call("B", 20, 15)]), Hasty())


@pytest.mark.parametrize("name", PLANNERS)
def test_two_crews_go_where_two_are_needed_and_the_first_keeps_the_promise(name):
    """C1 is there at 10, done at 70; C2 at 30, done at 90, and only then is the fault repaired: B, who calls
    at 80 about it, has C2 on site; C, at 95, needs nobody."""
    about = {"fault": "F1", "crews": 2}
    calls = [call("A", 0, 10, **about), call("B", 80, 10, **about), call("C", 95, 10, **about)]
    played = play(day([crew("C1"), crew("C2", at=40)], calls), planner(name))
    assert minutes(played) == {"A": ("C1", 10), "B": ("C2", 80), "C": ("C2", 95)}
    assert played.routes == {"C1": ["A"], "C2": ["A"]}
    assert played.trips == 2


@pytest.mark.parametrize("name", PLANNERS)
def test_the_second_crew_is_another_one_however_long_it_takes(name):
    """C2 has a job of its own until 61; C1, done at 70 and idle, is not sent to A again."""
    calls = [call("B", 0, 41), call("A", 0, 10, crews=2)]
    played = play(day([crew("C1"), crew("C2", at=40)], calls), planner(name))
    assert played.routes == {"C1": ["A"], "C2": ["B", "A"]}
    assert max(order.reached_ms for order in played.orders) == START + (61 + 31) * 60_000


@pytest.mark.parametrize("name", PLANNERS)
def test_what_only_one_crew_can_do_it_does_alone(name):
    crews = [crew("C1", skills=["hv"]), crew("C2"), crew("C3")]
    played = play(day(crews, [call("A", 0, 10, needs={"hv"}, crews=2)]), planner(name))
    assert played.routes == {"C1": ["A"]}


@pytest.mark.parametrize("name", PLANNERS)
def test_a_crew_that_is_done_waits_for_no_second_one_and_is_not_sent_twice(name):
    """C2 rests until 200; C1 is free for B from 70 on."""
    crews = [crew("C1"), crew("C2", breaks=[(0, 200)])]
    played = play(day(crews, [call("A", 0, 10, crews=2), call("B", 30, 20)]), planner(name))
    assert minutes(played) == {"A": ("C1", 10), "B": ("C1", 80)}
    assert played.routes == {"C1": ["A", "B"], "C2": ["A"]}


def test_once_a_crew_finds_the_fault_repaired_by_others_no_second_one_is_sought():
    """Without merging A and B are tickets of their own. Both crews are at A until 60; C1 looks at B until 70,
    while C2 rests until 100."""
    calls = [call("A", 0, 10, fault="F1", crews=2), call("B", 5, 10, fault="F1", crews=2)]
    crews = [crew("C1", at=10), crew("C2", at=10, breaks=[(60, 100)])]
    played = play(day(crews, calls), planner(), merging=never)
    assert minutes(played) == {"A": ("C1", 0), "B": ("C1", 60)}
    assert played.routes == {"C1": ["A", "B"], "C2": ["A"]}


def test_one_of_two_crews_is_not_called_off_for_danger():
    crews = [crew("C1", skills=["lv", "hv"]), crew("C2", at=140, skills=["lv"])]
    wire = call("W", 20, 15, needs={"hv"}, hazard=True)
    assert play(day(crews, [call("A", 0, 60), wire]), planner("default")).told_changes == 1
    assert play(day(crews, [call("A", 0, 60, crews=2), wire]), planner("default")).told_changes == 0
