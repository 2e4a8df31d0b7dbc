"""What a caller's words for a place mean once spelling no longer matters: keys, house numbers, readings.

Two texts that name the same thing have the same key, whatever their case, umlauts, hyphens or abbreviations:
"Treptower Str." and "treptower straße" are both `treptowerstrasse`. Build and search use the same functions.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatch.gazetteer.chinese import folded as folded_chinese
from dispatch.gazetteer.chinese import is_chinese, split

if TYPE_CHECKING:
    from dispatch.gazetteer.chinese import Part, PartKind

MAX_TEXT = 200  # longer than any address; the rest of a pasted text is not read

_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae", "œ": "oe"})
_ABBREVIATIONS = (
    (re.compile(r"str\b\.?"), "strasse"),
    (re.compile(r"\bst(?=\.)"), "sankt"),
    (re.compile(r"pl\."), "platz"),
    (re.compile(r"\bdr\."), "doktor"),
    (re.compile(r"\bprof\."), "professor"),
    (re.compile(r"\bgr\."), "grosse"),
    (re.compile(r"\bkl\."), "kleine"),
    (re.compile(r"\ba\. ?d\."), "an der"),
    (re.compile(r"al\."), "allee"),
    (re.compile(r"ch\."), "chaussee"),
    (re.compile(r"\bhbf\b\.?"), "hauptbahnhof"),
    (re.compile(r"(?<=[a-z])bhf\b\.?|\bbhf\b\.?"), "bahnhof"),
    (re.compile(r"\buw\b"), "umspannwerk"),
    (re.compile(r"\b(?:ave|av)\b\.?"), "avenue"),
    (re.compile(r"\brd\b\.?"), "road"),
)
_NUMBER = r"(?:wh )?\d{1,5}(?: ?[a-z](?![^\W\d_]))?(?: ?[-/+] ?\d{1,5}(?: ?[a-z](?![^\W\d_]))?){0,2}"
_NUMBER_AT_END = re.compile(rf"^(?P<street>.*?\D) ?(?P<number>{_NUMBER}) ?[号號]?$")
_NUMBER_AT_START = re.compile(rf"^(?P<number>{_NUMBER})[ ,]+(?P<street>\D.*)$")
_NUMBER_INSIDE = re.compile(rf"^(?P<street>.*?\D) ?(?P<number>{_NUMBER}) (?P<rest>(?:\d{{5,6}} )?\D.*)$")
_NUMBER_ALONE = re.compile(rf"^{_NUMBER} ?[号號]?$")
_POSTCODE = re.compile(r"^(?:[a-z]{1,2}-)?\d{5,6}(?= |$) ?")
_ANY_NUMBER = re.compile(rf"(?<![\d-]){_NUMBER}(?![\d-])")
_ANY_POSTCODE = re.compile(r"(?<!\d)\d{5,6}(?!\d)")
_STOREY = re.compile(r"\b\d{1,2}\. ?(?:stock|etage|og|obergeschoss)\b|\b\d{1,2}(?:st|nd|rd|th) floor\b")
_PART = re.compile(r"[,;，；、\n]+")


_NAMED = frozenset({"county", "township", "village", "road", "estate", "other"})
# Which number belongs to which name, the closest first: an estate's houses are its buildings.
_NAME_AND_NUMBER: tuple[tuple[PartKind, PartKind], ...] = (
    ("estate", "building"), ("road", "number"), ("village", "number"), ("estate", "number"),
    ("other", "number"), ("other", "building"), ("road", "building"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Reading:
    """One way to understand a text: street (or any name), house number, and where.

    `number` and `locality` are empty when not said; several localities are joined by commas.
    """

    name: str
    number: str = ""
    locality: str = ""


def plain(text: str) -> str:
    """`text` cut at 200 characters, in lower case, without accents, its abbreviations written out.

    Control characters become blanks, full-width forms become ordinary ones. Any string is taken, even with
    lone surrogates.
    """
    kept = "".join(
        " " if unicodedata.category(ch)[0] in "CZ" and ch != "\n" else ch for ch in text[:MAX_TEXT]
    )
    one_case = unicodedata.normalize("NFKC", kept)[:MAX_TEXT].casefold().translate(_SPELLED_OUT)
    bare = "".join(ch for ch in unicodedata.normalize("NFKD", one_case) if unicodedata.category(ch) != "Mn")
    composed = folded_chinese(unicodedata.normalize("NFC", bare))
    for abbreviation, full in _ABBREVIATIONS:
        composed = abbreviation.sub(full, composed)
    return re.sub(r"[^\S\n]+", " ", composed).strip()


def words(text: str) -> list[str]:
    """The words of `text` as the index keeps them: letters and digits only."""
    return "".join(ch if ch.isalnum() else " " for ch in plain(text)).split()


def key(text: str) -> str:
    """`text` with nothing but letters and digits: what two spellings of one name share."""
    return "".join(words(text))


def number_key(number: str) -> str:
    """A house number as it is compared: `12 A` and `12a`, `12号楼` and `12` are the same."""
    return re.sub(r"(?:号楼|号院|[号栋幢楼座])$", "", plain(number).replace(" ", ""))


def readings(text: str) -> list[Reading]:
    """How `text` may be understood, the likeliest first; empty when there is nothing to read."""
    parts = [part for part in (_strip(part) for part in _PART.split(_STOREY.sub(" ", plain(text)))) if part]
    found: list[Reading] = []
    for at, part in enumerate(parts):
        others = parts[:at] + parts[at + 1 :]
        found += _part_readings(part, others)
    # "12, Street" and "Street, 12": the number stands alone between two commas.
    found += _readings_of_lone_number(parts)
    found += [Reading(part, "", ",".join(parts[:at] + parts[at + 1 :])) for at, part in enumerate(parts)]
    if is_chinese(text):
        found = _chinese_readings(split(" ".join(parts))) + found
    return list(dict.fromkeys(reading for reading in found if key(reading.name)))


def asked_alone(text: str) -> list[tuple[list[str], str, list[str]]]:
    """A plain text around each number that may be the house's: (words before, number, words after).

    For texts with mistakes, where nothing tells street and town apart; the last three numbers at most.
    """
    text = _ANY_POSTCODE.sub(" ", _STOREY.sub(" ", text))
    found = [
        (words(text[: number.start()]), number_key(number[0]), words(text[number.end() :]))
        for number in _ANY_NUMBER.finditer(text)
    ]
    return found[:-4:-1] or [(words(text), "", [])]


def chinese_asked(text: str) -> list[tuple[list[str], str]]:
    """The named parts of a Chinese text, with the number that belongs to the closest of them."""
    parts = split(re.sub(r"[,;，；、\n]+", "", plain(text)))
    names = [key(part.text) for part in parts if part.kind in _NAMED and key(part.text)]
    numbers = [reading.number for reading in _chinese_readings(parts) if reading.number]
    return [(names, number) for number in numbers or [""]] if names else []


def _chinese_readings(parts: list[Part]) -> list[Reading]:
    """What the parts of a Chinese address mean; each number belongs to one name only, the closest."""
    at = {part.kind: part.text for part in reversed(parts)}
    names = [part.text for part in parts if part.kind in _NAMED]
    numbered: dict[str, str] = {}
    used: set[str] = set()
    for name, number in _NAME_AND_NUMBER:
        if name in at and number in at and not {name, number} & used:
            used |= {name, number}
            numbered[at[name]] = at[number]
    said = [*numbered.items(), *((name, "") for name in reversed(names))][:6]
    return [Reading(name, number, ",".join(each for each in names if each != name)) for name, number in said]


def _strip(part: str) -> str:
    """A part without surrounding blanks and without a postcode in front."""
    return _POSTCODE.sub("", part.strip()).strip() if not _NUMBER_ALONE.match(part.strip()) else part.strip()


def _part_readings(part: str, others: list[str]) -> list[Reading]:
    """The readings in which this part holds street and number, and the others say where."""
    locality = ",".join(other for other in others if not _NUMBER_ALONE.match(other))
    found = []
    if match := _NUMBER_AT_END.match(part):
        found.append(Reading(match["street"].strip(), number_key(match["number"]), locality))
    if match := _NUMBER_AT_START.match(part):
        found.append(Reading(match["street"].strip(), number_key(match["number"]), locality))
    if match := _NUMBER_INSIDE.match(part):
        after = _POSTCODE.sub("", match["rest"]).strip()
        found.append(
            Reading(match["street"].strip(), number_key(match["number"]), f"{after},{locality}".strip(","))
        )
    return found


def _readings_of_lone_number(parts: list[str]) -> list[Reading]:
    """The readings in which one part is nothing but the number."""
    numbers = [part for part in parts if _NUMBER_ALONE.match(part)]
    names = [part for part in parts if not _NUMBER_ALONE.match(part)]
    if not numbers or not names:
        return []
    number = number_key(numbers[0])
    return [Reading(name, number, ",".join(names[:at] + names[at + 1 :])) for at, name in enumerate(names)]
