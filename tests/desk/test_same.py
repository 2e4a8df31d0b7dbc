"""How sure the desk is that a report is of an open ticket's fault, and what is merged by itself."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from random import Random

import pytest

from dispatch.config import Merge
from dispatch.desk.ahead import around
from dispatch.desk.intake import resolve, set_place
from dispatch.desk.merge import merge, unmerge
from dispatch.desk.place import Pin
from dispatch.desk.same import nearby
from dispatch.errors import Conflict
from dispatch.samefault import Curve
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


def stormy(desk, dice, calls=60):
    """Calls within two kilometres, some by account, some without a place, some merged, parted or resolved."""
    for number in range(calls):
        place = spot(3 + dice.gauss(0, 0.5), 4 + dice.gauss(0, 0.5))
        home_of(desk, f"8{number:03d}", dice.choice(["TR-1", "TR-2", ""]), place, dice.choice(["U1", "U2"]))
        fault = dice.choice(["no_power", "partial", "wire_down", "meter", "other"])
        minute = f"{8 + number // 60:02d}:{number % 60:02d}"
        told = call(
            desk, minute, dice.choice([place, None]), fault, account_no=dice.choice([f"8{number:03d}", ""])
        )
        if dice.random() < 0.1:
            resolve(desk, told.report.id, "by_phone", "", LI)
        open_now = [each.id for each in desk.store.tickets.list_open()]
        with suppress(Conflict):
            merge(desk, f"R{dice.randint(1, number + 1)}", dice.choice(open_now), LI)
        if dice.random() < 0.1:
            with suppress(Conflict):
                unmerge(desk, f"R{dice.randint(1, number + 1)}", LI)


def drawn(evidence, dice):
    """Other weights than those shipped, and with them other distances at which one fault is likely."""
    odds = dice.uniform(-3, 3)
    curve = Curve(((0, odds + 4), (dice.uniform(50, 2500), odds), (4000, odds - dice.uniform(-1, 4))))
    return replace(evidence, metres=curve, same_transformer=dice.uniform(-1, 4), prior=dice.uniform(-4, 2))


@pytest.mark.parametrize("seed", range(4))
def test_asking_the_store_for_what_is_near_finds_what_looking_at_every_ticket_finds(
    county, seed, monkeypatch
):
    dice, store = Random(seed), type(county.store.tickets)
    stormy(county, dice)
    tickets, shipped, found = county.store.tickets.list_open(), county.rulebook, 0
    for n in range(6):
        county.rulebook = replace(shipped, same=drawn(shipped.same, dice) if n else shipped.same)
        asked = [(nearby(county, each), each.place and around(county, each.place.lonlat)) for each in tickets]
        with monkeypatch.context() as patched:
            patched.setattr(store, "list_open_within", lambda self, *_box: self.list_open())
            assert asked == [
                (nearby(county, each), each.place and around(county, each.place.lonlat)) for each in tickets
            ]
        found += sum(len(each) for each, _ in asked)
    assert found > 100
    assert list(county.store.tickets.unfolded()) == []


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
