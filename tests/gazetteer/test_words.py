"""Spellings that mean the same have the same key, and an address is understood in any usual order."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.gazetteer.words import Reading, key, number_key, plain, readings


@pytest.mark.parametrize(
    "spelling",
    [
        "Gänsestraße",
        "gaensestrasse",
        "GÄNSESTRASSE",
        "Gänsestr.",
        "Gänse-Straße",
        "Gänse Str.",
        "  gänse  straße ",
        "Ｇänsestraße",
        "Ga\u0308nsestraße",
    ],
)
def test_spellings_of_one_street_have_one_key(spelling):
    assert key(spelling) == "gaensestrasse"


def test_a_word_that_only_begins_like_an_abbreviation_is_left_alone():
    assert key("Strandweg") == "strandweg"
    assert key("Stadtplatz") == "stadtplatz"


@pytest.mark.parametrize(
    ("written", "meant"), [("12 A", "12a"), ("12a", "12a"), ("9 / 9", "9/9"), ("WH 2", "wh2")]
)
def test_blanks_and_case_do_not_change_a_house_number(written, meant):
    assert number_key(written) == meant


@pytest.mark.parametrize(
    "text",
    [
        "Lange Straße 12, Marktstadt",
        "Marktstadt, Lange Str. 12",
        "12 Lange Straße, Marktstadt",
        "Lange Straße 12, 17033 Marktstadt",
        "Lange Straße, 12, Marktstadt",
        "Lange Straße 12 Marktstadt",
        "Lange Straße 12 17033 Marktstadt",
        "D-17033 Marktstadt; Lange Straße 12",
        "Lange Straße 12\nMarktstadt",
    ],
)
def test_street_number_and_town_are_told_apart_in_any_order(text):
    assert Reading("lange strasse", "12", "marktstadt") in readings(text)


def test_a_number_inside_a_street_name_is_not_only_a_house_number():
    assert Reading("strasse des 17. juni", "5", "") in readings("Straße des 17. Juni 5")
    assert Reading("strasse des 17. juni") in readings("Straße des 17. Juni")


def test_a_chinese_address_needs_no_blank_before_its_number():
    assert Reading("解放路", "12", "") in readings("解放路12号")


@pytest.mark.parametrize("text", ["", "   ", ",;,", "😀", "\ud800", "\x00\x07", "-- ' \"", "。"])
def test_a_text_without_letters_or_digits_has_no_reading(text):
    assert readings(text) == []


@given(st.text(st.characters(exclude_categories=())))
def test_any_text_at_all_can_be_read(text):
    assert len(plain(text)) <= 4 * 200
    assert all(key(reading.name) for reading in readings(text))
