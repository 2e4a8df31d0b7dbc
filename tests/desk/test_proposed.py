"""Whom a proposal would touch, told beside the zones in force; nothing of it is ever applied."""

from __future__ import annotations

from shapely.geometry import mapping

from dispatch.config import Zones
from dispatch.desk.proposed import Change, compare
from tests.desk.county import ACCOUNT, T1, T3, T4
from tests.okcounty import spot, square


def cell(code, *corners):
    return {"type": "Feature", "properties": {"code": code}, "geometry": mapping(square(*corners))}


WEST_TOWN = {
    "features": [cell("urban", 0, 0, 12, 10), cell("rural", 12, 0, 13, 10), cell("rural", 13, 0, 18, 10)]
}


def settle(county, *places, record=""):
    rest = {"transformer": "", "unit": "U2", "zone": record}
    county.store.company.put_accounts(
        ACCOUNT | rest | {"account_no": f"A{number}", "lon": lon, "lat": lat, "zone": record}
        for number, (lon, lat) in enumerate(places)
    )


def test_accounts_that_would_change_are_counted_by_class(county):
    settle(county, T1, T3, spot(11, 1), T4, spot(19, 5))
    told = compare(county, WEST_TOWN)
    assert (told.zone_set, told.accounts) == ("2026-1", 6)
    assert told.changes == (
        Change("rural", "urban", 2, 0),
        Change("remote", "rural", 1, 0),
        Change("remote", "none", 1, 0),
    )


def test_accounts_whose_own_record_wins_would_keep_their_promise(county):
    settle(county, T3, record="02")
    assert compare(county, WEST_TOWN).changes == (Change("rural", "urban", 1, 1),)
    county.config = county.config.model_copy(update={"zones": Zones(account_class="shown")})
    assert compare(county, WEST_TOWN).changes == (Change("rural", "urban", 1, 0),)


def test_comparing_changes_nothing(county):
    before = county.store.tickets.head()
    compare(county, WEST_TOWN)
    assert county.store.tickets.head() == before
    assert county.store.company.zone_set_at(county.clock()) == "2026-1"


def test_a_proposal_without_cells_covers_nobody(county):
    assert compare(county, {"features": []}).changes == (Change("urban", "none", 1, 1),)
