"""How sure the desk is that a report is of an open ticket's fault, and what is merged by itself."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatch.config import Merge
from dispatch.desk.intake import set_place
from dispatch.desk.merge import unmerge
from dispatch.desk.place import Pin
from tests.desk.county import ACCOUNT, LI, T1, call, ticket
from tests.okcounty import at, spot


def by_itself(desk, auto_from=0.9):
    """The company asks for so much certainty before reports are merged by themselves."""
    desk.config = desk.config.model_copy(update={"merge": Merge(auto_from=auto_from)})
    return desk


def home_of(desk, number, transformer="TR-1", place=T1, unit="U1"):
    """An account in a transformer area."""
    row = ACCOUNT | {"account_no": number, "phone": f"555-{number}", "lon": place[0], "lat": place[1]}
    desk.store.company.put_accounts([row | {"transformer": transformer, "unit": unit, "zone": "urban"}])


def test_unless_the_company_says_otherwise_nothing_is_merged_by_itself(county):
    call(county, "08:00", T1)
    told = call(county, "08:01", T1)
    assert told.outcome == "dispatchable"
    assert told.nearby[0].score > 0.95


def test_the_account_tells_which_transformer_supplies_the_caller(county):
    home_of(county, "8001")
    home_of(county, "8002", place=spot(3.1, 4))
    call(county, "08:00", account_no="8001")
    told = call(county, "08:06", account_no="8002")
    assert told.nearby[0].reasons == ("apart_m:100", "minutes_apart:6", "same_transformer", "same_kind")


def test_what_is_as_sure_as_the_company_asks_is_merged_by_itself_and_says_how_sure(county):
    by_itself(county)
    call(county, "08:00", T1)
    told = call(county, "08:01", T1)
    assert (told.outcome, told.ticket.id) == ("merged", "T1")
    assert ticket(county, "T1").dues == (at("08:45"), at("08:46"))
    said = county.store.tickets.events("T1")[-1]
    assert (said.kind, said.by) == ("joined", "system")
    assert said.body["score"] > 0.9
    assert said.body["reasons"] == ["apart_m:0", "minutes_apart:1", "same_kind"]


def test_the_ticket_joined_is_the_likeliest(county):
    call(county, "08:00", spot(3.1, 4))
    call(county, "08:01", T1)
    by_itself(county)
    assert call(county, "08:02", T1).ticket.id == "T2"


def test_a_report_placed_later_is_merged_by_itself_then(county):
    by_itself(county)
    call(county, "08:00", T1)
    call(county, "08:01")
    assert set_place(county, "R2", Pin(*T1), "", LI).outcome == "merged"


@pytest.mark.parametrize(
    "faults", [("no_power", "wire_down"), ("wire_down", "wire_down"), ("wire_down", "no_power")]
)
def test_danger_is_never_merged_by_itself(county, faults):
    by_itself(county, 0.5)
    call(county, "08:00", T1, faults[0])
    told = call(county, "08:01", T1, faults[1])
    assert told.outcome == "dispatchable"
    assert "danger" in told.nearby[0].reasons


def test_units_do_not_merge_each_others_reports_by_themselves(county):
    by_itself(county, 0.5)
    call(county, "08:00", T1, unit="U1")
    assert call(county, "08:01", T1, unit="U2").outcome == "dispatchable"


def test_a_merge_that_a_person_undid_is_never_made_again_by_itself(county):
    by_itself(county)
    call(county, "08:00", T1)
    call(county, "08:01", T1)
    unmerge(county, "R2", LI)
    told = set_place(county, "R2", Pin(*T1), "the next house", LI)
    assert (told.outcome, told.ticket.id) == ("dispatchable", "T2")


def test_a_merge_and_its_undoing_leave_the_ticket_as_it_was(county):
    by_itself(county)
    call(county, "08:00", T1)
    before = ticket(county, "T1")
    call(county, "08:01", T1)
    unmerge(county, "R2", LI)
    assert replace(ticket(county, "T1"), version=before.version) == before
