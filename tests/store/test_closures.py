from __future__ import annotations

import pytest

from dispatch.errors import NotFound
from dispatch.store import open_store
from dispatch.store.closures import Closure

LINE = {"type": "LineString", "coordinates": [[13.1, 53.5], [13.2, 53.5]]}


def a_closure(name, from_at=0, until_at=None):
    return Closure(name, LINE, 0.5, from_at, until_at, "flood", "Li")


def test_a_closure_comes_back_as_it_was_told(store):
    store.closures.add(a_closure("X1", 5, 9))
    assert store.closures.get("X1", 0) == a_closure("X1", 5, 9)


def test_it_holds_from_its_beginning_to_before_its_end(store):
    store.closures.add(a_closure("X1", 5, 9))
    assert [now for now in range(12) if store.closures.ids_at(now)] == [5, 6, 7, 8]


def test_without_an_end_it_holds_until_it_is_removed(store):
    store.closures.add(a_closure("X1"))
    assert [each.id for each in store.closures.list_at(10**15)] == ["X1"]
    store.closures.remove("X1")
    assert store.closures.list_at(10**15) == []


def test_closures_stand_by_beginning_then_number(store):
    for name in ("X10", "X9", "X2"):
        store.closures.add(a_closure(name))
    store.closures.add(a_closure("X1", 5))
    assert store.closures.ids_at(5) == ("X2", "X9", "X10", "X1")
    assert [each.id for each in store.closures.list_not_over(0)] == ["X2", "X9", "X10", "X1"]


def test_what_is_over_is_not_found(store):
    store.closures.add(a_closure("X1", 5, 9))
    with pytest.raises(NotFound):
        store.closures.get("X1", 9)


def test_another_connection_sees_it_at_once(store):
    other = open_store(f"sqlite:{store.database.path}")
    store.closures.add(a_closure("X1"))
    assert other.closures.ids_at(0) == ("X1",)
    other.database.close()
