"""What was said of crews, as it is kept."""

from __future__ import annotations

import pytest

from dispatch.errors import NotFound
from dispatch.store.out_of_service import OutOfService


def test_what_holds_is_told_by_crew_until_before_its_time_and_nothing_is_forgotten(store):
    west, east = (
        OutOfService("O1", "west", 10, 20, "van", "Li"),
        OutOfService("O2", "east", 10, None, "ill", "Li"),
    )
    over = OutOfService("O3", "east", 1, None, "ill", "Li", 5, "Wang")
    for each in (west, east, over):
        store.out_of_service.put(each)
    assert store.out_of_service.holding(19) == {"west": west, "east": east}
    assert store.out_of_service.holding(20) == {"east": east}
    assert (store.out_of_service.list_run_out(19), store.out_of_service.list_run_out(20)) == ([], [west])
    assert store.out_of_service.get("O3") == over
    with pytest.raises(NotFound):
        store.out_of_service.get("O4")


def test_the_first_of_words_that_took_each_others_place_is_found_and_no_word_before_a_return(store):
    gone = OutOfService("O1", "west", 1, None, "van", "Li", 5, "Li")
    first = OutOfService("O2", "west", 9, None, "van", "Li", 10, "Wang")
    second = OutOfService("O10", "west", 10, None, "tyre", "Wang", 10, "Wang")
    last = OutOfService("O11", "west", 10, None, "ill", "Wang")
    other = OutOfService("O3", "east", 9, None, "van", "Li", 10, "Wang")
    for each in (gone, first, second, last, other):
        store.out_of_service.put(each)
    assert store.out_of_service.first_of(last) == first
    assert store.out_of_service.first_of(first) == first
    assert store.out_of_service.first_of(other) == other
