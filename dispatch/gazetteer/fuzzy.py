"""Which names a text with mistakes may mean: mistyped, joined, swapped, abbreviated, written by sound.

Names that share rare pieces with the text are looked up, then compared letter by letter: how much of the name
is there, and how much of the text the name and its locality explain.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING

from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from dispatch.gazetteer.chinese import is_chinese, pinyin
from dispatch.gazetteer.grams import grams
from dispatch.gazetteer.numbers import near_house, same_house
from dispatch.gazetteer.words import asked_alone, chinese_asked, key, plain

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.gazetteer.index import House, Index, Name, Term

LIKELY_TERMS = 200  # names compared letter by letter
LOOKED_UP_TERMS = 12  # names whose houses are fetched
MAX_WORDS = 10
MAX_SEGMENT = 5
LEAST = 55.0  # a name that shares less is another name
KNOWN = 72.0  # a locality that shares less was not said
MOST_ELSEWHERE = 16.0  # points lost in another locality than the one said
NUMBER_MISSING = 38.0  # a street without the house that was asked for
ASTRAY = 2.0  # the number of a flat or a storey stands elsewhere
BY_SOUND = 0.97
ALIGNED = 0.985
INITIAL = 0.95


@dataclass(frozen=True, slots=True)
class Asked:
    """A text as it is searched: its words, and the `number` of the house, "" when none.

    The number stood before the letter `at` of the words. By sound: pinyin may mean Chinese names.
    """

    words: tuple[str, ...]
    number: str
    at: int = 0
    by_sound: bool = False

    @property
    def whole(self) -> str:
        """All words as one key."""
        return "".join(self.words)


@dataclass(frozen=True, slots=True)
class Match:
    """A name found in a text from letter `begin` to `end`: how like it is (0-100), and what is left over."""

    term: Term
    alike: float
    left: str
    begin: int
    end: int

    def is_beside(self, at: int) -> bool:
        """Whether the house number stood directly before or after the name."""
        return min(abs(at - self.begin), abs(at - self.end)) <= 1


@dataclass(frozen=True, slots=True)
class Hit:
    """A house or a name that a text may mean, its score 0-100; `exact` when the number is the one said."""

    row: House | Name
    score: float
    exact: bool


def find_alike(index: Index, text: str) -> list[Hit]:
    """Houses and names that `text` may mean, in no order; by sound when Chinese spelling finds little."""
    hits = [hit for asked in _asked(text) for hit in _Search(index, asked).hits()]
    if is_chinese(text) and max((hit.score for hit in hits), default=0.0) < 82.0:
        for asked in _asked(text):
            spoken = tuple(key(pinyin(word) or word) for word in asked.words)
            hits += _Search(index, Asked(spoken, asked.number, by_sound=True)).hits()
    return hits


def _asked(text: str) -> list[Asked]:
    """The ways to tell the house number from the rest, at most four."""
    if is_chinese(text):
        said = [Asked(tuple(names), number) for names, number in chinese_asked(text)]
    else:
        said = [
            Asked((*before, *after)[:MAX_WORDS], number, len("".join(before)), by_sound=True)
            for before, number, after in asked_alone(plain(text))
        ]
    return [each for each in said if each.words][:4]


class _Search:
    """One text looked up once."""

    def __init__(self, index: Index, asked: Asked) -> None:
        self._index = index
        self._asked = asked
        self._whole = asked.whole[:120]
        self._segments = dict(_segments(asked.words))
        self._likeness: dict[tuple[str, str], float] = {}
        pieces = grams(self._whole)
        self._localities = [term for term in index.localities_like(pieces, 25) if self._whole]

    def hits(self) -> Iterator[Hit]:
        """What was found, each with its score."""
        said = self._said()
        for match in self._matches():
            rows = list(self._houses(match, said)) if self._asked.number else []
            astray = 0.0 if match.is_beside(self._asked.at) or not self._asked.at else ASTRAY
            for house, penalty in rows:
                yield Hit(house, self._score(match, house) - penalty - astray, exact=penalty == 0)
            for name in self._index.names(match.term.key, said):
                yield Hit(
                    name,
                    self._score(match, name) - (NUMBER_MISSING if self._asked.number else 0.0),
                    exact=False,
                )

    def _matches(self) -> list[Match]:
        found = [match for term in self._terms() if (match := self._match(term)).alike >= LEAST]
        said = self._said()
        found.sort(key=lambda match: (-self._promise(match, said), match.term.key))
        return found[:LOOKED_UP_TERMS]

    def _terms(self) -> list[Term]:
        """Names like the whole text, and names like what is left without the locality it seems to name."""
        likely = self._index.terms_like(grams(self._whole), LIKELY_TERMS)
        for rest in self._without_locality():
            likely += self._index.terms_like(grams(rest), LIKELY_TERMS)
        return list(dict.fromkeys(likely))

    def _without_locality(self) -> list[str]:
        """The text without the two stretches that are most like a locality each."""
        rests: list[str] = []
        for name in self._said()[:2]:
            sounds = self._asked.by_sound and is_chinese(name)
            spelled = self._index.sound_of_locality(name) if sounds else name
            found = fuzz.partial_ratio_alignment(spelled, self._whole)
            if found and len(spelled) < len(self._whole):
                rests.append(self._whole[: found.dest_start] + "_" + self._whole[found.dest_end :])
        return list(dict.fromkeys(rests))

    def _match(self, term: Term) -> Match:
        best = self._compared(term, term.key, 1.0)
        if self._asked.by_sound and term.sound:
            best = max(best, self._compared(term, term.sound, BY_SOUND), key=lambda match: match.alike)
        return best

    def _compared(self, term: Term, name: str, weight: float) -> Match:
        """The words of the text that are most like `name`, else its letters wherever they begin."""
        segment, alike, _ = process.extractOne(
            name, list(self._segments), scorer=OSA.normalized_similarity
        ) or ("", 0.0, 0)
        begin, end = self._segments.get(segment, (0, 0))
        for first, last in _windows(name, self._whole):
            here = ALIGNED * OSA.normalized_similarity(name, self._whole[first:last])
            if here > alike:
                alike, begin, end = here, first, last
        if (initial := self._initialled(name)) and initial[0] > alike:
            alike, begin, end = initial
        return Match(term, 100.0 * alike * weight, self._whole[:begin] + self._whole[end:], begin, end)

    def _initialled(self, name: str) -> tuple[float, int, int] | None:
        """How like `F. Engels Ring` is to friedrichengelsring, and where it stands; None without initial."""
        begin = 0
        for at, word in enumerate(self._asked.words[:-1]):
            rest = self._asked.words[at + 1 : at + MAX_SEGMENT]
            if len(word) == 1 and name.startswith(word):
                ends = ["".join(rest[:count]) for count in range(1, len(rest) + 1)]
                tail, alike = max(
                    ((end, OSA.normalized_similarity(end, name[-len(end) :])) for end in ends),
                    key=lambda each: (each[1], len(each[0])),
                )
                return INITIAL * alike, begin, begin + 1 + len(tail)
            begin += len(word)
        return None

    def _said(self) -> list[str]:
        """The localities that the text seems to name, the surest first."""
        sure = [(self._likeness_of(self._whole, term.key), term.key) for term in self._localities]
        return [name for alike, name in sorted(sure, reverse=True) if alike >= KNOWN][:6]

    def _houses(self, match: Match, said: list[str]) -> Iterator[tuple[House, float]]:
        """Houses of a name with the number said, else those beside it, with the points that costs."""
        found = False
        for cost, number in zip((0.0, 2.0), same_house(self._asked.number), strict=False):
            for house in self._index.houses(match.term.key, number, said):
                found = True
                yield house, cost
        digits = near_house(self._asked.number)
        if found or not digits:
            return
        for house in self._index.houses_going_on(match.term.key, digits, said):
            if re.fullmatch(rf"{digits}(\D.*)?", house.number_key):
                yield house, 10.0

    def _score(self, match: Match, row: House | Name) -> float:
        """Half how like the name is, half how much of the text it explains; less in another locality."""
        known = max((self._likeness_of(match.left, term.key) for term in self._localities), default=0.0)
        there = max(self._likeness_of(match.left, where) for where in (row.city_key, row.near_key))
        where = max((row.city_key, row.near_key), key=lambda each: self._likeness_of(match.left, each))
        explained = there * min(len(where), len(match.left)) if there >= KNOWN else 0.0
        score = self._covered(match.alike, match.left, explained)
        if known >= KNOWN and there < known:
            score -= min(MOST_ELSEWHERE, 0.5 * (known - there))
        return score

    def _promise(self, match: Match, said: list[str]) -> float:
        """The best score that any house of this name could get."""
        where = max(said, key=lambda name: self._likeness_of(match.left, name), default="")
        there = self._likeness_of(match.left, where)
        explained = there * min(len(where), len(match.left)) if there >= KNOWN else 0.0
        return self._covered(match.alike, match.left, explained)

    def _covered(self, alike: float, left: str, explained: float) -> float:
        taken = len(self._whole) - len(left)
        share = (alike * taken + explained) / max(1, len(self._whole))
        return 0.5 * alike + 0.5 * share

    def _likeness_of(self, left: str, place: str) -> float:
        """How surely `left` names the locality `place`, 0-100."""
        if not left or not place:
            return 0.0
        if (left, place) not in self._likeness:
            names = [place]
            if self._asked.by_sound and is_chinese(place):
                names = [self._index.sound_of_locality(place)]
            self._likeness[left, place] = max(_part_alike(name, left) for name in names)
        return self._likeness[left, place]


def _part_alike(name: str, text: str) -> float:
    if not name:
        return 0.0
    if name in text:
        return 100.0
    whole = 100.0 * OSA.normalized_similarity(name, text)
    return max(whole, 0.97 * fuzz.partial_ratio(name, text)) if len(name) <= len(text) else whole


def _segments(words: tuple[str, ...]) -> Iterator[tuple[str, tuple[int, int]]]:
    """Each run of up to five words as one key, with its first letter and the one after its last."""
    starts = [0, *accumulate(len(word) for word in words)]
    for begin in range(len(words)):
        for end in range(begin + 1, min(len(words), begin + MAX_SEGMENT) + 1):
            yield "".join(words[begin:end]), (starts[begin], starts[end])


def _windows(name: str, whole: str) -> Iterator[tuple[int, int]]:
    """Where in `whole` the letters of `name` may stand: the best stretch, and one letter more or less."""
    if len(name) > len(whole) or not name:
        return
    found = fuzz.partial_ratio_alignment(name, whole)
    if found is None:
        return
    begin, end = found.dest_start, found.dest_end
    for first, last in ((begin, end), (begin, end + 1), (begin - 1, end), (begin, end - 1), (begin + 1, end)):
        if 0 <= first < last <= len(whole):
            yield first, last
