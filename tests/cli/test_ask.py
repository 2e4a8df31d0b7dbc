from __future__ import annotations

import json
import re

import pytest

FIELDS = {"label", "lon", "lat", "kind", "score", "tier", "precision_m"}
ACCOUNT = "4100000037"


def test_an_address_comes_with_score_tier_and_place(command):
    told = json.loads(command("locate", "Turmstraße 3, Neubrandenburg", "--json").out)
    assert set(told) == {"query", "candidates"}
    best = told["candidates"][0]
    assert set(best) == FIELDS
    assert best["tier"] == "A"
    assert 13.0 < best["lon"] < 13.5
    assert 53.4 < best["lat"] < 53.7


def test_an_address_is_shown_to_people_on_one_line_each(command):
    first = command("locate", "Turmstraße").lines[0]
    assert "Turmstraße" in first
    assert first[0] in "ABC"


def test_what_means_nothing_is_no_mistake(command):
    told = command("locate", "qqqqqq xxxxxx")
    assert (told.code, told.lines) == (0, ["nothing found; try the street's name alone, or a place"])
    assert json.loads(command("locate", "qqqqqq xxxxxx", "--json").out)["candidates"] == []


ODD = (
    *(
        "москва улица ленина",
        "北京路十二号",
        "東京都渋谷区",
        "서울 강남대로",
        "شارع الملك",
        "רחוב הרצל",
        "Αθήνα",
    ),
    *("ถนนสุขุมวิท", "मुंबई मार्ग", "தமிழ் சாலை", "Երևան", "თბილისი", "🏠 12", "Turmstraße 3 " * 400),
    *("' OR 1=1; DROP TABLE house; --", '" NEAR( * ^ - AND OR NOT', "%_%*", "12-3-501", "/ / /"),
    *("\x01\x7f", "号号号 杆杆杆"),
)


@pytest.mark.parametrize("text", ODD)
def test_no_script_operator_or_broken_text_makes_the_search_fail(command, text):
    told = json.loads(command("locate", text, "--json").out)
    assert isinstance(told["candidates"], list)


@pytest.mark.parametrize("argument", ["Turmstra\udcdfe 3", "\udced\udca0\udc80"])
def test_bytes_that_are_no_text_are_refused_by_every_command(command, argument):
    for told in (("locate", argument), ("locate", "--account", argument), ("export", argument)):
        assert "not UTF-8 text" in command.refused(*told)


def test_coordinates_that_lie_in_the_area_when_turned_round_are_told_as_swapped(command):
    assert "lon and lat are swapped" in command.refused("zone", "53.5571", "13.2612")


def test_an_account_is_located_by_its_number(command):
    best = json.loads(command("locate", "--account", ACCOUNT, "--json").out)["candidates"][0]
    assert (best["kind"], best["tier"], best["label"]) == ("account", "A", "Hauptstraße 1, Pragsdorf")


def test_an_unknown_account_is_named(command):
    assert "'none'" in command.refused("locate", "--account", "none")


def test_locate_needs_something_to_look_for(command):
    assert "--batch" in command.refused("locate")


def test_a_batch_gives_one_object_a_line_in_the_same_order(command, tmp_path):
    queries = [
        "Turmstraße 3",
        "",
        "qqqqqq xxxxxx",
        "  Pragsdorf ",
        "a\tb",
        "停电",
        "x\u2028y\x0bz\x85w",
        "last",
    ]
    file = tmp_path / "queries.txt"
    file.write_text("\n".join(queries) + "\n", encoding="utf-8")
    told = [json.loads(line) for line in command("locate", "--batch", file, "--json").out.split("\n")[:-1]]
    assert [each["query"] for each in told] == queries
    assert all(set(found) == FIELDS for each in told for found in each["candidates"])
    assert told[0]["candidates"]
    assert told[1]["candidates"] == told[2]["candidates"] == []


def test_a_batch_from_windows_or_in_another_encoding_is_read_too(command, tmp_path):
    file = tmp_path / "queries.txt"
    file.write_bytes(b"\xef\xbb\xbfPragsdorf\r\nTurmstra\xdfe")
    told = [json.loads(line)["query"] for line in command("locate", "--batch", file, "--json").lines]
    assert told == ["Pragsdorf", "Turmstra\ufffde"]


def test_an_empty_batch_gives_nothing(command, tmp_path):
    (tmp_path / "none.txt").write_text("")
    assert command("locate", "--batch", tmp_path / "none.txt").out == ""


def test_a_batch_that_is_not_there_is_named(command, tmp_path):
    assert "none.txt" in command.refused("locate", "--batch", tmp_path / "none.txt")


def test_a_place_has_a_zone_by_a_zone_set(command):
    told = json.loads(command("zone", "13.2612", "53.5571", "--json").out)
    assert set(told) >= {"zone", "zone_set", "edge_m", "doubt"}
    assert told["zone"] == "urban"
    assert command("zone", "13.2612", "53.5571").out.startswith(f"urban by zone set {told['zone_set']}, ")


def test_coordinates_may_be_negative(command):
    told = json.loads(command("zone", "-70.5", "-33.1", "--json").out)
    assert told["doubt"] == "no_polygon"


@pytest.mark.parametrize(
    "place", [("181", "0"), ("0", "-91"), ("nan", "0"), ("inf", "0"), ("x", "0"), ("13,2", "0")]
)
def test_what_is_no_place_on_earth_has_no_zone(command, place):
    command.refused("zone", *place)


def test_a_drive_has_seconds_metres_and_a_line(command):
    told = json.loads(command("travel", "13.2612,53.5571", "13.3975,53.5388", "--json").out)
    assert set(told) == {"travel_s", "length_m", "line"}
    assert 300 < told["travel_s"] < 2400
    assert 9_000 < told["length_m"] < 20_000
    assert told["line"]["type"] == "LineString"
    assert len(told["line"]["coordinates"]) > 10


def test_a_drive_is_shown_to_people_on_one_line(command):
    told = command("travel", "13.2612,53.5571", "13.3975,53.5388")
    assert len(told.lines) == 1
    assert " min), " in told.out


def test_where_no_road_leads_is_said(command):
    assert "no road" in command.refused("travel", "13.2612,53.5571", "-70.5,-33.1")


@pytest.mark.parametrize(
    "place", ["13.2", "13.2;53.5", "a,b", "13.2,53.5,7", "", "nan,53", "999,53", "13.2,inf"]
)
def test_what_is_no_place_on_earth_has_no_road(command, place):
    command.refused("travel", place, "13.2612,53.5571")


def test_a_drive_that_cannot_be_says_why_and_how_far_the_road_is(command):
    told = command("travel", "13.2612,53.5571", "13.05,53.5")
    assert told.code == 2
    assert re.search(r"no road leads there: the destination is [\d,]+ m from the nearest road", told.err)
