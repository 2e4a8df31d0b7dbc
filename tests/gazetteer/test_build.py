"""The gazetteer file holds every house and every distinct name, the same bytes each time."""

from __future__ import annotations

import pytest

from dispatch.errors import BadInput
from dispatch.gazetteer import open_gazetteer
from dispatch.gazetteer.build import GazetteerBuilt, build_gazetteer
from tests.gazetteer.town import Town, sample_town


def quiet(what, share):
    assert what
    assert 0 <= share <= 1


def built(town, folder):
    build_gazetteer(town.write(folder / "town.osm"), folder, quiet)
    return open_gazetteer(folder)


def test_names_are_counted_once_for_each_locality_and_houses_each(tmp_path):
    extract = sample_town().write(tmp_path / "town.osm")
    # five settlements; two Dorfstraßen and three other streets; a pharmacy; one named substation
    assert build_gazetteer(extract, tmp_path, quiet) == GazetteerBuilt(names=12, addresses=10)


def test_the_same_extract_gives_the_same_bytes(tmp_path):
    extract = sample_town().write(tmp_path / "town.osm")
    for folder in ("one", "two"):
        build_gazetteer(extract, tmp_path / folder, quiet)
    assert (tmp_path / "one/gazetteer.db").read_bytes() == (tmp_path / "two/gazetteer.db").read_bytes()
    assert [path.name for path in (tmp_path / "one").iterdir()] == ["gazetteer.db"]


def test_a_house_drawn_as_an_outline_stands_at_its_centre(tmp_path):
    town = Town()
    tags = {"addr:street": "Weg", "addr:housenumber": "1", "addr:city": "Ort"}
    town.outline((0, 0), (2, 0), (2, 1), (0, 1), building="yes", **tags)
    house = built(town, tmp_path).locate("Weg 1, Ort")[0]
    assert (house.lon, house.lat) == pytest.approx((10.001, 50.0005), abs=1e-6)


def test_a_house_drawn_as_a_multipolygon_is_there_too(tmp_path):
    town = Town()
    ring = town.outline((0, 0), (2, 0), (2, 1), (0, 1))
    town.multipolygon(
        ring, **{"addr:street": "Weg", "addr:housenumber": "1", "addr:city": "Ort", "building": "yes"}
    )
    house = built(town, tmp_path).locate("Weg 1, Ort")[0]
    assert (house.lon, house.lat) == pytest.approx((10.001, 50.0005), abs=1e-6)


def test_a_house_without_a_city_takes_the_settlement_it_belongs_to(tmp_path):
    assert built(sample_town(), tmp_path).locate("Gänseweg 3")[0].label == "Gänseweg 3, Marktstadt"


def test_the_edge_of_a_town_belongs_to_the_town_although_a_village_is_nearer(tmp_path):
    town = Town()
    town.point(0, 0, place="town", name="Stadt")
    town.point(50, 0, place="village", name="Dorf")
    town.house(30, 0, "Weg", "1")
    assert built(town, tmp_path).locate("Weg 1")[0].label == "Weg 1, Stadt"


def test_a_village_without_street_names_numbers_its_houses_by_its_own_name(tmp_path):
    found = built(sample_town(), tmp_path).locate("Kahlhof 2")[0]
    assert (found.label, found.tier) == ("Kahlhof 2", "A")


def test_a_road_whose_nodes_are_cut_off_keeps_the_rest(tmp_path):
    town = Town()
    town.point(0, 0, place="village", name="Dorf")
    town.line((0, 0), (1, 0), missing=[999], highway="residential", name="Grenzweg")
    assert built(town, tmp_path).locate("Grenzweg")[0].kind == "street"


def test_a_street_known_only_from_its_houses_is_a_street(tmp_path):
    town = Town()
    town.house(0, 0, "Hofweg", "1", "Dorf")
    assert built(town, tmp_path).locate("Hofweg")[0].label == "Hofweg, Dorf"


@pytest.mark.parametrize("content", ["", "not a map", "<osm version='0.6'><node id='1'", "<gpx></gpx>"])
def test_a_file_that_is_cut_off_or_no_map_is_refused_and_the_old_gazetteer_stays(tmp_path, content):
    built(sample_town(), tmp_path)
    before = (tmp_path / "gazetteer.db").read_bytes()
    broken = tmp_path / "broken.osm"
    broken.write_text(content, encoding="utf-8")
    with pytest.raises(BadInput, match=r"broken\.osm"):
        build_gazetteer(broken, tmp_path, quiet)
    assert (tmp_path / "gazetteer.db").read_bytes() == before


def test_a_missing_extract_is_refused(tmp_path):
    with pytest.raises(BadInput, match=r"no file nowhere\.osm"):
        build_gazetteer(tmp_path / "nowhere.osm", tmp_path, quiet)


def test_an_extract_that_names_nothing_is_refused(tmp_path):
    town = Town()
    town.line((0, 0), (1, 0), highway="track")
    with pytest.raises(BadInput, match="holds no street"):
        build_gazetteer(town.write(tmp_path / "empty.osm"), tmp_path, quiet)
