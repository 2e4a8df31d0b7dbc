"""A provider outside is asked last, decides seldom, and its failure is an attempt like any other."""

from __future__ import annotations

import pytest

from dispatch.desk.ahead import suggest
from dispatch.desk.attempts import list_attempts
from dispatch.desk.intake import Draft, answer_for, set_place
from dispatch.desk.place import Pin
from dispatch.gazetteer.datum import from_wgs84
from dispatch.gazetteer.fetch import NoAnswer
from dispatch.gazetteer.online import Given, Online
from dispatch.store.people import Person
from tests.desk.county import LI, T1, T2, FakeGazetteer, kinds, take
from tests.okcounty import spot

CALLER = Person("caller", "dispatcher", simulated=True)
CHURCH_HILL = spot(9, 2)  # one of two that the gazetteer knows
MILL = "behind the old mill"


@pytest.fixture
def asked(county):
    """Sets what the provider knows; afterwards, the texts it was asked for."""
    texts = []

    def knows(place=None, precision_m=30.0, datum="gcj02", why=""):
        def answer(text):
            texts.append(text)
            assert not county.store.database.db.conn.in_transaction
            if why:
                raise NoAnswer(why, "500")
            return (
                Given("老磨坊", *from_wgs84(place[0], place[1], datum), datum, precision_m) if place else None
            )

        county.online = Online("amap", answer)
        return texts

    return knows


def attempts(desk, report):
    held = desk.store.tickets.get_of_report(report)
    return list_attempts(desk, held, held.reports[0])


def test_the_provider_is_not_asked_where_something_of_ours_is_sure(county, asked):
    texts = asked(T1)
    assert take(county, Draft("no_power", address="Market 1")).report.place.method == "address"
    assert texts == []


def test_alone_its_house_is_a_candidate_and_starts_the_clock_of_its_zone(county, asked):
    texts = asked(T2)
    answer = take(county, Draft("no_power", address=MILL))
    assert texts == [MILL]
    assert (answer.outcome, answer.candidates[0].kind, answer.candidates[0].tier) == (
        "needs_place",
        "online",
        "B",
    )
    assert kinds(county, answer.ticket.id) == ["received", "promised"]


def test_a_find_as_rough_as_a_village_starts_no_clock(county, asked):
    asked(T2, precision_m=1000)
    answer = take(county, Draft("no_power", address=MILL))
    assert (answer.candidates[0].tier, answer.report.promise) == ("C", None)


def test_precise_and_beside_one_of_ours_it_is_taken_and_its_raw_value_kept(county, asked):
    asked(CHURCH_HILL)
    place = take(county, Draft("no_power", address="Church Road")).report.place
    assert (place.method, place.tier, place.datum) == ("amap", "A", "gcj02")
    assert place.lonlat == pytest.approx(CHURCH_HILL, abs=1e-7)
    assert place.raw == pytest.approx(from_wgs84(*CHURCH_HILL, "gcj02"))


def test_a_place_confirmed_once_is_no_second_source_for_it_may_have_been_the_providers_own_word(
    county, asked
):
    asked(T2)
    set_place(county, take(county, Draft("no_power", address=MILL)).report.id, Pin(*T2), "", LI)
    answer = take(county, Draft("no_power", address=MILL))
    assert answer.report.place is None
    assert [each.kind for each in answer.candidates] == ["alias", "online"]


def test_precise_but_elsewhere_it_is_one_more_to_choose_from(county, asked):
    asked(T1)
    answer = take(county, Draft("no_power", address="Church Road"))
    assert [each.kind for each in answer.candidates] == ["street", "street", "online"]
    assert answer.report.place is None


def test_rough_it_is_never_taken(county, asked):
    asked(CHURCH_HILL, precision_m=150)
    assert take(county, Draft("no_power", address="Church Road")).report.place is None


def test_what_lies_outside_the_area_is_kept_but_not_offered(county, asked):
    asked((116.4, 39.9))
    answer = take(county, Draft("no_power", address=MILL))
    assert answer.candidates == ()
    (_, last) = attempts(county, answer.report.id)
    assert (last["method"], last["result"], last["reason"]) == ("amap", "unused", "outside")


@pytest.mark.parametrize("why", ["timeout", "redirected", "broken", "not_understood", "resting"])
def test_a_failure_is_an_attempt_with_its_reason_and_the_report_is_taken(county, asked, why):
    asked(why=why)
    answer = take(county, Draft("no_power", address=MILL))
    assert answer.outcome == "needs_place"
    (_, last) = attempts(county, answer.report.id)
    assert (last["method"], last["result"], last["reason"], last["answer"]) == ("amap", "failed", why, "500")


def test_the_attempt_keeps_raw_value_datum_and_what_was_found(county, asked):
    asked(T2)
    (_, last) = attempts(county, take(county, Draft("no_power", address=MILL)).report.id)
    assert (last["raw"], last["result"], last["datum"], last["precision_m"]) == (
        MILL,
        "unsure",
        "gcj02",
        30.0,
    )
    assert (last["lon"], last["lat"]) == pytest.approx(T2, abs=1e-7)
    assert last["answer"].startswith("老磨坊 (")


def test_reading_typing_ahead_and_simulated_callers_ask_nobody_outside(county, asked, monkeypatch):
    texts = asked(T2)
    report = take(county, Draft("no_power", address=MILL)).report.id
    monkeypatch.setattr(FakeGazetteer, "suggest", lambda *_: [], raising=False)
    answer_for(county, report)
    suggest(county, MILL)
    take(county, Draft("no_power", address=MILL), CALLER)
    assert texts == [MILL]
