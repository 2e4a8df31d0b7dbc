"""What a caller's words for a place mean once spelling no longer matters: keys, house numbers, readings.

Two texts that name the same thing have the same key, whatever their case, umlauts, hyphens or abbreviations:
"Treptower Str." and "treptower straße" are both `treptowerstrasse`. Build and search use the same functions.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MAX_TEXT = 200  # longer than any address; the rest of a pasted text is not read

_SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "å": "aa", "ø": "oe", "æ": "ae", "œ": "oe"})
_ABBREVIATIONS = (
    (re.compile(r"str\b\.?"), "strasse"),
    (re.compile(r"\bst(?=\.)"), "sankt"),
    (re.compile(r"pl\."), "platz"),
    (re.compile(r"\bdr\."), "doktor"),
    (re.compile(r"\bprof\."), "professor"),
)
_NUMBER = r"(?:wh )?\d{1,5}(?: ?[a-z](?![^\W\d_]))?(?: ?[-/+] ?\d{1,5}(?: ?[a-z](?![^\W\d_]))?)?"
_NUMBER_AT_END = re.compile(rf"^(?P<street>.*?\D) ?(?P<number>{_NUMBER}) ?[号號]?$")
_NUMBER_AT_START = re.compile(rf"^(?P<number>{_NUMBER})[ ,]+(?P<street>\D.*)$")
_NUMBER_INSIDE = re.compile(rf"^(?P<street>.*?\D) ?(?P<number>{_NUMBER}) (?P<rest>(?:\d{{5,6}} )?\D.*)$")
_NUMBER_ALONE = re.compile(rf"^{_NUMBER} ?[号號]?$")
_POSTCODE = re.compile(r"^(?:[a-z]{1,2}-)?\d{5,6}(?= |$) ?")
_PART = re.compile(r"[,;，；、\n]+")


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
    folded = unicodedata.normalize("NFKC", kept)[:MAX_TEXT].casefold().translate(_SPELLED_OUT)
    bare = "".join(ch for ch in unicodedata.normalize("NFKD", folded) if unicodedata.category(ch) != "Mn")
    composed = unicodedata.normalize("NFC", bare)
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
    """A house number as it is compared: `12 A` and `12a`, `12号` and `12` are the same."""
    return plain(number).replace(" ", "").rstrip("号號")


def listed_numbers(number: str) -> list[str]:
    """The keys of the numbers a sign lists: `42,44` is 42 and 44, `6a / 6b` is 6a and 6b; `12/1` stays one.

    A sign with one number, or one that is no list, gives nothing: its own key says it all.
    """
    parts = [number_key(part) for part in re.split(r"[,;]| / ", number)]
    return parts if len(parts) > 1 and all(parts) else []


def readings(text: str) -> list[Reading]:
    """How `text` may be understood, the likeliest first; empty when there is nothing to read."""
    parts = [part for part in (_strip(part) for part in _PART.split(plain(text))) if part]
    found: list[Reading] = []
    for at, part in enumerate(parts):
        others = parts[:at] + parts[at + 1 :]
        found += _part_readings(part, others)
    # "12, Street" and "Street, 12": the number stands alone between two commas.
    found += _readings_of_lone_number(parts)
    found += [Reading(part, "", ",".join(parts[:at] + parts[at + 1 :])) for at, part in enumerate(parts)]
    return list(dict.fromkeys(reading for reading in found if key(reading.name)))


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
