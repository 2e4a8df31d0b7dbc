from __future__ import annotations

import pytest

from dispatch.desk.people import add_person
from tests.web.conftest import csrf_of, sign_in

OUTSIDE = [
    "https://elsewhere.example/", "//elsewhere.example", "/\\elsewhere.example", "\\\\elsewhere.example",
    "/\t/elsewhere.example", "javascript:alert(1)", "data:text/html,x", "elsewhere.example", "http://[",
    "//[", "/\t/[", " //elsewhere.example", "/\n/elsewhere.example", "///elsewhere.example",
]  # fmt: skip


@pytest.mark.parametrize(
    ("user", "home"),
    [("dispatcher", "/"), ("supervisor", "/"), ("auditor", "/"), ("crew1", "/phone"), ("intake", "/signin")],
)
def test_each_role_lands_on_its_own_page(client, user, home):
    browser = client.browser()
    answer = sign_in(browser, user, f"sample-only-{user}")
    assert answer.status_code == 302
    assert answer.location == home
    assert browser.get(home).status_code == 200


def test_a_page_that_asked_for_the_sign_in_is_shown_afterwards(client):
    browser = client.browser()
    asked = browser.get("/month/2026-11?lang=en")
    assert asked.location == "/signin?next=/month/2026-11?lang%3Den"
    answer = sign_in(browser, "auditor", "sample-only-auditor", next="/month/2026-11?lang=en")
    assert answer.location == "/month/2026-11?lang=en"


@pytest.mark.parametrize("target", OUTSIDE)
def test_a_sign_in_never_leads_away(client, target):
    browser = client.browser()
    assert browser.get("/signin", query_string={"next": target}).status_code == 200
    answer = sign_in(browser, "dispatcher", "sample-only-dispatcher", next=target)
    assert answer.location == "/"
    answer = browser.post("/language", data={"lang": "en", "next": target, "csrf": csrf_of(browser)})
    assert answer.location == "/"


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("dispatcher", "wrong"), ("nobody", "sample-only-dispatcher"), ("", ""), ("dispatcher", ""),
        ("DISPATCHER", "sample-only-dispatcher"), ("\x00", "\x00"), ("停电", "💡"), ("x" * 5000, "y" * 5000),
    ],
)  # fmt: skip
def test_a_wrong_name_and_a_wrong_password_look_alike(client, name, password):
    browser = client.browser()
    answer = sign_in(browser, name, password)
    assert answer.status_code == 403
    assert 'id="signin-error"' in answer.text
    assert browser.get("/api/board").status_code == 401


def test_five_wrong_passwords_lock_the_name_for_five_minutes(client, clock):
    browser = client.browser()
    for _ in range(5):
        assert sign_in(browser, "dispatcher", "wrong").status_code == 403
    assert sign_in(browser, "dispatcher", "sample-only-dispatcher").status_code == 429
    assert sign_in(browser, "supervisor", "sample-only-supervisor").status_code == 302
    clock.forward(5.1)
    assert sign_in(browser, "dispatcher", "sample-only-dispatcher").status_code == 302


def test_a_lock_of_a_name_that_does_not_exist_looks_the_same(client):
    browser = client.browser()
    statuses = [sign_in(browser, "nobody", "wrong").status_code for _ in range(6)]
    assert statuses == [403] * 5 + [429]


def test_a_sign_out_ends_copied_cookies_too(client):
    browser, thief = client.browser("dispatcher"), client.browser()
    thief.set_cookie("dispatch", browser.get_cookie("dispatch").value)
    assert thief.get("/api/board").status_code == 200
    assert browser.post("/signout", data={"csrf": csrf_of(browser)}).location == "/signin"
    assert browser.get("/api/board").status_code == 401
    assert thief.get("/api/board").status_code == 401


def test_a_new_password_ends_every_session(client):
    browser = client.browser("dispatcher")
    add_person(client.desk, "dispatcher", "dispatcher", "a new long password")
    assert browser.get("/api/board").status_code == 401
    assert sign_in(browser, "dispatcher", "sample-only-dispatcher").status_code == 403
    assert sign_in(browser, "dispatcher", "a new long password").status_code == 302


def test_a_new_role_holds_at_once(client):
    browser = client.browser("dispatcher")
    add_person(client.desk, "dispatcher", "auditor", "a new long password")
    sign_in(browser, "dispatcher", "a new long password")
    assert browser.get("/intake").status_code == 403
    assert browser.get("/").status_code == 200


def test_a_sign_in_gives_a_new_secret_so_that_one_planted_before_is_worthless(client):
    browser = client.browser()
    planted = csrf_of(browser)
    sign_in(browser, "dispatcher", "sample-only-dispatcher")
    assert browser.post("/api/reports", json={}, headers={"X-CSRF-Token": planted}).status_code == 403


def test_the_cookie_is_secure_when_the_pages_are_under_https(client):
    client.app.config["SESSION_COOKIE_SECURE"] = True
    assert "Secure" in client.browser().get("/signin").headers["Set-Cookie"]


def test_the_sample_sign_ins_are_shown_for_the_sample_only(client):
    assert "sample-only-dispatcher" in client.browser().get("/signin").text
    client.desk.store.company.set_setting("sample", "")
    assert "sample-only" not in client.browser().get("/signin").text


def test_a_password_is_never_shown_again(client):
    assert "hunter2-hunter2" not in sign_in(client.browser(), "dispatcher", "hunter2-hunter2").text
