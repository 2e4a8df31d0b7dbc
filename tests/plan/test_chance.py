"""What a company's own drives teach: little while they are few, everything when they are many."""

from __future__ import annotations

import math
import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.plan.chance import (
    FEWEST,
    SHRINK,
    USUAL_WIDTH,
    Doubt,
    Learnt,
    Spread,
    Trip,
    Work,
    around_mean,
    doubts,
    late_share,
    learn,
)

DOUBT = Doubt(Spread(0.0, 0.2), Spread(0.0, 0.4), 12.0)


def trips(count, factor=1.0, road_class="primary", hour=9, severe=False):
    return [Trip(600, 600 * factor, road_class, hour, severe)] * count


def centre(learnt, road_class="primary", hour=9, severe=False):
    return learnt.drive_centre(road_class, hour, severe=severe)


def late(ahead, drive, due, doubt=DOUBT):
    return float(late_share(np.array([[ahead]]), np.array([[drive]]), np.array([due]), doubts([doubt]))[0, 0])


def test_without_history_nothing_is_learnt():
    assert learn([], []) == Learnt()
    assert Learnt().doubt("primary") is None
    assert Learnt().drive_centre("primary", 9, severe=False) == 0


def test_too_few_drives_are_no_history():
    assert not learn(trips(FEWEST - 1), []).enough
    assert learn(trips(FEWEST), []).enough


def test_few_drives_move_the_table_little_and_many_move_it_to_themselves():
    few, many = (centre(learn(trips(count, 1.5), [])) for count in (FEWEST, 3000))
    assert 0 < few < math.log(1.5)
    assert many == pytest.approx(math.log(1.5), abs=0.01)
    assert few < many


def test_a_class_driven_rarely_stays_near_all_others():
    learnt = learn(trips(2000) + trips(3, 2.0, road_class="track"), [])
    assert abs(centre(learnt, "track") - centre(learnt)) < math.log(2) * 4 / (3 + SHRINK)


def test_a_class_driven_often_has_its_own_factor():
    learnt = learn(trips(2000) + trips(2000, 1.4, road_class="track"), [])
    assert centre(learnt, "track") - centre(learnt) == pytest.approx(math.log(1.4), abs=0.02)


def test_rush_hour_and_storms_are_told_apart():
    calm = trips(500) + trips(500, 1.3, hour=18)
    storm = trips(500, 1.5, severe=True) + trips(500, 1.3 * 1.5, hour=18, severe=True)
    learnt = learn(calm + storm, [])
    assert centre(learnt, hour=18) - centre(learnt) == pytest.approx(math.log(1.3), abs=0.03)
    assert centre(learnt, severe=True) - centre(learnt) == pytest.approx(math.log(1.5), abs=0.03)


def test_a_class_never_driven_is_driven_as_the_rest():
    learnt = learn(trips(500, 1.2), [])
    assert centre(learnt, "motorway") < centre(learnt, "primary") + 0.01


def test_the_width_is_that_of_the_drives_when_they_are_many():
    dice = random.Random(7)
    made = [Trip(600, 600 * math.exp(dice.gauss(0.1, 0.4)), "primary", 9, severe=False) for _ in range(5000)]
    assert learn(made, []).drives.width == pytest.approx(0.4, rel=0.05)
    assert learn(made[:FEWEST], []).drives.width != pytest.approx(USUAL_WIDTH, rel=1e-6)


def scattered(kind, width, count, seed=7):
    dice = random.Random(seed)
    return [Work(3600, 3600 * math.exp(dice.gauss(0, width)), kind) for _ in range(count)]


def test_a_kind_of_work_seen_often_has_a_width_of_its_own():
    learnt = learn([], scattered("meter", 0.1, 2000) + scattered("wire_down", 0.6, 2000))
    assert learnt.work_width("meter") == pytest.approx(0.1, abs=0.02)
    assert learnt.work_width("wire_down") == pytest.approx(0.6, abs=0.03)
    assert learnt.work_width("meter") < learnt.works.width < learnt.work_width("wire_down")


def test_a_kind_of_work_seen_rarely_is_as_unsure_as_all_others():
    learnt = learn([], scattered("meter", 0.1, 2000) + scattered("wire_down", 0.9, 3))
    assert learnt.work_width("wire_down") == pytest.approx(learnt.works.width, abs=0.12)
    assert learnt.work_width("fire_or_shock") == learnt.works.width, "never seen"


def test_a_class_of_road_has_a_width_of_its_own_which_the_doubt_takes():
    odd = [Trip(600, 600 * factor, "track", 9, severe=False) for factor in (0.5, 2.0)] * 500
    learnt = learn(trips(1000) + odd, [])
    sure, unsure = (doubt.drive for name in ("primary", "track") if (doubt := learnt.doubt(name)))
    assert sure.width < 0.1
    assert unsure.width > 0.6
    assert sure.centre == unsure.centre == 0, "what is told holds the factor already"


def test_what_was_kept_before_kinds_had_widths_is_still_read():
    kept = learn(trips(50), []).as_json()
    for effects in (kept["drives"], kept["works"]):
        del effects["widths"]
    old = Learnt.from_json(kept)
    assert old.drive_width("primary") == old.drives.width


@pytest.mark.parametrize("true_s", [0, -5, math.nan, math.inf, 600 * 7, 600 / 7])
def test_a_drive_that_cannot_be_true_teaches_nothing(true_s):
    odd = [Trip(600, true_s, "primary", 9, severe=False)] * 50
    assert learn(trips(100) + odd, []) == learn(trips(100), [])


def test_each_kind_of_fault_has_its_own_time_of_work():
    works = [Work(3600, 3600 * 0.5, "meter")] * 500 + [Work(3600, 3600 * 2, "wire_down")] * 500
    learnt = learn(trips(FEWEST), works)
    assert learnt.work_factor("meter") == pytest.approx(0.5, rel=0.1)
    assert learnt.work_factor("wire_down") == pytest.approx(2, rel=0.1)
    assert learn([], works[: FEWEST - 1]).work_factor("meter") == 1, "too few works are no history"


def test_the_order_of_the_drives_does_not_matter():
    made = trips(40, 1.3) + trips(40, 0.9, "track", 3) + trips(40, 1.8, severe=True)
    mixed = made.copy()
    random.Random(1).shuffle(mixed)
    assert learn(made, []).drives.base == pytest.approx(learn(mixed, []).drives.base)


def test_what_was_learnt_is_kept_whole():
    learnt = learn(trips(50, 1.1), [Work(60, 90, "meter")] * 5)
    assert Learnt.from_json(learnt.as_json()) == learnt


@given(st.floats(-1, 1), st.floats(0.05, 1), st.floats(0.01, 0.98))
def test_quantiles_rise_with_the_share(middle, width, share):
    spread = Spread(middle, width)
    assert spread.quantile(share) < spread.quantile(share + 0.01)
    assert spread.quantile(0.5) == pytest.approx(math.exp(middle))


def test_due_exactly_when_expected_is_a_matter_of_even_chance():
    assert late(20, 20, 20) == pytest.approx(0.5)


def test_much_time_is_safe_and_none_is_lost():
    assert late(10, 10, 60) < 0.001
    assert late(60, 60, 10) > 0.999
    assert late(10, 10, -1) == 1
    assert late(0, 0, 5) == 0
    assert late(0, 0, -5) == 1


def test_work_before_the_drive_makes_the_arrival_less_sure():
    assert late(30, 10, 35) > late(30, 30, 35)


def test_a_crew_whose_end_of_work_is_less_sure_arrives_less_surely():
    doubt = Doubt(Spread(0.0, 0.2), around_mean(0.4), 12.0)
    ahead, drive, due = (np.array([[minutes]] * 3) for minutes in (30.0, 10.0, 45.0))
    found = late_share(ahead, drive, due, doubts([doubt]).after([0.1, None, 0.9]))[:, 0]
    assert found[0] < found[1] < found[2]
    assert found[1] == pytest.approx(late(30, 10, 45, doubt)), "nothing is known of this one"


@given(st.floats(0.1, 200), st.floats(0, 1), st.floats(-10, 200), st.floats(1, 3))
def test_the_longer_the_same_work_and_drive_the_less_likely_in_time(ahead, share, due, times):
    sooner, later = (late(many * ahead, many * ahead * share, due) for many in (1, times))
    assert 0 <= sooner <= later + 1e-12
    assert later <= 1
