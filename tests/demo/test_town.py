"""Which accounts the simulated callers have, and where they call from when a company has none."""

from __future__ import annotations

import random

from dispatch.demo.town import Town


def test_a_sample_of_the_accounts_is_spread_over_all_of_them(desk):
    company = desk.store.company
    some = [each["account_no"] for each in company.sample_accounts(100)]
    assert len(some) == 100
    assert some == [each["account_no"] for each in company.sample_accounts(100)]
    assert {each["unit"] for each in company.sample_accounts(100)} == {"U1", "U2", "U3"}
    assert len(company.sample_accounts(10_000)) == 2000


def test_a_company_without_accounts_gets_calls_from_its_roads(desk):
    town = Town([], desk.roads, random.Random(1), fictional=False)
    pins = [town.report(0)["place"] for _ in range(20)]
    off_m = desk.roads.snap([(pin["lon"], pin["lat"]) for pin in pins]).distance_m
    assert max(off_m) <= 41
