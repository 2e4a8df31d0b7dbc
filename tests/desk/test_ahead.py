"""While a call is typed: numbers are known by their form, and what is known of a place is told."""

from __future__ import annotations

import pytest

from dispatch.desk.ahead import around, is_number, suggest
from dispatch.desk.intake import resolve, set_place
from dispatch.desk.place import Pin
from dispatch.desk.publish import post_notice
from dispatch.errors import BadInput
from dispatch.gazetteer import Candidate
from dispatch.store.people import Caller
from tests.desk.county import CHEN, LI, T1, T2, T3, FakeGazetteer, call, notice
from tests.okcounty import spot


class Typed(FakeGazetteer):
    """Knows one street that begins with what was typed."""

    def suggest(self, text, limit=8):  # noqa: ARG002 -- it knows one
        return (
            [Candidate("Market, Town", *T2, "street", 70.0, 100.0, "C")] if "Market".startswith(text) else []
        )


@pytest.fixture
def typed(county):
    vars(county)["gazetteer"] = Typed()
    return county


def told(desk, text):
    return [(each.candidate.kind, each.candidate.label, each.account_no) for each in suggest(desk, text)]


@pytest.mark.parametrize(
    "text", ["4100000037", "138 0013 8000", "+86 138-0013-8000", "(0395) 555/70 01", "70012"]
)
def test_digits_and_what_people_write_between_them_are_a_number(text):
    assert is_number(text)


@pytest.mark.parametrize("text", ["", "12", "12-3-5", "Market 12345", "12号楼", "十二", "1234", "+--()"])
def test_a_house_number_or_words_are_none(text):
    assert not is_number(text)


def test_a_number_finds_the_accounts_that_begin_with_it(typed):
    row = typed.store.company.find_account("7001")
    typed.store.company.put_accounts([row | {"account_no": f"70010{n}", "phone": ""} for n in range(3)])
    assert [each[2] for each in told(typed, "70010")] == ["700100", "700101", "700102"]
    assert told(typed, "700102") == [("account", "700102 · Sun · Mill Lane 2", "700102")]


def test_a_phone_number_finds_its_account_and_where_its_caller_was_last(typed):
    assert told(typed, "555-7001") == [("account", "7001 · Sun · Mill Lane 2", "7001")]
    call(typed, "08:00", caller=Caller("Sun", "555-7001"), address="behind the mill")
    set_place(typed, "R1", Pin(*T3), "", LI)
    assert [each[0] for each in told(typed, "555 7001")] == ["caller"]
    assert told(typed, "555-7001")[0] == ("caller", "behind the mill", "")


def test_words_and_numbers_nobody_has_are_sought_as_places(typed):
    assert told(typed, "Mark") == [("street", "Market, Town", "")]
    assert told(typed, "999999") == []


def test_the_notice_in_force_over_a_place_is_told(county):
    post_notice(county, notice((4, 3, 6, 5), "07:00", "12:00"), CHEN)
    assert around(county, T2).notice == county.store.company.notices()[0]
    assert around(county, T3).notice is None
    county.clock.forward(6 * 60)
    assert around(county, T2).notice is None


def test_open_tickets_within_five_hundred_metres_are_told_the_nearest_first(county):
    for place in (spot(5.4, 4), spot(5.1, 4), spot(5.6, 4), T1):
        call(county, "08:00", place)
    resolve(county, "R1", "by_phone", "", LI)
    call(county, "08:10", spot(5.3, 4))
    known = around(county, T2)
    assert [ticket.id for _, ticket in known.tickets] == ["T2", "T5"]
    assert [round(metres) for metres, _ in known.tickets] == [100, 300]


@pytest.mark.parametrize("lonlat", [(200.0, 0.0), (0.0, 91.0), (float("nan"), 0.0)])
def test_what_is_no_place_on_earth_is_refused(county, lonlat):
    with pytest.raises(BadInput):
        around(county, lonlat)
