"""The page where a call is written down: by keys alone, numbers by their form, what is known of a place."""

from __future__ import annotations

import pytest
from playwright.sync_api import Route, expect

from tests.browser.people import ACCOUNT, SOON_MS, report, sign_in, wait_until

COMPOSING = (
    "(at) => at.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true}))"
)

AFTER_A_FRAME = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(() => done(true))))"


@pytest.fixture
def intake(page_for, town):
    return sign_in(page_for(), town, "dispatcher", "/intake")


def typed(page, field, text):
    """Types into a field and waits for what is suggested."""
    page.locator(field).press_sequentially(text, delay=10)
    options = page.locator(f".suggest:has({field}) [role=option]")
    expect(options.first).to_be_visible(timeout=SOON_MS)
    return options


@pytest.mark.parametrize(("locale", "scheme"), [("zh-CN", "light"), ("en-GB", "dark")])
def test_an_address_is_chosen_by_keys_and_what_is_known_there_is_told(page_for, town, locale, scheme):
    intake = sign_in(page_for(locale=locale, color_scheme=scheme), town, "dispatcher", "/intake")
    told = report(town, account_no="", address="Turmstraße 3, Neubrandenburg")
    options = typed(intake, "#address", "Turmstraße 1")
    expect(intake.locator("#around")).to_contain_text(told["ticket"], timeout=SOON_MS)
    for pressed, selected in (("ArrowDown", 0), ("ArrowDown", 1), ("ArrowUp", 0)):
        intake.keyboard.press(pressed)
        expect(options.nth(selected)).to_have_attribute("aria-selected", "true")
    label = options.first.locator("span").inner_text()
    intake.keyboard.press("Enter")
    expect(intake.locator("#address")).to_have_value(label)
    expect(intake.locator("#place-clear")).to_be_visible()
    expect(intake.locator("#outcome .head")).to_have_count(0)  # Enter chose; it sent nothing


def test_escape_closes_the_list_and_leaves_what_was_typed(intake):
    options = typed(intake, "#address", "Turmstr")
    intake.keyboard.press("Escape")
    expect(options.first).to_be_hidden()
    expect(intake.locator("#address")).to_have_value("Turmstr")


def test_what_the_arrows_chose_stays_chosen_when_the_list_comes_anew(intake):
    options = typed(intake, "#address", "Turmstraße 1")
    intake.keyboard.press("ArrowDown")
    intake.keyboard.press("ArrowDown")
    label = options.nth(1).locator("span").inner_text()
    with intake.expect_response("**/api/places?*"):
        intake.locator("#address").dispatch_event("input")
    intake.wait_for_function(AFTER_A_FRAME)
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    intake.keyboard.press("Enter")
    expect(intake.locator("#address")).to_have_value(label)


def test_keys_pressed_before_the_new_list_came_choose_from_the_new_one(intake):
    typed(intake, "#address", "Turmstraße 1")
    held: list[Route] = []

    def hold(route):
        held.append(route)

    intake.route("**/api/places?*", hold)
    intake.locator("#address").fill("Greifstraße 92")
    intake.wait_for_function(AFTER_A_FRAME)
    for key in ("ArrowDown", "Enter"):
        intake.keyboard.press(key)
    expect(intake.locator("#address")).to_have_value("Greifstraße 92")
    expect(intake.locator("#outcome .head")).to_have_count(0)
    wait_until(lambda: intake.evaluate("true") and held)
    held[0].continue_()
    expect(intake.locator("#address")).to_have_value("Greifstraße 92, Neubrandenburg")
    expect(intake.locator("#place-clear")).to_be_visible()


def test_enter_that_ends_a_composition_chooses_nothing(intake):
    typed(intake, "#address", "Turmstr")
    intake.keyboard.press("ArrowDown")
    intake.locator("#address").evaluate(COMPOSING)
    expect(intake.locator("#address")).to_have_value("Turmstr")


def test_an_account_number_typed_as_an_address_finds_its_account(intake):
    typed(intake, "#address", ACCOUNT[:-1])
    intake.keyboard.press("ArrowDown")
    intake.keyboard.press("Enter")
    expect(intake.locator("#account")).to_have_value(ACCOUNT)
    expect(intake.locator("#address")).to_have_value("Greifstraße 92, Neubrandenburg", timeout=SOON_MS)


def test_a_phone_number_typed_as_an_account_goes_where_it_belongs(intake):
    typed(intake, "#account", "030-23125002")
    intake.keyboard.press("ArrowDown")
    intake.keyboard.press("Enter")
    expect(intake.locator("#account")).to_have_value(ACCOUNT)
    expect(intake.locator("#phone")).to_have_value("030-23125002")
