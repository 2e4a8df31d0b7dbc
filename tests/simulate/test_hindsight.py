from __future__ import annotations

import random
from dataclasses import replace
from itertools import permutations

import pytest

from dispatch.plan import Weights
from dispatch.simulate import PLANNERS, Closing, best_known, result
from dispatch.simulate.hindsight import Search, begun
from dispatch.simulate.routes import Routes
from dispatch.simulate.truth import Truth
from tests.simulate.county import MIN, MINUTES, Road, call, crew, day, play


def planned(scenario, *names):
    days = []
    for name in names or ("nearest-pair",):
        played = play(scenario, PLANNERS[name](Weights()))
        days.append((result(name, scenario, MINUTES, played, Road(scenario)), played))
    return days


def hindsight(scenario, *names, rounds=60):
    days = planned(scenario, *names)
    return best_known(scenario, MINUTES, Road(scenario), days, lambda done: done / rounds), days


def crowded(seed, crews=2, calls=9, factors=(0.9, 1.4), two_of=0):
    """A day on which not every promise can be kept; every so manieth fault needs two crews."""
    dice = random.Random(seed)
    reports = [
        call(
            f"R{n}", dice.randrange(90), dice.randrange(40), hazard=dice.random() < 0.2,
            true_work_s=dice.randrange(20, 50) * MIN, work_s=30 * MIN, travel_factor=dice.uniform(*factors),
            crews=2 if two_of and n % two_of == 0 else 1,
        )
        for n in range(calls)
    ]  # fmt: skip
    return day([crew(f"C{n}", at=30 * n) for n in range(crews)], reports)


def test_hindsight_keeps_a_promise_that_nobody_could_foresee():
    """The nearest pair sends the only crew to A at 40; then B calls in danger at the depot."""
    scenario = day([crew("C1")], [call("A", 0, 40), call("B", 1, 0, hazard=True)])
    best, days = hindsight(scenario)
    assert days[0][0].on_time == 0.5
    assert best.weighted_on_time == pytest.approx(10 / 11)
    assert {each.report: each.arrived_s / MIN for each in best.arrivals} == {"A": 101, "B": 1}


def test_nobody_departs_before_the_first_call():
    best, _ = hindsight(day([crew("C1")], [call("A", 30, 10)]))
    assert best.arrivals[0].arrived_s == 40 * MIN


@pytest.mark.parametrize("seed", range(6))
def test_hindsight_is_never_worse_than_the_best_planner_even_without_a_single_round(seed):
    for rounds in (1e-9, 40):
        best, days = hindsight(crowded(seed), *PLANNERS, rounds=rounds)
        assert best.weighted_on_time >= max(made.weighted_on_time for made, _ in days)
        assert best.planner == "hindsight"


@pytest.mark.parametrize("seed", range(4))
def test_on_a_small_day_hindsight_is_the_best_of_all_orders(seed):
    scenario = crowded(seed, crews=1, calls=5)
    truth = Truth.of(scenario, MINUTES, Road(scenario))
    least = min(Routes(truth, [order]).cost() for order in permutations(range(5)))
    best, _ = hindsight(scenario, rounds=150)
    weight = sum(each.weight for each in scenario.calls)
    assert (1 - best.weighted_on_time) * weight <= least + 1e-6


@pytest.mark.parametrize("name", PLANNERS)
@pytest.mark.parametrize("seed", range(4))
def test_a_planner_s_own_day_costs_no_more_when_it_is_driven_again_knowing_everything(name, seed):
    """Waiting at the site or going home, whichever is better, is no slower than the crews really were.

    So it is where drives take what is expected: the way home has no factor of its own, and a crew that went
    home before it was sent on a slow drive has part of that way behind it at the usual pace.
    """
    scenario = crowded(seed, factors=(1.0, 1.0))
    truth = Truth.of(scenario, MINUTES, Road(scenario))
    ((made, played),) = planned(scenario, name)
    again = result("again", scenario, MINUTES, truth.played(begun(truth, played)), Road(scenario))
    for one, other in zip(again.arrivals, made.arrivals, strict=True):
        assert one.arrived_s <= other.arrived_s + 0.01
        assert one.crew == other.crew


@pytest.mark.parametrize("seed", range(4))
def test_of_two_crews_to_one_fault_hindsight_sends_different_ones_and_the_first_keeps_the_promise(seed):
    scenario = crowded(seed, crews=3, two_of=2)
    truth = Truth.of(scenario, MINUTES, Road(scenario))
    ((_, played),) = planned(scenario)
    routes = Search(truth, played).run(lambda done: done / 60)
    made = truth.played(routes)
    assert made.trips == 9 + 5
    for call_ in scenario.calls:
        there = {order.crew: order.reached_ms or 0 for order in made.orders if order.call == call_.id}
        assert len(there) == call_.crews
        assert made.arrivals[call_.id][1] == pytest.approx(min(there.values()), abs=1)


@pytest.mark.parametrize("name", PLANNERS)
@pytest.mark.parametrize("seed", range(3))
def test_a_planner_s_own_day_with_two_crews_to_some_faults_costs_no_more_in_hindsight(name, seed):
    scenario = crowded(seed, crews=3, factors=(1.0, 1.0), two_of=3)
    truth = Truth.of(scenario, MINUTES, Road(scenario))
    ((made, played),) = planned(scenario, name)
    again = result("again", scenario, MINUTES, truth.played(begun(truth, played)), Road(scenario))
    for one, other in zip(again.arrivals, made.arrivals, strict=True):
        assert one.arrived_s <= other.arrived_s + 0.01
    best, _ = hindsight(scenario, name)
    assert best.weighted_on_time >= made.weighted_on_time


def test_in_hindsight_the_second_crew_comes_last_for_no_promise_hangs_on_it():
    """One crew for the wire W in the middle, one for B; A must be late, and W's second crew later still."""
    calls = [call("W", 0, 20, hazard=True), call("A", 1, 0), call("B", 1, 40)]
    crews = [crew("C1"), crew("C2", at=40)]
    alone, _ = hindsight(day(crews, calls))
    both, _ = hindsight(day(crews, [call("W", 0, 20, hazard=True, crews=2), *calls[1:]]))
    assert (alone.on_time, alone.trips) == (pytest.approx(2 / 3), 3)
    assert (both.on_time, both.trips) == (pytest.approx(2 / 3), 4)


def test_routes_cost_the_same_however_they_came_about():
    scenario = crowded(3)
    truth = Truth.of(scenario, MINUTES, Road(scenario))
    built, dice = Routes(truth, [[], []]), random.Random(1)
    for trip in range(9):
        assert built.put_in(trip, dice, 0.2)
    built.take_out([2, 5])
    assert sorted(trip for route in built.trips() for trip in route) == [0, 1, 3, 4, 6, 7, 8]
    assert built.cost() == pytest.approx(Routes(truth, built.trips()).cost())


def test_a_trip_that_nobody_can_make_is_left():
    scenario = day(
        [crew("C1", shift=(0, 20))], [call("A", 0, 10), call("B", 0, 30), call("C", 0, 5, needs={"hv"})]
    )
    best, _ = hindsight(scenario)
    assert [each.report for each in best.arrivals if each.arrived_s is None] == ["B", "C"]


def test_a_route_that_no_longer_fits_its_shift_is_cut_before_it_attracts_everything():
    scenario = day([crew("C1", shift=(0, 60))], [call("A", 0, 10), call("B", 0, 20), call("C", 0, 11)])
    routes = Routes(Truth.of(scenario, MINUTES, Road(scenario)), [[0, 1, 2]])
    assert routes.cost() == float("inf")
    routes.strip()
    assert routes.trips() == [[0]]
    assert routes.cost() < 1


def test_hindsight_obeys_breaks_and_sends_nobody_on_a_drive_that_runs_into_one():
    """A at 5 from 10 minutes off, a break from 12 to 42; B lies at the depot and is reached before it."""
    resting = day([crew("C1", breaks=[(12, 42)])], [call("A", 5, 10), call("B", 6, 0, work_s=5 * MIN)])
    best, _ = hindsight(resting)
    assert {each.report: each.arrived_s / MIN for each in best.arrivals} == {"B": 6, "A": 52}


@pytest.mark.parametrize("name", PLANNERS)
@pytest.mark.parametrize("seed", range(3))
def test_a_planner_s_own_day_with_breaks_costs_no_more_in_hindsight(name, seed):
    scenario = crowded(seed, factors=(1.0, 1.0))
    rests = (((20 * MIN, 50 * MIN), (150 * MIN, 170 * MIN)), ((60 * MIN, 90 * MIN),))
    crews = tuple(replace(duty, breaks_s=its) for duty, its in zip(scenario.crews, rests, strict=True))
    scenario = replace(scenario, crews=crews)
    truth = Truth.of(scenario, MINUTES, Road(scenario))
    ((made, played),) = planned(scenario, name)
    again = result("again", scenario, MINUTES, truth.played(begun(truth, played)), Road(scenario))
    for one, other in zip(again.arrivals, made.arrivals, strict=True):
        assert one.arrived_s <= other.arrived_s + 0.01


def test_hindsight_waits_for_a_closed_road_to_open():
    closed = Closing(0, 30 * MIN, {}, 0)
    best, _ = hindsight(day([crew("C1")], [call("A", 5, 12)], (closed,)))
    assert best.arrivals[0].arrived_s == 42 * MIN


@pytest.mark.parametrize("crews", [(), (crew("C1"),)])
def test_a_day_without_crews_or_without_reports_has_a_best_plan_too(crews):
    best, _ = hindsight(day(crews, []))
    assert best.on_time == 1
    best, _ = hindsight(day((), [call("A", 0, 1)]))
    assert best.unreached == 1
