"""Two crews to one ticket: sent by hand, seen on board, ticket and both phones, and taken back."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.people import SOON_MS, fits, open_board, report, row, send, sign_in, ticket


@pytest.fixture(scope="module")
def alone(town):
    """A ticket to which one crew goes, C1."""
    name = report(town)["ticket"]
    send(town, name, "C1")
    return name


def test_a_second_crew_is_sent_beside_the_first_and_taken_back(town, page_for, alone):
    page = open_board(page_for(locale="en-GB", viewport=(1440, 900)), town)
    row(page, alone).click()
    with page.expect_response(lambda answer: "second=true" in answer.url):
        page.get_by_label("As a second crew beside the one that goes").check()
    page.locator("[data-key=assign-C2]").click()
    expect(page.locator(".second")).to_contain_text("Second crew", timeout=SOON_MS)
    assert ticket(town, alone)["second"]["crew"] == "C2"
    assert ticket(town, alone)["crew"] == "C1"
    expect(row(page, alone).locator(".whom")).to_contain_text(" + ", timeout=SOON_MS)
    page.locator("[data-key=back-second]").click()
    page.locator("dialog button.danger").click()
    expect(page.locator(".second")).to_have_count(0, timeout=SOON_MS)
    assert ticket(town, alone)["crew"] == "C1"


@pytest.mark.parametrize(("locale", "words"), [("en-GB", "Also comes:"), ("zh-CN", "同去班组：")])
def test_the_phone_says_who_else_comes(town, page_for, alone, locale, words):
    sent = town.call("POST", f"/api/tickets/{alone}/assign", json={"crew": "C2", "second": True})
    assert sent.status_code == 200, sent.text
    page = sign_in(page_for(locale=locale, viewport=(390, 844)), town, "crew1", "/phone")
    expect(page.locator(".job")).to_contain_text(words, timeout=SOON_MS)
    assert fits(page)
