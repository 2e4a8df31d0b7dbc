"""What becomes of an extract, good or bad."""

from __future__ import annotations

import pytest

from dispatch.errors import BadInput
from dispatch.paths import SAMPLE
from dispatch.roads import open_roads
from dispatch.roads.build import build_roads
from dispatch.roads.network import load, unpack_texts
from tests.grid import Grid

EXTRACT = SAMPLE / "neubrandenburg-2016.osm.pbf"
STREET = {"highway": "residential", "name": "Ringstraße"}
TOWN = Grid("""
    a---b
    |   |
    d---c
""")


def test_building_counts_what_it_built(tmp_path):
    extract = TOWN.write_osm(tmp_path / "town.osm", [("abc", STREET), ("cda", {"highway": "primary"})])
    built = build_roads(extract, tmp_path / "area")
    assert built.path == tmp_path / "area" / "roads.npz"
    assert built.length_m == pytest.approx(1200, abs=1)
    assert (built.names, built.dropped_ways) == (1, 0)
    roads = open_roads(tmp_path / "area")
    assert (roads.nodes, roads.edges) == (built.nodes, built.edges)


def test_a_street_both_ways_is_one_line_and_two_edges(tmp_path):
    extract = TOWN.write_osm(tmp_path / "town.osm", [("abcda", STREET), ("ac", {**STREET, "oneway": "yes"})])
    built = build_roads(extract, tmp_path)
    assert (built.nodes, built.edges) == (2, 5)
    assert load(built.path).line_count == 3


def test_a_street_keeps_its_names_and_classes_in_any_script(tmp_path):
    town = Grid("a---b---c")
    ways = [("ab", {"highway": "primary", "name": "Długa"}), ("bc", {"highway": "service", "name": "长街"})]
    built = build_roads(town.write_osm(tmp_path / "town.osm", ways), tmp_path)
    arrays = load(built.path).arrays
    assert {unpack_texts(arrays.names)[name] for name in arrays.name} == {"Długa", "长街"}
    assert {unpack_texts(arrays.class_names)[kind] for kind in arrays.road_class} == {"primary", "service"}


def test_the_same_extract_gives_the_same_bytes(tmp_path, sample_built):
    again = build_roads(EXTRACT, tmp_path)
    assert again.path.read_bytes() == sample_built.path.read_bytes()


@pytest.mark.parametrize("name", ["town.osm", "town.osm.gz", "town.osm.bz2", "TOWN.OSM"])
def test_every_kind_of_extract_gives_the_same_roads(tmp_path, name):
    ways = [("abcda", STREET), ("ac", STREET)]
    plain = build_roads(TOWN.write_osm(tmp_path / "plain.osm", ways), tmp_path / "plain")
    built = build_roads(TOWN.write_osm(tmp_path / name, ways), tmp_path / "area")
    assert built.path.read_bytes() == plain.path.read_bytes()


def test_progress_runs_from_nothing_to_all(tmp_path):
    heard = []
    extract = TOWN.write_osm(tmp_path / "town.osm", [("abcda", STREET)])
    build_roads(extract, tmp_path, lambda stage, share: heard.append((share, stage)))
    assert heard == sorted(heard)
    assert (heard[0][0], heard[-1][0]) == (0.0, 1.0)


def test_a_way_with_missing_nodes_is_dropped_and_counted(tmp_path):
    town = Grid("a---b---c---d")
    extract = town.write_osm(tmp_path / "town.osm", [("ab", STREET), ("bcd", STREET)], left_out="d")
    built = build_roads(extract, tmp_path)
    assert built.dropped_ways == 1
    assert open_roads(tmp_path).bounds[2] == pytest.approx(town["b"][0])


@pytest.mark.parametrize("kept", [10, 5_000, 700_000, -1])
def test_an_extract_that_is_cut_off_is_refused(tmp_path, kept):
    cut = tmp_path / "data.pbf"
    cut.write_bytes(EXTRACT.read_bytes()[:kept])
    with pytest.raises(BadInput, match=r"data\.pbf is cut off or not an OpenStreetMap extract.*again"):
        build_roads(cut, tmp_path / "area")


@pytest.mark.parametrize("name", ["town.osm", "town.osm.gz", "town.osm.bz2"])
def test_a_drawn_extract_that_is_cut_off_is_refused(tmp_path, name):
    whole = TOWN.write_osm(tmp_path / name, [("abcda", STREET)])
    whole.write_bytes(whole.read_bytes()[:-20])
    with pytest.raises(BadInput, match="cut off"):
        build_roads(whole, tmp_path / "area")


@pytest.mark.parametrize("name", ["data.osm.pbf", "data.osm", "data.osm.gz", "data.osm.bz2"])
@pytest.mark.parametrize("content", [b"", b"just a text\n" * 99, b"<html>404 Not Found</html>"])
def test_what_is_not_an_extract_is_refused(tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput, match="not an OpenStreetMap extract"):
        build_roads(tmp_path / name, tmp_path / "area")


def test_a_file_of_another_kind_a_folder_or_nothing_is_refused(tmp_path):
    (tmp_path / "folder.osm").mkdir()
    for name, sentence in (("map.zip", "must end in"), ("none.osm", "no file"), ("folder.osm", "no file")):
        with pytest.raises(BadInput, match=sentence):
            build_roads(tmp_path / name, tmp_path / "area")


@pytest.mark.parametrize(
    ("way", "tags"),
    [
        ("ab", {"building": "yes"}),
        ("ab", {"highway": "footway"}),
        ("ab", {**STREET, "oneway": "yes"}),
        ("aa", STREET),
    ],
)
def test_an_extract_without_roads_to_drive_is_refused(tmp_path, way, tags):
    extract = TOWN.write_osm(tmp_path / "town.osm", [(way, tags)])
    with pytest.raises(BadInput, match="another extract"):
        build_roads(extract, tmp_path / "area")


def test_a_failed_build_leaves_the_earlier_roads_and_no_other_file(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temp"))
    (tmp_path / "temp").mkdir()
    area = tmp_path / "area"
    extract = TOWN.write_osm(tmp_path / "town.osm", [("abcda", STREET)])
    before = build_roads(extract, area).path.read_bytes()
    extract.write_bytes(extract.read_bytes()[:-20])
    with pytest.raises(BadInput):
        build_roads(extract, area)
    assert [path.name for path in area.iterdir()] == ["roads.npz"]
    assert (area / "roads.npz").read_bytes() == before
    assert list((tmp_path / "temp").iterdir()) == []


def test_the_sample_holds_the_roads_of_the_town(sample_built):
    assert sample_built.nodes > 3_000
    assert sample_built.edges > 8_000
    assert sample_built.dropped_ways == 0
    assert 700_000 < sample_built.length_m < 1_500_000


def test_only_streets_open_to_all_are_contracted_and_they_come_first(sample_built):
    arrays = load(sample_built.path).arrays
    assert sorted(arrays.order) == list(range(arrays.core_nodes))
    assert 0 < arrays.core_nodes < len(arrays.node)
    assert not arrays.last_mile[: arrays.core_edges].any()
    assert arrays.last_mile[arrays.core_edges :].all()
