"""Where two streets meet, and which pole bears a number, when a text asks for one."""

from __future__ import annotations

import re
from itertools import product
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

from dispatch.gazetteer.candidate import Candidate
from dispatch.gazetteer.distance import distance_m
from dispatch.gazetteer.grams import grams
from dispatch.gazetteer.tier import RIVAL_M
from dispatch.gazetteer.words import key, plain

if TYPE_CHECKING:
    from dispatch.gazetteer.index import Index, Name

CROSSING_M = 30.0
LIKE_A_STREET = 0.8
SCORE = 88.0

_BETWEEN = re.compile(
    r" ?(?:[/&+×]| ecke | und | and | corner(?: of)? | x | an der kreuzung |与|和|跟)(?: ?ecke )? ?"
)
_END = re.compile(r"(?:的?(?:交叉|交汇|十字)?(?:路口|口|处)|交叉点)$|^(?:kreuzung|ecke|corner of) ")
_POLE_BEFORE = re.compile(
    r"(?:^|[ ,])(?:mast|pole|tower|pylon|strommast)\.? ?(?:nr|no)?\.? ?(?P<ref>[\w/-]{1,20})"
)
_POLE_AFTER = re.compile(
    r"(?P<line>.*?)(?P<ref>[a-z]?\d{1,5}(?:[-/]\d{1,4})?) ?号?(?:电线杆|电杆|杆塔|杆|塔)"
)
_POLE_CHINESE = re.compile(r"(?P<line>.*?)(?:电线杆|电杆|杆塔|杆|塔) ?(?P<ref>[a-z]?\d{1,5}(?:[-/]\d{1,4})?)")


def find_crossings(index: Index, text: str) -> list[Candidate]:
    """Where the streets meet that `text` joins by `/`, `Ecke`, `与` or the like; empty when it joins none."""
    said = [key(part) for part in _BETWEEN.split(_END.sub("", plain(text)), maxsplit=2)]
    if len(said) < 2 or not all(said[:2]):
        return []
    found: list[Candidate] = []
    for (one, alike), (other, also) in product(_streets(index, said[0]), _streets(index, said[1])):
        for label, lon, lat in index.crossings(one, other):
            score = SCORE * min(alike, also)
            if all(distance_m((lon, lat), (each.lon, each.lat)) > RIVAL_M for each in found):
                found.append(Candidate(label, lon, lat, "crossing", round(score, 1), CROSSING_M, "B"))
    return found


def find_poles(index: Index, text: str) -> list[Name]:
    """The poles with the number that `text` asks for; those of the line it names, when it names one."""
    said = plain(text)
    match = _POLE_BEFORE.search(said) or _POLE_AFTER.search(said) or _POLE_CHINESE.search(said)
    if not match:
        return []
    rest = key(said[: match.start()] + match.groupdict().get("line", "") + said[match.end() :])
    poles = [name for name in index.names(key(match["ref"])) if name.kind == "pole"]
    of_line = [
        pole for pole in poles if rest and any(k and k in rest for k in (pole.city_key, pole.near_key))
    ]
    return of_line or poles


def _streets(index: Index, name: str) -> list[tuple[str, float]]:
    """Street names that `name` may mean, each with its likeness 0-1; what it says exactly comes alone."""
    if any(each.kind == "street" for each in index.names(name)):
        return [(name, 1.0)]
    terms = index.terms_like(grams(name), 20)
    alike = [(term.key, float(OSA.normalized_similarity(term.key, name))) for term in terms]
    return sorted((each for each in alike if each[1] >= LIKE_A_STREET), key=lambda each: -each[1])[:3]
