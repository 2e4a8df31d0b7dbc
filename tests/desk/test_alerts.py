"""The desk is warned once of each clock and each crew, sees what holds, and says that it has seen it."""

from __future__ import annotations

import pytest

from dispatch.desk.alerts import acknowledge, acknowledge_all, escalate, list_standing
from dispatch.desk.assign import assign
from dispatch.desk.merge import merge, unmerge
from dispatch.desk.month import month
from dispatch.errors import NotFound
from tests.desk.county import CHEN, LI, T1, T2, call, send, tap, ticket
from tests.okcounty import at


@pytest.fixture
def waits(county):
    """T1, called at 08:00 and due at 08:45, for which nobody goes."""
    call(county, "08:00", T1)
    return county


def look(desk, *times):
    """The watch looks at these times of the day."""
    for time in times:
        desk.clock.at_ms = at(time)
        escalate(desk)


def standing(desk):
    """What the board shows now: (ticket, kind, who has seen it)."""
    found = list_standing(desk, desk.store.tickets.list_open(), desk.clock())
    return [(each.alert.ticket, each.alert.kind, each.acknowledged_by) for each in found]


def raised(desk, name="T1"):
    return [each.alert.kind for each in desk.store.alerts.list_of(name)]


def test_the_desk_is_warned_before_due_and_at_due_and_of_each_once(waits):
    look(waits, "08:34", "08:35", "08:36", "08:45", "08:46", "09:30")
    assert raised(waits) == ["before_due", "due"]


def test_a_clock_set_back_repeats_nothing(waits):
    look(waits, "08:46", "08:20", "08:35", "08:46")
    assert raised(waits) == ["due", "before_due"]


def test_after_a_pause_what_still_holds_is_raised(waits):
    look(waits, "08:30", "09:50")
    assert raised(waits) == ["due"]


def test_what_no_longer_holds_leaves_the_board_and_stays_with_the_ticket(waits):
    look(waits, "08:35")
    assert standing(waits) == [("T1", "before_due", "")]
    look(waits, "08:45")
    assert standing(waits) == [("T1", "due", "")]
    send(waits, "08:46", "T1", "west")
    tap(waits, "west", "arrived", "T1", "08:50", T1)
    assert standing(waits) == []
    assert raised(waits) == ["before_due", "due"]


def test_a_new_assignment_is_warned_of_anew_when_it_is_not_accepted(waits):
    send(waits, "08:01", "T1", "west")
    look(waits, "08:04", "08:05")
    tap(waits, "west", "declined", "T1", "08:06")
    send(waits, "08:07", "T1", "east")
    look(waits, "08:09", "08:10", "08:11")
    assert raised(waits) == ["not_accepted", "not_accepted"]
    assert [each.alert.crew for each in waits.store.alerts.list_of("T1")] == ["west", "east"]


def test_who_has_seen_a_warning_is_kept_and_shown_to_everybody(waits):
    look(waits, "08:45")
    waits.clock.at_ms = at("08:47")
    acknowledge(waits, "A1", LI)
    acknowledge(waits, "A1", CHEN)
    assert standing(waits) == [("T1", "due", "Li")]
    assert waits.store.alerts.list_of("T1")[0].acknowledged_at == at("08:47")


def test_what_nobody_has_seen_stands_first(waits):
    call(waits, "08:01", T2)
    look(waits, "08:45", "08:46")
    acknowledge(waits, "A1", LI)
    assert [each[0] for each in standing(waits)] == ["T2", "T1"]


def test_several_warnings_are_seen_together_or_none_of_them(waits):
    call(waits, "08:01", T2)
    look(waits, "08:45", "08:46")
    with pytest.raises(NotFound):
        acknowledge_all(waits, ["A1", "A9"], LI)
    assert [each[2] for each in standing(waits)] == ["", ""]
    names = [f"A{each.id}" for name in ("T1", "T2") for each in waits.store.alerts.list_of(name)]
    assert acknowledge_all(waits, [*names, *names], LI) == len(names)
    assert [each[2] for each in standing(waits)] == ["Li", "Li"]


@pytest.mark.parametrize("name", ["A9", "A", "9x", "A-1", "A" + "9" * 30, "²"])
def test_there_is_no_such_warning(waits, name):
    with pytest.raises(NotFound):
        acknowledge(waits, name, LI)


def test_a_late_clock_that_is_merged_away_is_warned_of_where_it_went_and_where_it_returns(waits):
    call(waits, "08:20", T2)
    look(waits, "08:30")
    merge(waits, "R1", "T2", LI)
    look(waits, "08:45")
    assert (raised(waits, "T1"), raised(waits, "T2")) == ([], ["due"])
    unmerge(waits, "R1", LI)
    look(waits, "08:47")
    assert (raised(waits, "T1"), standing(waits)) == (["due"], [("T1", "due", "")])


def test_a_warning_moves_neither_the_ticket_nor_the_month(waits):
    before, table = ticket(waits, "T1"), month(waits, "2026-10")
    look(waits, "08:46")
    acknowledge(waits, "A1", LI)
    assert ticket(waits, "T1") == before
    assert month(waits, "2026-10") == table


def test_a_second_crew_that_does_not_accept_is_warned_of_once_though_the_first_accepted(waits):
    send(waits, "08:01", "T1", "west")
    assert tap(waits, "west", "accepted", "T1", "08:01").result == "stored"
    waits.clock.at_ms = at("08:02")
    assign(waits, "T1", "east", LI, second=True)
    look(waits, "08:04", "08:06", "08:07")
    assert raised(waits) == ["not_accepted"]
    assert tap(waits, "east", "accepted", "T1", "08:08").result == "stored"
    look(waits, "08:09")
    assert standing(waits) == []
