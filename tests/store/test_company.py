"""The company's own data in the store."""

from __future__ import annotations

import pytest

from dispatch.crew import Position
from dispatch.errors import NotFound
from tests.desk.county import crew_row, notice
from tests.okcounty import CREWS, UNITS, WEST, spot


def test_units_crews_and_notices_come_back_as_they_were_put(store):
    store.company.put_units(UNITS)
    store.company.put_crews(map(crew_row, CREWS))
    store.company.put_notices([notice((0, 0, 1, 1), "07:00", "12:00")])
    assert tuple(store.company.units()) == UNITS
    assert sorted(store.company.crews(), key=lambda crew: crew.id, reverse=True) == list(CREWS)
    assert store.company.notices()[0].area["type"] == "Polygon"
    assert store.company.knows_notice("O1")


def test_a_crew_that_is_no_longer_active_is_not_there(store):
    store.company.put_crews([crew_row(WEST) | {"active": 0}])
    assert store.company.crews() == []
    with pytest.raises(NotFound, match="west"):
        store.company.get_crew("west")


def test_only_a_newer_position_replaces_one(store):
    first, older, newer = (Position("west", at, 1.0, 2.0, 5.0) for at in (100, 99, 101))
    assert [store.company.put_position(each) for each in (first, first, older, newer)] == [
        True,
        False,
        False,
        True,
    ]
    assert store.company.positions() == {"west": newer}


def an_account(number, phone):
    place = dict(zip(("lon", "lat"), spot(3, 4), strict=True))
    return {
        "account_no": number,
        "name": "",
        "phone": phone,
        "address": "",
        "transformer": "",
        "unit": "",
        "zone": "",
    } | place


def test_a_phone_number_means_an_account_only_if_one_account_has_it(store):
    store.company.put_accounts([an_account("1", "555"), an_account("2", "556"), an_account("3", "556")])
    found = [store.company.find_account_by_phone(phone) for phone in ("555", "556", "557")]
    assert [each and each["account_no"] for each in found] == ["1", None, None]


def test_a_sample_of_accounts_is_spread_over_all_and_stays_the_same(store):
    store.company.put_accounts(an_account(f"{number:03}", "") for number in range(100))
    sample = [each["account_no"] for each in store.company.sample_accounts(10)]
    assert sample == [each["account_no"] for each in store.company.sample_accounts(10)]
    assert (len(sample), sample[0] < "020", sample[-1] > "080") == (10, True, True)
    assert len(store.company.sample_accounts(1000)) == 100


def test_the_zone_set_in_force_is_the_one_published_last(store):
    assert (store.company.list_zone_sets(), store.company.zone_set_at(100)) == ([], "")
    store.company.publish_zones("Z1", 100, "Chen", [])
    store.company.publish_zones("Z2", 100, "Chen", [{"x": 1}])
    assert (store.company.zone_set_at(100), store.company.get_zones("Z2")) == ("Z2", [{"x": 1}])


def test_before_every_zone_set_the_first_one_holds(store):
    store.company.publish_zones("Z2", 100, "Chen", [], 300)
    store.company.publish_zones("Z1", 100, "Chen", [], 200)
    assert [store.company.zone_set_at(at) for at in (0, 199, 200, 299, 300, 301)] == ["Z1"] * 4 + ["Z2"] * 2


def test_the_planners_last_word_replaces_the_one_before(store):
    assert store.company.last_plan() is None
    store.company.put_plan(1, {"waiting": [1]})
    store.company.put_plan(2, {"waiting": []})
    assert store.company.last_plan() == (2, {"waiting": []})
