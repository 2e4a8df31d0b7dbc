"""What a phone tells its crew of a job that is its own no more, and of a step that the desk refuses."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from tests.browser.people import SOON_MS, fits, report, sign_in


def give(town, crew="C1"):
    """A new ticket, given to the crew by hand."""
    name = report(town)["ticket"]
    assert town.call("POST", f"/api/tickets/{name}/assign", json={"crew": crew}).status_code == 200
    return name


def take_away(town, name):
    """C3 is sent to the ticket in place of C1."""
    sent = {"crew": "C3", "replaces": "C1", "reason": "has the key"}
    assert town.call("POST", f"/api/tickets/{name}/assign", json=sent).status_code == 200


def open_phone(page, town, name):
    """The phone of C1, which shows the job."""
    sign_in(page, town, "crew1", "/phone")
    expect(page.locator("#phone")).to_contain_text(name, timeout=SOON_MS)
    return page


def ask_again(page):
    """The phone asks for its jobs, as it does every ten seconds."""
    page.evaluate("window.dispatchEvent(new Event('online'))")


def notice(page, name):
    return page.locator(".refused").filter(has_text=name)


@pytest.mark.parametrize(
    ("locale", "words"), [("en-GB", "You are off {}: {} goes instead."), ("zh-CN", "改由")]
)
def test_a_crew_that_is_taken_back_is_told_why_until_it_has_seen_it(town, page_for, locale, words):
    name = give(town)
    page = open_phone(page_for(locale=locale, viewport=(390, 844)), town, name)
    take_away(town, name)
    page.reload()
    told = notice(page, name)
    expect(told).to_contain_text(words.format(name, "城区抢修三班"), timeout=SOON_MS)
    expect(told).to_contain_text("has the key")
    assert fits(page)
    told.get_by_role("button").click()
    expect(told).to_have_count(0)
    page.reload()
    expect(page.locator("#phone h1")).to_be_visible(timeout=SOON_MS)
    expect(told).to_have_count(0)


def test_an_answer_that_comes_late_hides_no_newer_job_and_is_told_once(town, page_for):
    name = give(town)
    held: list[Route] = []
    page = open_phone(page_for(locale="en-GB", viewport=(390, 844)), town, name)
    page.route("**/why_not", lambda route: route.continue_() if held else held.append(route))
    take_away(town, name)
    with page.expect_request("**/why_not"):
        ask_again(page)
    other = give(town)
    ask_again(page)
    expect(notice(page, name)).to_have_count(1, timeout=SOON_MS)
    expect(page.locator("#phone")).to_contain_text(other, timeout=SOON_MS)
    with page.expect_response("**/why_not"):
        held[0].continue_()
    ask_again(page)
    expect(page.locator("#link")).to_have_class("connection live", timeout=SOON_MS)
    expect(notice(page, name)).to_have_count(1)
    expect(page.locator("#phone")).to_contain_text(other)


def test_a_new_job_is_shown_though_nobody_says_yet_why_another_is_gone(town, page_for):
    name = give(town)
    page = open_phone(page_for(locale="en-GB", viewport=(390, 844)), town, name)
    page.route("**/why_not", lambda route: route.fulfill(status=503, json={"detail": "not ready"}))
    take_away(town, name)
    other = give(town)
    with page.expect_response("**/why_not"):
        ask_again(page)
    expect(page.locator("#phone")).to_contain_text(other, timeout=SOON_MS)
    expect(page.locator("#link")).to_have_class("connection live")
    expect(notice(page, name)).to_have_count(0)
    page.unroute("**/why_not")
    ask_again(page)
    expect(notice(page, name)).to_contain_text("goes instead", timeout=SOON_MS)


KEPT = """([name, kind]) => localStorage.setItem("dispatch.queue", JSON.stringify([{
  event: { id: `kept-${name}`, ticket: name, kind, at: new Date().toISOString(), seq: 1 },
  state: "waiting", reason: "" }]))"""


WORDS = {
    "never given": ("accepted", "{} was never given to this crew", "{} 从未派给本班组"),
    "no such ticket": ("accepted", "There is no ticket {}", "没有工单 {}"),
    "a step nobody knows": ("flown", "cannot read this step (kind)", "无法识别这一步（kind）"),
}


@pytest.mark.parametrize("locale", ["en-GB", "zh-CN"])
@pytest.mark.parametrize("case", WORDS)
def test_why_a_step_was_refused_is_said_in_the_crews_language(town, page_for, locale, case):
    kind, *words = WORDS[case]
    name = "T9999" if case == "no such ticket" else give(town, "C3")
    page = sign_in(page_for(locale=locale, viewport=(390, 844)), town, "crew1", "/phone")
    page.evaluate(KEPT, [name, kind])
    page.reload()
    said = words[locale == "zh-CN"].format(name)
    expect(page.locator(".refused")).to_contain_text(said, timeout=SOON_MS)
    assert fits(page)
