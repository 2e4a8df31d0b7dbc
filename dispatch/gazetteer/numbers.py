"""Which houses a number stands for: lists, ranges, building-unit-room."""

from __future__ import annotations

import re

from dispatch.gazetteer.words import number_key

MOST_IN_RANGE = 20  # houses on one sign; more is no range but two numbers

_RANGE = re.compile(r"(\d{1,4})[-–](\d{1,4})")
_ROOM = re.compile(r"(\d{1,4})[-/]\d{1,3}[-/]\d{1,4}")


def listed_numbers(number: str) -> list[str]:
    """The keys of the numbers that a sign stands for: `42,44` is 42 and 44, `37-43` is 37, 39, 41, 43.

    `6a / 6b` is 6a and 6b; `12/1` stays one. A range counts on one side of the street when both its ends are
    even or both odd. A sign with one number gives nothing: its own key says it all.
    """
    parts = [number_key(part) for part in re.split(r"[,;]| / ", number)]
    if len(parts) > 1 and all(parts):
        return [each for part in parts for each in (part, *_in_range(part))]
    return _in_range(number_key(number))


def _in_range(number: str) -> list[str]:
    """The numbers of `37-43`, both ends included; 12-3 runs backwards and is building and unit."""
    if not (found := _RANGE.fullmatch(number)):
        return []
    first, last = int(found[1]), int(found[2])
    step = 2 if (last - first) % 2 == 0 else 1
    if not 0 < last - first <= step * MOST_IN_RANGE:
        return []
    return [str(each) for each in range(first, last + 1, step)]


def same_house(number: str) -> list[str]:
    """The keys under which this very house may be listed: 12-3-501, a room, is in house 12."""
    found = _ROOM.fullmatch(number)
    return [number, found[1]] if found else [number]


def near_house(number: str) -> str:
    """The digits of a number without letter, entrance or second end: 12 for 12a and 12-3; "" when none."""
    found = re.match(r"(?:wh)?(\d{1,5})", number)
    return found[1] if found else ""
