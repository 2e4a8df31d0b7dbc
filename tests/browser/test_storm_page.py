"""The board on the worst day: hundreds of tickets at once, of which a dispatcher sees a few at a time."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import expect

from dispatch.clock import now_ms
from tests.browser.people import ACCOUNT, SOON_MS, open_board, row, sign_in, ticket, wait_until

if TYPE_CHECKING:
    from playwright.sync_api import Response

CALLS = 400
BOARD = "/api/board?since="


@pytest.fixture(scope="module")
def storm(town, tmp_path_factory):
    """So many calls, one a minute, the first of them the latest."""
    now = datetime.fromtimestamp(now_ms() / 1000, UTC)
    times = [(now - timedelta(minutes=n)).isoformat() for n in range(CALLS)]
    file = tmp_path_factory.mktemp("storm") / "reports.csv"
    rows = [f"{at},no_power,{ACCOUNT}" for at in times]
    file.write_text("\n".join(["received_at,fault,account_no", *rows]) + "\n", encoding="utf-8")
    town.command("import", "reports", str(file))
    return town


def drawn(page):
    return page.locator(".row").count()


def order_of(page):
    """The numbers of the drawn rows among all, from top to bottom."""
    return page.locator(".row").evaluate_all("rows => rows.map(row => Number(row.ariaPosInSet))")


def test_of_hundreds_of_tickets_those_about_the_sight_are_drawn(storm, page_for):
    page = open_board(page_for(locale="en-GB"), storm)
    expect(page.locator("#filters [data-filter=all] .num")).to_have_text(str(CALLS), timeout=SOON_MS)
    assert 30 < drawn(page) < CALLS / 2
    assert order_of(page) == list(range(1, drawn(page) + 1))
    assert page.locator(".row").first.get_attribute("aria-setsize") == str(CALLS)
    page.locator("#rows").evaluate("list => { list.scrollTop = list.scrollHeight }")
    last = page.locator(f".row[aria-posinset='{CALLS}']")
    expect(last).to_be_in_viewport(timeout=SOON_MS)
    numbers = order_of(page)
    assert numbers == list(range(numbers[0], CALLS + 1))
    assert numbers[0] > CALLS / 2


def test_a_ticket_far_down_is_scrolled_to_and_stepped_on_from(storm, page_for):
    page = open_board(page_for(locale="en-GB"), storm)
    page.locator("#rows").evaluate("list => { list.scrollTop = list.scrollHeight / 2 }")
    expect(page.locator(".row[aria-posinset='200']")).to_be_in_viewport(timeout=SOON_MS)
    name = str(page.locator(".row[aria-posinset='200']").get_attribute("data-id"))
    page = sign_in(page_for(locale="en-GB"), storm, "dispatcher", f"/#{name}")
    expect(row(page, name)).to_be_in_viewport(timeout=SOON_MS)
    expect(row(page, name)).to_have_attribute("aria-selected", "true")
    page.keyboard.press("j")
    chosen = page.locator(".row[aria-selected=true]")
    expect(chosen).to_have_count(1)
    expect(chosen).to_have_attribute("aria-posinset", "201")
    page.locator("#rows").evaluate("list => { list.scrollTop = 0 }")
    expect(page.locator(".row[aria-posinset='1']")).to_be_in_viewport(timeout=SOON_MS)
    expect(chosen).to_have_count(0)
    assert page.locator("#rows").get_attribute("aria-activedescendant") is None
    page.keyboard.press("j")
    expect(chosen).to_be_in_viewport(timeout=SOON_MS)
    expect(chosen).to_have_attribute("aria-posinset", "202")


def test_a_change_is_sent_without_the_rest_and_what_is_over_goes(storm, page_for):
    page = open_board(page_for(locale="en-GB"), storm)
    sent: list[Response] = []

    def hear(answer: Response) -> None:
        if BOARD in answer.url and answer.status == 200:
            sent.append(answer)

    page.on("response", hear)
    name = str(page.locator(".row[aria-posinset='1']").get_attribute("data-id"))
    report = ticket(storm, name)["reports"][0]["id"]
    told = storm.call("POST", f"/api/reports/{report}/resolve", json={"how": "by_phone", "note": "lit again"})
    assert told.status_code == 200, told.text
    expect(row(page, name)).to_have_count(0, timeout=SOON_MS)
    expect(page.locator("#filters [data-filter=all] .num")).to_have_text(str(CALLS - 1))
    boards = wait_until(lambda: [each.json() for each in sent])
    assert name in [gone for board in boards for gone in board["gone"]["tickets"]]
    assert all(len(board["tickets"]) < CALLS / 2 for board in boards)


def test_of_hundreds_of_warnings_the_first_are_shown_and_the_others_counted(storm, page_for):
    page = open_board(page_for(locale="en-GB"), storm)
    more = page.locator("#alerts .more")
    expect(more).to_be_visible(timeout=20_000)
    assert page.locator("#alerts li").count() == 50
    count = int(page.locator("#alerts header .num").inner_text())
    assert more.inner_text() == f"and {count - 50} more"
    page.get_by_role("button", name="All seen").click()
    expect(page.locator("#alerts header .num")).to_have_text(re.compile(r"^\d$"), timeout=SOON_MS)
    expect(page.locator("#alerts li").first).to_contain_text("seen by dispatcher")
