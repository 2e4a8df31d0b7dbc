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


MISSING = {"crew": None, "crew_name": None, "step": None, "eta_at": None, "waiting_for": None}
REASONS = [
    ("en-GB", (["busy", "same_crew"], "A second crew is needed and not yet sent: busy now.")),
    ("en-GB", (["same_crew"], "A second crew is needed and not yet sent: no crew but the first can go.")),
    ("zh-CN", (["same_crew"], "第二班组尚未派出：除第一班组外无班组可派。")),
]


def lacking(name, codes):
    """Changes an answer of the board or of a ticket: `name` is short of a second crew for these reasons."""

    def change(route):
        answer = route.fetch()
        told = answer.json()
        for each in told.get("tickets", [told]):
            if each["id"] == name:
                each["second"] = {**MISSING, "nobody": codes}
        route.fulfill(response=answer, json=told)

    return change


@pytest.mark.parametrize(("locale", "said"), REASONS)
def test_a_second_crew_that_is_missing_is_shown_with_its_reason(town, page_for, alone, locale, said):
    codes, words = said
    town.call("DELETE", f"/api/tickets/{alone}/assign", json={"crew": "C2"})
    page = page_for(locale=locale, viewport=(375, 720))
    for path in ("**/api/board", f"**/api/tickets/{alone}"):
        page.route(path, lacking(alone, codes))
    open_board(page, town)
    expect(row(page, alone).locator(".whom.none")).to_contain_text(" + ", timeout=SOON_MS)
    row(page, alone).click()
    expect(page.locator(".second .note")).to_contain_text(words, timeout=SOON_MS)
    assert fits(page)
    page.goto(f"{town.base}/ticket/{alone}")
    expect(page.locator("#visits .note")).to_contain_text(words, timeout=SOON_MS)
    assert fits(page)


def test_the_names_of_both_crews_are_whole_on_a_narrow_board(town, page_for, alone):
    town.call("POST", f"/api/tickets/{alone}/assign", json={"crew": "C2", "second": True})
    whom = row(open_board(page_for(viewport=(375, 720)), town), alone).locator(".whom")
    expect(whom).to_contain_text(" + ", timeout=SOON_MS)
    assert whom.evaluate("box => box.scrollWidth <= box.clientWidth")
