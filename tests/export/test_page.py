from __future__ import annotations

import re

import pytest

from dispatch.export import html_text
from tests.compliance.october import at, notice, october, one


@pytest.mark.parametrize(
    ("lang", "title"), [("zh", "服务承诺兑现情况表"), ("en", "Service commitments fulfilled")]
)
def test_the_page_is_one_file_in_the_language_asked_for(lang, title):
    page = html_text(october(one(1, arrived=50), notices=[notice(1)]), lang)
    assert page.startswith("<!doctype html>")
    assert f"2026-10 {title}" in page
    assert not re.search(r"<script|<link|<img|https?://|@import|url\(", page)


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_no_text_of_the_page_is_missing(lang):
    told = [
        one(1, arrived=50, simulated=True),
        one(2, zone=None),
        one(3, zone="remote", unit=""),
        one(4, resolved="by_phone"),
    ]
    page = html_text(october(*told, notices=[notice(1)], as_of=at(60)), lang)
    assert not re.findall(r"\b(?:month|zone|fault|evidence|flag)\.[a-z_]+", page)


def test_what_people_typed_cannot_become_part_of_the_page():
    page = html_text(october(one(1, unit="<script>alert(1)</script>"), names={"x": "y"}), "en")
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_the_page_shows_nothing_as_a_dash_and_a_miss_as_late_by_at_least_a_second():
    page = html_text(october(one(1, arrived=45 + 1 / 60_000)), "en")
    assert ">0:01<" in page
    assert ">—<" in page


def test_simulated_data_are_marked_on_the_page():
    assert "Simulated data: 1 report" in html_text(october(one(1, simulated=True)), "en")
    assert "Simulated" not in html_text(october(one(1)), "en")


def test_a_code_newer_than_the_texts_is_shown_as_it_is():
    told = one(1, arrived=5)
    visit = told.ticket.visits[0]
    object.__setattr__(visit, "flags", ("made_up",))
    assert "made_up" in html_text(october(told), "en")
