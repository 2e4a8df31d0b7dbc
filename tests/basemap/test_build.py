from __future__ import annotations

import gzip
import json

import mapbox_vector_tile
import pytest
from pmtiles.reader import MmapSource, Reader

from dispatch.basemap import open_basemap
from dispatch.basemap.build import build_basemap
from dispatch.errors import BadInput

# A village at the crossing of a main road and a lane: one house, one wood, one pond-side substation.
VILLAGE = """<osm version="0.6">
  <node id="1" lon="13.200" lat="53.500"/> <node id="2" lon="13.210" lat="53.500"/>
  <node id="3" lon="13.220" lat="53.500"/> <node id="4" lon="13.210" lat="53.501"/>
  <node id="5" lon="13.211" lat="53.501"/> <node id="6" lon="13.211" lat="53.502"/>
  <node id="7" lon="13.210" lat="53.505">
    <tag k="place" v="village"/> <tag k="name" v="柳河村"/> <tag k="population" v="1 200"/>
  </node>
  <node id="8" lon="13.212" lat="53.503"><tag k="power" v="substation"/><tag k="name" v="Umspannwerk"/></node>
  <way id="1"><nd ref="1"/><nd ref="2"/><tag k="highway" v="primary"/><tag k="name" v="Main Road"/></way>
  <way id="2"><nd ref="2"/><nd ref="3"/><tag k="highway" v="primary"/><tag k="name" v="Main Road"/></way>
  <way id="3"><nd ref="2"/><nd ref="4"/><tag k="highway" v="residential"/><tag k="name" v="Lane"/></way>
  <way id="4"><nd ref="4"/><nd ref="5"/><nd ref="6"/><nd ref="4"/><tag k="building" v="yes"/></way>
  <way id="5"><nd ref="1"/><nd ref="99"/><tag k="highway" v="track"/></way>
</osm>"""


@pytest.fixture
def build(tmp_path):
    def _build(osm=VILLAGE, name="village.osm", out="area"):
        extract = tmp_path / name
        extract.write_bytes(osm if isinstance(osm, bytes) else osm.encode())
        built = build_basemap(extract, tmp_path / out, lambda _what, _share: None)
        return built, tmp_path / out

    return _build


def layers_at(area, zoom):
    """All features of one zoom, by layer."""
    basemap = open_basemap(area)
    found: dict[str, list[dict[str, object]]] = {}
    for x in range(1 << zoom) if zoom <= 8 else range(137 << zoom - 8, 138 << zoom - 8):
        for y in range(82 << zoom - 8, 83 << zoom - 8):
            tile = basemap.tile(zoom, x, y)
            for layer, content in mapbox_vector_tile.decode(gzip.decompress(tile)).items() if tile else ():
                found.setdefault(layer, []).extend(feature["properties"] for feature in content["features"])
    return found


def test_a_far_view_shows_main_roads_only(build):
    _, area = build()
    assert {road["kind"] for road in layers_at(area, 10)["roads"]} == {"primary"}


def test_a_near_view_shows_streets_houses_and_substations(build):
    _, area = build()
    shown = layers_at(area, 13)
    assert {road["name"] for road in shown["roads"]} == {"Main Road", "Lane"}
    assert len(shown["buildings"]) == 1
    assert shown["power"] == [{"kind": "substation", "name": "Umspannwerk"}]


def test_the_pieces_of_a_street_are_one_line(build):
    _, area = build()
    assert len(layers_at(area, 8)["roads"]) == 1


def test_a_place_keeps_its_name_in_any_script_and_its_population(build):
    _, area = build()
    assert layers_at(area, 10)["places"] == [
        {"kind": "village", "name": "柳河村", "name_zh": "", "name_en": "", "population": 1200}
    ]


def test_a_way_cut_at_the_edge_of_the_extract_is_left_out(build):
    _, area = build()
    assert "track" not in {road["kind"] for road in layers_at(area, 14)["roads"]}


def test_the_archive_names_where_its_data_came_from(build):
    _, area = build()
    with (area / "basemap.pmtiles").open("rb") as file:
        metadata = Reader(MmapSource(file)).metadata()
    assert metadata["attribution"] == "© OpenStreetMap contributors, ODbL 1.0"


def test_the_same_extract_gives_the_same_bytes(build):
    _, one = build(out="one")
    _, two = build(out="two")
    assert (one / "basemap.pmtiles").read_bytes() == (two / "basemap.pmtiles").read_bytes()


def test_the_answer_counts_tiles_and_bytes_and_leaves_nothing_else_behind(build):
    built, area = build()
    assert built.tiles > 7
    assert built.bytes == (area / "basemap.pmtiles").stat().st_size
    assert [path.name for path in area.iterdir()] == ["basemap.pmtiles"]


def test_progress_only_grows_and_ends_at_one(tmp_path):
    extract = tmp_path / "village.osm"
    extract.write_text(VILLAGE, encoding="utf-8")
    shares = []
    build_basemap(extract, tmp_path / "area", lambda _what, share: shares.append(share))
    assert shares == sorted(shares)
    assert shares[-1] == 1.0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cut.osm", VILLAGE[:600].encode()),
        ("page.osm", b"<html>Not found</html>"),
        ("notes.osm.pbf", b"not a map at all " * 100),
        ("empty.osm.pbf", b""),
        ("table.csv", json.dumps({"a": 1}).encode()),
    ],
)
def test_a_file_cut_off_or_of_another_kind_is_refused_by_name(build, name, content):
    with pytest.raises(BadInput, match=name):
        build(content, name=name)


def test_an_extract_with_nothing_to_show_is_refused(build):
    with pytest.raises(BadInput, match="nothing a map could show"):
        build('<osm version="0.6"><node id="1" lon="13" lat="53"/></osm>')


def test_a_failed_build_leaves_the_old_map_in_place(build):
    _, area = build()
    before = (area / "basemap.pmtiles").read_bytes()
    with pytest.raises(BadInput):
        build(VILLAGE[:600])
    assert (area / "basemap.pmtiles").read_bytes() == before
