"""Warnings where people see them: on the board, on the ticket, on the crew's phone, and who has seen them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from playwright.sync_api import expect

from dispatch.clock import now_ms
from tests.browser.people import SOON_MS, open_board, report, row, sign_in, ticket, wait_until

ALERTS_MS = 12_000  # a watch of one second, and a page that draws


def minutes_ago(minutes):
    return (datetime.fromtimestamp(now_ms() / 1000, UTC) - timedelta(minutes=minutes)).isoformat()


def test_a_clock_that_has_run_out_is_shown_until_somebody_has_seen_it(town, page_for):
    name = report(town, received_at=minutes_ago(200))["ticket"]
    page = open_board(page_for(locale="en-GB"), town)
    warning = page.locator("#alerts li", has_text=name).filter(has_text="Past due since")
    expect(warning).to_be_visible(timeout=ALERTS_MS)
    other = open_board(page_for(), town)
    warning.get_by_role("button", name="Seen").click()
    expect(warning).to_contain_text("seen by dispatcher", timeout=SOON_MS)
    expect(other.locator("#alerts li", has_text=name)).to_contain_text("dispatcher", timeout=SOON_MS)
    page.goto(f"{town.base}/ticket/{name}")
    expect(page.locator("#timeline .warning")).to_contain_text("seen by dispatcher", timeout=SOON_MS)


def test_no_sound_before_somebody_asked_for_it(town, page_for):
    page = open_board(page_for(locale="en-GB"), town)
    expect(page.locator("#sound")).to_have_text("Sound off")
    page.click("#sound")
    expect(page.locator("#sound")).to_have_text("Sound on")
    expect(page.locator("#sound")).to_have_attribute("aria-pressed", "true")


def test_the_crew_is_asked_to_accept_until_it_does(town, page_for):
    name = report(town, fault="wire_down")["ticket"]
    sent = town.call("POST", f"/api/tickets/{name}/assign", json={"crew": "C1"})
    assert sent.status_code == 200, sent.text
    page = sign_in(page_for(locale="en-GB", viewport=(390, 844)), town, "crew1", "/phone")
    page.locator(".job, .other", has_text=name).first.click()
    asked = page.locator("[data-accept]")
    expect(asked).to_contain_text("Accept by", timeout=SOON_MS)
    page.click("#next")
    expect(asked).to_have_count(0, timeout=SOON_MS)
    wait_until(lambda: ticket(town, name)["state"] == "accepted")


def test_what_is_likely_the_same_fault_is_merged_with_one_click_and_back(town, page_for):
    into = report(town, account_no="4100000037")["ticket"]
    name = report(town, account_no="4100000037")["ticket"]
    page = open_board(page_for(locale="en-GB"), town)
    row(page, name).click()
    near = page.locator(".near li.likely", has_text=into)
    expect(near).to_contain_text("% the same fault", timeout=SOON_MS)
    near.get_by_role("button", name=f"Merge into {into}").click()
    page.locator(".toast").get_by_role("button", name="Undo").click()
    wait_until(lambda: ticket(town, name)["state"] not in {"merged", "archived"})
    kinds = [event["kind"] for event in ticket(town, into)["timeline"]]
    assert kinds.index("joined") < kinds.index("parted")
