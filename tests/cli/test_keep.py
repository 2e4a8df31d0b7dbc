from __future__ import annotations

import re

import pytest

from dispatch.config import load
from dispatch.desk import open_desk
from dispatch.desk.people import person_of_token, sign_in


@pytest.fixture
def desk_of(config_file):
    """The same company's desk, as another process would open it."""

    def opened():
        return open_desk(load(config_file, {}))

    return opened


def test_a_sound_database_is_called_sound_with_its_head(command):
    assert re.fullmatch(r"sound: \d+ events, head [0-9a-f]{16}\n", command("check").out)


def test_a_database_that_was_changed_by_hand_is_found_out(command, desk_of):
    desk = desk_of()
    with desk.store.transaction():
        desk.store.database.db.execute("DROP TRIGGER event_never_changes")
        desk.store.database.db.execute("UPDATE event SET by = 'nobody' WHERE seq = 2")
    told = command("check")
    assert told.code == 1
    assert "2" in told.err


def test_a_backup_is_a_company_of_its_own(command, monkeypatch, tmp_path):
    told = command("backup", tmp_path / "copies" / "monday.db")
    assert told.code == 0, told.err
    sound = command("check").out
    monkeypatch.setenv("DISPATCH_STORE_URL", f"sqlite:{tmp_path / 'copies' / 'monday.db'}")
    assert command("check").out == sound


def test_a_backup_writes_over_nothing(command, tmp_path):
    (tmp_path / "letter.txt").write_text("keep me")
    assert "exists already" in command.refused("backup", tmp_path / "letter.txt")
    assert (tmp_path / "letter.txt").read_text() == "keep me"


def test_a_backup_to_where_nothing_can_be_written_says_so(command, tmp_path):
    (tmp_path / "file").write_text("in the way")
    assert "file" in command.refused("backup", tmp_path / "file" / "copy.db")


def test_a_restore_brings_the_copy_back_and_keeps_what_was_there(command, config_file, tmp_path):
    before = command("check").out
    command("backup", tmp_path / "copy.db")
    command("phone", "pair", "C1")
    assert command("restore", tmp_path / "copy.db").code == 0
    assert command("check").out == before
    assert any("before" in path.name for path in config_file.parent.iterdir())


@pytest.mark.parametrize("raw", [b"", b"just words", b"SQLite format 3\x00" + b"\x00" * 5000])
def test_a_restore_from_what_is_no_copy_changes_nothing(command, tmp_path, raw):
    before = command("check").out
    (tmp_path / "bad.db").write_bytes(raw)
    command.refused("restore", tmp_path / "bad.db")
    assert command("check").out == before


def test_a_restore_needs_a_file_that_is_there(command, tmp_path):
    assert "none.db" in command.refused("restore", tmp_path / "none.db")


# -- people, programs, phones


def test_an_added_person_can_sign_in(command, desk_of):
    told = command("user", "add", "li.qiang", "--role", "dispatcher", "--password", "a long password")
    assert told.out == "li.qiang may sign in as dispatcher\n"
    assert sign_in(desk_of(), "li.qiang", "a long password").role == "dispatcher"


def test_the_password_is_not_repeated(command):
    told = command("user", "add", "li.qiang", "--role", "auditor", "--password", "a long password")
    assert "a long password" not in told.out + told.err


@pytest.mark.parametrize(
    ("args", "named"),
    [
        (("x", "--role", "auditor", "--password", "short"), "too short"),
        (("x", "--role", "king", "--password", "a long password"), "'king'"),
        (("x", "--role", "crew", "--password", "a long password"), "crew"),
        (("x", "--role", "crew", "--crew", "C99", "--password", "a long password"), "'C99'"),
        (("x", "--role", "auditor", "--crew", "C1", "--password", "a long password"), "crew"),
        ((" ", "--role", "auditor", "--password", "a long password"), "name"),
        (("x" * 101, "--role", "auditor", "--password", "a long password"), "name"),
        (("x", "--password", "a long password"), "--role"),
    ],
)
def test_a_person_who_cannot_be_added_is_refused_with_the_reason(command, args, named):
    assert named in command.refused("user", "add", *args)


def test_a_token_is_printed_once_and_opens_its_role(command, desk_of):
    token = command("token", "create", "--role", "intake", "--name", "partner A").out.strip()
    assert len(token) >= 40
    person = person_of_token(desk_of(), token)
    assert person is not None
    assert (person.role, person.name) == ("intake", "partner A")
    assert token not in command("check").out


def test_a_token_of_a_crew_names_a_crew_that_is_there(command):
    assert "crew" in command.refused("token", "create", "--role", "crew")
    assert "'C99'" in command.refused("token", "create", "--role", "crew", "--crew", "C99")
    assert command("token", "create", "--role", "crew", "--crew", "C1").code == 0


def test_a_paired_phone_gets_an_address_that_lets_it_in(command, desk_of):
    told = command("phone", "pair", "C2").out.strip()
    address, _, token = told.partition("#pair=")
    assert address == "http://127.0.0.1:8080/phone"
    person = person_of_token(desk_of(), token)
    assert person is not None
    assert (person.role, person.crew) == ("crew", "C2")


def test_a_paired_phone_uses_the_address_the_company_set(command, config_file):
    text = config_file.read_text(encoding="utf-8")
    config_file.write_text(text + '[web]\nbase_url = "https://dispatch.example/"\n', encoding="utf-8")
    assert command("phone", "pair", "C1").out.startswith("https://dispatch.example/phone#pair=")


def test_a_phone_is_paired_with_a_crew_that_is_there(command):
    assert "'C99'" in command.refused("phone", "pair", "C99")
