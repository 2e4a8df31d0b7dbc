from __future__ import annotations

import pytest

from dispatch.store.people import ROLES
from dispatch.web.gate import PUBLIC, rule_of
from tests.web.conftest import REPORT, csrf_of

READERS = {"dispatcher", "supervisor", "auditor"}
DESK = {"dispatcher", "supervisor"}
CREW = {"crew"}
# Who may use what: all of it. A route that is missing here, or is here and not served, fails a test.
MAY = {
    ("GET", "/"): READERS,
    ("GET", "/intake"): DESK,
    ("GET", "/month"): READERS,
    ("GET", "/month/<name>"): READERS,
    ("GET", "/phone"): PUBLIC,
    ("GET", "/signin"): PUBLIC,
    ("POST", "/signin"): PUBLIC,
    ("POST", "/signout"): PUBLIC,
    ("POST", "/language"): PUBLIC,
    ("GET", "/static/<path:filename>"): PUBLIC,
    ("GET", "/ticket/<ticket>"): READERS,
    ("GET", "/zones"): READERS,
    ("GET", "/calibration"): READERS,
    ("GET", "/api/calibration"): READERS,
    ("GET", "/api/weather"): READERS,
    ("POST", "/api/weather"): DESK,
    ("DELETE", "/api/weather/<weather>"): DESK,
    ("GET", "/api/zones"): READERS,
    ("GET", "/api/zones/proposal"): READERS,
    ("GET", "/tiles/<int:z>/<int:x>/<int:y>.mvt"): set(ROLES),
    ("GET", "/api/accounts/<account_no>"): DESK,
    ("GET", "/api/board"): READERS,
    ("POST", "/api/alerts/<alert>/acknowledge"): DESK,
    ("POST", "/api/alerts/acknowledge"): DESK,
    ("POST", "/api/closures"): DESK,
    ("DELETE", "/api/closures/<closure>"): DESK,
    ("GET", "/api/coverage"): READERS,
    ("GET", "/api/events"): READERS,
    ("GET", "/api/health"): PUBLIC,
    ("GET", "/api/months/<month>"): READERS,
    ("GET", "/api/months/<month>.csv"): READERS,
    ("GET", "/api/months/<month>.html"): READERS,
    ("GET", "/api/months/<month>.xlsx"): READERS,
    ("GET", "/api/openapi.json"): PUBLIC,
    ("GET", "/api/outages"): READERS,
    ("POST", "/api/outages"): DESK,
    ("POST", "/api/phone/events"): CREW,
    ("GET", "/api/phone/jobs"): CREW,
    ("POST", "/api/phone/positions"): CREW,
    ("GET", "/api/phone/jobs/<ticket>/why_not"): CREW,
    ("GET", "/api/places"): DESK,
    ("GET", "/api/places/around"): DESK,
    ("POST", "/api/reports"): DESK | {"intake"},
    ("GET", "/api/reports/<report>"): READERS,
    ("POST", "/api/reports/<report>/merge"): DESK,
    ("POST", "/api/reports/<report>/place"): DESK,
    ("POST", "/api/reports/<report>/resolve"): DESK,
    ("POST", "/api/reports/<report>/unmerge"): DESK,
    ("GET", "/api/standby"): READERS,
    ("POST", "/api/crews/<crew>/standby"): DESK,
    ("DELETE", "/api/crews/<crew>/standby"): DESK,
    ("POST", "/api/crews/<crew>/out_of_service"): DESK,
    ("DELETE", "/api/crews/<crew>/out_of_service/<said>"): DESK,
    ("POST", "/api/phone/out_of_service"): {"crew"},
    ("DELETE", "/api/phone/out_of_service/<said>"): {"crew"},
    ("GET", "/api/tickets/<ticket>"): READERS,
    ("POST", "/api/tickets/<ticket>/assign"): DESK,
    ("DELETE", "/api/tickets/<ticket>/assign"): DESK,
    ("POST", "/api/tickets/<ticket>/callback"): DESK,
    ("GET", "/api/tickets/<ticket>/options"): READERS,
}
FILLED = {
    "<name>": "2026-11", "<month>": "2026-11", "<path:filename>": "style.css", "<ticket>": "T1",
    "<report>": "R9", "<alert>": "A9", "<closure>": "X9", "<crew>": "C99", "<account_no>": "4100000037",
    "<said>": "O99",
    "<int:z>": "1", "<int:x>": "0", "<int:y>": "0",
}  # fmt: skip
GUARDED = [(method, rule, role) for (method, rule), may in MAY.items() if may != PUBLIC for role in ROLES]


def served(client):
    return {
        (method, rule.rule): rule.endpoint
        for rule in client.app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }


def filled(rule):
    for part, value in FILLED.items():
        rule = rule.replace(part, value)
    return rule


def test_every_route_has_a_rule(still):
    without = [rule for rule in still.app.url_map.iter_rules() if not rule_of(still.app, rule.endpoint)]
    assert without == []


def test_the_rules_are_those_of_the_table(still):
    rules = {route: rule_of(still.app, endpoint) for route, endpoint in served(still).items()}
    assert rules == {route: {PUBLIC} if may == PUBLIC else may for route, may in MAY.items()}


def test_a_route_without_a_rule_lets_nobody_in(client):
    client.app.add_url_rule("/api/forgotten", view_func=lambda: "here")
    assert client.get("/api/forgotten", "").status_code == 401
    assert client.get("/api/forgotten", "supervisor").status_code == 403


@pytest.mark.parametrize(("method", "rule", "role"), GUARDED)
def test_a_role_gets_in_where_the_table_says_and_nowhere_else(still, method, rule, role):
    answer = still.call(method, filled(rule), role, json={} if method == "POST" else None)
    answer.close()
    if role in MAY[method, rule]:
        assert answer.status_code not in {401, 403}
    else:
        assert answer.status_code == 403


@pytest.mark.parametrize(("method", "rule"), [route for route, may in MAY.items() if may != PUBLIC])
def test_nobody_is_asked_to_sign_in(still, method, rule):
    answer = still.call(method, filled(rule), "", json={})
    if rule.startswith("/api/"):
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
    else:
        assert answer.status_code == 302
        assert answer.location.startswith("/signin?next=")


@pytest.mark.parametrize(
    "path", ["/signin", "/phone", "/api/health", "/api/openapi.json", "/static/style.css"]
)
def test_what_is_public_needs_no_sign_in(still, path):
    with still.get(path, "") as answer:
        assert answer.status_code in {200, 503}


@pytest.mark.parametrize("token", ["", "x", "Bearer", "\xff\xfe", "a" * 5000, "../../etc/passwd"])
def test_a_token_that_nobody_was_given_opens_nothing(still, token):
    assert still.get("/api/board", "", headers={"Authorization": f"Bearer {token}"}).status_code == 401


def test_a_phone_of_one_crew_gets_no_token_of_the_desk(client):
    assert client.post("/api/reports", REPORT, "crew").status_code == 403


# -- a page's changing requests carry its own secret


def test_a_signed_in_browser_without_the_pages_secret_changes_nothing(client):
    browser = client.browser("dispatcher")
    before = client.desk.store.tickets.head()
    assert browser.post("/api/reports", json=REPORT).status_code == 403
    assert browser.post("/api/reports", json=REPORT, headers={"X-CSRF-Token": "guess"}).status_code == 403
    assert browser.post("/api/reports", json=REPORT, headers={"X-CSRF-Token": ""}).status_code == 403
    assert client.desk.store.tickets.head() == before


def test_the_secret_of_another_session_does_not_help(client):
    stolen = csrf_of(client.browser("supervisor"), "/")
    browser = client.browser("dispatcher")
    assert browser.post("/api/reports", json=REPORT, headers={"X-CSRF-Token": stolen}).status_code == 403


def test_the_pages_secret_in_the_header_lets_a_request_through(client):
    browser = client.browser("dispatcher")
    secret = csrf_of(browser, "/")
    assert browser.post("/api/reports", json=REPORT, headers={"X-CSRF-Token": secret}).status_code == 201


def test_the_pages_secret_in_a_form_lets_a_request_through(client):
    browser = client.browser()
    data = {"lang": "en", "csrf": csrf_of(browser)}
    assert browser.post("/language", data=data).status_code == 302
    assert browser.post("/language", data={"lang": "en"}).status_code == 403


def test_a_token_needs_no_secret(client):
    assert client.post("/api/reports", REPORT).status_code == 201


@pytest.mark.parametrize("path", ["/signin", "/signout", "/language"])
def test_the_forms_that_anybody_may_send_carry_the_secret_too(client, path):
    assert client.browser().post(path, data={"name": "dispatcher"}).status_code == 403


def test_the_session_cookie_is_kept_from_scripts_and_other_sites(client):
    browser = client.browser()
    cookie = browser.get("/signin").headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie


def test_a_forged_session_cookie_is_nobody(client):
    browser = client.browser()
    browser.set_cookie(
        "dispatch", "eyJuYW1lIjoiZGlzcGF0Y2hlciIsIm5vIjowfQ.aaaaaa.bbbbbbbbbbbbbbbbbbbbbbbbbbb"
    )
    assert browser.get("/api/board").status_code == 401


# -- what every answer says to the browser


@pytest.mark.parametrize(
    "path", ["/", "/intake", "/month/2026-11", "/ticket/T1", "/signin", "/phone", "/none"]
)
def test_every_page_forbids_foreign_scripts_frames_and_guessing_of_types(still, path):
    answer = still.get(path)
    rules = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert rules["default-src"] == "'self'"
    assert "script-src" not in rules
    assert rules["frame-ancestors"] == "'none'"
    assert rules["base-uri"] == "'none'"
    assert rules["form-action"] == "'self'"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "same-origin"
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/intake", "/month/2026-11", "/ticket/T1", "/signin", "/phone"])
def test_no_page_holds_a_script_or_a_handler_that_the_browser_would_refuse(still, path):
    page = still.get(path).text
    for script in page.split("<script")[1:]:
        opening = script.partition(">")[0]
        assert "src=" in opening or 'type="application/json"' in opening
    assert " onclick=" not in page
    assert "javascript:" not in page


@pytest.mark.parametrize(
    "path", ["/api/board", "/api/tickets/T1", "/api/reports/R1", "/api/outages", "/api/none"]
)
def test_answers_that_name_people_are_not_kept_by_caches(still, path):
    assert still.get(path).headers["Cache-Control"] in {"no-store", "no-cache"}
