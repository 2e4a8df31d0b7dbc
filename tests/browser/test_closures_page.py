"""Closing a road at the board: drawn point by point, listed, driven round, opened again."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.browser.people import SOON_MS, fits, open_board, sign_in, wait_until
from tests.conftest import TOWN_HALL

LON, LAT = TOWN_HALL
RING = [[LON - 0.01, LAT - 0.005], [LON + 0.01, LAT - 0.005], [LON, LAT + 0.01], [LON - 0.01, LAT - 0.005]]


def closures(town):
    return town.call("GET", "/api/board").json()["closures"]


@pytest.fixture
def none_closed(town):
    yield
    for each in closures(town):
        town.call("DELETE", f"/api/closures/{each['id']}")


@pytest.mark.usefixtures("none_closed")
def test_a_road_is_drawn_closed_and_opened_again(town, page_for):
    page = open_board(page_for(locale="en-GB"), town)
    page.locator("#closures summary").click()
    page.get_by_role("button", name="Close a road").click()
    page.wait_for_timeout(500)
    box = page.locator("#map").bounding_box()
    assert box is not None
    for across in (0.3, 0.5, 0.7):
        page.mouse.click(box["x"] + across * box["width"], box["y"] + 0.5 * box["height"])
        page.wait_for_timeout(400)  # two quick clicks are one on the map
    expect(page.locator("#mapbar")).to_contain_text("3 points")
    page.get_by_role("button", name="One point back").click()
    page.get_by_role("button", name="Finish").click()
    page.locator("dialog").get_by_text("Slow").click()
    page.get_by_label("Reason").fill("flood <b>at</b> the bridge")
    page.get_by_label("Until").select_option("2")
    page.get_by_role("button", name="Close the road").click()
    expect(page.locator(".toast")).to_contain_text("edges of road touched", timeout=SOON_MS)
    told = closures(town)
    assert [(each["factor"], each["reason"]) for each in told] == [(0.5, "flood <b>at</b> the bridge")]
    assert len(told[0]["geometry"]["coordinates"]) == 2
    assert told[0]["until"] is not None
    page.locator("#closures summary").click()
    item = page.locator(f"#closures li[data-id={told[0]['id']}]")
    expect(item).to_contain_text("flood <b>at</b> the bridge")
    item.get_by_role("button", name="Open again").click()
    expect(item).to_have_count(0, timeout=SOON_MS)
    assert closures(town) == []


@pytest.mark.usefixtures("none_closed")
@pytest.mark.parametrize("theme", ["light", "dark"])
def test_what_another_closed_appears_by_itself_in_both_themes(town, page_for, theme):
    page = open_board(page_for(color_scheme=theme), town)
    area = {"geometry": {"type": "Polygon", "coordinates": [RING]}, "factor": 0, "reason": "水淹"}
    made = town.call("POST", "/api/closures", json=area)
    assert made.status_code == 201, made.text
    page.locator("#closures summary").click()
    expect(page.locator(f"#closures li[data-id={made.json()['id']}]")).to_contain_text(
        "水淹", timeout=SOON_MS
    )
    expect(page.locator("#closures summary .num")).to_have_text("1")


def test_escape_puts_the_pen_down(town, page_for):
    page = open_board(page_for(locale="en-GB"), town)
    page.locator("#closures summary").click()
    page.get_by_role("button", name="Close a road").click()
    expect(page.locator("#mapbar")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#mapbar")).to_be_hidden()


@pytest.mark.usefixtures("none_closed")
def test_who_only_reads_sees_closures_and_changes_none(town, page_for):
    line = {"type": "LineString", "coordinates": RING[:2]}
    made = town.call("POST", "/api/closures", json={"geometry": line, "factor": 0.5, "reason": "ice"})
    assert made.status_code == 201, made.text
    page = sign_in(page_for(locale="en-GB", viewport=(1280, 800)), town, "auditor")
    page.locator("#closures summary").click()
    wait_until(lambda: page.locator("#closures li").count())
    expect(page.locator("#closures")).to_contain_text("ice", timeout=SOON_MS)
    expect(page.locator("#closures button")).to_have_count(0)
    assert fits(page)
