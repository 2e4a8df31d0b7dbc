"""What past trips tell: how long the work and the drive lasted, and whether two crews were there."""

from __future__ import annotations

from typing import Any

from dispatch.desk.assign import assign
from dispatch.desk.board import PLANNER
from dispatch.desk.lasted import drive_factor, took_two, worked_s
from dispatch.desk.recall import take_back
from dispatch.ticket import Visit
from tests.desk.county import LI, T1, call, send, ticket
from tests.okcounty import at


def visit(by=PLANNER, **steps):
    told: dict[str, Any] = {name: at(time) for name, time in steps.items()}
    return Visit("west", at("08:00"), by, **told)


def test_work_lasts_as_long_as_the_crew_was_there_or_as_expected():
    assert worked_s(visit(arrived_at="08:10", restored_at="08:30", closed_at="08:40"), 99) == 30 * 60
    assert worked_s(visit(arrived_at="08:10", restored_at="08:30"), 99) == 20 * 60
    assert worked_s(visit(arrived_at="08:10", closed_at="08:10"), 99) == 60
    assert worked_s(visit(arrived_at="08:10"), 99) == 99
    assert worked_s(None, 99) == 99


def test_a_drive_is_as_much_slower_as_it_was_than_the_roads_say_whatever_was_told():
    """Told for 09:10: after fifty minutes of other work the roads say ten, and it drove fifteen."""
    driven = visit(eta_at="09:10", departed_at="09:05", arrived_at="09:20")
    assert drive_factor(driven, 600) == 1.5
    assert drive_factor(driven, 60) == 1, "so short a drive says nothing"
    assert drive_factor(driven, 90 * 60) == 0.5, "it was not simply driving"
    assert drive_factor(visit(departed_at="08:00", arrived_at="09:59"), 600) == 4
    assert drive_factor(visit(eta_at="08:10", arrived_at="08:20"), 600) == 1
    assert drive_factor(None, None) == 1


def test_where_nobody_wrote_down_what_the_roads_say_the_planner_s_estimate_stands_for_it():
    """The planner sends free crews only; an order by hand may hold an hour's work elsewhere."""
    driven = {"departed_at": "08:05", "arrived_at": "08:20"}
    assert drive_factor(visit(eta_at="08:10", **driven), None) == 1.5
    assert drive_factor(visit(eta_at="08:10", **driven, by="Li"), None) == 1
    assert drive_factor(visit(eta_at="08:01", **driven), None) == 1
    assert drive_factor(visit(**driven), None) == 1


def test_a_second_crew_that_the_desk_sent_is_sent_again_but_not_one_that_took_the_other_s_place(county):
    call(county, "08:00", T1)
    send(county, "08:01", "T1", "west")
    take_back(county, "T1", "east is nearer", LI)
    send(county, "08:02", "T1", "east")
    assert not took_two(county, ticket(county, "T1"))
    county.clock.at_ms = at("08:03")
    assign(county, "T1", "west", LI, second=True)
    assert took_two(county, ticket(county, "T1"))
