"""The page of zones: readers see what holds and what is proposed; nobody applies anything there."""

from __future__ import annotations

import pytest

from dispatch import proposal
from tests.conftest import TOWN_HALL

RING = [[13.0, 53.0], [14.0, 53.0], [14.0, 54.0], [13.0, 54.0], [13.0, 53.0]]
CELL = {
    "type": "Feature",
    "properties": {"code": "urban", "why": "centre", "place": "", "proposed": True},
    "geometry": {"type": "Polygon", "coordinates": [RING]},
}


@pytest.fixture
def kept(tmp_path, monkeypatch):
    monkeypatch.setattr(proposal, "KEPT", tmp_path / "kept.geojson")
    return tmp_path / "kept.geojson"


@pytest.mark.parametrize("role", ["dispatcher", "supervisor", "auditor"])
def test_readers_see_the_zones(client, role, kept):
    told = client.get("/api/zones", role).json
    assert told["zone_set"].startswith("Z")
    assert {each["properties"]["code"] for each in told["zones"]["features"]} == {"urban", "rural", "remote"}
    assert client.get("/zones", role).status_code == 200
    assert not kept.exists()


def test_the_next_set_is_shown_beside_the_one_in_force(client):
    company, now = client.desk.store.company, client.desk.clock()
    assert client.get("/api/zones").json["next"] is None
    company.publish_zones("Z899", now, "Chen", [CELL])
    company.publish_zones("Z900", now, "Chen", [CELL], now + 3_600_000)
    told = client.get("/api/zones").json
    assert (told["next"]["zone_set"], told["next"]["zones"]["features"]) == ("Z900", [CELL])
    assert told["from"] <= told["next"]["from"]
    assert told["zone_set"] == "Z899"


@pytest.mark.parametrize("role", ["crew", "intake"])
def test_others_do_not(client, role):
    assert client.get("/api/zones", role).status_code == 403


def test_there_may_be_no_proposal_yet(client, kept):
    answer = client.get("/api/zones/proposal")
    assert answer.status_code == 404
    assert "zones propose" in answer.json["detail"]
    assert not kept.exists()


def test_a_proposal_is_shown_with_the_accounts_it_would_touch(client, kept):
    about = {"extract": "map.osm", "limits": {"remote_min": 60.0}}
    proposal.write({"type": "FeatureCollection", "proposal": about, "features": [CELL]}, kept)
    told = client.get("/api/zones/proposal").json
    assert (told["extract"], told["accounts"]) == ("map.osm", 2000)
    assert [(each["from"], each["to"]) for each in told["changes"]] == [
        ("rural", "urban"),
        ("remote", "urban"),
    ]
    assert all(each["by_record"] == each["accounts"] for each in told["changes"])
    assert told["cells"]["features"] == [CELL]


def test_looking_at_a_proposal_applies_nothing(client, kept):
    test_a_proposal_is_shown_with_the_accounts_it_would_touch(client, kept)
    place = dict(zip(("lon", "lat"), TOWN_HALL, strict=True))
    assert client.report(place=place)["zone"] == "urban"
    assert client.get("/api/zones").json["zone_set"] == client.desk.store.company.zone_set_at(
        client.desk.clock()
    )


def test_a_ticket_tells_how_it_was_zoned(client, kept):
    ticket = client.get(f"/api/tickets/{client.report()['ticket']}").json
    assert ticket["reports"][0]["zone_method"] == "polygon"
    assert not kept.exists()
