"""A crew out of service: said on the board, seen at a ticket and on its phone, ended there."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.people import SOON_MS, fits, open_board, report, row, send, sign_in

WORDS = {
    "en-GB": ("Out of service", "out of service: tyre burst", "Back in service"),
    "zh-CN": ("暂停派单", "暂停派单：tyre burst", "恢复派单"),
}


@pytest.mark.parametrize("locale", WORDS)
def test_a_crew_goes_out_of_service_on_the_board_and_comes_back_on_its_phone(town, page_for, locale):
    state, why, back = WORDS[locale]
    name = report(town)["ticket"]
    send(town, name, "C1")
    page = open_board(page_for(locale=locale), town)
    line = page.locator(".crew[data-crew=C1]")
    line.locator(".go-out").click(timeout=SOON_MS)
    dialog = page.locator("dialog[open]")
    expect(dialog.locator("[name=release]")).to_be_checked()
    expect(dialog).to_contain_text(name)
    dialog.locator("[name=reason]").fill("tyre burst")
    dialog.locator("button.primary").click()
    expect(line.locator(".out")).to_contain_text("tyre burst", timeout=SOON_MS)
    expect(line.locator(".what")).to_have_text(state)
    row(page, name).click()
    expect(page.locator(".side .cannot").last).to_contain_text(why, timeout=SOON_MS)
    assert fits(page)

    phone = sign_in(page_for(locale=locale, viewport=(375, 720)), town, "crew1", "/phone")
    expect(phone.locator(".out")).to_contain_text("tyre burst", timeout=SOON_MS)
    assert fits(phone)
    phone.locator("#come-back").click()
    expect(phone.locator("#go-out")).to_be_visible(timeout=SOON_MS)
    expect(phone.locator(".out")).to_have_count(0)
    page.keyboard.press("Escape")
    expect(line.locator(".out")).to_have_count(0, timeout=SOON_MS)
    assert back not in (line.text_content() or "")


def test_a_crew_says_so_on_its_phone_and_the_desk_is_warned_of_its_ticket(town, page_for):
    name = report(town)["ticket"]
    send(town, name, "C1")
    phone = sign_in(page_for(locale="en-GB", viewport=(375, 720)), town, "crew1", "/phone")
    phone.locator("#go-out").click(timeout=SOON_MS)
    phone.locator("dialog.ask [value=ill]").check()
    phone.locator("dialog.ask select").select_option("2")
    phone.locator("dialog.ask button.primary").click()
    expect(phone.locator(".out")).to_contain_text("Somebody fell ill", timeout=SOON_MS)
    expect(phone.locator(".out")).to_contain_text(name)
    page = open_board(page_for(locale="en-GB"), town)
    row(page, name).click()
    expect(page.locator(".side .note.late").first).to_contain_text("Somebody fell ill", timeout=SOON_MS)
    town.call("DELETE", f"/api/tickets/{name}/assign")
    phone.locator("#come-back").click()
    expect(phone.locator("#go-out")).to_be_visible(timeout=SOON_MS)


def test_enter_on_the_keyboard_of_the_phone_says_so_and_does_not_cancel(town, page_for):
    phone = sign_in(page_for(locale="en-GB", viewport=(375, 720)), town, "crew1", "/phone")
    phone.locator("#go-out").click(timeout=SOON_MS)
    note = phone.locator("dialog.ask [name=note]")
    note.fill("left rear tyre")
    note.press("Enter")
    expect(phone.locator("dialog.ask")).to_be_visible()  # why is not chosen yet
    phone.locator("dialog.ask [value=van]").check()
    note.press("Enter")
    expect(phone.locator(".out")).to_contain_text("left rear tyre", timeout=SOON_MS)
    phone.locator("#come-back").click()
    expect(phone.locator("#go-out")).to_be_visible(timeout=SOON_MS)
    phone.locator("#go-out").click()
    phone.locator("dialog.ask button:not(.primary)").click()
    expect(phone.locator("dialog.ask")).to_have_count(0)
    expect(phone.locator("#go-out")).to_be_visible()


def say_out(town, reason="tyre burst", crew="C1", **said):
    answer = town.call("POST", f"/api/crews/{crew}/out_of_service", json={"reason": reason, **said})
    assert answer.status_code == 200, answer.text
    return answer.json()["id"]


def say_back(town, said, crew="C1"):
    assert town.call("DELETE", f"/api/crews/{crew}/out_of_service/{said}").status_code == 204


def test_the_open_panel_of_a_ticket_learns_that_its_crew_went_out_and_came_back(town, page_for):
    name = report(town)["ticket"]
    send(town, name, "C1")
    page = open_board(page_for(locale="en-GB"), town)
    row(page, name).click()
    note, options = page.locator(".side .note.late"), page.locator(".side section.block:has(.options)")
    expect(options.first).to_be_visible(timeout=SOON_MS)
    said = say_out(town, release=False)
    expect(note.first).to_contain_text("tyre burst", timeout=SOON_MS)
    expect(options.first).to_contain_text("out of service: tyre burst", timeout=SOON_MS)
    page.keyboard.press("Escape")
    line = page.locator(".crew[data-crew=C1]")
    expect(line.locator(".age")).not_to_contain_text("No position")  # nobody waits for it
    line.locator("[data-key='out.change_of']").click(timeout=SOON_MS)
    expect(page.locator("dialog[open] [name=release]")).not_to_be_checked()  # it was left on purpose
    page.locator("dialog[open] button:not(.primary)").click()
    row(page, name).click()
    say_back(town, said)
    expect(options.first).not_to_contain_text("tyre burst", timeout=SOON_MS)
    expect(note.filter(has_text="tyre burst")).to_have_count(0)
    town.call("DELETE", f"/api/tickets/{name}/assign")


def test_a_crews_buttons_stay_and_keep_the_focus_while_others_move(town, page_for):
    said = say_out(town)
    page = open_board(page_for(locale="en-GB"), town)
    line = page.locator(".crew[data-crew=C1]")
    button = line.locator("[data-key='out.back_of']")
    button.focus(timeout=SOON_MS)
    line.evaluate("line => (line.dataset.mark = 'kept')")
    other = say_out(town, crew="C2")
    expect(page.locator(".crew[data-crew=C2] .out")).to_be_visible(timeout=SOON_MS)
    expect(button).to_be_focused()
    assert line.get_attribute("data-mark") == "kept"
    say_back(town, other, "C2")
    said = say_out(town, reason="needs a new van", replaces=said)
    expect(line.locator(".out")).to_contain_text("needs a new van", timeout=SOON_MS)
    expect(button).to_be_focused()
    say_back(town, said)


def test_a_crew_without_an_answer_is_told_so_unless_the_desk_shows_that_it_knows(town, page_for):
    phone = sign_in(page_for(locale="en-GB", viewport=(375, 720)), town, "crew1", "/phone")
    word = "**/api/phone/out_of_service"

    def say():
        phone.locator("#go-out").click(timeout=SOON_MS)
        phone.locator("dialog.ask [value=van]").check()
        phone.locator("dialog.ask button.primary").click()

    phone.route(word, lambda route: route.abort())
    say()
    expect(phone.locator("#toasts")).to_contain_text("may or may not know", timeout=SOON_MS)
    phone.unroute(word)
    phone.reload()

    def lose_the_answer(route):
        route.fetch()
        route.abort()

    phone.route(word, lose_the_answer)
    say()
    expect(phone.locator(".out")).to_contain_text("Van broken down", timeout=SOON_MS)
    expect(phone.locator("#toasts")).not_to_contain_text("may or may not know")
    phone.locator("#come-back").click()
    expect(phone.locator("#go-out")).to_be_visible(timeout=SOON_MS)
