"""What crews report from the road: stored once, whatever order and however late, or refused with a reason."""

from __future__ import annotations

import pytest

from dispatch.crew import Position
from dispatch.desk import assign, field
from dispatch.desk.recall import take_back
from dispatch.errors import BadInput, Conflict, SetupError
from tests.desk.county import LI, T1, T2, T3, a_step, call, done, kinds, phone, send, tap, taps, ticket
from tests.okcounty import at


@pytest.fixture
def sent(county):
    """West is sent to T1 at 08:01."""
    call(county, "08:00", T1)
    send(county, "08:01", "T1", "west")
    return county


def visit(desk, name="T1"):
    return ticket(desk, name).visits[-1]


def test_the_steps_of_a_trip_move_the_ticket_on(sent):
    states = []
    for minute, kind in enumerate(("accepted", "departed", "arrived", "restored", "closed"), 2):
        assert tap(sent, "west", kind, "T1", f"08:0{minute}", T1).result == "stored"
        states.append(ticket(sent, "T1").state)
    assert states == ["accepted", "departed", "arrived", "restored", "closed"]
    assert visit(sent).flags == ()


def test_a_step_that_is_sent_again_is_stored_once(sent):
    step = a_step("accepted", "T1", "08:02")
    assert [taps(sent, "west", step)[0].result for _ in range(3)] == ["stored", "duplicate", "duplicate"]
    assert kinds(sent, "T1").count("accepted") == 1


def test_a_step_twice_in_one_delivery_is_stored_once(sent):
    step = a_step("accepted", "T1", "08:02")
    assert [each.result for each in taps(sent, "west", step, step)] == ["stored", "duplicate"]


def test_two_crews_with_the_same_event_id_lose_nothing(sent):
    call(sent, "08:01", T2)
    send(sent, "08:01", "T2", "east")
    tap(sent, "west", "accepted", "T1", "08:02", event_id="event-01")
    answer = tap(sent, "east", "accepted", "T2", "08:03", event_id="event-01")
    assert (answer.result, "used by west" in answer.reason) == ("refused", True)


def test_inside_a_delivery_the_phones_count_gives_the_order_and_the_answers_keep_theirs(sent):
    arrived = a_step("arrived", "T1", "08:04", T1, seq=3)
    accepted, departed = a_step("accepted", "T1", "08:02", seq=1), a_step("departed", "T1", "08:03", seq=2)
    answers = taps(sent, "west", arrived, departed, accepted)
    assert [(each.id, each.result) for each in answers] == [
        (arrived.id, "stored"),
        (departed.id, "stored"),
        (accepted.id, "stored"),
    ]
    assert kinds(sent, "T1")[-3:] == ["accepted", "departed", "arrived"]
    assert visit(sent).flags == ()


def test_one_refused_step_does_not_keep_the_others_out(sent):
    answers = taps(sent, "west", a_step("accepted", "T9", "08:02"), a_step("accepted", "T1", "08:02"))
    assert [each.result for each in answers] == ["refused", "stored"]


def test_an_arrival_before_acceptance_is_stored_and_flagged(sent):
    assert tap(sent, "west", "arrived", "T1", "08:05", T1).reason == "before_accepted, before_departed"
    assert (visit(sent).arrived_at, visit(sent).flags) == (
        at("08:05"),
        ("before_accepted", "before_departed"),
    )


def test_a_ticket_that_was_closed_cannot_be_arrived_at_again(sent):
    done(sent, "west", "T1", T1, "08:02", "08:03", "08:04", "08:30", "08:31")
    answer = tap(sent, "west", "arrived", "T1", "08:40", T1)
    assert (answer.result, answer.reason) == ("refused", "T1 was closed; ask the desk to reopen it")
    assert visit(sent).arrived_at == at("08:04")


def test_steps_that_come_after_the_closing_they_preceded_are_stored(sent):
    tap(sent, "west", "closed", "T1", "08:31")
    assert tap(sent, "west", "arrived", "T1", "08:04", T1, sent="08:32").result == "stored"
    assert visit(sent).arrived_at == at("08:04")


def test_a_phone_whose_clock_is_ahead_is_told_so(sent):
    assert tap(sent, "west", "accepted", "T1", "08:04", sent="08:02").result == "stored"
    answer = tap(sent, "west", "departed", "T1", "08:10", sent="08:05")
    assert (answer.result, "300 s ahead" in answer.reason) == ("refused", True)


def test_a_refused_step_may_be_sent_again_when_it_can_be_true(sent):
    step = a_step("accepted", "T1", "08:10")
    assert taps(sent, "west", step, sent="08:05")[0].result == "refused"
    assert taps(sent, "west", step, sent="08:10")[0].result == "stored"


def test_a_crew_that_was_never_sent_is_refused(sent):
    answer = tap(sent, "east", "arrived", "T1", "08:05", T1)
    assert (answer.result, answer.reason) == ("refused", "T1 was never given to east; ask the desk")
    assert (answer.code, answer.facts) == ("never_given", {"ticket": "T1", "crew": "east"})


def test_an_arrival_told_after_the_take_back_counts_all_the_same(sent):
    sent.clock.at_ms = at("08:20")
    take_back(sent, "T1", "no word from west", LI)
    answer = tap(sent, "west", "arrived", "T1", "08:10", T1, sent="08:50")
    assert answer.result == "stored"
    assert {"after_taken_back", "sent_late"} <= set(visit(sent).flags)
    assert visit(sent).arrived_at == at("08:10")
    assert ticket(sent, "T1").state == "waiting"


def test_a_declined_ticket_waits_again_and_cannot_be_declined_twice(sent):
    assert tap(sent, "west", "declined", "T1", "08:02").result == "stored"
    assert (ticket(sent, "T1").state, ticket(sent, "T1").declined_by) == ("waiting", ("west",))
    assert tap(sent, "west", "declined", "T1", "08:03").result == "refused"


def test_a_crew_that_has_arrived_cannot_decline(sent):
    tap(sent, "west", "arrived", "T1", "08:05", T1)
    assert tap(sent, "west", "declined", "T1", "08:06").result == "refused"


@pytest.mark.parametrize(
    ("fix", "proof"),
    [
        ({"place": T1}, "B"),
        ({"place": T3}, "D"),
        ({"place": T1, "mock": True}, "D"),
        ({"place": T1, "accuracy_m": 500.0}, "C"),
        ({"place": T1, "fix_at": "08:00"}, "C"),
        ({}, "C"),
    ],
    ids=["at the place", "elsewhere", "mocked", "too coarse", "of another time", "none"],
)
def test_an_arrival_is_proven_by_its_fix(sent, fix, proof):
    assert taps(sent, "west", a_step("arrived", "T1", "08:10", **fix))[0].result == "stored"
    assert visit(sent).evidence == proof
    body = sent.store.tickets.events("T1")[-1].body
    assert (body.get("distance_m") == 0.0) == (fix.get("place") == T1)


def test_all_three_times_of_a_step_are_kept(sent):
    tap(sent, "west", "arrived", "T1", "08:10", T1, fix_at="08:09", sent="08:12")
    event = sent.store.tickets.events("T1")[-1]
    assert (event.at, event.body["fix"]["at"], event.recorded_at) == (at("08:10"), at("08:09"), at("08:12"))
    assert event.by == "phone of west"


def test_a_full_disk_is_no_refusal_for_the_phone_would_give_its_step_up(sent):
    connection = sent.store.database.db.conn
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count={pages}")
    steps = [a_step("accepted", "T1", "08:02"), a_step("departed", "T1", "08:03")]
    steps += [field.Step("event-long", "T1", "arrived", at("08:04"), 999_999, note="x" * 100_000)]
    with pytest.raises(SetupError, match="the disk is full"):
        taps(sent, "west", *steps)
    connection.execute("PRAGMA max_page_count=1000000")
    assert taps(sent, "west", *steps)[-1].result == "stored"
    assert kinds(sent, "T1")[4:] == ["accepted", "departed", "arrived"]


# -- where crews are, and what they have to do


def seen(time, place=T1):
    return Position("west", at(time), place[0], place[1], 12.0)


def test_the_newest_position_of_a_crew_stands_whatever_comes_later(county):
    county.clock.at_ms = at("08:10")
    assert field.record_positions(county, [seen("08:05"), seen("08:03", T2)]) == 2
    assert field.record_positions(county, [seen("08:04", T3)]) == 0
    assert county.store.company.positions()["west"] == seen("08:05")


def test_a_position_of_the_future_is_refused(county):
    with pytest.raises(BadInput, match="ahead"):
        field.record_positions(county, [seen("08:00"), seen("08:30")])
    assert county.store.company.positions() == {}


def test_a_crews_jobs_are_what_it_was_told_and_has_not_finished(sent):
    call(sent, "08:02", T2)
    send(sent, "08:02", "T2", "west")
    assert [each.id for each in field.jobs_of(sent, "west")] == ["T1", "T2"]
    done(sent, "west", "T1", T1, "08:02", "08:03", "08:04", "08:30", "08:31")
    assert [each.id for each in field.jobs_of(sent, "west")] == ["T2"]
    assert field.jobs_of(sent, "east") == []


# -- the call back


@pytest.fixture
def closed(sent):
    """West has restored T1 and closed it at 08:31."""
    done(sent, "west", "T1", T1, "08:02", "08:03", "08:04", "08:30", "08:31")
    sent.clock.at_ms = at("09:00")
    return sent


def test_a_satisfied_customer_ends_the_ticket(closed):
    told = field.call_back(closed, "T1", field.Callback(reached=True, satisfied=True, power_back=True), LI)
    assert (told.state, told.satisfied) == ("archived", True)


def test_a_customer_who_was_not_reached_is_called_again(closed):
    assert field.call_back(closed, "T1", field.Callback(reached=False), LI).state == "closed"
    assert field.call_back(closed, "T1", field.Callback(reached=True), LI).state == "archived"


def test_still_dark_reopens_the_ticket_with_a_promise_of_its_own_from_now_on(closed):
    told = field.call_back(closed, "T1", field.Callback(reached=True, power_back=False), LI)
    assert (told.state, told.dues) == ("waiting", (at("09:45"),))
    assert assign.options(closed, "T1")[0].crew == "west"


def test_a_second_trip_is_a_second_visit(closed):
    field.call_back(closed, "T1", field.Callback(reached=True, power_back=False), LI)
    send(closed, "09:01", "T1", "east")
    done(closed, "east", "T1", T1, "09:02", "09:03", "09:20", "09:40", "09:41")
    assert [(each.crew, each.over) for each in ticket(closed, "T1").visits] == [
        ("west", "reopened"),
        ("east", ""),
    ]
    assert field.call_back(closed, "T1", field.Callback(reached=True), LI).state == "archived"


def test_only_a_closed_ticket_is_called_back_for(sent):
    with pytest.raises(Conflict, match="T1 is assigned"):
        field.call_back(sent, "T1", field.Callback(reached=True), LI)


def test_an_archived_ticket_is_not_called_back_for_again(closed):
    field.call_back(closed, "T1", field.Callback(reached=True), LI)
    with pytest.raises(Conflict, match="T1 is archived"):
        field.call_back(closed, "T1", field.Callback(reached=True, power_back=False), LI)


def test_a_phone_of_no_company_has_no_jobs(county):
    from dispatch.errors import NotFound

    with pytest.raises(NotFound, match="north"):
        field.jobs_of(county, phone("north").crew)
