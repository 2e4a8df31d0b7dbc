"""What no free crew reaches in time, on the board: switched on, told in words, kept on, in both themes."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.people import SOON_MS, fits, open_board

AROUND = [[13.2, 53.53], [13.33, 53.53], [13.33, 53.59], [13.2, 53.59], [13.2, 53.53]]  # the city


@pytest.fixture
def closed_city(town):
    """Nobody gets into the city, so that its customers are out of reach of everybody outside and inside."""
    body = {"geometry": {"type": "Polygon", "coordinates": [AROUND]}, "factor": 0, "reason": "flood"}
    made = town.call("POST", "/api/closures", json=body).json()
    yield
    town.call("DELETE", f"/api/closures/{made['id']}")


@pytest.mark.usefixtures("closed_city")
@pytest.mark.parametrize(
    ("locale", "theme", "never"), [("en-GB", "light", "no crew"), ("zh-CN", "dark", "无班组")]
)
def test_what_is_out_of_reach_is_switched_on_told_in_words_and_stays_on(town, page_for, locale, theme, never):
    page = open_board(page_for(locale=locale, color_scheme=theme), town)
    box = page.locator("#coverage")
    expect(box.locator("p")).to_be_hidden()
    box.locator("label").click()
    expect(box.locator("p")).to_contain_text(never, timeout=SOON_MS)
    expect(box.locator("p b")).to_contain_text(re.compile("2000"))
    found = town.call("GET", "/api/coverage?zone_limit=true").json()
    assert found["uncovered"] > 1000
    page.reload()
    expect(box.locator("p")).to_contain_text(never, timeout=SOON_MS)
    box.locator("label").click()
    expect(box.locator("p")).to_be_hidden()


def test_the_switch_fits_a_phone(town, page_for):
    page = open_board(page_for(locale="en-GB", viewport=(375, 720)), town)
    page.locator(".views [data-view=map]").click()
    page.locator("#coverage label").click()
    expect(page.locator("#coverage p")).to_contain_text("of 2000 accounts", timeout=SOON_MS)
    assert fits(page)
