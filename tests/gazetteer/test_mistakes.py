"""A text with mistakes still finds its place, never as sure as one without; any text is safe."""

from __future__ import annotations

import pytest

from dispatch.gazetteer import open_gazetteer
from dispatch.gazetteer.build import build_gazetteer
from dispatch.gazetteer.candidate import Candidate
from dispatch.gazetteer.tier import alike, best, graded
from tests.gazetteer.town import Town, sample_town

SCRIPTS = ("улица Ленина", "Λεωφόρος Κηφισίας", "شارع الملك", "רחוב הרצל", "ถนนสุขุมวิท", "हिमालय मार्ग",
           "解放路", "さくら通り",
           "강남대로", "Երևան", "თბილისი", "ᠮᠣᠩᠭᠣᠯ")  # fmt: skip


def quiet(_what, _share):
    pass


@pytest.fixture(scope="module")
def town(tmp_path_factory):
    folder = tmp_path_factory.mktemp("mistakes")
    drawn = sample_town()
    drawn.line((-4, -6), (0, -6), highway="residential", name="Uferweg")
    corner = drawn.point(10, 10)
    for at, name in ((12, "Nelkenweg"), (14, "Friedrich-Engels-Ring")):
        drawn.line((at, 10), missing=[corner], highway="residential", name=name)
    drawn.house(12, 10, "Friedrich-Engels-Ring", "5", "Marktstadt")
    drawn.point(20, 20, power="pole", ref="449")
    build_gazetteer(drawn.write(folder / "town.osm"), folder, quiet)
    return open_gazetteer(folder)


def first(gazetteer, text):
    found = gazetteer.locate(text)
    return (found[0].label, found[0].kind) if found else None


@pytest.mark.parametrize(
    "text",
    [
        "Lagne Straße 12, Marktstadt",
        "Lnge Strase 12",
        "LangeStraße12 Marktstadt",
        "MarktstadtLangeStraße 12",
        "bitte schnell Lange Straße 12 in Marktstadt, 2. Stock",
        "Marktstat, Lange Str 12",
    ],
)
def test_a_text_with_mistakes_finds_the_house(town, text):
    assert first(town, text) == ("Lange Straße 12, Marktstadt", "address")


def test_a_mistyped_street_is_never_beyond_doubt(town):
    assert town.locate("Lagne Straße 12, Marktstadt")[0].tier != "A"


def test_an_initial_stands_for_a_first_name(town):
    assert first(town, "F.-Engels-Ring 5") == ("Friedrich-Engels-Ring 5, Marktstadt", "address")


@pytest.mark.parametrize(
    "text",
    [
        "Nelkenweg / Friedrich-Engels-Ring",
        "Friedrich-Engels-Ring Ecke Nelkenweg",
        "Nelkenweg und Friedrich Engels Rng",
    ],
)
def test_two_streets_name_their_crossing(town, text):
    assert first(town, text) == ("Friedrich-Engels-Ring / Nelkenweg", "crossing")


def test_streets_that_do_not_meet_have_no_crossing(town):
    assert all(found.kind != "crossing" for found in town.locate("Nelkenweg / Uferweg"))


@pytest.mark.parametrize("text", ["Mast 449", "pole no. 449", "449号杆", "电杆449", "电杆 449号"])
def test_a_pole_is_found_by_its_number(town, text):
    assert first(town, text)[1] == "pole"


@pytest.fixture(scope="module")
def county(tmp_path_factory):
    folder = tmp_path_factory.mktemp("county")
    drawn = Town()
    for east, name in ((0, "甘旗卡镇"), (200, "金宝屯镇")):
        drawn.point(east, 0, place="town", name=name)
        drawn.point(east + 20, 10, place="village", name="团结村村民委员会")
    drawn.point(30, 0, place="village", name="哈日额日格嘎查")
    drawn.house(1, 0, "建国路", "8号", "甘旗卡镇")
    drawn.house(2, 5, "阳光小区", "12号楼", "甘旗卡镇")
    build_gazetteer(drawn.write(folder / "county.osm"), folder, quiet)
    return open_gazetteer(folder)


@pytest.mark.parametrize(
    "text",
    [
        "哈日额日格嘎查",
        "哈日额格嘎查",
        "哈日俄日格嘎查",
        "harierigegacha",
        "ha ri e ri ge ga cha",
        "哈日額日格嘎查",
    ],
)
def test_a_village_is_found_with_a_character_lost_or_wrong_and_by_sound(county, text):
    assert first(county, text)[0] == "哈日额日格嘎查"


def test_the_township_tells_two_villages_of_one_name_apart(county):
    assert first(county, "金宝屯镇团结村")[0] == "团结村村民委员会, 金宝屯镇"
    assert first(county, "甘旗卡镇团结村委会")[0] == "团结村村民委员会, 甘旗卡镇"


@pytest.mark.parametrize("text", ["阳光小区12-3-501", "阳光小区十二号楼3单元501室", "甘旗卡镇陽光小區12號樓"])
def test_a_flat_is_looked_for_in_its_building(county, text):
    found = county.locate(text)[0]
    assert (found.label, found.kind) == ("阳光小区 12号楼, 甘旗卡镇", "address")


def test_names_in_any_script_are_found(tmp_path):
    drawn = Town()
    for east, name in enumerate(SCRIPTS):
        drawn.line((east * 10, 0), (east * 10 + 1, 0), highway="residential", name=name)
    build_gazetteer(drawn.write(tmp_path / "town.osm"), tmp_path, quiet)
    gazetteer = open_gazetteer(tmp_path)
    assert [first(gazetteer, name) for name in SCRIPTS] == [(name, "street") for name in SCRIPTS]


@pytest.mark.parametrize(
    "text",
    ["x" * 5_000, "解放路12号" * 1_000, "\ud800" * 50 + "Weg", '" OR grams : *', "NEAR(a b, 2)",
     "a/b" * 2_000, "a' UNION SELECT 1 --", "_ _ _", "1 " * 2_500, *SCRIPTS],
)  # fmt: skip
def test_text_of_any_length_script_or_syntax_is_safe(town, county, text):
    for gazetteer in (town, county):
        assert all(0 <= each.score <= 100 for each in [*gazetteer.locate(text), *gazetteer.suggest(text)])


def candidate(label, score, tier="B", lon=10.0, precision_m=15.0):
    return Candidate(label, lon, 50.0, "address", score, precision_m, tier)


def test_a_far_rival_within_six_points_takes_certainty_away():
    assert graded([candidate("a", 100, "A"), candidate("b", 95, lon=10.01)])[0].tier == "B"
    assert graded([candidate("a", 100, "A"), candidate("b", 93, lon=10.01)])[0].tier == "A"
    assert graded([candidate("a", 100, "A"), candidate("b", 95, lon=10.001)])[0].tier == "A"


def test_all_within_ten_points_are_to_be_looked_at_together():
    found = graded([candidate("a", 90), candidate("b", 81), candidate("c", 79)])
    assert [each.tier for each in found] == ["B", "B", "C"]
    assert [each.label for each in alike(found)] == ["a", "b"]


def test_one_wide_place_among_them_leaves_only_the_pin():
    assert {each.tier for each in graded([candidate("a", 90), candidate("b", 85, precision_m=900)])} == {"C"}


def test_one_address_mapped_twice_is_one_candidate():
    assert len(best([candidate("a", 90), candidate("a", 80, lon=10.0005)])) == 1
