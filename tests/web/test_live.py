from __future__ import annotations

import json
import threading

import pytest

from dispatch.crew import Position
from dispatch.desk import assign
from dispatch.desk.alerts import escalate
from tests.conftest import NOON
from tests.web.conftest import assert_problem

MANY = 300
ENOUGH = 2000  # parts of a stream after which a test gives up waiting


class Stream:
    """One open page's events, as they come over the interface."""

    def __init__(self, client, path="/api/events", last_id=None):
        headers = {} if last_id is None else {"Last-Event-ID": str(last_id)}
        self.answer = client.get(path, headers=headers)
        assert self.answer.status_code == 200, self.answer.text
        assert self.answer.mimetype == "text/event-stream"
        self._parts = self.answer.iter_encoded()
        assert next(self._parts) == b"retry: 2000\n\n"

    def next(self, kind="change"):
        """The next message of a kind: (id, data)."""
        for _ in range(ENOUGH):
            lines = next(self._parts).decode().strip().splitlines()
            fields = dict(line.split(": ", 1) for line in lines if not line.startswith(":"))
            if fields.get("event") == kind:
                return fields.get("id"), json.loads(fields["data"])
        raise AssertionError(kind)

    def close(self):
        self.answer.close()


@pytest.fixture
def stream(client):
    """Opens streams and closes them afterwards."""
    opened = []

    def open_stream(*where, **more):
        opened.append(Stream(client, *where, **more))
        return opened[-1]

    yield open_stream
    for each in opened:
        each.close()


def write(desk, count):
    """Events that concern no ticket, one transaction each."""
    for number in range(count):
        desk.store.tickets.append("", "noted", {"number": number}, at=NOON, now=NOON, by="test")


def test_a_report_arrives_with_its_sequence_number(client, stream):
    page = stream()
    client.report()
    head = client.desk.store.tickets.head()[0]
    kinds = []
    while True:
        number, data = page.next()
        kinds.append(data["kind"])
        assert number == str(data["seq"])
        assert set(data) == {"seq", "ticket", "kind", "at", "by"}
        if data["seq"] == head:
            break
    assert kinds == ["received", "located", "promised"]
    assert data["ticket"] == "T1"
    assert data["at"] == "2026-11-18T12:00:00+08:00"


def test_a_page_that_says_nothing_gets_what_happens_from_now_on(client, stream):
    client.report()
    page = stream()
    before = client.desk.store.tickets.head()[0]
    client.report()
    assert page.next()[1]["seq"] == before + 1


def test_a_page_that_asks_from_the_beginning_gets_everything(client, stream):
    client.report()
    page = stream("/api/events?after=0")
    head = client.desk.store.tickets.head()[0]
    assert [page.next()[1]["seq"] for _ in range(head)] == list(range(1, head + 1))


def test_a_page_that_comes_back_goes_on_where_it_was(client, stream):
    write(client.desk, 20)
    first = stream("/api/events?after=0")
    seen = [first.next()[1]["seq"] for _ in range(7)]
    first.close()
    write(client.desk, 5)
    again = stream("/api/events?after=0", last_id=seen[-1])  # a browser repeats the address it began with
    head = client.desk.store.tickets.head()[0]
    seen += [again.next()[1]["seq"] for _ in range(head - 7)]
    assert seen == list(range(1, head + 1))


def test_nothing_is_lost_or_doubled_when_much_happens_at_once(client, stream):
    pages = [stream(), stream()]
    start = client.desk.store.tickets.head()[0]
    writers = [threading.Thread(target=write, args=(client.desk, MANY // 3)) for _ in range(3)]
    for writer in writers:
        writer.start()
    seen = [[page.next()[1]["seq"] for _ in range(MANY)] for page in pages]
    for writer in writers:
        writer.join()
    assert seen == [list(range(start + 1, start + MANY + 1))] * 2


def test_a_longer_gap_than_one_reading_of_the_store_is_filled(client, stream):
    with client.desk.store.transaction():
        write(client.desk, 1200)
    page = stream("/api/events?after=0")
    head = client.desk.store.tickets.head()[0]
    assert [page.next()[1]["seq"] for _ in range(head)] == list(range(1, head + 1))


def test_a_crew_that_moves_is_told_without_a_number(client, stream):
    page = stream()
    client.desk.store.company.put_position(Position("C1", NOON, 13.26, 53.55, 7.0))
    number, data = page.next("position")
    assert number is None
    assert data == {
        "crew": "C1", "lon": 13.26, "lat": 53.55, "accuracy_m": 7.0, "at": "2026-11-18T12:00:00+08:00",
    }  # fmt: skip


def test_a_new_plan_is_told(client, stream):
    page = stream()
    client.report()
    page.next()
    assign.replan(client.desk)
    number, data = page.next("plan")
    assert (number, data) == (None, {"at": "2026-11-18T12:00:00+08:00", "by": "search"})


def test_a_warning_is_told_when_it_is_raised_and_when_somebody_has_seen_it(client, stream):
    client.report()
    page = stream()
    client.desk.clock.forward(240)  # far beyond its due time
    escalate(client.desk)
    number, told = page.next("alert")
    assert (number, told["id"], told["kind"], told["acknowledged_by"]) == (None, "A1", "due", "")
    answer = client.post("/api/alerts/A1/acknowledge", {})
    assert page.next("alert")[1] == answer.json
    assert answer.json["acknowledged_by"] == "dispatcher test"


def test_a_number_that_was_never_given_counts_as_the_newest(client, stream):
    page = stream("/api/events?after=999999999")
    before = client.desk.store.tickets.head()[0]
    client.report()
    assert page.next()[1]["seq"] == before + 1


def test_the_streams_end_when_the_server_is_about_to_stop(client, stream):
    page = stream()
    client.app.extensions["tail"].close()
    assert list(page.answer.iter_encoded()) == []


@pytest.mark.parametrize("after", ["x", "-1", "1.5", "1e3", "١", "9" * 16, "%00", "1 "])
def test_what_is_no_sequence_number_is_refused(still, after):
    assert_problem(still.get(f"/api/events?after={after}"), 422)


@pytest.mark.parametrize("last", ["x", "-1", "²", "9" * 16, "1; DROP"])
def test_a_last_id_that_is_no_sequence_number_is_refused(still, last):
    assert_problem(still.get("/api/events", headers={"Last-Event-ID": last}), 422)
