"""Who may come in: passwords, tokens and phones."""

from __future__ import annotations

import threading

import pytest

from dispatch.desk.people import add_person, create_token, person_of_token, sign_in
from dispatch.errors import BadInput, Denied, NotFound
from tests.desk.county import LI

SECRET = "a long password"


def who(desk, token):
    return person_of_token(desk, token)


def test_a_person_signs_in_with_the_right_password(county):
    add_person(county, "Li", "dispatcher", SECRET)
    assert sign_in(county, "Li", SECRET) == LI


@pytest.mark.parametrize(("name", "password"), [("Li", "a wrong password"), ("Lu", SECRET), ("", "")])
def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(county, name, password):
    add_person(county, "Li", "dispatcher", SECRET)
    with pytest.raises(Denied, match="name or password is wrong"):
        sign_in(county, name, password)


def test_five_wrong_passwords_lock_the_name_for_five_minutes(county):
    add_person(county, "Li", "dispatcher", SECRET)
    for _ in range(5):
        with pytest.raises(Denied, match="wrong"):
            sign_in(county, "Li", "a wrong password")
    with pytest.raises(Denied, match="wait five minutes"):
        sign_in(county, "Li", SECRET)
    county.clock.forward(5.01)
    assert sign_in(county, "Li", SECRET) == LI


def test_a_new_password_ends_the_sessions_of_the_old_one(county):
    add_person(county, "Li", "dispatcher", SECRET)
    add_person(county, "Li", "supervisor", "another password")
    found = sign_in(county, "Li", "another password")
    assert (found.role, found.session_no) == ("supervisor", 1)


def test_passwords_and_tokens_are_kept_only_as_hashes(county):
    add_person(county, "Li", "dispatcher", SECRET)
    token = create_token(county, "intake", "partner")
    county.store.database.db.conn.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    raw = county.store.database.path.read_bytes()
    assert SECRET.encode() not in raw
    assert token.encode() not in raw


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ({"password": "short"}, "too short"),
        ({"role": "boss"}, "no role 'boss'"),
        ({"role": "crew"}, "belongs to a crew"),
        ({"crew": "west"}, "nobody else does"),
        ({"name": "  "}, "needs a name"),
        ({"name": "L" * 101}, "at most 100"),
    ],
)
def test_a_person_needs_name_role_password_and_a_crew_only_if_of_one(county, wrong, why):
    right = {"name": "Li", "role": "dispatcher", "password": SECRET, "crew": ""}
    with pytest.raises(BadInput, match=why):
        add_person(county, **(right | wrong))
    assert county.store.people.names() == set()


def test_a_phone_is_paired_with_a_crew_that_exists(county):
    assert who(county, create_token(county, "crew", "phone", "west")).crew == "west"
    with pytest.raises(NotFound, match="north"):
        create_token(county, "crew", "phone", "north")


def test_no_token_lets_in_whom_nobody_gave_one(county):
    assert who(county, "invented") is None


def test_senders_of_the_same_name_are_told_apart(county):
    add_person(county, "partner", "dispatcher", SECRET)
    tokens = [create_token(county, "intake", "partner") for _ in range(3)]
    assert [who(county, each).name for each in tokens] == ["partner 2", "partner 3", "partner 4"]
    with pytest.raises(BadInput, match="A program is called 'partner 2' already"):
        add_person(county, "partner 2", "dispatcher", SECRET)


def test_nobody_is_taken_for_dispatch_itself(county):
    with pytest.raises(BadInput, match="'planner' is a name of Dispatch itself"):
        add_person(county, "planner", "dispatcher", SECRET)
    program = person_of_token(county, create_token(county, "dispatcher", "system"))
    assert program is not None
    assert program.name == "system 2"


def test_tokens_made_at_once_have_names_of_their_own(county):
    start, made = threading.Barrier(4), []

    def create():
        start.wait()
        made.append(who(county, create_token(county, "intake", "partner")).name)
        county.store.database.close()

    threads = [threading.Thread(target=create) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(made) == ["partner", "partner 2", "partner 3", "partner 4"]
