"""A place is told by the nearest street that has a name, and by none that is out of sight."""

from __future__ import annotations

import pytest

from dispatch.errors import BadInput
from dispatch.roads import open_roads
from dispatch.roads.build import build_roads
from tests.grid import Grid

TOWN = Grid("""
    a---b---------c
    |
    d-e
""")
NAMED = {"highway": "residential", "name": "Mühlgasse"}
BROAD = {"highway": "primary", "name": "解放路"}
YARD = {"highway": "service"}


@pytest.fixture
def roads(tmp_path):
    ways = (("ab", NAMED), ("bc", BROAD), ("ad", YARD), ("de", YARD))
    build_roads(TOWN.write_osm(tmp_path / "town.osm", ways), tmp_path)
    return open_roads(tmp_path)


def test_a_place_lies_by_the_nearest_street_that_has_a_name(roads):
    assert roads.street_near(TOWN["a"]) == "Mühlgasse"
    assert roads.street_near(TOWN["c"]) == "解放路"
    assert roads.street_near(TOWN["e"]) == "Mühlgasse", "its own yard has no name"


def test_a_street_out_of_sight_names_nothing(roads):
    lon, lat = TOWN["c"]
    assert roads.street_near((lon, lat + 0.002)) == "解放路"
    assert roads.street_near((lon, lat + 0.004)) == ""
    assert roads.street_near((0.0, 0.0)) == ""


def test_what_is_not_on_the_globe_is_refused(roads):
    with pytest.raises(BadInput):
        roads.street_near((200.0, 91.0))
