"""The board in use: keys, two dispatchers at once, a server that goes away, words that are not markup."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from tests.browser.people import SOON_MS, open_board, report, row, ticket, wait_until
from tests.conftest import start_server, stop_server

KEY = "document.dispatchEvent(new KeyboardEvent('keydown', {key: 'j', isComposing: true, bubbles: true}))"


def chosen(page):
    return page.locator(".row[aria-selected=true]")


def test_a_sends_the_crew_that_stands_first(town, page_for):
    name = report(town)["ticket"]
    wait_until(lambda: ticket(town, name)["crew"])
    page = open_board(page_for(locale="en-GB"), town)

    def other_way_round(route):
        ranked = [each for each in route.fetch().json() if "not_possible" not in each]
        route.fulfill(json=ranked[::-1])

    page.route("**/options", other_way_round)  # so that the first is not the crew the planner sent
    row(page, name).click()
    first = str(page.locator(".options button").first.get_attribute("data-key"))
    page.keyboard.press("a")
    expect(page.locator(".toast")).to_contain_text(f"{name} assigned", timeout=SOON_MS)
    assert f"assign-{ticket(town, name)['crew']}" == first


def test_j_and_k_step_through_the_list_and_escape_leaves_it(town, page_for):
    for _ in range(2):
        report(town)
    page = open_board(page_for(locale="en-GB"), town)
    expect(page.locator(".row").nth(1)).to_be_visible()
    page.keyboard.press("j")
    first = str(chosen(page).get_attribute("data-id"))
    page.keyboard.press("j")
    expect(chosen(page)).not_to_have_attribute("data-id", first)
    page.keyboard.press("k")
    expect(chosen(page)).to_have_attribute("data-id", first)
    page.keyboard.press("Escape")
    expect(chosen(page)).to_have_count(0)


def test_a_key_that_belongs_to_an_input_method_moves_nothing(town, page_for):
    report(town)
    page = open_board(page_for(), town)
    expect(page.locator(".row").first).to_be_visible()
    page.evaluate(KEY)
    expect(chosen(page)).to_have_count(0)
    page.keyboard.press("j")
    expect(chosen(page)).to_have_count(1)


def test_two_dispatchers_at_once_are_told_in_words(town, page_for):
    name = report(town)["ticket"]
    wait_until(lambda: ticket(town, name)["crew"])
    page = open_board(page_for(), town)
    row(page, name).click()
    button = page.locator(".options button").first
    expect(button).to_be_visible(timeout=SOON_MS)
    mine = str(button.get_attribute("data-key")).removeprefix("assign-")
    button.hover()  # what is under the pointer does not move while somebody else acts
    able = [each["crew"] for each in town.call("GET", f"/api/tickets/{name}/options").json()]
    other = next(crew for crew in able if crew not in (mine, ticket(town, name)["crew"]))
    sent = town.call("POST", f"/api/tickets/{name}/assign", "supervisor", json={"crew": other, "pin": True})
    assert sent.status_code == 200, sent.text
    page.locator(f"[data-key=assign-{mine}]").click()
    said = page.locator("dialog [role=alert]")
    expect(said).to_contain_text("请先撤回派单", timeout=SOON_MS)
    expect(said).to_contain_text(other)
    page.get_by_role("button", name="取消").click()
    assert ticket(town, name)["crew"] == other

    page.locator(f"[data-key=assign-{mine}]").click()
    page.get_by_role("button", name="改派").click()
    wait_until(lambda: ticket(town, name)["crew"] == mine)


def test_markup_in_a_note_is_shown_as_text(town, page_for):
    note = '<script>document.title = "owned"</script><b>🔥 停电</b>'
    name = report(town, note=note, caller={"name": "<img src=x onerror=alert(1)>"})["ticket"]
    page = open_board(page_for(), town)
    row(page, name).click()
    expect(page.locator(".reports")).to_contain_text(note, timeout=SOON_MS)
    page.goto(f"{town.base}/ticket/{name}")
    expect(page.locator("#reports")).to_contain_text(note, timeout=SOON_MS)
    assert "owned" not in page.title()
    assert page.locator("#reports img, #reports script").count() == 0


def test_a_server_that_goes_away_is_said_and_its_return_is_caught_up(home, town, page_for):
    """Last in this file: it takes the server away."""
    page = open_board(page_for(locale="en-GB"), town)
    stop_server(town)
    expect(page.locator("#live .word")).to_have_text("Reconnecting…", timeout=SOON_MS)
    expect(page.locator("#live")).to_have_class(re.compile("reconnecting"))

    port = int(town.base.rsplit(":", 1)[1])
    back = start_server(home / "config.toml", home / "again.log", port)
    town.process = back.process
    name = report(town, fault="wire_down")["ticket"]
    expect(row(page, name)).to_be_visible(timeout=30_000)
    expect(page.locator("#live .word")).to_have_text("Live")
