from __future__ import annotations

import json
import re
from typing import get_args

import pytest

from dispatch.desk import assign
from dispatch.paths import ROOT, TEXTS
from dispatch.ticket import Over
from tests.web.conftest import csrf_of

PAGES = {
    "dispatcher": ("/", "/intake", "/ticket/T1", "/month/2026-11", "/phone", "/signin", "/none", "/month/x"),
    "supervisor": ("/", "/intake", "/ticket/T1", "/month/2026-11"),
    "auditor": ("/", "/ticket/T1", "/month/2026-11", "/intake", "/ticket/T9"),
    "crew1": ("/phone", "/"),
    "intake": ("/signin", "/"),
    "": ("/signin", "/phone", "/none", "/static/none.css"),
}
SHOWN = [(user, path) for user, paths in PAGES.items() for path in paths]
CATALOGUES = {name: json.loads((TEXTS / f"{name}.json").read_text(encoding="utf-8")) for name in ("zh", "en")}
KEY = re.compile(rf"\b(?:{'|'.join({key.partition('.')[0] for key in CATALOGUES['zh']})})\.[a-z_]+\b")
CJK = re.compile(r"[\u4e00-\u9fff]")
TEMPLATES = sorted((ROOT / "dispatch" / "web" / "templates").glob("*.html"))


@pytest.fixture(scope="module")
def browsers(still):
    """The pages with a ticket on a crew's way, and a signed-in browser for each user."""
    assign.replan(still.desk)
    return {user: still.browser(user) for user in PAGES}


def words(page):
    """What a reader sees or hears: no scripts, no addresses."""
    page = re.sub(r"<(script|style).*?</\1>", "", page, flags=re.DOTALL)
    return re.sub(r'\b(?:href|src|action|value)="[^"]*"', "", page)


def shown(browser, path, language):
    browser.set_cookie("language", language)
    return browser.get(path).text


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize(("user", "path"), SHOWN)
def test_every_page_is_shown_in_both_languages_with_every_text_translated(browsers, user, path, language):
    page = shown(browsers[user], path, language)
    assert f'<html lang="{"zh-CN" if language == "zh" else "en"}">' in page
    assert KEY.findall(words(page)) == []
    told = re.findall(r'id="texts">(.*?)</script>', page, re.DOTALL)
    assert [json.loads(each) for each in told] == [CATALOGUES[language]]


@pytest.mark.parametrize(("user", "path"), SHOWN)
def test_every_page_reads_differently_in_each_language(browsers, user, path):
    chinese, english = (set(words(shown(browsers[user], path, lang)).split()) for lang in ("zh", "en"))
    assert any(CJK.search(word) for word in chinese - english)
    assert len(english - chinese) > 3


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_text_a_template_names_is_in_both_catalogues(template):
    named = set(re.findall(r"""\bt\(['"]([a-z_0-9.]+)['"]\s*[,)]""", template.read_text(encoding="utf-8")))
    if template.name.startswith("month_"):
        named = set()  # printed by the export, which brings its own words
    assert {name for name in named for words in CATALOGUES.values() if name not in words} == set()


def test_both_catalogues_say_the_same_things():
    assert CATALOGUES["zh"].keys() == CATALOGUES["en"].keys()
    for key, text in CATALOGUES["zh"].items():
        assert set(re.findall(r"{\w+}", text)) == set(re.findall(r"{\w+}", CATALOGUES["en"][key])), key
        assert text.strip()
        assert CATALOGUES["en"][key].strip()


@pytest.mark.parametrize("why", get_args(Over))
def test_whatever_ended_a_visit_has_a_name_and_one_for_what_is_reported_after_it(why):
    assert {f"over.{why}", f"flag.after_{why}"} <= CATALOGUES["en"].keys()


def test_an_english_reason_can_stand_within_a_sentence():
    capital = [
        key for key, text in CATALOGUES["en"].items() if key.startswith("reason.") and text[0].isupper()
    ]
    assert capital == []


def test_what_a_crew_does_stands_alone_on_the_board_and_begins_with_a_capital():
    shown = [text for key, text in CATALOGUES["en"].items() if key.startswith("crew_state.")]
    assert len(shown) == 5
    assert all(text[0].isupper() for text in shown)


# -- which language


@pytest.mark.parametrize(
    ("wanted", "language"),
    [
        ("", "zh-CN"),
        ("en-GB,en;q=0.9", "en"),
        ("zh-TW,zh;q=0.9,en;q=0.8", "zh-CN"),
        ("fr", "zh-CN"),
        ("fr,en;q=0.1", "en"),
        ("*", "zh-CN"),
        (";;q=x,,", "zh-CN"),
    ],
)
def test_the_browsers_language_decides_and_else_the_companys(still, wanted, language):
    assert f'<html lang="{language}">' in still.get("/signin", "", headers={"Accept-Language": wanted}).text


def test_a_chosen_language_wins_over_the_browsers(client):
    browser = client.browser()
    data = {"lang": "en", "next": "/phone", "csrf": csrf_of(browser)}
    assert browser.post("/language", data=data).location == "/phone"
    assert '<html lang="en">' in browser.get("/signin", headers={"Accept-Language": "zh"}).text


@pytest.mark.parametrize("odd", ["", "xx", "<script>", "EN", "../en"])
def test_an_unknown_language_is_not_remembered(client, odd):
    browser = client.browser()
    answer = browser.post("/language", data={"lang": odd, "csrf": csrf_of(browser)})
    assert answer.status_code == 302
    assert browser.get_cookie("language") is None
    browser.set_cookie("language", odd)
    assert '<html lang="zh-CN">' in browser.get("/signin").text


# -- what a page offers


@pytest.mark.parametrize(("user", "path"), SHOWN)
def test_no_page_asks_another_machine_for_anything(browsers, user, path):
    page = browsers[user].get(path).text
    asked = re.findall(r'(?:src|href|action)="((?:https?:)?//[^"]+)"', page)
    assert asked == []


@pytest.mark.parametrize(("user", "path"), SHOWN)
def test_every_script_and_style_of_a_page_is_there(browsers, user, path):
    page = browsers[user].get(path).text
    files = re.findall(r'<(?:script|link)[^>]+(?:src|href)="(/static/[^"]+)"', page)
    assert [file for file in files if "/vendor/" not in file and not (ROOT / file[1:]).is_file()] == []


@pytest.mark.parametrize("user", PAGES)
def test_a_page_leads_only_where_its_reader_may_go(browsers, user):
    browser = browsers[user]
    for path in PAGES[user]:
        answer = browser.get(path)
        if answer.status_code != 200:
            continue
        links = set(re.findall(r'<a [^>]*href="(/[^"#]*)"', words_with_links(answer.text)))
        refused = {link for link in links if browser.get(link, follow_redirects=True).status_code == 403}
        assert refused <= {"/"}  # the company's name at the top leads home for everybody


def words_with_links(page):
    return re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)


def test_simulated_reports_are_marked_on_every_page(client):
    client.report()
    client.desk.store.company.set_setting("simulated", "1")
    browser = client.browser("dispatcher")
    for path in ("/", "/intake", "/ticket/T1", "/month/2026-11"):
        assert "simulated" in words(shown(browser, path, "en")).lower()
