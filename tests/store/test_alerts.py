"""Warnings in the database: each once, whoever raises it, and the first to see it stays."""

from __future__ import annotations

import threading

import pytest

from dispatch.errors import NotFound
from dispatch.escalation import Alert
from dispatch.store import open_store

DUE = Alert("T1", "due", 500, 500, "west")
OTHER = Alert("T1", "not_accepted", 7, 300, "west")


def test_a_warning_is_kept_once_however_often_it_is_raised(store):
    assert store.alerts.raise_all([DUE, OTHER], 600) == 2
    assert store.alerts.raise_all([OTHER, DUE], 900) == 0
    assert [(each.alert, each.raised_at) for each in store.alerts.list_of("T1")] == [(DUE, 600), (OTHER, 600)]


def test_another_clock_or_another_trip_is_another_warning(store):
    store.alerts.raise_all([DUE, OTHER], 600)
    assert (
        store.alerts.raise_all([Alert("T1", "due", 800, 800), Alert("T1", "not_accepted", 9, 700)], 900) == 2
    )


def test_of_two_processes_that_raise_the_same_one_does(store):
    added, ready = [], threading.Barrier(2)

    def raise_it():
        mine = open_store(f"sqlite:{store.database.path}")
        ready.wait(timeout=20)
        added.append(mine.alerts.raise_all([DUE], 600))
        mine.database.close()

    both = [threading.Thread(target=raise_it) for _ in range(2)]
    for each in both:
        each.start()
    for each in both:
        each.join(timeout=20)
    assert sorted(added) == [0, 1]


def test_who_has_seen_it_first_stays(store):
    store.alerts.raise_all([DUE], 600)
    store.alerts.acknowledge(1, 700, "Li")
    seen = store.alerts.acknowledge(1, 800, "Chen")
    assert (seen.acknowledged_at, seen.acknowledged_by) == (700, "Li")


def test_there_is_no_warning_of_this_number(store):
    with pytest.raises(NotFound, match="no alert A9"):
        store.alerts.acknowledge(9, 700, "Li")


def test_what_is_new_is_told_from_a_turn_on_and_nothing_twice(store):
    store.alerts.raise_all([DUE], 600)
    turn = store.alerts.turn()
    assert store.alerts.list_after(turn) == ([], turn)
    store.alerts.raise_all([OTHER], 600)
    store.alerts.acknowledge(1, 700, "Li")
    store.alerts.acknowledge(1, 800, "Chen")
    news, turn = store.alerts.list_after(turn)
    assert [(each.alert.kind, each.acknowledged_by) for each in news] == [("not_accepted", ""), ("due", "Li")]
    assert store.alerts.list_after(turn) == ([], turn)
