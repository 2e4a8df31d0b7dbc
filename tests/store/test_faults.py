"""What holds when the machine fails: a killed writer, a full disk, a lock, a file that may not be written."""

from __future__ import annotations

import subprocess
import sys
import threading

import pytest
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # the one the store uses

from dispatch.errors import SetupError
from dispatch.paths import ROOT
from dispatch.store import open_store, sqlite
from tests.store.writer import write


@pytest.mark.parametrize("after", [3, 60])
def test_a_writer_killed_in_the_middle_loses_nothing_it_had_acknowledged(store, after):
    path = store.database.path
    command = [sys.executable, "-m", "tests.store.writer", str(path)]
    acknowledged = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=ROOT) as writer:
        assert writer.stdout is not None
        for _ in range(after):
            acknowledged = int(writer.stdout.readline())
        writer.kill()
        rest = writer.stdout.read().split("\n")[:-1]  # a last line without its end was not acknowledged
        acknowledged = max([acknowledged, *map(int, rest)])
    head = store.tickets.head()[0]
    assert acknowledged <= head < 800, "killed before the end"
    assert head % 4 == 0, "no report is half there"
    assert store.tickets.broken_link() is None
    assert list(store.tickets.unfolded()) == []
    assert len(store.tickets.list_open()) == head // 4
    write(store, 0)
    assert store.tickets.broken_link() is None, "and work goes on"


def fill(store):
    """Let the database grow by five pages and no more; returns how to give it room again."""
    connection = store.database.db.conn
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count={pages + 5}")
    return lambda: connection.execute("PRAGMA max_page_count=1000000")


def write_for_ever(store):
    while True:
        write(store, 0)


def test_a_full_disk_is_told_in_one_sentence_and_nothing_is_half_written(store):
    write(store, 0)
    make_room = fill(store)
    with pytest.raises(SetupError, match=r"nothing was written to .*dispatch\.db: the disk is full"):
        write_for_ever(store)
    make_room()
    head = store.tickets.head()[0]
    assert head % 4 == 0
    assert (store.tickets.broken_link(), list(store.tickets.unfolded())) == (None, [])
    assert write(store, 0) == head + 4


def test_after_a_commit_that_failed_the_next_write_is_one_of_its_own(store, monkeypatch):
    class Full(sqlite3.OperationalError):
        sqlite_errorname = "SQLITE_FULL"

    class Failing:
        """A connection whose disk is found full only when the transaction ends."""

        def __init__(self, connection):
            self._connection = connection

        def __getattr__(self, name):
            return getattr(self._connection, name)

        def commit(self):
            raise Full("database or disk is full")

    database = store.database.db
    whole = database.conn
    monkeypatch.setattr(database, "conn", Failing(whole))
    with pytest.raises(SetupError, match="the disk is full"):
        write(store, 0)
    monkeypatch.setattr(database, "conn", whole)
    assert not whole.in_transaction
    assert write(store, 0) == 4


def test_a_database_another_process_holds_too_long_is_told_so(store, monkeypatch):
    monkeypatch.setattr(sqlite, "BUSY_MS", 20)
    other = open_store(f"sqlite:{store.database.path}")
    with store.transaction(), pytest.raises(SetupError, match="another process holds it"):
        write(other, 0)
    assert write(other, 0) == 4
    other.database.close()


def test_writers_queue_and_none_is_lost(store):
    start, heads = threading.Barrier(4), list[int]()

    def work():
        start.wait()
        heads.extend(write(store, 0) for _ in range(10))
        store.database.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(heads), store.tickets.head()[0]) == (40, 160)
    assert (store.tickets.broken_link(), list(store.tickets.unfolded())) == (None, [])
    assert [each.id for each in store.tickets.list_open()] == [f"T{number}" for number in range(1, 41)]


def test_a_file_that_is_no_database_is_told_so(tmp_path):
    (tmp_path / "notes.db").write_text("no database\n" * 100)
    with pytest.raises(SetupError, match="cannot be used as the database"):
        open_store(f"sqlite:{tmp_path / 'notes.db'}")


def test_a_mistake_of_ours_keeps_its_trace(store):
    with pytest.raises(sqlite3.OperationalError, match="no such table"), store.transaction():
        store.database.db.execute("INSERT INTO nowhere VALUES (1)")
    assert not store.database.db.conn.in_transaction
