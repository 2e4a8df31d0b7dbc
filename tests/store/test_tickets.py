"""The timeline and the rows folded from it: written together, in one order, without a gap."""

from __future__ import annotations

import pytest

from dispatch.errors import BadInput, NotFound
from dispatch.store.tickets import _OPEN, FIELDS, Step, link
from dispatch.ticket import OVER
from dispatch.timeline import fold
from tests.okcounty import Story, at, spot, t1, t2, t3


def write(store, story, by="Li"):
    """A story as the store would have seen it happen."""
    with store.transaction():
        for event in story.events:
            store.tickets.append(story.id, event.kind, event.body, at=event.at, now=event.at, by=by)
    return store.tickets.get(story.id)


def test_a_row_is_what_its_events_make(store):
    story = (
        t1()
        .sent("08:01", "west", reasons={"terms": {"miss": 0.1}})
        .steps("west", accepted="08:02", arrived="08:10")
    )
    row = write(store, story)
    assert row == fold(store.tickets.events("T1"))
    assert row == story.ticket


def test_events_are_numbered_without_a_gap_whatever_their_own_times(store):
    for story in (t3(), t1(), t2()):
        write(store, story)
    assert [event.seq for event in store.tickets.events_after(0)] == list(range(1, 10))
    assert [event.seq for event in store.tickets.events("T1")] == [4, 5, 6]


def test_an_act_that_fails_leaves_no_number_unused(store):
    write(store, t1())
    with pytest.raises(ValueError, match="already on T1"):
        write(store, t1())
    assert store.tickets.head()[0] == 3
    write(store, t2())
    assert store.tickets.head()[0] == 6


def test_ids_given_out_in_an_act_that_fails_are_given_out_again(store):
    def fail():
        assert store.tickets.next_id("ticket") == 1
        raise BadInput("no")

    with pytest.raises(BadInput), store.transaction():
        fail()
    with store.transaction():
        assert [store.tickets.next_id("ticket"), store.tickets.next_id("report")] == [1, 1]


def test_each_event_carries_the_hash_of_all_before_it(store):
    write(store, t1())
    before = ""
    for row in store.database.rows("SELECT * FROM event ORDER BY seq"):
        assert row["hash"] == link(before, {name: row[name] for name in FIELDS})
        before = row["hash"]
    assert store.tickets.head() == (3, before)


def test_many_events_at_once_make_what_they_make_one_by_one(store):
    events = [event for story in (t1(), t2()) for event in story.events]
    steps = [Step(event.ticket, event.kind, event.body, event.at) for event in events]
    store.tickets.append_all([*steps, Step("", "road_opened", {"closure": "C1"}, 5)], now=9, by="Li")
    assert [store.tickets.get(name) for name in ("T1", "T2")] == [
        fold(store.tickets.events(name)) for name in ("T1", "T2")
    ]
    assert (store.tickets.broken_link(), list(store.tickets.unfolded())) == (None, [])


def test_one_event_that_cannot_be_leaves_none_of_those_before_it(store):
    event = t1().events[0]
    twice = [Step(event.ticket, event.kind, event.body, event.at)] * 2
    with pytest.raises(ValueError, match="already on T1"):
        store.tickets.append_all(twice, now=9, by="Li")
    assert (store.tickets.head(), store.tickets.find("T1")) == ((0, ""), None)


def test_an_event_without_a_ticket_makes_no_row(store):
    event = store.tickets.append("", "zones_published", {"zone_set": "Z1"}, at=1, now=2, by="Chen")
    assert (event.seq, event.ticket, store.tickets.list_open()) == (1, "", [])


@pytest.mark.parametrize(
    "body", [{"x": float("nan")}, {"x": "\ud800"}, {"x": {1}}], ids=["no number", "half a letter", "a set"]
)
def test_what_is_not_json_is_not_written(store, body):
    with pytest.raises((ValueError, TypeError)):
        store.tickets.append("", "note", body, at=1, now=1, by="Li")
    assert store.tickets.head() == (0, "")


@pytest.mark.parametrize("text", ["停电 ⚡", "'; DROP TABLE event; --", "\x00", "x" * 100_000])
def test_any_text_comes_back_as_it_was_written(store, text):
    store.tickets.append("", text, {"x": text}, at=1, now=1, by=text)
    event = store.tickets.events_after(0)[0]
    assert (event.kind, event.body, event.by) == (text, {"x": text}, text)
    assert store.tickets.broken_link() is None


def test_open_tickets_come_oldest_call_first_and_then_by_number(store):
    for name, time in (("T10", "08:00"), ("T9", "08:00"), ("T11", "07:59")):
        write(store, Story(name).called(time, spot(3, 4)))
    write(
        store, Story("T12").called("07:00", spot(3, 4)).add("resolved", "08:00", report="R12", how="by_phone")
    )
    assert [each.id for each in store.tickets.list_open()] == ["T11", "T9", "T10"]


def test_open_tickets_are_found_without_reading_those_that_are_over(store):
    assert {word.strip(" ')") for word in _OPEN.split("(")[1].split(",")} == OVER
    plan = store.database.rows("EXPLAIN QUERY PLAN SELECT body FROM ticket WHERE " + _OPEN)  # noqa: S608 -- our own words
    assert "USING INDEX ticket_open" in plan[0]["detail"]


def test_a_report_is_found_on_the_ticket_it_is_on_now(store):
    write(store, t1())
    moved = write(store, t2())
    with store.transaction():
        store.tickets.append("T2", "merged", {"report": "R2", "into": "T1"}, at=1, now=1, by="Li")
        joined = Story("T1").joined("08:06", moved).events[0].body
        store.tickets.append("T1", "joined", joined, at=1, now=1, by="Li")
    assert store.tickets.get_of_report("R2").id == "T1"
    assert [report.id for report in store.tickets.get("T1").reports] == ["R1", "R2"]


def test_a_month_takes_the_tickets_with_a_report_received_in_it(store):
    for story in (t1(), t2(), t3()):
        write(store, story)
    received = store.tickets.list_received(at("08:05"), at("08:10"))
    assert [each.id for each in received] == ["T2"], "from is in, until is out"


def test_a_page_of_events_follows_the_last_one_seen(store):
    write(store, t1())
    assert [event.seq for event in store.tickets.events_after(1, limit=1)] == [2]
    assert store.tickets.events_after(3) == []


def test_what_is_not_there_is_said_so(store):
    for ask in (store.tickets.get, store.tickets.get_of_report):
        with pytest.raises(NotFound, match="'T9'"):
            ask("T9")
    assert store.tickets.find("T9") is None


def box(east, north, half_km=0.5):
    return (*spot(east - half_km, north - half_km), *spot(east + half_km, north + half_km))


def test_open_tickets_are_found_by_where_their_reports_are(store):
    for story in (t1(), t2(), t3()):
        write(store, story)
    assert [each.id for each in store.tickets.list_open_within(*box(3, 4))] == ["T1"]
    assert [each.id for each in store.tickets.list_open_within(*box(4, 4, 1.5))] == ["T1", "T2"]
    assert store.tickets.list_open_within(*box(3, 6)) == []
    west, south, east, north = box(3, 4)
    assert [each.id for each in store.tickets.list_open_within(west - 360, south, east - 360, north)] == [
        "T1"
    ]


def test_a_ticket_that_is_over_lies_nowhere(store):
    write(store, t1())
    with store.transaction():
        told = {"report": "R1", "how": "by_phone", "note": ""}
        store.tickets.append("T1", "resolved", told, at=at("08:10"), now=at("08:10"), by="Li")
    assert store.tickets.list_open_within(*box(3, 4)) == []
    assert store.database.rows("SELECT * FROM open_place") == []


def test_a_database_from_before_learns_where_its_open_tickets_are(store):
    for story in (t1(), t2()):
        write(store, story)
    with store.transaction():
        store.database.db.execute("DROP TABLE open_place")
        store.database.db.execute("DELETE FROM _sqlite_migrations WHERE name LIKE '0011%'")
    store.database.migrate()
    assert [each.id for each in store.tickets.list_open_within(*box(3, 4))] == ["T1"]
    assert list(store.tickets.unfolded()) == []


@pytest.mark.parametrize(
    "spoil", ["DELETE FROM open_place", "UPDATE open_place SET lat = lat + 0.001"], ids=["lost", "moved"]
)
def test_a_place_that_is_not_what_the_events_say_is_found(store, spoil):
    write(store, t1())
    with store.transaction():
        store.database.db.execute(spoil)
    assert list(store.tickets.unfolded()) == ["T1"]
