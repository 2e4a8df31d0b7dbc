"""When simulated callers call, what they say, and that they neither repeat nor crowd."""

from __future__ import annotations

import random
from datetime import UTC
from itertools import islice
from typing import Any, cast, get_args

import pytest

from dispatch.demo.callers import AT_MOST_OPEN, OPENING_S, SCENARIOS, Call, Callers, calls
from dispatch.demo.door import Refused, Unreachable
from dispatch.demo.pace import Pace
from dispatch.demo.town import CALLER, Town
from dispatch.ticket import FaultKind
from dispatch.zone import metres

STREET = [
    {
        "account_no": str(number),
        "name": f"Name {number}",
        "phone": "030-23125001",
        "address": f"Hauptstraße {number}a, Dorf",
        "lon": 13.0 + number / 1000,
        "lat": 53.0,
        "transformer": f"TR-{number // 10}",
    }
    for number in range(40)
]


class Desk:
    """Takes reports, or not."""

    def __init__(self, *answers: Exception) -> None:
        self.answers, self.open_tickets = list(answers), 0
        self.taken: list[Any] = []

    def post(self, path, body, key=""):
        assert path == "/api/reports"
        self.taken.append((body, key))
        if self.answers:
            raise self.answers.pop(0)


def town(accounts=STREET, fictional=True, seed=1):
    return Town(accounts, cast("Any", None), random.Random(seed), fictional=fictional)


def callers(desk, speed=10.0):
    dice = random.Random(1)
    pace = Pace(speed, dice, lambda: 0, UTC)
    return Callers(desk, pace, town(), iter([Call(100.0), Call(100.0)]), desk)


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_the_same_seed_makes_the_same_calls(scenario):
    once, again = (list(islice(calls(SCENARIOS[scenario], random.Random(3)), 200)) for _ in range(2))
    assert once == again
    assert once != list(islice(calls(SCENARIOS[scenario], random.Random(4)), 200))


@pytest.mark.parametrize(("scenario", "an_hour"), [("ordinary", 4), ("busy", 15), ("storm", 40)])
def test_a_scenario_has_so_many_calls_an_hour(scenario, an_hour):
    some = list(islice(calls(SCENARIOS[scenario], random.Random(1)), 20_000))
    assert 3600 * len(some) / sum(each.gap_s for each in some) == pytest.approx(an_hour, rel=0.1)


def test_only_a_storm_darkens_whole_neighbourhoods():
    assert not any(each.outage for each in islice(calls(SCENARIOS["busy"], random.Random(1)), 500))
    storm = list(islice(calls(SCENARIOS["storm"], random.Random(1)), 500))
    first = [each.outage for each in storm if each.outage]
    assert all(4 <= first.count(outage) <= 8 for outage in range(1, max(first)))


def test_calls_of_one_outage_come_from_one_transformer_and_its_nearest_neighbours():
    there = town()
    numbers = {where["account_no"] for where in (there.report(7) for _ in range(60)) if "account_no" in where}
    assert len({int(number) // 10 for number in numbers}) == 1


def test_most_callers_know_their_account_and_few_set_a_pin():
    there = town()
    said = [there.report(0) for _ in range(1000)]
    by = {how: sum(how in each for each in said) for how in ("account_no", "address", "place")}
    assert by["account_no"] > by["address"] > by["place"] > 0
    assert sum(by.values()) == 1000


def test_some_who_say_the_address_leave_out_the_number():
    there = town()
    said = {each["address"] for each in (there.report(0) for _ in range(1000)) if "address" in each}
    assert "Hauptstraße, Dorf" in said
    assert "Hauptstraße 12a, Dorf" in said


def test_a_pin_lies_within_forty_metres_of_the_account():
    there = town(STREET[:1])
    pins = [each["place"] for each in (there.report(0) for _ in range(500)) if "place" in each]
    assert pins
    assert all(metres((13.0, 53.0), (pin["lon"], pin["lat"])) < 41 for pin in pins)


def test_a_wire_on_the_street_is_rare_and_every_kind_of_fault_happens():
    there = town()
    faults = [there.report(0)["fault"] for _ in range(3000)]
    assert set(faults) == set(get_args(FaultKind))
    assert faults.count("wire_down") < 0.05 * len(faults) < faults.count("no_power") / 5


def test_a_real_customer_is_not_named():
    assert town(fictional=False).report(0)["caller"] == {"name": CALLER}


def test_three_calls_come_within_the_first_ten_seconds_and_then_as_the_day_says():
    desk = Desk()
    caller = callers(desk, speed=10)
    at = 0.0
    times: list[float] = []
    while len(times) < 4:
        at = caller.act(at)
        times += [at] * (len(desk.taken) < 4)
    assert times[0] == OPENING_S[0] <= 2
    assert times[2] <= 10
    assert times[3] - times[2] == pytest.approx(100 / 10)


def test_a_call_without_an_answer_is_repeated_with_the_same_key_and_words():
    desk = Desk(Unreachable("silent"))
    caller = callers(desk)
    at = caller.act(0.0)
    with pytest.raises(Unreachable):
        caller.act(at)
    caller.act(at + 5)
    caller.act(at + 60)
    (first, second, third) = desk.taken
    assert first == second
    assert third[1] != first[1]


def test_a_refused_call_is_given_up():
    desk = Desk(Refused("422"))
    caller = callers(desk)
    at = caller.act(0.0)
    with pytest.raises(Refused):
        caller.act(at)
    caller.act(at + 60)
    assert desk.taken[0][1] != desk.taken[1][1]


def test_nobody_calls_while_the_board_is_crowded():
    desk = Desk()
    caller = callers(desk)
    desk.open_tickets = AT_MOST_OPEN
    at = caller.act(0.0)
    for _ in range(5):
        at = caller.act(at)
    assert desk.taken == []
    desk.open_tickets = AT_MOST_OPEN - 1
    caller.act(at)
    assert len(desk.taken) == 1
