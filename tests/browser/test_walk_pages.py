"""One report on the pages: appears live, is assigned, driven to, closed, called back and counted."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from tests.browser.people import SOON_MS, open_board, report, row, send, sign_in, ticket, wait_until

PLACE = "Greifstraße 92"


@pytest.fixture
def at_the_place(page_for):
    """A page whose browser stands where the fault is."""

    def make(told, **more):
        here = {"longitude": told["place"]["lon"], "latitude": told["place"]["lat"], "accuracy": 9}
        size = {"viewport": (390, 844), "has_touch": True}
        return page_for(geolocation=here, permissions=["geolocation"], locale="en-GB", **size, **more)

    return make


def tap(page, step):
    """Tap the next step; the page takes a tap within 1.2 s of the last one for a slip of the thumb."""
    button = page.locator("#next", has_text=step)
    expect(button).to_be_enabled(timeout=SOON_MS)
    asked = page.locator("dialog button[value=yes]")

    def taken():
        if button.count() and not asked.count():
            button.tap()
        return asked.count() or not button.count()

    wait_until(taken)
    if asked.count():
        asked.tap()
        expect(button).to_have_count(0)


def take_all_steps(page):
    """The crew's taps from accepting to closing."""
    for step in ("Accept", "Depart", "Arrived", "Supply restored", "Close the job"):
        tap(page, step)
    expect(page.locator(".unsent")).to_have_count(0, timeout=SOON_MS)


def test_a_report_walks_over_the_pages_from_the_board_to_the_month(town, page_for, at_the_place):
    board = open_board(page_for(locale="en-GB", viewport=(1440, 900)), town)
    told = report(town, caller={"name": "王敏", "phone": "069-90001234"})
    name = told["ticket"]

    # It appears by itself, with its clock running, and on the map.
    expect(row(board, name)).to_be_visible(timeout=SOON_MS)
    expect(row(board, name)).to_contain_text(PLACE)
    expect(row(board, name).locator(".clock")).to_contain_text(re.compile(r"4\d:\d\d"))
    row(board, name).click()
    expect(board.locator(".detail-head h1")).to_contain_text(PLACE)

    # The dispatcher sends crew C1, whoever the planner chose: its telephone is the one in the test.
    wait_until(lambda: ticket(town, name)["crew"])
    if ticket(town, name)["crew"] != "C1":
        board.locator("[data-key=assign-C1]").click(timeout=SOON_MS)
        expect(board.locator(".toast")).to_contain_text(f"{name} assigned")
    wait_until(lambda: ticket(town, name)["crew"] == "C1")

    phone = sign_in(at_the_place(told), town, "crew1", "/phone")
    expect(phone.locator(".address")).to_contain_text(PLACE, timeout=SOON_MS)
    expect(phone.locator("a[href^=tel]")).to_contain_text("069-90001234")
    take_all_steps(phone)

    # The board turned by itself: the call-back is due, is written down, and the ticket is gone.
    expect(row(board, name)).to_contain_text("Callback due", timeout=SOON_MS)
    assert [each["evidence"] for each in ticket(town, name)["visits"] if each["crew"] == "C1"] == ["B"]
    for question in ("reached", "power_back", "satisfied"):
        board.locator(f".callback [name={question}][value=yes]").check()
    board.locator(".callback button.primary").click()
    expect(row(board, name)).to_have_count(0, timeout=SOON_MS)
    expect(board.locator("[data-key=back]")).to_have_count(0)  # nothing to take back: the crew has been there

    board.goto(f"{town.base}/month")
    expect(board.locator(".kpis > div", has_text="Kept").locator("dd")).to_have_text("1")


LIES_STILL = """(() => {
  const place = navigator.geolocation;
  place.watchPosition = (moved) => {
    const at = { coords: { longitude: LON, latitude: LAT, accuracy: 9 }, timestamp: Date.now() - AGE };
    setTimeout(() => moved(at));
    return 1;
  };
  place.clearWatch = () => {};
  place.getCurrentPosition = (found, failed) => setTimeout(() => failed({ code: 3 }), 300);
})()"""


@pytest.mark.parametrize(("age_s", "grade"), [(10, "B"), (200, "C")])
def test_an_arrival_is_proved_by_the_position_of_just_now_where_the_phone_finds_no_newer(
    town, at_the_place, age_s, grade
):
    told = report(town)
    name, here = told["ticket"], told["place"]
    send(town, name, "C1")
    phone = at_the_place(told)
    known = {"LON": here["lon"], "LAT": here["lat"], "AGE": age_s * 1000}
    script = re.sub("|".join(known), lambda word: str(known[word.group()]), LIES_STILL)
    phone.add_init_script(script)
    sign_in(phone, town, "crew1", "/phone")
    expect(phone.locator(".job-head b")).to_have_text(name, timeout=SOON_MS)
    take_all_steps(phone)
    wait_until(lambda: ticket(town, name)["state"] == "closed")
    assert [each["evidence"] for each in ticket(town, name)["visits"] if each["crew"] == "C1"] == [grade]


def test_a_paired_phone_needs_no_password(town, at_the_place):
    told = report(town)
    send(town, told["ticket"], "C1")
    link = town.command("phone", "pair", "C1").stdout
    found = re.search(r"#pair=\S+", link)
    assert found, link

    phone = at_the_place(told)
    phone.goto(f"{town.base}/phone{found.group()}")
    expect(phone.locator(".job-head b")).to_have_text(told["ticket"], timeout=SOON_MS)
    assert "pair=" not in phone.url, "the token must not stay in the address"
    take_all_steps(phone)
    wait_until(lambda: ticket(town, told["ticket"])["state"] == "closed")


def test_taps_without_a_connection_wait_on_the_phone_and_are_sent_once(town, at_the_place):
    told = report(town)
    name = told["ticket"]
    send(town, name, "C1")
    phone = sign_in(at_the_place(told), town, "crew1", "/phone")
    expect(phone.locator(".job-head b")).to_have_text(name, timeout=SOON_MS)

    phone.context.set_offline(offline=True)
    tap(phone, "Accept")
    expect(phone.locator(".unsent li")).to_have_count(1)
    expect(phone.locator("#link")).to_have_text("No connection")
    tap(phone, "Depart")
    expect(phone.locator(".unsent li")).to_have_count(2)
    assert ticket(town, name)["state"] == "assigned"

    phone.context.set_offline(offline=False)
    expect(phone.locator(".unsent")).to_have_count(0, timeout=SOON_MS)
    phone.reload()
    expect(phone.locator("#next")).to_have_text("Arrived", timeout=SOON_MS)
    kinds = [event["kind"] for event in ticket(town, name)["timeline"]]
    assert (kinds.count("accepted"), kinds.count("departed")) == (1, 1)
