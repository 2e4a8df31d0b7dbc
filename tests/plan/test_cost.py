from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest

from dispatch.plan import Weights
from dispatch.plan.chance import Doubt, Spread
from dispatch.plan.cost import costs, in_queue, miss, stakes, weight_of
from tests.plan.county import BY_HAND, NOW, job

WEIGHTS = Weights()


def cost_of(one, ahead_min, drive_min=0.0, weights=WEIGHTS):
    at_stake = stakes([one], NOW, weights)
    return costs(at_stake, np.array([[float(ahead_min)]]), np.array([[float(drive_min)]]), weights)


def test_an_ordinary_ticket_weighs_one():
    assert weight_of(job("T1"), WEIGHTS) == 1


def test_customers_danger_and_critical_customers_add_weight():
    assert weight_of(job("T1", customers=99), WEIGHTS) == 2
    assert weight_of(job("T1", hazard=True), WEIGHTS) == 10
    assert weight_of(job("T1", critical=True), WEIGHTS) == 6


def test_missing_is_certain_at_due_and_impossible_before_the_ramp():
    # twenty minutes ahead the ramp is 2 + 3 minutes long
    ahead = np.array([20.0])
    chances = [float(miss(ahead, due, WEIGHTS)[0]) for due in (19, 20, 22.5, 25, 60)]
    assert chances == [1, 1, 0.5, 0, 0]


def test_the_doubt_grows_with_the_time_ahead():
    near, far = miss(np.array([10.0, 100.0]), np.array([15.0, 105.0]), WEIGHTS)
    assert near == 0
    assert far > 0.6


def test_the_cost_is_the_sum_of_its_terms():
    found = cost_of(job("T1", due_in=[45], hazard=True), ahead_min=60, drive_min=20, weights=BY_HAND)
    assert (found.miss[0, 0], found.late_min[0, 0], found.wait_min[0, 0]) == (1, 15, 60)
    assert found.total[0, 0] == pytest.approx(10 * (300 + 15) + 0.05 * 20 + 0.01 * 10 * 60)


@pytest.mark.parametrize(("waiting", "price"), [(0, 6), (10, 6), (15, 12), (20, 18), (30, 30), (500, 30)])
def test_a_minute_on_the_road_costs_more_while_tickets_queue_for_each_crew(waiting, price):
    found = in_queue(Weights(drive_cost=6, queue_drive=4), waiting, crews=10)
    assert found.drive_cost == price
    assert in_queue(found, waiting, crews=10) == found


def test_tickets_that_nobody_on_duty_could_take_have_a_price_too():
    assert in_queue(Weights(drive_cost=6, queue_drive=4), 1, crews=0).drive_cost == 6
    assert in_queue(WEIGHTS, 0, crews=0).drive_cost == WEIGHTS.drive_cost


def test_every_merged_caller_is_charged():
    found = cost_of(job("T1", due_in=[30, 90, 45]), ahead_min=60)
    assert (found.miss[0, 0], found.late_min[0, 0]) == (2, 45)


def test_lateness_beyond_the_knob_counts_double():
    one = job("T1", due_in=[0])
    assert cost_of(one, ahead_min=150).late_min[0, 0] == 150
    assert cost_of(one, ahead_min=150, weights=Weights(late_beyond_min=120)).late_min[0, 0] == 180


def test_the_wait_counts_from_the_opening():
    opened_earlier = job("T1", due_in=[])
    later_now = NOW + 30 * 60_000
    at_stake = stakes([opened_earlier], later_now, WEIGHTS)
    assert costs(at_stake, np.array([[10.0]]), np.zeros((1, 1)), WEIGHTS).wait_min[0, 0] == 40


def test_what_drives_taught_is_charged_instead_of_the_ramp():
    taught = Doubt(Spread(math.log(1.5), 0.2), Spread(), 10.0)  # drives there take half as long again
    one = replace(job("T1", due_in=[45]), doubt=taught)
    at_stake = stakes([one, job("T2", due_in=[45])], NOW, WEIGHTS)
    ahead = np.array([[30.0, 30.0]])
    missed = costs(at_stake, ahead, ahead, WEIGHTS, road_min=ahead).miss[0]
    assert missed[0] == pytest.approx(0.5), "45 minutes is just what such a drive takes"
    assert missed[1] == 0, "the other one has no history: the ramp says there is time"


def test_a_drive_nobody_has_history_of_costs_what_it_always_did():
    plain = cost_of(job("T1", due_in=[45]), ahead_min=42)
    assert plain.miss[0, 0] == pytest.approx(float(miss(np.array([42.0]), 45, WEIGHTS)[0]))
