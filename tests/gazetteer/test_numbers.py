"""A sign with several numbers stands for each of its houses, and a room is in its house."""

from __future__ import annotations

import pytest

from dispatch.gazetteer.numbers import listed_numbers, near_house, same_house


def test_a_sign_that_lists_numbers_has_each_of_them():
    assert listed_numbers("42,44,46") == ["42", "44", "46"]
    assert listed_numbers("6a / 6b") == ["6a", "6b"]


def test_a_range_stands_for_one_side_of_the_street():
    assert listed_numbers("37-43") == ["37", "39", "41", "43"]
    assert listed_numbers("4-7") == ["4", "5", "6", "7"]


@pytest.mark.parametrize("number", ["12", "12/1", "12,", "12-3", "12-3-501", "1-900", "7-7"])
def test_a_sign_with_one_number_lists_nothing(number):
    assert listed_numbers(number) == []


def test_a_room_is_looked_for_in_its_building():
    assert same_house("12-3-501") == ["12-3-501", "12"]
    assert same_house("12-3") == ["12-3"]


@pytest.mark.parametrize("number", ["12", "12a", "12-3", "wh12"])
def test_the_digits_say_which_houses_are_beside(number):
    assert near_house(number) == "12"
