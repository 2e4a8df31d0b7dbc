"""A text finds its place; only a house that is beyond doubt is tier A; no text can make the search fail."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.errors import SetupError
from dispatch.gazetteer import open_gazetteer
from dispatch.gazetteer.build import build_gazetteer
from tests.gazetteer.town import Town, sample_town


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = tmp_path_factory.mktemp("area")
    build_gazetteer(sample_town().write(folder / "town.osm"), folder, lambda _what, _share: None)
    return open_gazetteer(folder)


def best(gazetteer, text):
    found = gazetteer.locate(text)
    return (found[0].label, found[0].kind, found[0].tier) if found else None


@pytest.mark.parametrize(
    "text",
    [
        "Lange Straße 12",
        "Lange Straße 12, Marktstadt",
        "12 Lange Straße",
        "Marktstadt, Lange Straße 12",
        "lange str. 12",
        "LANGE STRASSE 12",
        "Lange  Straße  12 ",
        "Lange-Straße 12",
        "Langestr. 12",
        "Marktstadt Lange Straße 12",
        "Lange Straße 12 Marktstadt",
        "17033 Marktstadt, Lange Straße 12",
    ],
)
def test_the_usual_ways_to_write_one_house_find_it_beyond_doubt(town, text):
    assert best(town, text) == ("Lange Straße 12, Marktstadt", "address", "A")


def test_a_house_found_lies_where_the_map_has_it(town):
    found = town.locate("Lange Straße 12")[0]
    assert (found.lon, found.lat) == (10.0, 50.0012)
    assert found.score == 100
    assert found.precision_m <= 20


def test_a_letter_after_the_number_is_another_house(town):
    assert best(town, "Lange Straße 12a") == ("Lange Straße 12 A, Marktstadt", "address", "A")


def test_each_number_of_a_sign_with_several_is_found(town):
    assert best(town, "Lange Straße 16") == ("Lange Straße 14,16, Marktstadt", "address", "A")


def test_a_number_inside_a_street_name_is_no_house_number(town):
    assert best(town, "Straße des 17. Juni 5") == ("Straße des 17. Juni 5, Marktstadt", "address", "A")
    assert best(town, "Straße des 17. Juni")[:2] == ("Straße des 17. Juni, Marktstadt", "street")


def test_a_house_in_two_villages_is_never_sure_without_the_village(town):
    found = town.locate("Dorfstraße 7")
    assert [(c.label, c.tier) for c in found if c.kind == "address"] == [
        ("Dorfstraße 7, Oberdorf", "B"),
        ("Dorfstraße 7, Unterdorf", "B"),
    ]


def test_the_village_said_makes_the_house_sure(town):
    assert best(town, "Dorfstraße 7, Unterdorf") == ("Dorfstraße 7, Unterdorf", "address", "A")
    assert best(town, "Unterdorf Dorfstr. 7") == ("Dorfstraße 7, Unterdorf", "address", "A")


def test_a_number_that_only_one_village_has_is_not_sure_while_the_street_is_in_two(town):
    assert best(town, "Dorfstraße 9") == ("Dorfstraße 9, Unterdorf", "address", "B")


def test_a_locality_that_does_not_fit_leaves_doubt(town):
    assert best(town, "Lange Straße 12, Anderswo") == ("Lange Straße 12, Marktstadt", "address", "B")


def test_a_quarter_is_as_good_as_the_town(town):
    assert best(town, "Gänseweg 3, Nordviertel") == ("Gänseweg 3, Marktstadt", "address", "A")


def test_two_houses_with_one_address_far_apart_are_both_shown_and_neither_is_sure(tmp_path):
    drawn = Town()
    drawn.point(0, 0, place="village", name="Links")
    drawn.point(40, 0, place="village", name="Rechts")
    drawn.house(0, 0, "Weg", "1", "Ort")
    drawn.house(40, 0, "Weg", "1", "Ort")
    build_gazetteer(drawn.write(tmp_path / "town.osm"), tmp_path, lambda _what, _share: None)
    found = open_gazetteer(tmp_path).locate("Weg 1, Ort")
    assert [(c.label, c.tier) for c in found] == [("Weg 1, Ort (Links)", "B"), ("Weg 1, Ort (Rechts)", "B")]


def test_one_house_mapped_twice_is_one_house(tmp_path):
    drawn = Town()
    drawn.house(0, 0, "Weg", "1", "Ort")
    drawn.house(0.2, 0, "Weg", "1", "Ort")
    build_gazetteer(drawn.write(tmp_path / "town.osm"), tmp_path, lambda _what, _share: None)
    assert [c.tier for c in open_gazetteer(tmp_path).locate("Weg 1, Ort")] == ["A"]


def test_a_number_that_the_street_lacks_gives_the_street_and_says_how_far_it_reaches(town):
    assert best(town, "Lange Straße 99") == ("Lange Straße, Marktstadt", "street", "B")
    assert town.locate("Lange Straße 99")[0].precision_m > 200


def test_a_letter_that_the_map_lacks_gives_the_house_beside_it(town):
    found = town.locate("Lange Straße 1b")[0]
    assert (found.label, found.tier) == ("Lange Straße 1, Marktstadt", "B")
    assert found.precision_m > 20


def test_a_street_alone_is_never_tier_a(town):
    assert best(town, "Gänseweg") == ("Gänseweg, Marktstadt", "street", "B")
    assert {c.tier for c in town.locate("Dorfstraße")} == {"B"}


def test_a_town_alone_is_only_a_hint(town):
    assert best(town, "marktstadt") == ("Marktstadt", "place", "C")
    assert town.locate("marktstadt")[0].precision_m >= 1000


def test_landmarks_and_named_substations_are_found_by_name(town):
    assert best(town, "Löwen Apotheke") == ("Löwen-Apotheke, Marktstadt", "landmark", "B")
    assert best(town, "umspannwerk nord") == ("Umspannwerk Nord, Marktstadt", "transformer", "B")


def test_the_beginning_of_a_name_is_enough_but_never_sure(town):
    assert best(town, "Lange Str") == ("Lange Straße, Marktstadt", "street", "B")
    assert best(town, "gänsew 3") == ("Gänseweg 3, Marktstadt", "address", "B")
    assert best(town, "Apotheke") == ("Löwen-Apotheke, Marktstadt", "landmark", "C")


def test_typing_on_suggests_streets_then_numbers(town):
    assert [c.label for c in town.suggest("lan")] == ["Lange Straße, Marktstadt"]
    labels = [c.label for c in town.suggest("Lange Straße 1")]
    assert labels[0] == "Lange Straße 1, Marktstadt"
    assert set(labels[1:]) >= {"Lange Straße 12, Marktstadt", "Lange Straße 12 A, Marktstadt"}


def test_no_more_than_the_asked_number_of_candidates_comes_back(town):
    assert len(town.locate("Dorfstraße 7", limit=1)) == 1
    assert town.suggest("d", limit=0) == []


def test_a_chinese_address_is_found_without_blanks(tmp_path):
    drawn = Town()
    drawn.house(0, 0, "解放路", "12号", "宜城")
    drawn.house(9, 0, "人民路", "12", "宜城")
    build_gazetteer(drawn.write(tmp_path / "town.osm"), tmp_path, lambda _what, _share: None)
    gazetteer = open_gazetteer(tmp_path)
    assert best(gazetteer, "解放路12号")[1:] == ("address", "A")
    assert best(gazetteer, "宜城人民路12号")[1:] == ("address", "A")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "'; DROP TABLE house; --",
        '"',
        '" OR name_fts MATCH "*',
        "NEAR(a b)",
        "* AND NOT",
        "%_%",
        "😀",
        "\ud800\udfff",
        "\x00\x01\x7f",
        "<script>alert(1)</script>",
        "x" * 10_000,
        ", ".join(["Weg 1"] * 3_000),
        "a " * 5_000,
        "١٢ ١",
        "²",
        "ﷺ" * 300,
        "12",
        "- 7 -",
        "\u202eegnaL",
    ],
)
def test_hostile_or_senseless_text_finds_nothing_sure_and_harms_nothing(town, text):
    assert all(c.tier != "A" for c in town.locate(text))
    assert isinstance(town.suggest(text), list)
    assert best(town, "Lange Straße 12")[2] == "A"


@given(st.text(st.characters(exclude_categories=()), max_size=60))
def test_no_text_makes_the_search_fail(town, text):
    for candidate in [*town.locate(text), *town.suggest(text)]:
        assert 0 <= candidate.score <= 100
        assert candidate.precision_m > 0


@given(st.permutations(["lange", "straße", "12", ",", "marktstadt", '"', "*", "7"]))
def test_words_in_any_order_never_make_the_search_fail(town, words):
    assert isinstance(town.locate(" ".join(words)), list)


def test_many_threads_may_ask_at_once(town):
    with ThreadPoolExecutor(8) as pool:
        answers = set(pool.map(lambda _: best(town, "Dorfstraße 7, Oberdorf"), range(200)))
    assert answers == {("Dorfstraße 7, Oberdorf", "address", "A")}


def test_an_area_without_a_gazetteer_says_what_to_do(tmp_path):
    with pytest.raises(SetupError, match="run dispatch build"):
        open_gazetteer(tmp_path)


@pytest.mark.parametrize("content", [b"", b"not a database", b"SQLite format 3\x00" + b"\x00" * 500])
def test_a_damaged_gazetteer_says_what_to_do(tmp_path, content):
    (tmp_path / "gazetteer.db").write_bytes(content)
    with pytest.raises(SetupError, match="run dispatch build again"):
        open_gazetteer(tmp_path)


def test_serving_loads_no_build_library():
    heavy = "{'osmium', 'pandas', 'shapely', 'sqlite_utils'}"
    asked = f"import sys, dispatch.gazetteer; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_a_place_off_every_street_is_told_by_the_settlement_nearest_to_it(town):
    assert town.place_near(10.061, 50.001) == "Oberdorf"
    assert town.place_near(9.996, 50.004) == "Nordviertel"
    assert town.place_near(10.0, 50.2) == ""
    assert town.place_near(10.0, 90.0) == ""


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("Lan", "Lange Straße, Marktstadt"),
        ("Lange Str 1", "Lange Straße 12, Marktstadt"),
        ("Lang 1", "Lange Straße 12, Marktstadt"),
        ("Lagne", "Lange Straße, Marktstadt"),
        ("Gänsw", "Gänseweg, Marktstadt"),
        ("Löwnap", "Löwen-Apotheke, Marktstadt"),
        ("Lnage Straße 1", "Lange Straße 12, Marktstadt"),
        ("Dorfstraße 7, Unt", "Dorfstraße 7, Unterdorf"),
        ("Dorfstraße 7 Unterd", "Dorfstraße 7, Unterdorf"),
        ("Dorfstraße, Ob", "Dorfstraße, Oberdorf"),
    ],
)
def test_what_was_begun_is_suggested_with_a_mistake_in_it_too(town, typed, shown):
    assert shown in [each.label for each in town.suggest(typed)]


def test_a_name_that_was_begun_rightly_is_not_hidden_among_others_that_are_a_little_like_it(town):
    assert [each.label for each in town.suggest("Gänsew")] == ["Gänseweg, Marktstadt"]


def test_a_town_that_is_begun_leaves_the_others_out(town):
    first, *others = [each.label for each in town.suggest("Dorfstraße 7, Unt")]
    assert first == "Dorfstraße 7, Unterdorf"
    assert "Dorfstraße 7, Oberdorf" not in others


def test_nothing_is_suggested_for_letters_that_begin_nothing(town):
    assert town.suggest("zzzz") == town.suggest("") == []
