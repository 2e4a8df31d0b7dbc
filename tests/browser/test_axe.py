"""Every page, in both languages, by day and night: axe finds nothing serious that shuts anybody out."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from dispatch.paths import ROOT
from tests.browser.people import report, sign_in, ticket, wait_until

AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
LANGUAGES = ("zh-CN", "en-GB")
GRAVE = {"serious", "critical"}
# Every rule that is not experimental; what axe cannot decide by itself is left to people. The night differs
# in colours alone, and these are computed from the style of the moment.
BY_DAY = "() => axe.run(document, { resultTypes: ['violations'] })"
BY_NIGHT = "() => axe.run(document, { resultTypes: ['violations'], runOnly: ['color-contrast'] })"


@pytest.fixture(scope="module")
def axe():
    if not AXE.exists():
        pytest.fail(f"there is no {AXE.relative_to(ROOT)}; `make test` installs it", pytrace=False)
    return AXE.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def story(town):
    """A ticket with a crew, a ticket without a place, a danger, and a crew out of service."""
    name = report(town, caller={"name": "王敏", "phone": "069-90001234"})["ticket"]
    report(town, account_no="", address="Hauptstraße", fault="wire_down")
    wait_until(lambda: ticket(town, name)["crew"])
    put_out(town, "C8")
    return name


def put_out(town, crew):
    answer = town.call("POST", f"/api/crews/{crew}/out_of_service", json={"reason": "van", "release": False})
    assert answer.status_code == 200, answer.text


def grave(page, axe):
    """What axe finds serious or critical on the page as it stands, by day and by night, with the elements."""
    page.evaluate(axe)
    told = []
    for scheme, run in (("light", BY_DAY), ("dark", BY_NIGHT)):
        page.emulate_media(color_scheme=scheme)
        told += [
            f"{page.url} ({scheme}): {each['id']} ({each['help']}): {node['html'][:160]} {node['any'][:1]}"
            for each in page.evaluate(run)["violations"]
            if each["impact"] in GRAVE
            for node in each["nodes"][:3]
        ]
    page.emulate_media(color_scheme="light")
    return told


@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_grave_on_any_page(town, story, page_for, axe, language):
    page = page_for(locale=language)
    page.goto(f"{town.base}/signin")
    found = grave(page, axe)
    sign_in(page, town, "dispatcher")
    expect(page.locator(".row").first).to_be_visible()
    found += grave(page, axe)
    page.locator(f"#row-{story}").click()
    expect(page.locator(".options li").first).to_be_visible()
    page.locator(".reasons summary").click()
    found += grave(page, axe)
    for path, shown in (
        ("/intake", "#faults"),
        (f"/ticket/{story}", "#visits .why"),
        ("/month", ".kpis"),
        ("/zones", "#legend li"),
        ("/calibration", ".calibration h1"),
        ("/none", ".code"),
    ):
        page.goto(town.base + path)
        expect(page.locator(shown).first).to_be_visible()
        found += grave(page, axe)
    assert not found, "\n".join(found)


@pytest.mark.usefixtures("story")
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_grave_on_the_phone(town, page_for, axe, language):
    page = page_for(locale=language, viewport=(390, 844))
    sign_in(page, town, "crew1", "/phone")
    expect(page.locator("#phone h1")).to_be_visible()
    found = grave(page, axe)
    put_out(town, "C1")
    page.reload()
    expect(page.locator("#come-back")).to_be_visible()
    found += grave(page, axe)
    page.locator("#come-back").click()
    expect(page.locator("#go-out")).to_be_visible()
    assert not found, "\n".join(found)
