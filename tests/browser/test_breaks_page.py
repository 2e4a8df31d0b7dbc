"""Breaks of crews on the board's list, at the options of a ticket and on the phone."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.people import SOON_MS, fits, open_board, report, row, sign_in


@pytest.fixture(scope="module")
def resting(town, tmp_path_factory):
    """C1 is at rest for an hour yet, by the server's clock."""
    now = datetime.fromisoformat(town.call("GET", "/api/board").json()["now"])
    since, until = (f"{now + timedelta(minutes=minutes):%H:%M}" for minutes in (-30, 60))
    table = tmp_path_factory.mktemp("crews") / "crews.csv"
    table.write_text(
        "crew,name,unit,depot_lon,depot_lat,skills,shift,break\n"
        f"C1,城区抢修一班,U1,13.2722533,53.5568433,lv;hv;meter,00:00-24:00,{since}-{until}\n",
        encoding="utf-8",
    )
    town.command("import", "crews", str(table))
    return town


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("en-GB", ("At rest until", "Breaks", "by hand it goes at once")),
        ("zh-CN", ("休息至", "休息", "手动派单立即出发")),
    ],
)
def test_who_is_at_rest_shows_on_the_board_and_at_a_ticket(resting, page_for, locale, words):
    rests, spans, by_hand = words
    name = report(resting)["ticket"]
    page = open_board(page_for(locale=locale, viewport=(375, 720)), resting)
    page.locator(".views [data-view=side]").click()
    line = page.locator(".crew[data-crew=C1]")
    expect(line).to_contain_text(rests, timeout=SOON_MS)
    expect(line.locator(".breaks")).to_contain_text(spans)
    page.locator(".views [data-view=list]").click()
    row(page, name).click()
    expect(page.locator(".options .rests")).to_contain_text(by_hand, timeout=SOON_MS)
    assert fits(page)


@pytest.mark.parametrize(("locale", "rests"), [("en-GB", "At rest until"), ("zh-CN", "休息至")])
def test_the_phone_of_a_crew_at_rest_says_until_when(resting, page_for, locale, rests):
    page = sign_in(page_for(locale=locale, viewport=(375, 720)), resting, "crew1", "/phone")
    expect(page.locator(".who-am-i .rests")).to_contain_text(rests, timeout=SOON_MS)
    expect(page.locator(".who-am-i")).to_contain_text(re.compile("(Breaks|休息) .*–"))
    assert fits(page)
