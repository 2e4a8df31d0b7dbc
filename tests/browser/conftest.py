"""A real Chromium for the browser tests, and the rule that no page asks anything off this machine."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.chromium import find_chromium, how_to_get, missing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from playwright.sync_api import Browser, BrowserContext, Page

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


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser, started once; a machine without one fails the tests rather than skipping them."""
    if lacks := missing():
        pytest.fail(f"the browser tests need {' and '.join(lacks)}; {how_to_get(lacks)}", pytrace=False)
    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=find_chromium(), args=ARGS)
        yield browser
        browser.close()


@pytest.fixture
def page_for(chromium: Browser) -> Iterator[Callable[..., Page]]:
    """Makes pages, each with its own cookies: `page_for(locale="en-GB", viewport=(390, 844))`.

    Further names go to playwright's `new_context` (geolocation, permissions, has_touch, base_url). The test
    fails at its end when any page, frame or worker of it asked for something that is not on 127.0.0.1.
    """
    contexts: list[BrowserContext] = []
    strays: list[str] = []

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
        context.on("page", lambda page: page.on("websocket", lambda socket: note(socket.url)))
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
    assert not strays, f"asked off this machine: {sorted(set(strays))}"


def is_here(url: str) -> bool:
    """Whether `url` stays on this machine: the test's own server, or no network at all."""
    parts = urlsplit(url)
    return parts.scheme in {"data", "blob", "about"} or parts.hostname == "127.0.0.1"
