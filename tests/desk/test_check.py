"""Proving the database: SQLite's own check, the chain of events, and every row equal to its events."""

from __future__ import annotations

import pytest
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # the one the store uses

from dispatch.desk import open_desk, upkeep
from dispatch.errors import SetupError
from tests.desk.county import config_of


@pytest.fixture
def copy(worked, tmp_path):
    """A copy of the database to tamper with, opened without Dispatch's own guard of it."""
    path = tmp_path / "tampered.db"
    worked.store.database.copy_to(path)
    connection = sqlite3.connect(str(path))
    for trigger in ("event_never_changes", "event_never_goes"):
        connection.execute(f"DROP TRIGGER {trigger}")
    yield connection
    connection.close()


def found_in(worked, connection):
    """What `check` says of the tampered copy."""
    connection.commit()
    path = connection.execute("PRAGMA database_list").fetchone()[2]
    desk = open_desk(config_of(worked, path))
    found = upkeep.check(desk)
    desk.store.database.close()
    return found


def test_a_database_nobody_touched_is_sound(worked):
    assert upkeep.check(worked) == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE event SET at = at - 60000 WHERE seq = 7",
        "UPDATE event SET recorded_at = recorded_at - 1 WHERE seq = 7",
        "UPDATE event SET by = 'somebody else' WHERE seq = 7",
        "UPDATE event SET body = replace(body, 'west', 'east') WHERE seq = 7",
        "UPDATE event SET body = 'no JSON' WHERE seq = 7",
        "UPDATE event SET hash = 'x' WHERE seq = 7",
        "DELETE FROM event WHERE seq = 7",
        "UPDATE event SET seq = 99 WHERE seq = 7",
    ],
)
def test_an_event_that_was_tampered_with_breaks_the_chain_there(worked, copy, change):
    copy.execute(change)
    assert found_in(worked, copy)[0] == "the chain of events breaks at sequence number 7"


def test_a_tail_that_was_cut_off_breaks_the_chain_at_its_head(worked, copy):
    copy.execute("DELETE FROM event WHERE seq > 7")
    assert found_in(worked, copy)[0] == "the chain of events breaks at sequence number 8"


@pytest.mark.parametrize(
    "change",
    [
        'UPDATE ticket SET body = replace(body, \'"crew":"west"\', \'"crew":"east"\') WHERE id = \'T1\'',
        "UPDATE ticket SET body = 'no JSON' WHERE id = 'T1'",
        "UPDATE ticket SET state = 'archived' WHERE id = 'T1'",
        "UPDATE ticket SET opened_at = 0 WHERE id = 'T1'",
        "DELETE FROM ticket WHERE id = 'T1'",
        "UPDATE report SET received_at = 0 WHERE id = 'R1'",
        "UPDATE report SET id = 'R7' WHERE id = 'R1'",
        "DELETE FROM report WHERE id = 'R1'",
    ],
)
def test_a_row_that_its_events_did_not_make_is_found(worked, copy, change):
    copy.execute(change)
    assert found_in(worked, copy) == ["the row of T1 is not what its events make"]


def test_a_ticket_no_event_made_is_found(worked, copy):
    copy.execute(
        "INSERT INTO ticket SELECT 'T9', version, state, opened_at, body FROM ticket WHERE id = 'T1'"
    )
    assert found_in(worked, copy) == ["the row of T9 is not what its events make"]


def test_events_are_neither_changed_nor_deleted_in_a_database_in_use(worked):
    connection = worked.store.database.db.conn
    for change in ("UPDATE event SET at = 0", "DELETE FROM event"):
        with pytest.raises(sqlite3.IntegrityError, match="events are never"), worked.store.transaction():
            connection.execute(change)


def test_a_damaged_file_is_found(worked, tmp_path):
    path = tmp_path / "damaged.db"
    worked.store.database.copy_to(path)
    raw = bytearray(path.read_bytes())
    raw[8192 : 8192 + 40_000] = b"\xa5" * 40_000
    path.write_bytes(raw)
    with pytest.raises(SetupError, match="damage"):
        upkeep.restore(config_of(worked), path)
    assert upkeep.check(worked) == []
