"""How a report is found: the order of the ways, what is kept of each, and what the desk teaches."""

from __future__ import annotations

from dataclasses import replace

import pytest

from dispatch.desk.attempts import list_attempts
from dispatch.desk.intake import Draft, answer_for, resolve, set_place
from dispatch.desk.place import Pin
from dispatch.gazetteer import Candidate
from dispatch.store.people import Caller, Person
from dispatch.store.places import digits_of
from tests.desk.county import (
    LI,
    T1,
    T2,
    T3,
    T4,
    WANG,
    FakeGazetteer,
    call,
    kinds,
    notice,
    replan,
    take,
    ticket,
)
from tests.okcounty import at, spot

SUN = Caller("Sun", "555-7001")
MILL = "behind the old mill"
PARTNER = Person("shop", "intake")


class TwoZones(FakeGazetteer):
    """Knows a street that runs out of the town, and one name far too big to be looked for."""

    def locate(self, text, limit=8):
        places = {"Long Street": (spot(5.5, 4), spot(7, 4)), "Village": (spot(9, 2), spot(9.1, 2))}
        found = [Candidate(text, *place, "street", 80.0, 100.0, "B") for place in places.get(text, ())]
        found = [replace(each, tier="C") for each in found] if text == "Village" else found
        return found or super().locate(text, limit)


@pytest.fixture
def wide(county):
    vars(county)["gazetteer"] = TwoZones()
    return county


def tried(desk, report):
    """(method, raw, result) of every attempt to find a report."""
    held = desk.store.tickets.get_of_report(report)
    found = next(each for each in held.reports if each.id == report)
    return [(each["method"], each["raw"], each["result"]) for each in list_attempts(desk, held, found)]


def zoned(desk):
    """The first report's promise, its zone and what is doubtful about it."""
    report = ticket(desk, "T1").reports[0]
    return report.promise, report.zoned.zone, report.zoned.doubt


def transformers(desk):
    rows = [{"id": "TR1", "name": "Mill", "lon": T3[0], "lat": T3[1]}]
    desk.store.company.put_transformers(rows)


def taught(desk, words, *places, by=LI):
    """Reports in these words that nobody found, pinned one after the other."""
    for place in places:
        report = take(desk, Draft("no_power", address=words), by).report.id
        set_place(desk, report, Pin(*place), "seen", by)
        desk.clock.forward(1)


# -- by what the company knows


def test_an_unknown_account_is_found_by_the_transformer_the_caller_names(county):
    transformers(county)
    told = call(county, "08:00", account_no="9999", transformer="Mill", address="Market 1")
    assert (told.report.place.method, told.report.place.lonlat) == ("transformer", T3)
    assert tried(county, "R1") == [("account", "9999", "unknown"), ("transformer", "TR1", "taken")]


def test_an_account_without_a_place_of_its_own_lies_at_its_transformer(county):
    transformers(county)
    row = county.store.company.find_account("7001")
    county.store.company.put_accounts([row | {"place_of": "transformer", "transformer": "TR1"}])
    told = call(county, "08:00", account_no="7001")
    assert (told.report.place.method, told.report.place.lonlat, told.report.unit) == ("transformer", T3, "U2")


def test_a_transformer_nobody_knows_is_kept_and_the_address_asked(county):
    call(county, "08:00", transformer="TR9", address="Market 1")
    assert tried(county, "R1") == [("transformer", "TR9", "unknown"), ("address", "Market 1", "taken")]


def test_a_pin_is_kept_as_it_was_given(county):
    held = take(county, Draft("no_power", pin=Pin(116.404, 39.915, "gcj02"))).ticket
    (attempt,) = list_attempts(county, held, held.reports[0])
    assert (attempt["raw"], attempt["datum"], attempt["by"]) == ("116.404, 39.915", "gcj02", "Li")


def test_a_pin_says_the_street_it_lies_by_else_the_village_else_nothing(county):
    pins = {"T1": T3, "T2": T1, "T3": T4}
    for place in pins.values():
        call(county, "08:00", place)
    assert [ticket(county, each).place.near for each in pins] == ["High Street", "Town", ""]


def test_a_place_set_by_the_desk_says_the_street_it_lies_by(county):
    call(county, "08:00", address=MILL)
    set_place(county, "R1", Pin(*T3), "", LI)
    assert ticket(county, "T1").place.near == "High Street"


# -- by who calls


def test_a_caller_who_names_no_place_is_sought_where_the_desk_last_found_them(county):
    call(county, "08:00", caller=SUN)
    set_place(county, "R1", Pin(*T3), "", WANG)
    told = call(county, "09:00", caller=Caller("", "555 7001"))
    assert (told.report.place.method, told.report.place.lonlat, told.report.place.by) == (
        "caller",
        T3,
        "Wang",
    )
    assert tried(county, "R2") == [("caller", "R1", "taken")], "not the number: the timeline holds no phones"


def test_a_caller_who_names_another_place_is_not_sought_where_they_were_last(county):
    call(county, "08:00", caller=SUN)
    set_place(county, "R1", Pin(*T3), "", LI)
    told = call(county, "09:00", caller=SUN, address="Market 1")
    assert (told.report.place.method, told.report.place.lonlat) == ("address", T2)
    assert tried(county, "R2") == [("caller", "R1", "unused"), ("address", "Market 1", "taken")]


def test_where_an_address_means_nothing_the_callers_last_place_is_a_hint(county):
    call(county, "08:00", caller=SUN)
    set_place(county, "R1", Pin(*T3), "", LI)
    told = call(county, "09:00", caller=SUN, address="by the bridge")
    assert (told.outcome, told.report.promise) == ("needs_place", None)
    assert [(each.kind, each.tier) for each in answer_for(county, "R2").candidates] == [("caller", "C")]


def test_only_a_place_the_desk_stands_for_is_a_callers_last(county):
    take(county, Draft("no_power", caller=SUN, pin=Pin(*T3)), PARTNER)
    assert call(county, "09:00", caller=SUN).outcome == "needs_place"
    take(county, Draft("no_power", caller=SUN, pin=Pin(*T3)), LI)
    assert call(county, "09:00", caller=SUN).report.place.method == "caller"


def test_what_simulated_callers_say_teaches_nothing(county):
    simulated = replace(LI, simulated=True)
    taught(county, MILL, T3, by=simulated)
    assert call(county, "09:00", address=MILL).candidates == ()


@pytest.mark.parametrize(
    ("phone", "digits"),
    [("+86 138-0013-8000", "13800138000"), ("008613800138000", "13800138000"), ("0471-555 7", "04715557")],
)
def test_one_number_written_in_two_ways_is_one_number(phone, digits):
    assert digits_of(phone) == digits


# -- by words the desk has heard before


def test_words_confirmed_once_are_shown_first_and_start_the_clock(county):
    taught(county, MILL, T3)
    told = call(county, "09:00", address="Behind the OLD mill!")
    assert (told.outcome, told.report.place, told.report.promise.due_at) == ("needs_place", None, at("10:30"))
    assert [(each.kind, each.label, each.tier) for each in told.candidates] == [("alias", MILL, "B")]


def test_words_confirmed_twice_at_one_place_are_believed(county):
    taught(county, MILL, T3, T3)
    place = call(county, "09:00", address=MILL).report.place
    assert (place.method, place.tier, place.lonlat, place.by) == ("alias", "A", T3, "Li")


def test_the_latest_word_on_a_place_holds(county):
    taught(county, MILL, T3, T3, T4)
    told = call(county, "09:00", address=MILL)
    assert (told.report.place, told.report.promise.zone) == (None, "remote")


def test_a_pin_set_again_counts_once_and_replaces_the_wrong_one(county):
    taught(county, MILL, T3)
    set_place(county, "R1", Pin(*T4), "the other mill", LI)
    set_place(county, "R1", Pin(*T4), "sure", LI)
    told = call(county, "09:00", address=MILL)
    assert (told.outcome, told.report.zoned.zone) == ("needs_place", "remote")


def test_the_desk_outweighs_the_map_until_somebody_looks(county):
    call(county, "08:00", address="Market 1")
    set_place(county, "R1", Pin(*T4), "another market", LI)
    told = call(county, "09:00", address="Market 1")
    assert (told.report.place, told.report.promise) == (None, None), "town or valley: nobody knows yet"
    assert [(each.kind, each.tier) for each in told.candidates] == [("alias", "B"), ("address", "B")]
    assert tried(county, "R2") == [("alias", "Market 1", "unsure"), ("address", "Market 1", "unsure")]


def test_words_the_map_and_the_desk_agree_on_need_no_look(county):
    call(county, "08:00", address="Market 1")
    set_place(county, "R1", Pin(T2[0] + 0.0005, T2[1]), "the back door", LI)
    assert call(county, "09:00", address="Market 1").report.place.method == "address"


# -- one zone wherever it may be


def test_the_promise_starts_when_all_it_may_be_lies_in_one_zone(county):
    told = call(county, "08:00", address="Church Road")
    assert (told.outcome, told.ticket.state, told.report.place) == ("needs_place", "needs_place", None)
    assert (told.report.zoned.zone, told.report.zoned.method) == ("rural", "candidates")
    assert told.ticket.dues == (at("09:30"),)
    assert kinds(county, "T1") == ["received", "promised"]


def test_no_promise_starts_where_two_zones_are_possible_or_the_find_is_poor(wide):
    assert call(wide, "08:00", address="Long Street").report.promise is None
    assert call(wide, "08:01", address="Village").report.promise is None


def test_a_place_confirmed_later_keeps_the_promise(county):
    promise = call(county, "08:00", address="Church Road").report.promise
    county.clock.forward(10)
    assert set_place(county, "R1", Pin(*spot(9, 2)), "", LI).outcome == "dispatchable"
    assert zoned(county) == (promise, "rural", "")
    assert kinds(county, "T1") == ["received", "promised", "located"]
    assert tried(county, "R1")[-1][0::2] == ("pin", "taken")


def test_a_place_in_another_zone_is_shown_and_the_promise_stays(county):
    promise = call(county, "08:00", address="Church Road").report.promise
    set_place(county, "R1", Pin(*T1), "", LI)
    assert zoned(county) == (promise, "rural", "zone_differs")
    set_place(county, "R1", Pin(*T3), "on the road after all", LI)
    assert zoned(county) == (promise, "rural", "")


def test_a_ticket_that_needs_its_place_is_not_planned_until_it_has_one(county):
    call(county, "08:00", address="Church Road")
    assert replan(county, "08:01").told == ()
    set_place(county, "R1", Pin(*spot(9, 2)), "", LI)
    assert [each.ticket for each in replan(county, "08:02").told] == ["T1"]


def test_a_notice_over_the_place_found_later_answers_without_a_trip(county):
    county.store.company.put_notices([notice((8, 1, 10, 3), "07:00", "12:00")])
    call(county, "08:00", address="Church Road")
    assert set_place(county, "R1", Pin(*spot(9, 2)), "", LI).outcome == "planned_outage"
    assert ticket(county, "T1").state == "no_trip"


def test_a_report_with_a_promise_and_no_place_may_be_answered_by_phone(county):
    call(county, "08:00", address="Church Road")
    assert resolve(county, "R1", "by_phone", "", LI).ticket.state == "no_trip"
