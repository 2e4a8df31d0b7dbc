"""Where a crew is, as far as the desk knows, and what the planner makes of one that nobody sees."""

from __future__ import annotations

import numpy as np
import pytest

from dispatch.crew import Position
from dispatch.desk.assign import options
from dispatch.desk.board import board
from dispatch.desk.whereabouts import where_is, whereabouts
from dispatch.errors import RoadsUnavailable
from tests.desk.county import T1, T2, T3, call, replan, send, tap, ticket
from tests.okcounty import EAST, WEST, at, spot

FAR = spot(18, 4)  # 14 km from the depot of the west crew, 14 minutes


def seen(desk, time, where):
    """The phone of the west crew says where it is."""
    desk.store.company.put_position(Position("west", at(time), where[0], where[1], 10.0))


def place(desk, time):
    return whereabouts(desk, desk.store.company.crews(), at(time))["west"]


def free_at(desk, time, crew="west"):
    return next(each.free_at_ms for each in board(desk, at(time)).crews if each.id == crew)


def test_a_crew_is_where_its_phone_was_in_the_last_ten_minutes_else_at_its_depot():
    last = Position("west", at("08:00"), *T3, 10.0)
    assert where_is(WEST, last, at("08:10")) == T3
    assert where_is(WEST, last, at("08:10") + 1) == WEST.depot
    assert where_is(EAST, None, at("08:00")) == EAST.depot


def test_it_is_not_at_its_depot_before_it_could_have_driven_there(county):
    seen(county, "08:00", FAR)
    assert place(county, "08:12") == pytest.approx(FAR)
    assert place(county, "08:15") == WEST.depot


def test_a_step_with_a_fix_says_where_the_crew_is_unless_the_phone_made_it_up(county):
    call(county, "08:00", T1)
    send(county, "08:01", "T1", "west")
    tap(county, "west", "accepted", "T1", "08:02", FAR)
    assert place(county, "08:03") == pytest.approx(FAR)
    tap(county, "west", "departed", "T1", "08:04", T3, mock=True)
    assert place(county, "08:05") == pytest.approx(FAR)
    tap(county, "west", "arrived", "T1", "08:06", T1, sent="08:20")
    tap(county, "west", "accepted", "T1", "08:01", T3, sent="08:21")
    assert place(county, "08:21") != pytest.approx(T3), "the newest holds, not what came last"


def test_who_cannot_get_home_or_was_not_seen_for_hours_is_taken_to_be_there(county):
    seen(county, "08:00", FAR)
    assert place(county, "12:00") == WEST.depot

    class Closed:
        def matrix(self, origins, destinations):
            return np.full((len(origins), len(destinations)), np.inf)

    vars(county)["roads"] = Closed()
    assert place(county, "08:12") == WEST.depot


def test_nobody_asks_the_roads_where_everybody_was_seen_lately(county):
    seen(county, "08:00", FAR)
    vars(county)["roads"] = None
    assert place(county, "08:10") == pytest.approx(FAR)


def test_a_crew_that_nobody_sees_is_not_thought_to_set_out_again_at_every_look(county):
    call(county, "08:00", T3)
    send(county, "08:01", "T1", "west")
    tap(county, "west", "departed", "T1", "08:01")
    assert free_at(county, "08:05") == free_at(county, "08:02")


def test_one_that_was_sent_while_nobody_knew_the_roads_has_driven_since_it_set_out(county):
    call(county, "08:00", T3)
    known = county.roads

    class Silent:
        def matrix(self, *_):
            raise RoadsUnavailable("no answer")

    vars(county)["roads"] = Silent()
    assert send(county, "08:01", "T1", "west").visit.eta_at is None
    vars(county)["roads"] = known
    tap(county, "west", "departed", "T1", "08:01")
    assert free_at(county, "08:05") == free_at(county, "08:02")


def test_a_drive_of_no_length_known_keeps_nobody_from_planning(county):
    call(county, "08:00", T1)
    send(county, "08:01", "T1", "west")
    call(county, "08:02", T2)
    known = county.roads

    class Odd:
        def matrix(self, origins, destinations):
            seconds = np.array(known.matrix(origins, destinations), dtype=float)
            seconds[[tuple(each) == WEST.depot for each in origins]] = np.nan
            return seconds

    vars(county)["roads"] = Odd()
    assert [each.crew for each in options(county, "T2")]
    replan(county, "08:03")
    assert ticket(county, "T2").visit.crew == "east"
