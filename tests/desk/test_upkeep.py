"""Setting the company up, and keeping copies of its database."""

from __future__ import annotations

import shutil
import threading

import pytest
from sqlite_utils.utils import sqlite3  # type: ignore[attr-defined]  # the one the store uses

from dispatch.config import load
from dispatch.desk import open_desk, upkeep
from dispatch.errors import BadInput, Conflict, SetupError
from dispatch.store import open_store, store_path
from tests.desk.county import LI, T2, call, config_of
from tests.okcounty import at

# -- copies


def test_a_copy_made_while_others_write_is_whole(worked, tmp_path):
    stop, written = threading.Event(), threading.Event()

    def write():
        store = open_store(f"sqlite:{worked.store.database.path}")
        while not stop.is_set():
            with store.transaction():
                store.tickets.append("", "note", {"text": "x" * 500}, at=1, now=1, by="Li")
            written.set()
        store.database.close()

    writer = threading.Thread(target=write)
    writer.start()
    written.wait()
    before = worked.store.tickets.head()[0]
    assert upkeep.backup(worked, tmp_path / "new folder" / "copy.db") == tmp_path / "new folder" / "copy.db"
    stop.set()
    writer.join()
    copied = open_store(f"sqlite:{tmp_path / 'new folder' / 'copy.db'}")
    assert before <= copied.tickets.head()[0] <= worked.store.tickets.head()[0]
    assert copied.tickets.broken_link() is None
    copied.database.close()


def test_a_copy_never_replaces_a_file(worked, tmp_path):
    (tmp_path / "copy.db").write_text("precious")
    with pytest.raises(BadInput, match="exists already"):
        upkeep.backup(worked, tmp_path / "copy.db")
    assert (tmp_path / "copy.db").read_text() == "precious"


def test_a_copy_that_cannot_be_written_is_one_sentence_and_leaves_nothing(worked, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BadInput, match="cannot be written"):
        upkeep.backup(worked, tmp_path / "file" / "copy.db")


def test_a_copy_is_put_back_and_the_present_database_kept_beside_it(worked, tmp_path):
    copy, config = upkeep.backup(worked, tmp_path / "copy.db"), config_of(worked)
    call(worked, "09:00", T2)
    head = worked.store.tickets.head()
    worked.store.database.close()
    upkeep.restore(config, copy)
    assert worked.store.tickets.head()[0] == head[0] - 3
    kept = open_store(f"sqlite:{worked.store.database.path}.before-restore")
    assert kept.tickets.head() == head
    kept.database.close()


def test_a_copy_is_put_back_over_a_database_that_is_damaged(worked, tmp_path):
    copy, head = upkeep.backup(worked, tmp_path / "copy.db"), worked.store.tickets.head()
    worked.store.database.close()
    worked.store.database.path.write_bytes(b"nothing that SQLite knows" * 1000)
    upkeep.restore(config_of(worked), copy)
    assert worked.store.tickets.head() == head


@pytest.mark.parametrize("lock", [upkeep.present, upkeep.leading])
def test_what_is_at_work_is_not_replaced_beneath_it(worked, tmp_path, lock):
    copy, config = upkeep.backup(worked, tmp_path / "copy.db"), config_of(worked)
    with lock(config), upkeep.present(config), pytest.raises(Conflict, match="stop it first"):
        upkeep.restore(config, copy)


@pytest.mark.parametrize("content", [b"", b"no database", None], ids=["empty", "words", "another program's"])
def test_only_a_database_of_dispatch_is_put_back(worked, tmp_path, content):
    path = tmp_path / "other.db"
    if content is None:
        other = sqlite3.connect(str(path))
        other.execute("CREATE TABLE song (name TEXT)")
        other.close()
    else:
        path.write_bytes(content)
    with pytest.raises(SetupError, match="database"):
        upkeep.restore(config_of(worked), path)
    assert upkeep.check(worked) == []
    assert sorted(each.name for each in tmp_path.glob("county.db.*")) == ["county.db.running.lock"]


def test_there_must_be_a_copy_to_put_back(worked, tmp_path):
    with pytest.raises(BadInput, match="no file"):
        upkeep.restore(config_of(worked), tmp_path / "none.db")


# -- setting up


def test_the_sample_is_set_up_once_and_a_second_time_changes_nothing(config_file):
    config = load(config_file, {})
    desk = open_desk(config)
    before = desk.store.tickets.head()
    assert upkeep.create_sample(config) == {}
    assert upkeep.init_sample(desk) == {}
    assert desk.store.tickets.head() == before
    assert upkeep.sample_users(desk)[0]["user"] == "dispatcher"
    desk.store.database.close()


def test_the_sample_is_not_mixed_into_a_company_of_its_own(county):
    with pytest.raises(Conflict, match="a company of its own"):
        upkeep.init_sample(county)
    assert [crew.id for crew in county.store.company.crews()] == ["east", "west"]
    assert upkeep.sample_users(county) == []


def test_the_sample_is_not_mixed_into_reports_either(tmp_path):
    config = load(_config(tmp_path), {})
    desk = open_desk(config, create=True)
    with desk.store.transaction():
        desk.store.tickets.append("T1", "received", {"report": _REPORT}, at=1, now=1, by="Li")
    with pytest.raises(Conflict, match="a company of its own"):
        upkeep.create_sample(config)
    desk.store.database.close()


_REPORT = {"id": "R1", "first_ticket": "T1", "received_at": 1, "channel": "phone", "fault": "other"}


def _config(home, more=""):
    path = home / "config.toml"
    url = f'[store]\nurl = "sqlite:{home / "dispatch.db"}"\n'
    path.write_text(f"{url}{more}", encoding="utf-8")
    return path


def test_a_set_up_that_was_broken_off_is_begun_anew(tmp_path):
    config = load(_config(tmp_path), {})
    (tmp_path / "dispatch.db.new").write_bytes(b"half written")
    assert upkeep.create_sample(config)["crews"] == 8
    assert not (tmp_path / "dispatch.db.new").exists()


def test_the_files_of_the_configuration_are_taken_in_together_or_not_at_all(tmp_path):
    (tmp_path / "units.csv").write_text("unit,name,depot_lon,depot_lat\nU1,West,120.03,0.04\n")
    (tmp_path / "crews.csv").write_text(
        "crew,name,unit,depot_lon,depot_lat,skills,shift\nwest,,U9,0,0,lv,8\n"
    )
    more = f'[company]\nunits = "{tmp_path / "units.csv"}"\ncrews = "{tmp_path / "crews.csv"}"\n'
    desk = open_desk(load(_config(tmp_path, more), {}), create=True)
    with pytest.raises(BadInput, match=r"crews\.csv, line 2"):
        upkeep.init(desk)
    assert desk.store.company.units() == []
    desk.store.database.close()


def test_without_a_database_one_is_asked_for(tmp_path):
    with pytest.raises(SetupError, match="run `dispatch init` first"):
        open_desk(load(_config(tmp_path), {}))
    assert not (tmp_path / "dispatch.db").exists()


def test_without_zones_or_an_area_the_command_that_makes_them_is_named(tmp_path):
    more = f'[area]\npath = "{tmp_path / "area"}"\n'
    desk = open_desk(load(_config(tmp_path, more), {}), create=True)
    for ask, command in (
        (lambda: desk.zones_at(0), "dispatch import zones"),
        (lambda: desk.roads, "dispatch build"),
    ):
        with pytest.raises(SetupError, match=command):
            ask()
    desk.store.database.close()


def test_zones_published_by_another_process_are_in_force_here(county):
    assert county.zones_at(at("09:00")).id == "2026-1"
    other = open_store(f"sqlite:{county.store.database.path}")
    features = county.store.company.get_zones("2026-1")
    other.company.publish_zones("2026-2", at("09:00"), LI.name, features)
    other.database.close()
    assert county.zones_at(at("09:00")).id == "2026-2"


def test_a_copy_moved_by_hand_is_opened_as_it_is(worked, tmp_path):
    upkeep.backup(worked, tmp_path / "copy.db")
    shutil.move(tmp_path / "copy.db", tmp_path / "elsewhere.db")
    moved = open_store(f"sqlite:{tmp_path / 'elsewhere.db'}")
    assert moved.tickets.head() == worked.store.tickets.head()
    moved.database.close()


@pytest.mark.parametrize("url", ["postgresql://here/dispatch", "sqlite:", "dispatch.db", ""])
def test_a_store_that_is_not_sqlite_is_refused(url):
    with pytest.raises(SetupError, match="use sqlite:PATH"):
        store_path(url)
