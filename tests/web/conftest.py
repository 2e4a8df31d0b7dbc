"""The pages over the sample company, asked without a server: as a role, by token or signed in."""

from __future__ import annotations

import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from dispatch.config import load
from dispatch.desk import open_desk
from dispatch.web import create_app
from tests.conftest import NOON, TOWN_HALL, Clock, make_token

if TYPE_CHECKING:
    from flask.testing import FlaskClient

    from dispatch.desk import Desk

KEY = b"k" * 40
REPORT: dict[str, Any] = {"fault": "no_power", "place": {"lon": TOWN_HALL[0], "lat": TOWN_HALL[1]}}


class Client:
    """Asks the pages: `client.get("/api/board", "auditor")`; a mistake of ours is raised, not answered."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.app = create_app(desk, KEY)
        self.app.testing = True
        self._tokens: dict[str, dict[str, str]] = {}

    def token(self, role: str) -> dict[str, str]:
        """The headers of a program of this role, or none for nobody."""
        if role and role not in self._tokens:
            self._tokens[role] = make_token(self.desk, role, "C1" if role == "crew" else "")
        return self._tokens.get(role, {})

    def call(self, method: str, path: str, who: str = "dispatcher", **more: Any) -> Any:
        """One call with the token of a role; `who=""` is nobody."""
        headers = {**self.token(who), **more.pop("headers", {})}
        return self.app.test_client().open(path, method=method, headers=headers, **more)

    def get(self, path: str, who: str = "dispatcher", **more: Any) -> Any:
        return self.call("GET", path, who, **more)

    def post(self, path: str, body: Any = None, who: str = "dispatcher", **more: Any) -> Any:
        """Send `body`: text as it is, all else as JSON."""
        if isinstance(body, str | bytes):
            return self.call("POST", path, who, **{"content_type": "application/json", "data": body, **more})
        return self.call("POST", path, who, json=body, **more)

    def report(self, **said: Any) -> Any:
        """A report from the town hall; what became of it."""
        answer = self.post("/api/reports", {**REPORT, **said})
        assert answer.status_code == 201, answer.text
        return answer.json

    def browser(self, user: str = "") -> FlaskClient:
        """A browser with its own cookies, signed in as a user of the sample if one is named."""
        browser = self.app.test_client()
        if user:
            answer = sign_in(browser, user, f"sample-only-{user}")
            assert answer.status_code == 302, answer.text
        return browser


def csrf_of(browser: FlaskClient, page: str = "/signin") -> str:
    """The page's own secret."""
    found = re.search(r'name="csrf" content="([^"]+)"', browser.get(page).text)
    assert found, page
    return found[1]


def sign_in(browser: FlaskClient, name: str, password: str, **more: str) -> Any:
    """Fill in the sign-in form."""
    return browser.post(
        "/signin", data={"name": name, "password": password, "csrf": csrf_of(browser), **more}
    )


@pytest.fixture
def client(desk):
    """The sample company's pages at noon."""
    found = Client(desk)
    yield found
    found.app.extensions["tail"].close()


@pytest.fixture(scope="module")
def still(sample_config, tmp_path_factory):
    """As `client`, but one for all tests of a module: only for tests that change nothing."""
    home = tmp_path_factory.mktemp("still")
    shutil.copy(sample_config.parent / "dispatch.db", home / "dispatch.db")
    text = sample_config.read_text(encoding="utf-8").replace(str(sample_config.parent), str(home))
    (home / "config.toml").write_text(text, encoding="utf-8")
    opened = open_desk(load(home / "config.toml", {}), clock=Clock(NOON))
    client = Client(opened)
    client.report()
    yield client
    client.app.extensions["tail"].close()
    opened.store.database.close()


def assert_problem(answer: Any, status: int) -> Any:
    """The answer is problem+json as RFC 9457 and the interface describe it; its body."""
    assert answer.status_code == status, answer.text
    assert answer.content_type == "application/problem+json"
    body = answer.get_json(force=True)
    assert set(body) - {"code", "facts"} == {"type", "title", "status", "detail", "errors"}
    assert body["status"] == status
    assert body["type"].startswith("urn:dispatch:problem:")
    assert body["title"]
    assert body["detail"]
    assert all(set(each) == {"field", "message"} for each in body["errors"])
    assert "Traceback" not in answer.text
    return body
