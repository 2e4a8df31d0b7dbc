"""How the database file is opened and kept safe."""

from __future__ import annotations

import threading

import pytest

from dispatch.errors import BadInput, SetupError
from dispatch.store import open_store
from dispatch.store.sqlite import check_version, is_affected


@pytest.mark.parametrize(
    ("version", "affected"),
    [
        ((3, 7, 0), True),
        ((3, 40, 1), True),
        ((3, 44, 5), True),
        ((3, 44, 6), False),
        ((3, 44, 7), False),
        ((3, 45, 3), True),
        ((3, 50, 6), True),
        ((3, 50, 7), False),
        ((3, 51, 0), True),
        ((3, 51, 2), True),
        ((3, 51, 3), False),
        ((3, 52, 0), False),
        ((3, 53, 4), False),
        ((4, 0, 0), False),
    ],
)
def test_an_sqlite_that_can_lose_commits_is_known_by_its_version(version, affected):
    assert is_affected(version) is affected


def test_an_affected_sqlite_is_refused_with_what_to_install():
    with pytest.raises(SetupError, match=r"SQLite 3\.40\.1 can lose commits.*pysqlite3"):
        check_version((3, 40, 1))


def test_the_sqlite_in_use_is_a_safe_one():
    check_version()


def pragmas(store):
    ask = store.database.db.conn.execute
    return [ask(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous")]


def test_every_connection_writes_ahead_and_waits_for_the_disk(store):
    found = [pragmas(store)]

    def ask():
        found.append(pragmas(store))
        store.database.close()

    thread = threading.Thread(target=ask)
    thread.start()
    thread.join()
    assert found == [["wal", 2], ["wal", 2]], "2 is FULL"


def schema(store):
    return store.database.rows(
        "SELECT name, sql FROM sqlite_master WHERE name NOT LIKE '\\_%' ESCAPE '\\' ORDER BY 1"
    )


def test_migrating_twice_changes_nothing(store):
    before, steps = schema(store), store.database.rows("SELECT * FROM _sqlite_migrations")
    store.database.migrate()
    again = open_store(f"sqlite:{store.database.path}")
    assert schema(again) == before
    assert again.database.rows("SELECT * FROM _sqlite_migrations") == steps
    again.database.close()


def test_processes_that_start_at_once_migrate_in_turn(store):
    start, heads = threading.Barrier(4), []

    def begin():
        start.wait()
        again = open_store(f"sqlite:{store.database.path}")
        heads.append(again.tickets.head())
        again.database.close()

    threads = [threading.Thread(target=begin) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert heads == [(0, "")] * 4


def test_a_transaction_is_stored_as_one_or_not_at_all(store):
    def fail():
        store.company.set_setting("a", "1")
        with store.transaction():  # an act inside an act joins it
            store.company.set_setting("b", "1")
        raise BadInput("no")

    with pytest.raises(BadInput), store.transaction():
        fail()
    assert (store.company.setting("a"), store.company.setting("b")) == ("", "")


def test_what_one_thread_has_not_finished_no_other_sees(store):
    other = open_store(f"sqlite:{store.database.path}")
    with store.transaction():
        store.company.set_setting("a", "1")
        assert other.company.setting("a") == ""
    assert other.company.setting("a") == "1"
    other.database.close()


def test_a_snapshot_only_reads(store):
    with store.snapshot():
        with pytest.raises(RuntimeError, match="only reads"):
            store.company.set_setting("a", "1")
        with store.snapshot():
            assert store.company.setting("a") == ""
    store.company.set_setting("a", "1")
    assert store.company.setting("a") == "1"


def test_a_snapshot_inside_a_transaction_sees_what_it_wrote(store):
    with store.transaction():
        store.company.set_setting("a", "1")
        with store.snapshot():
            assert store.company.setting("a") == "1"
    assert store.company.setting("a") == "1"


def test_the_stamp_tells_that_somebody_else_wrote(store):
    other = open_store(f"sqlite:{store.database.path}")
    before = store.stamp()
    assert store.stamp() == before
    other.company.set_setting("a", "1")
    assert store.stamp() != before
    other.database.close()
