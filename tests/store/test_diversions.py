"""How many crews were called off for danger lately, as the store counts them."""

from __future__ import annotations

from dispatch.store.diversions import _LAST, _LATER
from tests.okcounty import MINUTE, at, t1


def turned(store, *times, code="hazard"):
    """A ticket's crew is called off at these times (epoch ms), one after the other."""
    for now in times:
        for kind, body in (("assigned", {"crew": "west"}), ("taken_back", {"crew": "west", "code": code})):
            with store.transaction():
                store.tickets.append("T1", kind, body, at=now, now=now, by="planner")


def opened(store):
    with store.transaction():
        for event in t1().events:
            store.tickets.append("T1", event.kind, event.body, at=event.at, now=event.at, by="Li")


def lately(store, now, most=9):
    return store.diversions.count_since(now - MINUTE, now, most)


def test_who_was_called_off_for_danger_counts_for_as_long_as_is_asked_and_nobody_else_does(store):
    opened(store)
    turned(store, at("08:10"), at("08:10") + 20_000)
    turned(store, at("08:10") + 30_000, code="resolved")
    turned(store, at("08:10") + 30_000, code="")
    assert lately(store, at("08:11") - 1) == 2
    assert lately(store, at("08:11")) == 1
    assert lately(store, at("08:12")) == 0
    assert lately(store, at("08:11") - 1, most=1) == 1
    assert lately(store, at("08:11") - 1, most=0) == 0


def test_after_the_clock_was_set_back_one_counts_for_a_minute_by_the_new_clock(store):
    opened(store)
    turned(store, at("08:10"))
    assert lately(store, at("08:05")) == 1
    turned(store, at("08:05"), code="resolved")
    assert lately(store, at("08:06") - 1) == 1
    assert lately(store, at("08:06")) == 0


def test_a_clock_that_was_wrong_for_a_moment_forgets_nobody(store):
    """Something was written long ago by the clock, and after it all the same."""
    opened(store)
    turned(store, at("08:10"))
    turned(store, at("07:00"), code="resolved")
    assert lately(store, at("08:10") + 30_000) == 1


def test_an_order_that_somebody_spoiled_keeps_no_database_from_opening(store):
    opened(store)
    turned(store, at("08:10"))
    db = store.database.db
    for change in (
        "DROP INDEX event_called_off",
        "DELETE FROM _sqlite_migrations WHERE name LIKE '0013%'",
        "DROP TRIGGER event_never_changes",
        "UPDATE event SET body = '{' WHERE kind = 'taken_back'",
    ):
        with store.transaction():
            db.execute(change)
    store.database.migrate()
    assert lately(store, at("08:10")) == 0
    assert store.tickets.broken_link() is not None


def test_neither_question_reads_the_whole_timeline(store):
    plans = [
        [row["detail"] for row in store.database.rows(f"EXPLAIN QUERY PLAN {sql}", about)]
        for sql, about in ((_LAST, [2]), (_LATER, [7, at("08:00")]))
    ]
    assert plans == [
        ["SCAN event USING INDEX event_called_off"],
        ["SEARCH event USING INTEGER PRIMARY KEY (rowid>?)"],
    ]
