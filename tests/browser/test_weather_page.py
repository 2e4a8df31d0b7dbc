"""Severe weather on the page of chances: declared, ended, withdrawn; an auditor only reads."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.people import SOON_MS, fits, sign_in

PAGE = "/calibration"


@pytest.mark.parametrize(
    ("look", "words"),
    [
        ({"locale": "en-GB", "viewport": (375, 720)}, ("holds", "over", "withdrawn")),
        ({"locale": "zh-CN", "color_scheme": "dark"}, ("进行中", "已结束", "已撤回")),
    ],
)
def test_weather_is_declared_and_ended_or_withdrawn_on_the_page(town, page_for, look, words):
    page = sign_in(page_for(**look), town, "dispatcher", PAGE)
    for begins, before in (("0", words[0]), ("4", None)):
        page.locator("#weather > button").click()
        page.select_option("dialog [name=kind]", "snow")
        page.select_option("dialog [name=from]", begins)
        page.locator("dialog .primary").click()
        open_one = page.locator("#weather li:has(button)")
        expect(open_one).to_have_count(1, timeout=SOON_MS)
        if before:
            expect(open_one.locator(".badge")).to_have_text(before)
        assert fits(page)
        declared = page.locator(f"[data-weather={open_one.get_attribute('data-weather')}]")
        declared.locator("button").click()
        expect(declared.locator(".badge")).to_have_text(words[1] if before else words[2], timeout=SOON_MS)
        expect(open_one).to_have_count(0)


def test_the_focus_on_a_weather_stays_while_nothing_changes(town, page_for):
    page = page_for(locale="en-GB")
    page.clock.install()
    sign_in(page, town, "dispatcher", PAGE)
    page.locator("#weather > button").click()
    page.locator("dialog .primary").click()
    button = page.locator("#weather li button")
    expect(button).to_have_count(1, timeout=SOON_MS)
    button.focus()
    for _ in range(2):
        with page.expect_response("**/api/weather"):
            page.clock.run_for(61_000)
    page.evaluate("new Promise((done) => requestAnimationFrame(done))")
    expect(button).to_be_focused()
    button.press("Enter")
    expect(page.locator("#weather li.holds")).to_have_count(0, timeout=SOON_MS)


def test_an_auditor_reads_what_was_declared_and_declares_nothing(town, page_for):
    town.call("POST", "/api/weather", json={"kind": "sandstorm", "until": "2199-01-01T00:00:00+08:00"})
    page = sign_in(page_for(locale="en-GB"), town, "auditor", PAGE)
    expect(page.locator("#weather li").first).to_be_visible(timeout=SOON_MS)
    expect(page.locator("#weather button")).to_have_count(0)
