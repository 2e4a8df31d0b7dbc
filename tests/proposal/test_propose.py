"""A village of four houses, a residential area without houses and a far hamlet, proposed from a map."""

from __future__ import annotations

import json
from itertools import count

import geopandas
import h3
import pytest

from dispatch import proposal
from dispatch.errors import BadInput
from dispatch.proposal import Limits
from dispatch.proposal.survey import RESOLUTION, area_m2, survey
from tests.okcounty import StraightRoads, spot


def osm(home, *ways, places=()):
    """An extract: `ways` are (tags, square (west, south, side) in km), `places` (kind, name, lonlat)."""
    ids, lines = count(1), []
    nodes = []
    for kind, name, (lon, lat) in places:
        tags = f'<tag k="place" v="{kind}"/><tag k="name" v="{name}"/>'
        nodes.append(f'<node id="{next(ids)}" version="1" lon="{lon}" lat="{lat}">{tags}</node>')
    for tags, (west, south, side) in ways:
        refs = []
        for east, north in ((0, 0), (side, 0), (side, side), (0, side)):
            lon, lat = spot(west + east, south + north)
            refs.append(next(ids))
            nodes.append(f'<node id="{refs[-1]}" version="1" lon="{lon:.9f}" lat="{lat:.9f}"/>')
        inside = "".join(f'<nd ref="{ref}"/>' for ref in [*refs, refs[0]])
        inside += "".join(f'<tag k="{key}" v="{value}"/>' for key, value in tags.items())
        lines.append(f'<way id="{next(ids)}" version="1">{inside}</way>')
    path = home / "map.osm"
    path.write_text(f'<osm version="0.6">{"".join(nodes)}{"".join(lines)}</osm>', encoding="utf-8")
    return path


HOUSES = [({"building": "yes"}, (2 + 0.02 * n, 2, 0.01)) for n in range(4)]
BLOCK = [({"building": "apartments", "building:levels": "6"}, (2, 2.1, 0.05))]
SHED = [({"building": "shed"}, (2.2, 2.2, 0.02)), ({"building": "yes"}, (2.3, 2.2, 0.005))]
AREA = [({"landuse": "residential"}, (8, 8, 1.0))]
HAMLET = [("hamlet", "Far End", spot(18, 1))]


def test_homes_count_by_their_floors_and_sheds_do_not_count(tmp_path):
    found = survey(osm(tmp_path, *HOUSES, *BLOCK, *SHED))
    assert sum(ground.buildings for ground in found.values()) == 5
    assert sum(g.floor_m2 for g in found.values()) == pytest.approx(4 * 100 * 1.4 + 2500 * 6, rel=0.01)


def test_a_residential_area_is_shared_among_its_cells(tmp_path):
    found = survey(osm(tmp_path, *AREA))
    assert len(found) > 1
    assert sum(ground.residential_m2 for ground in found.values()) == pytest.approx(1e6, rel=0.01)


def test_a_settlement_speaks_for_its_cell_where_no_house_is_drawn(tmp_path):
    ((cell, ground),) = survey(osm(tmp_path, places=HAMLET)).items()
    assert cell == h3.latlng_to_cell(spot(18, 1)[1], spot(18, 1)[0], RESOLUTION)
    assert (ground.place, ground.as_cell(0.7, None, 0).people) == ("Far End", 40)
    assert ground.middle == pytest.approx(spot(18, 1), rel=1e-5)


def test_the_area_of_a_square_is_its_side_squared():
    square = [spot(0, 0), spot(1, 0), spot(1, 1), spot(0, 1), spot(0, 0)]
    assert area_m2(square) == pytest.approx(1e6, rel=0.001)


DEPOT = spot(2, 2)


def made(home, limits, depots=(DEPOT,)):
    extract = osm(home, *HOUSES, *BLOCK, *AREA, places=HAMLET)
    return proposal.propose(extract, StraightRoads(), depots, limits)


def by_place(found):
    return {each["properties"]["place"]: each["properties"] for each in found["features"]}


def test_what_lies_beyond_the_minutes_is_proposed_remote_with_its_reason(tmp_path):
    far = by_place(made(tmp_path, Limits(remote_min=15)))["Far End"]
    assert (far["code"], far["why"], far["drive_min"]) == ("remote", "far_by_road", 16.0)
    assert by_place(made(tmp_path, Limits(remote_min=17)))["Far End"]["code"] == "rural"


def test_without_depots_the_drive_is_unknown(tmp_path):
    far = by_place(made(tmp_path, Limits(), depots=()))["Far End"]
    assert (far["code"], far["drive_min"]) == ("rural", None)


def test_a_proposal_is_marked_and_approved_by_nobody(tmp_path):
    found = made(tmp_path, Limits())
    assert {(f["properties"]["approved_by"], f["properties"]["proposed"]) for f in found["features"]} == {
        ("", True)
    }
    assert all(f["properties"]["reason"] for f in found["features"])
    assert found["proposal"]["extract"] == "map.osm"


def test_the_same_map_gives_the_same_file(tmp_path):
    one, two = tmp_path / "one.geojson", tmp_path / "two.geojson"
    proposal.write(made(tmp_path, Limits()), one)
    proposal.write(made(tmp_path, Limits()), two)
    assert one.read_bytes() == two.read_bytes()
    assert proposal.read(one) == json.loads(one.read_text(encoding="utf-8"))
    assert set(geopandas.read_file(one)["code"]) <= {"urban", "rural", "remote"}


def test_there_may_be_no_proposal_yet(tmp_path):
    assert proposal.read(tmp_path / "none.geojson") is None


@pytest.mark.parametrize("text", ["", "<osm", "no map"])
def test_a_file_that_is_no_map_is_refused(tmp_path, text):
    path = tmp_path / "map.osm"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(BadInput, match="not an OpenStreetMap extract"):
        proposal.propose(path, StraightRoads(), [], Limits())


def test_a_map_without_people_is_refused(tmp_path):
    with pytest.raises(BadInput, match="holds no building"):
        proposal.propose(osm(tmp_path, ({"landuse": "forest"}, (1, 1, 1))), StraightRoads(), [], Limits())
