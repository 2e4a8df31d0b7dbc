from __future__ import annotations

import json
import re

import pytest

from dispatch.errors import SetupError
from dispatch.paths import ROOT, TEXTS
from dispatch.web.gate import allow
from tests.web.conftest import REPORT, assert_problem

ODD_IDS = [
    "T99",
    "R99",
    "%00",
    "%FF",
    "%ED%A0%80",
    "%F0%9F%92%A1",
    "x" * 5000,
    "..",
    "'--",
    "%3Cscript%3E",
    "T1%20",
]
ID_CALLS = [
    ("GET", "/api/reports/{}", None),
    ("POST", "/api/reports/{}/place", {"lon": 13.2, "lat": 53.5, "reason": "moved"}),
    ("POST", "/api/reports/{}/merge", {"ticket": "T1"}),
    ("POST", "/api/reports/{}/unmerge", {}),
    ("POST", "/api/reports/{}/resolve", {"how": "by_phone"}),
    ("GET", "/api/tickets/{}", None),
    ("GET", "/api/tickets/{}/options", None),
    ("POST", "/api/tickets/{}/assign", {"crew": "C1"}),
    ("DELETE", "/api/tickets/{}/assign", None),
    ("POST", "/api/tickets/{}/callback", {"reached": True}),
    ("GET", "/api/accounts/{}", None),
]
ODD_HEADERS = [
    {"Accept": "image/png"},
    {"Accept": ";;;q=x,,*"},
    {"Accept-Language": "xx;q=zz,,,;"},
    {"Accept-Language": "en;q=NaN"},
    {"Authorization": "Basic !!!"},
    {"Cookie": "dispatch=xxx; language=<script>; ="},
    {"If-None-Match": 'broken"'},
    {"If-Modified-Since": "never"},
    {"Range": "bytes=5-1"},
    {"Content-Length": "-1"},
    {"Content-Length": "many"},
    {"X-Forwarded-Host": "elsewhere.example"},
    {"Host": "elsewhere.example:99999"},
    {"Host": "a b"},
    {"Host": "[::"},
]


@pytest.mark.parametrize("odd", ODD_IDS, ids=lambda odd: odd[:12])
@pytest.mark.parametrize(("method", "path", "body"), ID_CALLS)
def test_what_is_not_there_is_not_found(still, method, path, body, odd):
    assert_problem(still.call(method, path.format(odd), json=body), 404)


@pytest.mark.parametrize(
    "path",
    [
        "/api/nothing",
        "/api/",
        "/api/board/",
        "/api/reports/a%2Fb",
        "/api/reports/..%2F..%2Fetc",
        "/api/boards",
        "/open311/v2/nothing.json",
    ],
)
def test_a_call_that_does_not_exist_is_told_as_json(still, path):
    assert_problem(still.get(path), 404)
    assert_problem(still.get(path, ""), 404)


@pytest.mark.parametrize(
    "path", ["/nothing", "/board/", "/ticket/T99", "/ticket/%00", "/favicon.ico", "/t/abc"]
)
def test_a_page_that_does_not_exist_is_told_as_a_page(still, path):
    answer = still.get(path)
    assert answer.status_code == 404
    assert answer.mimetype == "text/html"


@pytest.mark.parametrize("method", ["PUT", "PATCH", "DELETE", "TRACE", "BREW"])
def test_the_wrong_method_is_told_with_the_right_ones(still, method):
    answer = still.call(method, "/api/board")
    assert_problem(answer, 405)
    assert set(answer.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS"}


def test_a_call_that_only_takes_posts_says_so(still):
    answer = still.get("/api/reports")
    assert_problem(answer, 405)
    assert "POST" in answer.headers["Allow"]


@pytest.mark.parametrize("path", ["/api/board", "/api/months/2026-11.xlsx", "/signin", "/api/events"])
def test_a_head_request_answers_without_a_body(still, path):
    answer = still.call("HEAD", path)
    assert answer.status_code == 200
    assert answer.data == b""


@pytest.mark.parametrize("headers", ODD_HEADERS, ids=str)
@pytest.mark.parametrize("path", ["/api/board", "/signin", "/static/style.css", "/api/reports"])
def test_no_header_breaks_an_answer(still, headers, path):
    with still.get(path, headers=headers) as answer:
        assert answer.status_code < 500
        assert b"Traceback" not in answer.data
        assert "elsewhere.example" not in answer.headers.get("Location", "")


def test_a_mistake_of_ours_is_told_without_its_trace(client):
    def broken():
        raise ZeroDivisionError

    client.app.testing = False
    client.app.view_functions["board.get_board"] = allow("dispatcher")(broken)
    problem = assert_problem(client.get("/api/board"), 500)
    assert "ZeroDivisionError" not in str(problem)


def test_a_server_that_is_not_set_up_says_what_is_missing(client):
    def missing():
        raise SetupError("there is no built area; run `dispatch build`")

    client.app.view_functions["board.get_board"] = allow("dispatcher")(missing)
    assert "dispatch build" in assert_problem(client.get("/api/board"), 503)["detail"]


def test_a_conflict_names_what_stands_in_the_way(client):
    told = client.report()
    problem = assert_problem(
        client.post(f"/api/reports/{told['report']}/merge", {"ticket": told["ticket"]}), 409
    )
    assert told["ticket"] in problem["detail"]


def test_a_refusal_has_a_code_and_facts_so_that_pages_can_say_it_in_their_language(client):
    ticket = client.report()["ticket"]
    problem = assert_problem(client.post(f"/api/tickets/{ticket}/callback", {"reached": True}), 409)
    assert (problem["code"], problem["facts"]["ticket"]) == ("callback_too_early", ticket)
    assert problem["facts"]["state"] in problem["detail"]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_code_of_a_refusal_has_its_sentence(language):
    told = json.loads((TEXTS / f"{language}.json").read_text(encoding="utf-8"))
    sources = [path.read_text(encoding="utf-8") for path in (ROOT / "dispatch" / "desk").glob("*.py")]
    codes = {code for source in sources for code in re.findall(r'code="(\w+)"', source)}
    assert len(codes) >= 20
    assert {code for code in codes if f"problem.{code}" not in told} == set()


def test_the_right_role_is_asked_for(client):
    assert "auditor" in assert_problem(client.post("/api/reports", REPORT, "auditor"), 403)["detail"]


# -- files beside the pages


def test_a_module_script_is_served_as_javascript(still):
    for path in ("/static/vendor.mjs", "/static/app.js"):
        with still.get(path) as answer:
            assert answer.mimetype == "text/javascript"


@pytest.mark.parametrize("path", ["/static/", "/static", "/static/texts", "/static/texts/", "/static/%00"])
def test_no_folder_is_listed(still, path):
    assert still.get(path).status_code == 404


@pytest.mark.parametrize(
    "path",
    ["/static/../pyproject.toml", "/static/..%2fpyproject.toml", "/static/..%5cx"],
)
def test_nothing_outside_the_folder_is_served(still, path):
    assert still.get(path).status_code == 404


@pytest.mark.parametrize(
    "tile", ["99/0/0", "0/1/0", "12/99999999999999999999999999/1", "9999999999999999999999/0/0"]
)
def test_a_tile_outside_the_area_is_empty(still, tile):
    assert still.get(f"/tiles/{tile}.mvt").status_code == 204


@pytest.mark.parametrize("tile", ["-1/0/0", "1.5/0/0", "a/b/c"])
def test_a_tile_has_whole_numbers(still, tile):
    assert still.get(f"/tiles/{tile}.mvt").status_code == 404
