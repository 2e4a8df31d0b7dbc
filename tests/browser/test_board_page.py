"""The board in use: keys, two dispatchers at once, a server that goes away, words that are not markup."""

from __future__ import annotations

import re
from datetime import datetime, timedelta

import pytest
from playwright.sync_api import expect

from tests.browser.people import SOON_MS, open_board, report, row, sign_in, ticket, wait_until
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
    with page.expect_request(f"**/api/tickets/{name}/assign") as asked:
        page.get_by_role("button", name="改派").click()
    assert asked.value.method == "POST"
    assert f'"replaces":"{other}"' in str(asked.value.post_data)
    wait_until(lambda: ticket(town, name)["crew"] == mine)
    told = [each["body"] for each in ticket(town, name)["timeline"] if each["kind"] == "taken_back"]
    assert (told[-1]["crew"], told[-1]["instead"]) == (other, mine)


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


def test_an_order_by_hand_shows_the_dispatchers_words_and_then_what_the_figures_said(town, page_for):
    name = report(town)["ticket"]
    wait_until(lambda: ticket(town, name)["crew"])
    page = open_board(page_for(locale="en-GB"), town)
    row(page, name).click()
    page.get_by_label("Why this crew?").fill("has the <b>key</b>")
    button = page.locator(".options button").last  # the one that the figures like least
    expect(button).to_be_visible(timeout=SOON_MS)
    crew = str(button.get_attribute("data-key")).removeprefix("assign-")
    button.click()
    wait_until(lambda: ticket(town, name)["crew"] == crew)
    expect(page.get_by_label("Why this crew?")).to_have_value("")
    page.locator(".reasons summary").click()
    for where in (".reasons .why", "#visits .visit:first-child .why"):
        why = page.locator(where)
        expect(why).to_contain_text("Sent by hand by dispatcher: “has the <b>key</b>”", timeout=SOON_MS)
        expect(why).to_contain_text("By the figures")
        expect(why.locator("tbody tr")).to_have_count(4)
        expect(why.locator("tbody tr").nth(1)).to_contain_text("better by the figures")
        page.goto(f"{town.base}/ticket/{name}")
    expect(page.locator("#timeline")).to_contain_text("goes instead")


def test_an_order_from_before_figures_were_kept_is_still_shown(town, page_for):
    name = report(town)["ticket"]
    wait_until(lambda: ticket(town, name)["crew"])

    def as_it_was(route):
        answer = route.fetch()
        told = answer.json()
        for visit in (told["assignment"], *told["visits"]):
            visit.update(by="Li", reasons={}, reason="")
        told["timeline"][-1].update(kind="taken_back", body={"crew": "C1", "reason": "merged into T1"})
        route.fulfill(response=answer, json=told)

    page = page_for()
    page.route(f"**/api/tickets/{name}", as_it_was)
    sign_in(page, town, "dispatcher", f"/ticket/{name}")
    expect(page.locator("#visits .why")).to_contain_text("由 Li 手工派单，未写理由。", timeout=SOON_MS)
    expect(page.locator("#visits .why")).to_contain_text("该派单未留存测算结果。")
    expect(page.locator("#timeline")).to_contain_text("merged into T1")


ORDER = """async ([visit, delays]) => {
  const { whyVisit } = await import("/static/reasons.js");
  const reasons = { terms: { drive_min: 5 }, delays };
  return whyVisit({ crew: "C1", eta_at: null, reasons, ...visit }, (crew) => crew).textContent;
}"""
STRANDED, HALF, LATE, LATER = (
    {"ticket": "T7", "by_s": None, "becomes_late": True},
    {"ticket": "T8+", "by_s": None, "becomes_late": True},
    {"ticket": "T9", "by_s": 300, "becomes_late": True},
    {"ticket": "T10+", "by_s": 60, "becomes_late": False},
)
BREAKS = {
    "en-GB": (
        (
            "This leaves nobody for T7; leaves nobody for the second crew of T8; "
            "delays T9 by 5 min, making it late; and 1 more."
        ),
        "This delays the second crew of T10 by 1 min.",
        "This delays no other ticket.",
    ),
    "zh-CN": (
        "本次派单的影响：T7 将无人可派；T8 的第二班组将无人可派；T9 推迟 5 分钟，将超时；另有 1 单。",
        "本次派单的影响：T10 的第二班组推迟 1 分钟。",
        "本次派单不耽误其他工单。",
    ),
}


@pytest.mark.parametrize("locale", BREAKS)
def test_what_an_order_breaks_reads_as_a_sentence_however_many_it_is(town, page_for, locale):
    page = open_board(page_for(locale=locale), town)
    for delays, told in zip(([LATER, LATE, STRANDED, HALF], [LATER], []), BREAKS[locale], strict=True):
        assert told in page.evaluate(ORDER, [{"by": "planner"}, delays])


@pytest.mark.parametrize(
    ("locale", "said"),
    [("en-GB", "Sent by hand by the command line: “the key”"), ("zh-CN", "由 命令行 手工派单：“the key”")],
)
def test_an_order_from_the_command_line_is_by_hand_and_the_planners_is_not(town, page_for, locale, said):
    page = open_board(page_for(locale=locale), town)
    words = {"reason": "the key"}
    assert said in page.evaluate(ORDER, [{"by": "command line", **words}, []])
    assert "the key" not in page.evaluate(ORDER, [{"by": "planner", **words}, []])


def test_why_a_crew_was_taken_back_is_said_in_the_readers_language(town, page_for):
    first, second = (report(town) for _ in range(2))
    assign = f"/api/tickets/{second['ticket']}/assign"
    crew = town.call("POST", assign, json={"crew": "C1"}).json()["crew_name"]
    path = f"/api/reports/{second['report']}/merge"
    assert town.call("POST", path, json={"ticket": first["ticket"]}).status_code == 200
    page = sign_in(page_for(), town, "dispatcher", f"/ticket/{second['ticket']}")
    said = f"撤回对 {crew} 的派单：报修已合并到 {first['ticket']}"
    expect(page.locator("#timeline")).to_contain_text(said, timeout=SOON_MS)
    assert "merged into" not in page.locator("body").inner_text()


def last_planned(page, minutes, silent_after_s):
    """The page hears of a last plan so many minutes old, by a planner with this limit."""

    def told(route):
        answer = route.fetch()
        if answer.status != 200:
            return route.fulfill(response=answer)
        board = answer.json()
        at = datetime.fromisoformat(board["now"]) - timedelta(minutes=minutes)
        board["plan"] |= {"at": at.isoformat(), "age_s": minutes * 60, "silent_after_s": silent_after_s}
        return route.fulfill(json=board)

    page.route("**/api/board*", told)
    return page


@pytest.mark.parametrize(
    ("locale", "silent"), [("en-GB", "Planner silent for 9 min"), ("zh-CN", "派单计划已停 9 分")]
)
def test_a_planner_is_called_silent_only_beyond_its_own_limit(town, page_for, locale, silent):
    slow = open_board(last_planned(page_for(locale=locale), 5, 480), town)  # plans every two minutes
    expect(slow.locator("#live")).to_have_class("live fine")
    page = sign_in(last_planned(page_for(locale=locale), 9, 480), town, "dispatcher")
    expect(page.locator("#live .word")).to_contain_text(silent, timeout=SOON_MS)
    expect(page.locator("#live")).to_have_class("live reconnecting soon")


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
