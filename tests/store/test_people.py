"""Persons, tokens, callers, and what was sent twice, in the store."""

from __future__ import annotations

from dispatch.store.people import Caller, Person

LI = Person("Li", "dispatcher")


def test_a_person_comes_back_with_the_hash_of_the_password(store):
    store.people.put_person(LI, "hash")
    assert store.people.find_person("Li") == (LI, "hash")
    assert store.people.find_person("Lu") is None


def test_ending_sessions_makes_older_ones_worthless(store):
    store.people.put_person(LI, "hash")
    store.people.end_sessions("Li")
    found = store.people.find_person("Li")
    assert found is not None
    assert found[0].session_no == 1


def test_simulated_tokens_go_and_others_stay(store):
    store.people.put_token("a", Person("phone", "crew", "west"), 1)
    store.people.put_token("b", Person("simulated caller", "intake", simulated=True), 1)
    store.people.drop_simulated_tokens()
    assert (store.people.find_token("a"), store.people.find_token("b")) == (
        Person("phone", "crew", "west"),
        None,
    )
    assert store.people.names() == {"phone"}


def test_failed_sign_ins_are_counted_by_name_and_time(store):
    for at in (100, 200, 300):
        store.people.note_failed_signin("Li", at)
    assert [store.people.failed_signins(name, since) for name, since in (("Li", 200), ("Lu", 0))] == [2, 0]


def test_who_called_can_be_told_and_need_not(store):
    store.people.put_callers({"R1": Caller("Zhou", "555")})
    assert (store.people.find_caller("R1"), store.people.find_caller("R2")) == (Caller("Zhou", "555"), None)


def test_a_request_is_known_by_its_sender_and_key(store):
    with store.transaction():
        store.people.put_request("partner", "k1", "hash", "R1")
    known = [
        store.people.find_request(*each) for each in (("partner", "k1"), ("other", "k1"), ("partner", "k2"))
    ]
    assert known == [("hash", "R1"), None, None]


def test_a_phones_event_is_known_by_its_id(store):
    with store.transaction():
        store.people.put_field_event("event-1", "west", 7)
    assert [store.people.crew_of_field_event(each) for each in ("event-1", "event-2")] == ["west", None]
