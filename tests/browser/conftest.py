"""A real Chromium for the browser tests, and the rule that no page asks anything off this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect, sync_playwright

from tests.browser.chromium import find_chromium, how_to_get, missing
from tests.browser.people import SOON_MS
from tests.conftest import Server, copy_of, dispatch, start_server, stop_server, where_it_is_morning

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

ARGS = [
    "--no-sandbox",  # the tests may run as root, and open our own pages only
    "--use-angle=swiftshader",  # the map's WebGL without a graphics card
    "--enable-unsafe-swiftshader",
    "--disable-background-networking",
    "--no-first-run",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",  # nobody outside answers
]
NETWORK = "Failed to load resource"


@pytest.fixture(scope="module")
def home(sample_config, tmp_path_factory) -> Path:
    """A folder with a sample company for the tests of one file."""
    folder: Path = tmp_path_factory.mktemp("company")
    where_it_is_morning(copy_of(sample_config, folder))
    return folder


@pytest.fixture(scope="module")
def town(home) -> Iterator[Server]:
    """Dispatch at work in the sample town for one file of tests; its database is proved sound at the end."""
    running = start_server(home / "config.toml", home / "server.log")
    yield running
    stop_server(running)
    proved = dispatch(home / "config.toml", "check")
    assert proved.returncode == 0, proved.stderr


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser, started once; a machine without one fails the tests rather than skipping them."""
    if lacks := missing():
        pytest.fail(f"the browser tests need {' and '.join(lacks)}; {how_to_get(lacks)}", pytrace=False)
    expect.set_options(timeout=SOON_MS)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_chromium(), args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def page_for(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Makes pages, each with its own cookies: `page_for(locale="en-GB", viewport=(390, 844))`.

    Further names go to playwright's `new_context` (geolocation, permissions, has_touch, base_url). The test
    fails at its end when any page, frame or worker of it asked for something that is not on 127.0.0.1, or
    when a script failed or complained.
    """
    contexts: list[BrowserContext] = []
    strays: list[str] = []
    complaints: list[str] = []

    def hear(said: ConsoleMessage) -> None:
        # What the network answered is the test's own business: it takes the server away, it is refused.
        if said.type in {"error", "warning"} and not said.text.startswith(NETWORK):
            complaints.append(said.text)

    def note(url: str) -> None:
        if not is_here(url):
            strays.append(url)

    def make(
        locale: str = "zh-CN",
        color_scheme: Any = "light",
        viewport: tuple[int, int] = (1280, 800),
        **more: Any,
    ) -> Page:
        size: Any = {"width": viewport[0], "height": viewport[1]}
        context = chromium.new_context(locale=locale, color_scheme=color_scheme, viewport=size, **more)
        contexts.append(context)
        context.on("request", lambda request: note(request.url))
        context.on("console", hear)
        context.on("weberror", lambda thrown: complaints.append(str(thrown.error)))
        context.on("page", lambda page: page.on("websocket", lambda socket: note(socket.url)))
        return context.new_page()

    yield make
    for context in contexts:
        for page in context.pages:
            page.unroute_all(behavior="ignoreErrors")  # under way: no failure of the next test
        context.close()
    assert not strays, f"asked off this machine: {sorted(set(strays))}"
    assert not complaints, f"the pages complained: {complaints}"


def is_here(url: str) -> bool:
    """Whether `url` stays on this machine: the test's own server, or no network at all."""
    parts = urlsplit(url)
    return parts.scheme in {"data", "blob", "about"} or parts.hostname == "127.0.0.1"
