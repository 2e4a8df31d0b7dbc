"""What the parts of a Chinese address are, and how Chinese spellings of one name become one.

A rule splitter: 旗/县/区, 镇/乡/苏木, 村/嘎查/社区, 路/街/巷, 小区, 号, 楼, 单元, 室.
Each part is the shortest run of characters that ends in its word. A county company needs no list of
provinces; what stands before the county is one part.
OpenCC and pypinyin are loaded when the first Chinese character is met, not before.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

PartKind = Literal[
    "region", "county", "township", "village", "road", "estate", "number", "building", "unit", "room", "other"
]

FIRST_CJK = 0x2E80
# The words that end a part, and what the part is. The longest that fits is taken: 小区 before 区.
_ENDINGS: dict[str, PartKind] = {
    "自治区": "region", "自治州": "region", "省": "region", "盟": "region", "市": "region",
    "自治县": "county", "自治旗": "county", "县": "county", "旗": "county", "区": "county",
    "街道办事处": "township", "街道": "township", "镇": "township", "乡": "township", "苏木": "township",
    "村": "village", "嘎查": "village", "社区": "village", "屯": "village",
    "大道": "road", "大街": "road", "胡同": "road", "路": "road", "街": "road", "巷": "road", "弄": "road",
    "小区": "estate", "花园": "estate", "家园": "estate", "公寓": "estate", "苑": "estate",
}  # fmt: skip
_NUMBERED: dict[str, PartKind] = {
    "号楼": "building", "栋": "building", "幢": "building", "楼": "building", "座": "building",
    "号院": "number", "号": "number", "单元": "unit", "室": "room", "房": "room", "层": "room",
}  # fmt: skip
_RANK: dict[PartKind, int] = {"region": 0, "county": 1, "township": 2, "village": 3, "road": 4, "estate": 5}
_ALL_ENDINGS = sorted(_ENDINGS, key=len, reverse=True)
_NUMBERED_PART = re.compile(rf"(?P<value>\d{{1,5}}[a-z]?|[a-z](?=[座栋幢]))(?P<ending>{'|'.join(_NUMBERED)})")
_CHAIN = re.compile(r"(?P<building>\d{1,4})-(?P<unit>\d{1,3})-(?P<room>\d{2,4})$")
_LAST_NUMBER = re.compile(r"(?P<value>\d{1,5}[a-z]?(?:-\d{1,4})?)$")

_DIGITS = {ch: value for value, ch in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100}
_NUMERAL = re.compile(rf"[{''.join(_DIGITS)}十百]+(?=号|栋|幢|单元|室|[座层楼](?![\u4e00-\u9fff]))")
# A village is called 三家村, 三家村委会 or 三家村民委员会 by different offices.
_COMMITTEES = (
    (re.compile(r"嘎查村?民?委(?:员)?会"), "嘎查"),
    (re.compile(r"村?村民?委(?:员)?会"), "村"),
    (re.compile(r"(?:社区)?居民?委(?:员)?会"), "社区"),
    (re.compile(r"街道办事处"), "街道"),
)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an address; of a numbered one only the number: `12` for 12号楼."""

    kind: PartKind
    text: str


_START = Part("other", "")


def is_chinese(text: str) -> bool:
    """Whether a character of `text` is written without blanks between words: Han, kana, hangul."""
    return any(ord(ch) >= FIRST_CJK for ch in text)


def folded(text: str) -> str:
    """`text` in simplified characters, numerals before 号 as digits, committees as their village.

    Text without Chinese characters comes back as it is.
    """
    if not is_chinese(text):
        return text
    simple: str = _converter().convert(text)
    for committee, short in _COMMITTEES:
        simple = committee.sub(short, simple)
    return _NUMERAL.sub(lambda found: numeral(found[0]), simple)


def numeral(written: str) -> str:
    """A Chinese numeral below one thousand in digits: 十二 is 12, 一二三 is 123."""
    if not set(written) & set(_TENS):
        return "".join(str(_DIGITS[ch]) for ch in written)
    total, last = 0, 0
    for ch in written:
        if ch in _TENS:
            total, last = total + (last or 1) * _TENS[ch], 0
        else:
            last = _DIGITS[ch]
    return str(total + last)


@lru_cache(maxsize=4096)
def pinyin(text: str) -> str:
    """How `text` sounds, without tones and blanks: 解放路 is jiefanglu; "" when nothing is Chinese."""
    if not is_chinese(text):
        return ""
    return "".join(_lazy_pinyin()(text, errors="default")).replace("ü", "v").lower()


def split(text: str) -> list[Part]:
    """The parts of a folded Chinese address in their order; what no rule names is `other`."""
    parts: list[Part] = []
    at, rank = 0, -1
    text = re.sub(r"\s+", "", text)
    while at < len(text):
        part, at = _next(text, at, rank)
        rank = max(rank, _RANK.get(part.kind, rank))
        parts.append(part)
    loose = [each for part in parts for each in _loosened(part)]
    return [_room(part) if before.kind == "unit" else part for before, part in pairwise([_START, *loose])]


def _next(text: str, at: int, rank: int) -> tuple[Part, int]:
    """The part that begins at `at`, and where it ends; places only go from large to small."""
    if number := _NUMBERED_PART.match(text, at):
        return Part(_NUMBERED[number["ending"]], number["value"]), number.end()
    for end, ending in _places_to_end(text, at):
        kind = _ENDINGS[ending]
        if (_RANK[kind] > rank or kind == "region") and end - at - len(ending) >= _least(ending):
            return Part(kind, text[at:end]), end
    number = _NUMBERED_PART.search(text, at)
    end = number.start() if number and number.start() > at else len(text)
    return Part("other", text[at:end]), end


def _places_to_end(text: str, at: int) -> Iterator[tuple[int, str]]:
    """Each (end, ending) from `at` on, the nearest first, up to the first number.

    An ending directly before another is inside a name: 新村路 is one road, 景德镇市 one city.
    """
    while at < len(text) and not text[at].isdigit():
        ending = _ending(text, at)
        at += len(ending) or 1
        if ending and not _ending(text, at):
            yield at, ending


def _ending(text: str, at: int) -> str:
    return next((ending for ending in _ALL_ENDINGS if text.startswith(ending, at)), "")


def _least(ending: str) -> int:
    """How many characters a name has before its ending: 甘旗 is no banner, but the start of 甘旗卡镇."""
    return 2 if ending in {"旗", "区", "市", "盟"} else 1


def _loosened(part: Part) -> list[Part]:
    """A part that no rule names, opened up: 12-3-501 is building, unit and room; a last number is one."""
    if part.kind != "other":
        return [part]
    if chain := _CHAIN.search(part.text):
        tail = [Part("building", chain["building"]), Part("unit", chain["unit"]), Part("room", chain["room"])]
        return [*_named(part.text[: chain.start()]), *tail]
    if number := _LAST_NUMBER.search(part.text):
        return [*_named(part.text[: number.start()]), Part("number", number["value"])]
    return [part]


def _room(part: Part) -> Part:
    """The bare number after a unit: 2单元301."""
    return Part("room", part.text) if part.kind == "number" else part


def _named(text: str) -> list[Part]:
    return [Part("other", text)] if text else []


@cache
def _converter() -> Any:
    import opencc  # noqa: PLC0415 -- only where Chinese is written

    return opencc.OpenCC("t2s")


@cache
def _lazy_pinyin() -> Any:
    from pypinyin import lazy_pinyin  # noqa: PLC0415 -- 50 MB, only where Chinese is written

    return lazy_pinyin
