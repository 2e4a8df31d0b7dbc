"""What people do at the pages, in their words."""

from __future__ import annotations

import re
import time
from typing import TYPE_CHECKING, Any

import pytest
from playwright.sync_api import expect

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from tests.conftest import Server

ACCOUNT = "4100000074"  # Greifstraße 92, Neubrandenburg
SOON_MS = 20_000  # a busy machine fails no test; what holds is seen at once


def sign_in(page: Page, town: Server, name: str, path: str = "/") -> Page:
    """Sign in as a user of the sample company and open `path`."""
    page.goto(f"{town.base}/signin")
    page.fill("#name", name)
    page.fill("#password", f"sample-only-{name}")
    page.click("#signin button")
    page.wait_for_url(lambda url: "/signin" not in url)
    if path != "/" or name == "crew1":
        page.goto(town.base + path)
    return page


def open_board(page: Page, town: Server) -> Page:
    """Sign in as the dispatcher and wait until the board is live."""
    sign_in(page, town, "dispatcher")
    expect(page.locator("#live")).to_have_class(re.compile("fine"), timeout=SOON_MS)
    expect(page.locator("#live .word")).to_have_text(re.compile("Live|实时"), timeout=SOON_MS)
    return page


def report(town: Server, **said: Any) -> dict[str, Any]:
    """A program reports a fault; what it was told."""
    sent = {"fault": "no_power", "account_no": ACCOUNT, **said}
    answer = town.call("POST", "/api/reports", json=sent)
    assert answer.status_code == 201, answer.text
    told: dict[str, Any] = answer.json()
    return told


def ticket(town: Server, name: str) -> dict[str, Any]:
    """The whole ticket."""
    found: dict[str, Any] = town.call("GET", f"/api/tickets/{name}").json()
    return found


def send(town: Server, name: str, crew: str) -> None:
    """The desk sends this crew and no other, whatever the planner thought."""
    path = f"/api/tickets/{name}/assign"
    wait_until(lambda: ticket(town, name)["crew"])  # so that the planner has spoken
    if ticket(town, name)["crew"] != crew:
        assert town.call("POST", path, json={"crew": crew, "pin": True}).status_code == 200


def wait_until(true: Any) -> Any:
    """What `true()` answers as soon as it is something."""
    until = time.monotonic() + 10
    while time.monotonic() < until:
        if found := true():
            return found
        time.sleep(0.05)
    pytest.fail("it did not come true within 10 s")


def row(page: Page, name: str) -> Locator:
    """The ticket's row on the board."""
    return page.locator(f"#row-{name}")


def fits(page: Page) -> bool:
    """Whether nothing has to be scrolled sideways."""
    wide: int = page.evaluate("document.documentElement.scrollWidth")
    room: int = page.evaluate("document.documentElement.clientWidth")
    return wide <= room
