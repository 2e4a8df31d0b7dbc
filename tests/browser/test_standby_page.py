"""Stand-by at board and phone: suggested with its reason, sent with one click, shown to the crew."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.people import SOON_MS, fits, open_board, sign_in
from tests.conftest import TOWN_HALL

SUGGESTED = {
    "crew": "C1", "crew_name": "Crew One", "lon": TOWN_HALL[0], "lat": TOWN_HALL[1], "near": "Rathausplatz",
    "gain": 320, "drive_s": 480.0,
}  # fmt: skip


@pytest.fixture
def nobody_waits(town):
    yield
    for each in town.call("GET", "/api/standby").json()["standing"]:
        town.call("DELETE", f"/api/crews/{each['crew']}/standby")


@pytest.mark.usefixtures("nobody_waits")
def test_a_suggestion_is_sent_with_one_click_and_ended_with_another(town, page_for):
    page = page_for(locale="en-GB")
    suggesting = {"standing": [], "suggestions": [SUGGESTED]}
    page.route("**/api/standby", lambda route: route.fulfill(json=suggesting))
    open_board(page, town)
    item = page.locator("#standby li[data-crew=C1]")
    expect(item).to_contain_text("stand by near Rathausplatz", timeout=SOON_MS)
    expect(item).to_contain_text("320 more accounts reached in time · 8 min to drive")
    page.unroute("**/api/standby")
    item.get_by_role("button", name="Send").click()
    expect(item).to_contain_text("stands by", timeout=SOON_MS)
    assert [each["crew"] for each in town.call("GET", "/api/standby").json()["standing"]] == ["C1"]
    item.get_by_role("button", name="End").click()
    expect(page.locator("#standby")).to_be_hidden(timeout=SOON_MS)


@pytest.mark.usefixtures("nobody_waits")
@pytest.mark.parametrize(("locale", "words"), [("en-GB", "Please stand by"), ("zh-CN", "待命")])
def test_the_phone_of_a_crew_without_a_job_says_where_to_wait(town, page_for, locale, words):
    place = {"lon": TOWN_HALL[0], "lat": TOWN_HALL[1]}
    assert town.call("POST", "/api/crews/C1/standby", json=place).status_code == 200
    page = sign_in(page_for(locale=locale, viewport=(375, 720)), town, "crew1", "/phone")
    expect(page.locator(".stand-by")).to_contain_text(words, timeout=SOON_MS)
    expect(page.locator(".stand-by a")).to_have_attribute(
        "href", f"geo:{place['lat']},{place['lon']}?q={place['lat']},{place['lon']}"
    )
    assert fits(page)
