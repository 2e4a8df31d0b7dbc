"""A Chinese address falls into its parts by rule, and spellings of one name become one."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dispatch.gazetteer.chinese import folded, numeral, pinyin, split

EXAMPLES = {
    "科尔沁左翼后旗甘旗卡镇东胜嘎查": "county:科尔沁左翼后旗 township:甘旗卡镇 village:东胜嘎查",
    "甘旗卡镇": "township:甘旗卡镇",
    "阿都沁苏木哈日额日格嘎查": "township:阿都沁苏木 village:哈日额日格嘎查",
    "甘旗卡镇东胜村村民委员会12号": "township:甘旗卡镇 village:东胜村 number:12",
    "三座店镇三座店村委会": "township:三座店镇 village:三座店村",
    "民族社区居委会": "village:民族社区",
    "解放路十二号": "road:解放路 number:12",
    "新村路5号": "road:新村路 number:5",
    "宁城县天义镇中京大街120号": "county:宁城县 township:天义镇 road:中京大街 number:120",
    "内蒙古自治区通辽市科尔沁区": "region:内蒙古自治区 region:通辽市 county:科尔沁区",
    "景德镇市昌江区": "region:景德镇市 county:昌江区",
    "建国路8号阳光小区十二号楼3单元501室": "road:建国路 number:8 estate:阳光小区 building:12 unit:3 room:501",
    "阳光小区12-3-501": "estate:阳光小区 building:12 unit:3 room:501",
    "幸福小区3栋2单元301": "estate:幸福小区 building:3 unit:2 room:301",
    "东郊镇电力局": "township:东郊镇 other:电力局",
    "解放路 12 号": "road:解放路 number:12",
}


@pytest.mark.parametrize(("text", "parts"), EXAMPLES.items())
def test_an_address_falls_into_its_parts(text, parts):
    assert " ".join(f"{part.kind}:{part.text}" for part in split(folded(text))) == parts


@pytest.mark.parametrize(
    ("written", "digits"),
    [("十", "10"), ("十二", "12"), ("二十", "20"), ("一百零三", "103"), ("一二三", "123")],
)
def test_a_numeral_becomes_digits(written, digits):
    assert numeral(written) == digits


def test_a_numeral_inside_a_name_stays():
    assert folded("三家村") == "三家村"
    assert folded("三座店镇") == "三座店镇"


@pytest.mark.parametrize(
    "written", ["三家村", "三家村委会", "三家村村民委员会", "三家村民委员会", "三家村村委會"]
)
def test_every_office_s_way_to_write_a_village_is_one_village(written):
    assert folded(written) == "三家村"


def test_traditional_characters_are_folded():
    assert folded("內蒙古通遼建國路") == "内蒙古通辽建国路"


def test_a_name_has_a_sound_and_latin_text_has_none():
    assert pinyin("解放路") == "jiefanglu"
    assert pinyin("Lange Straße") == ""


@given(st.text(alphabet="旗县区镇苏木村嘎查路号小楼单元室甲乙12- a三十座栋", max_size=40))
def test_no_mixture_of_endings_makes_the_splitter_fail_or_lose_a_name(text):
    assert all(part.text for part in split(folded(text)))


def test_loading_the_search_loads_no_chinese_dictionary():
    asked = "import sys, dispatch.gazetteer; print({'opencc', 'pypinyin', 'numpy'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
