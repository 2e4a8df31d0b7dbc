"""Published places agree, every way back ends where it began, and only what was declared is shifted."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.errors import BadInput
from dispatch.gazetteer.datum import from_wgs84, to_wgs84
from dispatch.gazetteer.distance import distance_m

# python/test.py of github.com/googollee/eviltransform: WGS-84 -> GCJ-02, written here as (lon, lat).
PUBLISHED_GCJ02 = {
    "Shanghai": ((121.5272106, 31.1774276), (121.531541859215, 31.17530398364597)),
    "Shenzhen": ((113.912316, 22.543847), (113.9171764808363, 22.540796131694766)),
    "Beijing": ((116.377817, 39.911954), (116.38404722455657, 39.91334545536069)),
}
# test/app.js of github.com/wandergis/coordtransform, as (lon, lat).
TIANANMEN = (116.404, 39.915)
TIANANMEN_READ_AS_WGS84_IN_GCJ02 = (116.41024449916938, 39.91640428150164)
TIANANMEN_READ_AS_GCJ02_IN_BD09 = (116.41036949371029, 39.92133699351021)
TIANANMEN_READ_AS_BD09_IN_GCJ02 = (116.39762729119315, 39.90865673957631)
places = st.tuples(st.floats(60, 150), st.floats(-10, 60))


@pytest.mark.parametrize("city", PUBLISHED_GCJ02)
def test_a_published_place_becomes_its_published_gcj02_place(city):
    wgs84, gcj02 = PUBLISHED_GCJ02[city]
    assert distance_m(from_wgs84(*wgs84, "gcj02"), gcj02) < 0.05
    assert distance_m(to_wgs84(*gcj02, "gcj02"), wgs84) < 0.05


def test_tiananmen_becomes_its_published_gcj02_place():
    assert distance_m(from_wgs84(*TIANANMEN, "gcj02"), TIANANMEN_READ_AS_WGS84_IN_GCJ02) < 0.001


def test_a_published_gcj02_place_becomes_its_published_baidu_place():
    globe = to_wgs84(*TIANANMEN, "gcj02")
    assert distance_m(from_wgs84(*globe, "bd09"), TIANANMEN_READ_AS_GCJ02_IN_BD09) < 0.001


def test_a_published_baidu_place_becomes_its_published_gcj02_place():
    # The published way back is a rough one, good to a metre.
    globe = to_wgs84(*TIANANMEN, "bd09")
    assert distance_m(from_wgs84(*globe, "gcj02"), TIANANMEN_READ_AS_BD09_IN_GCJ02) < 1


@given(places, st.sampled_from(["gcj02", "bd09", "wgs84"]))
def test_there_and_back_again_ends_within_a_centimetre(place, datum):
    lon, lat = from_wgs84(place[0], place[1], datum)
    assert distance_m(to_wgs84(lon, lat, datum), place) <= 0.01


@given(places, st.sampled_from(["gcj02", "bd09"]))
def test_back_and_there_again_ends_within_a_centimetre(place, datum):
    lon, lat = to_wgs84(place[0], place[1], datum)
    assert distance_m(from_wgs84(lon, lat, datum), place) <= 0.01


def test_a_place_in_wgs84_is_not_touched_wherever_it_lies():
    assert to_wgs84(116.377817, 39.911954, "wgs84") == (116.377817, 39.911954)
    assert from_wgs84(114.17, 22.3, "wgs84") == (114.17, 22.3)


def test_a_declared_datum_is_converted_wherever_the_place_lies():
    assert 100 < distance_m(to_wgs84(13.26, 53.55, "gcj02"), (13.26, 53.55)) < 3000


def test_an_unknown_datum_is_refused_by_name():
    with pytest.raises(BadInput) as refused:
        to_wgs84(116, 39, "cgcs2000")
    assert refused.value.errors[0].field == "datum"


@pytest.mark.parametrize("lat", [90.0, -89.0, float("nan"), float("inf")])
def test_a_latitude_no_chinese_map_reaches_is_refused(lat):
    with pytest.raises(BadInput):
        to_wgs84(116.0, lat, "gcj02")
