"""The desk over the real town of the sample: roads, names, zones and notices as a company has them."""

from __future__ import annotations

from dispatch.desk import assign, upkeep
from dispatch.desk.intake import Draft, take_report
from dispatch.desk.month import month
from dispatch.desk.place import Pin
from tests.conftest import TOWN_HALL
from tests.desk.county import LI

WULKENZIN = (13.1705, 53.5452)  # the village of the western depot
CABLE = (13.3055, 53.5503)  # inside the shipped notice O2


def test_a_call_from_the_town_and_one_from_a_village_get_their_own_promise_unit_and_crew(desk):
    town = take_report(desk, Draft("no_power", pin=Pin(*TOWN_HALL)), LI)
    village = take_report(desk, Draft("no_power", pin=Pin(*WULKENZIN)), LI)
    told = [
        (each.report.promise.minutes, each.report.unit) for each in (town, village) if each.report.promise
    ]
    assert told == [(45, "U1"), (90, "U3")]
    assign.replan(desk)
    units = {crew.id: crew.unit for crew in desk.store.company.crews()}
    visits = [desk.store.tickets.get(name).visit for name in ("T1", "T2")]
    assert [units[visit.crew] for visit in visits if visit] == ["U1", "U3"]
    assert all(visit.eta_at > desk.clock() for visit in visits if visit and visit.eta_at)


def test_every_crew_of_the_sample_is_ranked_or_says_why_it_cannot_go(desk):
    take_report(desk, Draft("meter", pin=Pin(*TOWN_HALL)), LI)
    ranked = assign.options(desk, "T1")
    assert ranked[0].crew == "C1"
    assert {each.crew: each.not_possible for each in ranked if each.not_possible} == {
        "C2": "skill",
        "C3": "skill",
        "C4": "skill",
        "C7": "skill",
        "C8": "skill",
    }


def test_the_shipped_notice_explains_a_call_from_its_place(desk):
    told = take_report(desk, Draft("no_power", pin=Pin(*CABLE)), LI)
    assert (told.outcome, told.report.outage) == ("planned_outage", "O2")


def test_an_account_of_the_sample_is_found_by_its_number(desk):
    told = take_report(desk, Draft("no_power", account_no="4100000037"), LI)
    assert told.report.place is not None
    assert (told.report.place.method, told.report.unit) == ("account", "U2")


def test_the_sample_is_sound_after_a_day_of_calls_and_its_month_counts_them(desk):
    for row in desk.store.company.sample_accounts(20):
        take_report(desk, Draft("no_power", account_no=row["account_no"]), LI)
        desk.clock.forward(3)
        assign.replan(desk)
    assert month(desk, "2026-11").counts["reports"] == 20
    assert upkeep.check(desk) == []
