"""What holds for any timeline, in whatever order the desk and the phones wrote it."""

from __future__ import annotations

import json
from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter

from dispatch.ticket import OVER, Ticket, arrived_for
from dispatch.timeline import apply, fold
from tests.okcounty import at, t1, t2, t3

ADAPTER = TypeAdapter(Ticket)
CREWS = st.sampled_from(["west", "east"])
TIMES = st.integers(at("08:00"), at("12:00"))
FLAGS = st.lists(st.sampled_from(["repeated", "sent_late", "before_accepted"]), max_size=2)
DESK = st.one_of(
    st.tuples(st.just("taken_back"), st.fixed_dictionaries({"crew": CREWS})),
    st.tuples(
        st.just("called_back"), st.fixed_dictionaries({"reached": st.booleans(), "satisfied": st.booleans()})
    ),
    st.tuples(st.just("reopened"), st.fixed_dictionaries({"due_at": TIMES})),
    st.tuples(st.just("resolved"), st.just({"report": "R1", "how": "by_phone"})),
    st.tuples(st.just("explained"), st.just({"report": "R1", "outage": "N1"})),
    st.tuples(
        st.just("assigned"),
        st.fixed_dictionaries({"crew": CREWS, "eta_at": TIMES, "reasons": st.just({"why": ["near"]})}),
    ),
)
FIELD = st.tuples(
    st.sampled_from(["accepted", "declined", "departed", "arrived", "restored", "closed"]),
    st.fixed_dictionaries({"crew": CREWS, "evidence": st.sampled_from("BCD"), "flags": FLAGS}),
)
TALE = st.lists(st.tuples(TIMES, st.one_of(DESK, FIELD, FIELD)), max_size=25)


def told(tale):
    """The tale as a story both crews belong to from the start, so that any step may come at any time."""
    story = t1().sent("08:01", "east").sent("08:02", "west")
    for moment, (kind, body) in tale:
        story.add(kind, moment, **body)
    return story


@settings(deadline=None)
@given(TALE)
def test_folding_a_timeline_is_applying_its_events_one_by_one_through_the_store(tale):
    story, row = told(tale), None
    for event in story.events:
        row = apply(row, replace(event, body=json.loads(json.dumps(event.body))))
        row = ADAPTER.validate_json(ADAPTER.dump_json(row))
    assert row == story.ticket == fold(story.events)


@settings(deadline=None)
@given(TALE)
def test_no_sequence_of_events_loses_an_arrival(tale):
    story = told(tale)
    told_of = {event.body["crew"] for event in story.events if event.kind == "arrived"}
    kept = {visit.crew for visit in story.ticket.visits if visit.arrived_at is not None}
    assert kept == told_of
    assert bool(told_of) == (arrived_for(story.ticket, story.ticket.reports[0]) is not None)


@settings(deadline=None)
@given(TALE, FIELD, TIMES)
def test_an_event_never_moves_an_arrival_that_is_stored(tale, step, moment):
    story = told(tale)
    before = story.ticket
    kind, body = step
    after = story.add(kind, moment, **body).ticket
    for old, new in zip(before.visits, after.visits, strict=False):
        assert old.arrived_at in (None, new.arrived_at)


@settings(deadline=None)
@given(TALE)
def test_at_most_one_trip_is_under_way(tale):
    ticket = told(tale).ticket
    assert all(visit.over for visit in ticket.visits[:-1])
    assert ticket.state in OVER or (ticket.visit is None) == (ticket.state in ("waiting", "needs_place"))


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(["R1", "R2", "R3"]), st.sampled_from(["T1", "T2", "T3"])), max_size=12)
)
def test_each_report_is_on_exactly_one_ticket_after_any_merges_and_unmerges(moves):
    stories = {"T1": t1(), "T2": t2(), "T3": t3()}
    for name, goal in moves:
        move(stories, name, goal)
    tickets = {name: story.ticket for name, story in stories.items()}
    assert sorted(r.id for t in tickets.values() for r in t.reports) == ["R1", "R2", "R3"]
    assert sum(len(t.dues) for t in tickets.values()) == 3
    for name in ("R1", "R2", "R3"):
        move(stories, name, f"T{name[1:]}")
    assert [replace(s.ticket, version=0, into="") for s in stories.values()] == [
        replace(fresh.ticket, version=0) for fresh in (t1(), t2(), t3())
    ]


def move(stories, name, goal):
    """Merge or part as the desk does: the report leaves one ticket and joins another, whole."""
    source = next(s for s in stories.values() if any(r.id == name for r in s.ticket.reports))
    if source.id == goal:
        return
    held = source.ticket
    number = [report.id for report in held.reports].index(name)
    if goal == f"T{name[1:]}":
        source.add("parted", "08:30", report=name)
    else:
        source.add("merged", "08:30", report=name, into=goal)
    stories[goal].joined("08:30", held, number)
