"""What providers outside say: each in its own words and datum, and never an error for whoever asked."""

from __future__ import annotations

import pytest

from dispatch.errors import SetupError
from dispatch.gazetteer.fetch import NoAnswer
from dispatch.gazetteer.online import REST_S, TRIES, Online, open_online
from tests.gazetteer.provider import AMAP, BAIDU, NOMINATIM, PHOTON, provider

KEYS = {"DISPATCH_BAIDU_KEY": "b-key", "DISPATCH_AMAP_KEY": "a-key"}
GOOD = {"nominatim": NOMINATIM, "photon": PHOTON, "baidu": BAIDU, "amap": AMAP}
NOTHING = {
    "nominatim": [],
    "photon": {"features": []},
    "baidu": {"status": 0, "result": {}},
    "amap": {"status": "1", "geocodes": []},
}
PLACES = {
    "nominatim": ("Friedrich-Engels-Ring 53, Neubrandenburg", 13.2612, 53.5571, "wgs84", 30.0),
    "photon": ("Rathaus, Neubrandenburg", 13.2612, 53.5571, "wgs84", 30.0),
    "baidu": ("老街12号", 116.404, 39.915, "bd09", 100.0),
    "amap": ("敖汉旗新惠镇12号", 116.397, 39.909, "gcj02", 30.0),
}


def opened(name, base) -> Online:
    online = open_online(name, base, 5.0, KEYS)
    assert online is not None
    return online


def ask(name, answer, status=200):
    with provider(answer, status) as (base, asked):
        return opened(name, base).find("老街12号"), asked


def reason(name, answer, status=200):
    with pytest.raises(NoAnswer) as caught:
        ask(name, answer, status)
    return caught.value.reason


@pytest.mark.parametrize("name", GOOD)
def test_each_provider_gives_a_place_in_the_datum_it_declares(name):
    given, asked = ask(name, GOOD[name])
    assert (given.label, given.lon, given.lat, given.datum, given.precision_m) == PLACES[name]
    assert len(asked) == 1
    assert "老街12号" in asked[0][1].values()


@pytest.mark.parametrize("name", GOOD)
def test_a_provider_that_knows_nothing_says_so(name):
    assert ask(name, NOTHING[name])[0] is None


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.parametrize(
    "garbage", [[], {}, 7, "text", None, [[]], {"status": "1"}, {"features": [{}]}, [{"lat": "x"}]]
)
def test_json_of_another_shape_is_no_place(name, garbage):
    try:
        given, _ = ask(name, garbage)
    except NoAnswer:
        given = None
    assert given is None


@pytest.mark.parametrize(
    ("lon", "lat"), [("NaN", "53"), ("13", "Infinity"), ("200", "53"), ("13", "90"), ("", "")]
)
def test_coordinates_that_are_no_place_are_not_understood(lon, lat):
    place = {**AMAP["geocodes"][0], "location": f"{lon},{lat}"}
    assert reason("amap", {**AMAP, "geocodes": [place]}) == "not_understood"


def test_a_label_holds_nothing_that_a_database_cannot():
    place = {**AMAP["geocodes"][0], "formatted_address": "新\ud800惠\x00镇" + "长" * 9999}
    given, _ = ask("amap", {**AMAP, "geocodes": [place]})
    assert given.label.encode().startswith("新 惠 镇".encode())
    assert len(given.label) == 200


@pytest.mark.parametrize("name", GOOD)
def test_a_provider_that_refuses_or_breaks_is_a_reason(name):
    assert reason(name, {}, 500) == "broken"
    assert reason(name, {}, 429) == "refused"


def test_a_refused_key_is_a_reason_and_is_not_repeated():
    with pytest.raises(NoAnswer) as caught:
        ask("amap", {"status": "0", "info": "INVALID_USER_KEY", "infocode": "10001"})
    assert (caught.value.reason, caught.value.detail) == ("refused", "10001")
    assert reason("baidu", {"status": 200, "message": "no such app"}) == "refused"


def test_keys_are_sent_and_come_from_the_environment_only():
    assert ask("baidu", BAIDU)[1][0][1]["ak"] == "b-key"
    assert ask("amap", AMAP)[1][0][1]["key"] == "a-key"
    with pytest.raises(SetupError, match="set DISPATCH_AMAP_KEY"):
        open_online("amap", "", 2.0, {})


def test_none_is_asked_unless_one_is_chosen():
    assert open_online("", "", 2.0, KEYS) is None


def test_what_is_found_is_as_rough_as_the_provider_says():
    town = [{**NOMINATIM[0], "boundingbox": ["53.45", "53.65", "13.1", "13.4"]}]
    assert ask("nominatim", town)[0].precision_m == pytest.approx(14_900, rel=0.01)
    street = {"name": "Turmstraße", "type": "street", "extent": [13.26, 53.56, 13.263, 53.558]}
    assert ask("photon", {"features": [{**PHOTON["features"][0], "properties": street}]})[0].precision_m < 200
    assert ask("baidu", {**BAIDU, "result": {**BAIDU["result"], "confidence": 20}})[0].precision_m == 10_000
    town = [{**AMAP["geocodes"][0], "level": "区县"}]
    assert ask("amap", {**AMAP, "geocodes": town})[0].precision_m == 10_000


def test_a_pasted_page_is_not_sent_out_of_the_house():
    with provider(AMAP) as (base, asked), pytest.raises(NoAnswer, match="too_long"):
        opened("amap", base).find("x" * 5000)
    assert asked == []


def test_nobody_waits_for_a_provider_that_failed_again_and_again():
    time_s, asked = [0.0], []

    def fail(text):
        asked.append(text)
        raise NoAnswer("timeout")

    online = Online("amap", fail, lambda: time_s[0])
    for _ in range(TRIES):
        with pytest.raises(NoAnswer, match="timeout"):
            online.find("老街")
    with pytest.raises(NoAnswer, match="resting"):
        online.find("老街")
    assert len(asked) == TRIES
    time_s[0] = REST_S
    with pytest.raises(NoAnswer, match="timeout"):
        online.find("老街")
