"""Every page, in both languages: narrow enough for a phone, wholly translated, readable by day and night."""

from __future__ import annotations

import json
import re

import pytest
from playwright.sync_api import expect

from dispatch.paths import STATIC, TEXTS
from tests.browser.people import fits, report, sign_in, ticket, wait_until

LANGUAGES = ("zh-CN", "en-GB")
SMALL = (360, 740)
TOKENS = ("text", "muted", "accent", "late", "soon", "fine", "done")
NO_KEY = re.compile(
    r"\b(?:board|detail|event|phone|month|flag|reason|state|fault|zone|skill|problem|option)\.[a-z_.]+\b"
)


def catalogue(language):
    return json.loads((TEXTS / f"{language}.json").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def story(town):
    """A ticket with a crew, a ticket without a place, and a danger."""
    name = report(town, caller={"name": "王敏", "phone": "069-90001234"})["ticket"]
    report(town, account_no="", address="Hauptstraße", fault="wire_down")
    wait_until(lambda: ticket(town, name)["crew"])
    return name


def look(page):
    """The page as it stands: no sideways scrolling, no key of the catalogue in place of a text."""
    page.wait_for_load_state()
    assert fits(page), f"{page.url} is wider than its window"
    shown = page.locator("body").inner_text()
    assert not NO_KEY.findall(shown), page.url


@pytest.mark.parametrize("language", LANGUAGES)
def test_pages_of_the_desk_fit_a_narrow_screen_and_are_translated(town, story, page_for, language):
    page = page_for(locale=language, viewport=SMALL)
    page.goto(f"{town.base}/signin")
    look(page)
    sign_in(page, town, "dispatcher")
    expect(page.locator(".row").first).to_be_visible()
    look(page)
    page.locator(f"#row-{story}").click()
    expect(page.locator(".options li").first).to_be_visible()
    look(page)
    for path, shown in (
        ("/intake", "#faults"),
        (f"/ticket/{story}", "#visits .why"),
        ("/month", ".kpis"),
        ("/calibration", ".calibration h1"),
        ("/none", ".code"),
    ):
        page.goto(town.base + path)
        expect(page.locator(shown)).to_be_visible()
        look(page)


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_phone_page_fits_a_narrow_screen_and_is_translated(town, page_for, language):
    page = sign_in(page_for(locale=language, viewport=SMALL), town, "crew1", "/phone")
    expect(page.locator("#phone h1")).to_be_visible()
    look(page)


def test_the_language_button_stays_on_the_page_and_is_remembered(town, page_for):
    page = sign_in(page_for(), town, "dispatcher", "/intake")
    expect(page.locator("h1")).to_have_text(catalogue("zh")["intake.title"])
    page.locator("form[action='/language'] button").click()
    expect(page.locator("h1")).to_have_text(catalogue("en")["intake.title"])
    page.goto(f"{town.base}/month")
    expect(page.locator("html")).to_have_attribute("lang", "en")


def test_both_catalogues_have_the_same_keys_and_the_same_blanks():
    zh, en = catalogue("zh"), catalogue("en")
    assert zh.keys() == en.keys()
    blanks = re.compile(r"\{\w+\}")
    assert [key for key in zh if sorted(blanks.findall(zh[key])) != sorted(blanks.findall(en[key]))] == []


def luminance(colour):
    """Relative luminance of #rgb or #rrggbb (WCAG 2)."""
    digits = colour[1:] if len(colour) == 7 else "".join(2 * digit for digit in colour[1:])
    shares = [int(digits[n : n + 2], 16) / 255 for n in (0, 2, 4)]
    linear = [share / 12.92 if share <= 0.04045 else ((share + 0.055) / 1.055) ** 2.4 for share in shares]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("theme", [0, 1], ids=["day", "night"])
def test_words_stand_out_from_what_they_stand_on(theme):
    sheet = (STATIC / "style.css").read_text(encoding="utf-8")
    tokens = dict(
        re.findall(r"--([\w-]+): (#[0-9a-f]+)", re.findall(r":root \{(.*?)\}", sheet, re.DOTALL)[theme])
    )
    pairs = [(word, ground) for word in TOKENS for ground in ("surface", "raised", "ground")]
    pairs += [("on-accent", "accent"), ("accent", "accent-soft"), ("text", "accent-soft")]
    pairs += [(state, f"{state}-soft") for state in ("late", "soon", "fine")]
    faint = {pair: round(contrast(tokens[pair[0]], tokens[pair[1]]), 2) for pair in pairs}
    assert {pair: ratio for pair, ratio in faint.items() if ratio < 4.5} == {}
