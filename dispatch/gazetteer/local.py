"""Which places of the area a text may mean: the search over the gazetteer file that a build wrote.

Exact spelling first, then names that go on from what was typed. Tier A needs street and house number exactly
as on the map, one house only, and the locality said or the street in one locality only.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, TypeVar

from dispatch.gazetteer.begun import (
    houses_of_begun_streets,
    names_begun_with_a_mistake,
    with_begun_locality,
)
from dispatch.gazetteer.candidate import Candidate
from dispatch.gazetteer.chinese import is_chinese
from dispatch.gazetteer.crossing import find_crossings, find_poles
from dispatch.gazetteer.distance import distance_m
from dispatch.gazetteer.fuzzy import Hit, find_alike
from dispatch.gazetteer.index import ARCHIVE, House, Index, Name
from dispatch.gazetteer.numbers import near_house, same_house
from dispatch.gazetteer.tier import ALIKE_MARGIN, RIVAL_M, SHORT_M, best, graded
from dispatch.gazetteer.words import Reading, key, readings, words

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from dispatch.gazetteer.candidate import Tier

HOUSE_M = 15.0  # a house's point lies on its roof or at its door
NEIGHBOUR_M = 60.0
PLACE_M = 5000.0
HOUSE_FOUND = 75.0
STREET_SAID = 70.0  # above a house of this number in a street whose name is a little like it
GOOD_ENOUGH = 60.0  # below this, look also for names that go on from what was said
MAX_READINGS = 12  # a pasted page has thousands; an address two or three
MAX_WORDS = 8
BEGUN_WEIGHT = 60.0  # of a beginning without a mistake
FEW = 3  # fewer suggestions than this: look for mistakes too
ALIKE_WEIGHT = 0.93
LEAST_SCORE = 45.0
MOST_HITS = 60

_Row = TypeVar("_Row", House, Name)


class LocalGazetteer:
    """The gazetteer of one area; safe to ask from many threads."""

    def __init__(self, area: Path) -> None:
        """Open the gazetteer in the folder `area`. Raises SetupError when there is none or it is damaged."""
        self._index = Index(area / ARCHIVE)

    def locate(self, text: str, limit: int = 8) -> list[Candidate]:
        """The places that `text` may mean, the best first; any text is taken, and most mean none."""
        read = readings(text)[:MAX_READINGS]
        found = self._exact(read) + self._met(text)
        if not any(candidate.score >= GOOD_ENOUGH for candidate in found):
            found += self._going_on(read)
        found += self._alike(text)
        return graded(best(found))[: max(limit, 0)]

    def suggest(self, prefix: str, limit: int = 8) -> list[Candidate]:
        """The places whose names or numbers go on from `prefix`, the best first."""
        read = [with_begun_locality(self._index, reading) for reading in readings(prefix)[:MAX_READINGS]]
        numbered = [reading for reading in read if reading.number]
        numbers = [
            _house(house, 71.0, "C")
            for reading in numbered
            for house in _where(
                self._index.houses_going_on(key(reading.name), reading.number, _said(reading)), reading
            )[0]
        ]
        found = self._exact(read) + numbers + self._going_on(read)
        if len(found) < FEW:
            found += [
                _house(house, score, "C")
                for reading in numbered
                for score, house in houses_of_begun_streets(self._index, reading)
            ]
        if len(found) < FEW:
            found += self._met(prefix) + self._mistaken(prefix)
        return graded(best(found, within=100.0))[: max(limit, 0)]

    def _mistaken(self, prefix: str) -> list[Candidate]:
        """What was typed or begun with a mistake, without what is much less like it than the likest."""
        begun = [
            _name(name, BEGUN_WEIGHT * alike, "C")
            for alike, name in names_begun_with_a_mistake(self._index, prefix)
        ]
        found = self._alike(prefix) + begun
        likest = max((each.score for each in found), default=0.0)
        return [each for each in found if each.score >= likest - ALIKE_MARGIN]

    def place_near(self, lon: float, lat: float) -> str:
        """The town, village or quarter whose centre is nearest within 5 km; "" when there is none."""
        around = self._index.places_around(lon, lat, PLACE_M)
        ranked = sorted((distance_m((lon, lat), (each.lon, each.lat)), each.label) for each in around)
        return ranked[0][1] if ranked and ranked[0][0] <= PLACE_M else ""

    def close(self) -> None:
        """Close the file; nothing may be asked afterwards."""
        self._index.close()

    def _exact(self, read: list[Reading]) -> list[Candidate]:
        """What bears the very names that were said; once a house is found, the rest was its town."""
        found: list[Candidate] = []
        for reading in sorted(read, key=lambda reading: not reading.number):
            if not reading.number and any(candidate.score >= HOUSE_FOUND for candidate in found):
                break
            here = self._look_up(reading)
            if not here and not reading.locality:
                # "Neubrandenburg Turmstraße 3" without a comma: try every place to put one.
                here = [
                    c for split in _splits(reading) for c in self._look_up(split, locality_must_match=True)
                ]
            found += here
        return found

    def _alike(self, text: str) -> list[Candidate]:
        """What the text may mean when it holds mistakes: always below what it says exactly."""
        hits = [hit for hit in find_alike(self._index, text) if hit.score * ALIKE_WEIGHT >= LEAST_SCORE]
        hits.sort(key=lambda hit: -hit.score)
        return [_hit(hit) for hit in hits[:MOST_HITS]]

    def _met(self, text: str) -> list[Candidate]:
        """Where the two streets meet that the text names, and numbered poles."""
        return [
            *find_crossings(self._index, text),
            *(_name(pole, 80.0, "B") for pole in find_poles(self._index, text)),
        ]

    def _look_up(self, reading: Reading, *, locality_must_match: bool = False) -> list[Candidate]:
        if not reading.number:
            exact = self._index.names(key(reading.name), _said(reading)) or self._index.names_sounding(
                key(reading.name)
            )
            names, said = _where(exact, reading)
            if locality_must_match and not said:
                return []
            return _named(names, said, elsewhere=bool(reading.locality) and not said)
        forms = (
            self._index.houses(key(reading.name), form, _said(reading)) for form in same_house(reading.number)
        )
        houses, said = _where(next((found for found in forms if found), []), reading)
        if locality_must_match and not said:
            return []
        return self._judged(houses, reading, said) if houses else self._without_house(reading)

    def _judged(self, houses: list[House], reading: Reading, said: bool) -> list[Candidate]:
        """The houses that match, with the tier that they deserve together."""
        places = _apart(houses)
        elsewhere = bool(reading.locality) and not said
        if len(places) > 1:
            score = 74.0 if elsewhere else 95.0 if said else 94.0
            return [_house(house, score, "C" if elsewhere else "B") for house in _told_apart(places)]
        if said or (not elsewhere and self._index.localities(key(reading.name)) == 1):
            return [_house(places[0], 100.0, "A")]
        return [_house(places[0], 75.0 if elsewhere else 94.0, "B")]

    def _without_house(self, reading: Reading) -> list[Candidate]:
        """The street is there but not the number: the houses beside it, and the street."""
        streets, _ = _where(self._index.names(key(reading.name), _said(reading)), reading)
        digits = near_house(reading.number)
        beside, said = (
            _where(self._index.houses_going_on(key(reading.name), digits, _said(reading)), reading)
            if digits
            else ([], False)
        )
        beside = [house for house in beside if re.fullmatch(rf"{digits}(\D.*)?", house.number_key)]
        found = [
            replace(_house(house, 72.0 if said else 66.0, "B"), precision_m=NEIGHBOUR_M)
            for house in _apart(beside)
        ]
        return found + [_name(name, STREET_SAID, "C") for name in streets if name.kind in {"street", "place"}]

    def _going_on(self, read: Iterable[Reading]) -> list[Candidate]:
        """What goes on from the names that were said, or has all their words."""
        found: list[Candidate] = []
        for reading in read:
            rows, said = _where(self._beginning(reading), reading)
            if reading.number:
                found += self._numbered(rows, reading.number)
            else:
                begun = key(reading.name)
                found += [_name(row, _going_on_score(row, begun) + 4.0 * said, "C") for row in rows]
        return found

    def _beginning(self, reading: Reading) -> list[Name]:
        going_on = self._index.names_going_on(key(reading.name), _said(reading))
        return list(dict.fromkeys([*going_on, *self._index.names_with(words(reading.name)[:MAX_WORDS])]))

    def _numbered(self, streets: list[Name], number: str) -> list[Candidate]:
        """The houses with this number in streets whose names were begun only."""
        houses = [
            house
            for street in streets
            if street.kind == "street"
            for house in self._index.houses(street.key, number, [street.city_key])
            if house.city_key == street.city_key
        ]
        places = _apart(houses)
        return [_house(house, 70.0 if len(places) == 1 else 64.0, "B") for house in _told_apart(places)]


def _where(rows: list[_Row], reading: Reading) -> tuple[list[_Row], bool]:
    """The rows in the locality that was said, and whether one was said and met.

    When none lies there all are kept: the locality may be a floor, a country, or wrong.
    """
    said = {key(part) for part in reading.locality.split(",")} - {""}
    there = [row for row in rows if {row.city_key, row.near_key} & said]
    return (there, True) if there else (rows, False)


def _said(reading: Reading) -> list[str]:
    """The keys of the localities that were said, at most eight."""
    return [key(part) for part in reading.locality.split(",") if key(part)][:8]


def _splits(reading: Reading) -> Iterator[Reading]:
    """The readings with a comma between two words: street before locality, or after it."""
    said = words(reading.name)
    if len(said) == 1 and is_chinese(said[0][0]):
        said = list(said[0])  # Chinese puts no blank between town and street
    said = said[: MAX_WORDS + 1]
    for at in range(1, len(said)):
        before, after = " ".join(said[:at]), " ".join(said[at:])
        yield Reading(after, reading.number, before)
        yield Reading(before, reading.number, after)


def _named(names: list[Name], said: bool, elsewhere: bool) -> list[Candidate]:
    """Names that match exactly: B when there is one of its kind and it is small enough to look for a van.

    The name of a settlement means the settlement, not the substation called after it.
    """
    kinds = Counter(name.kind for name in names)
    found = []
    for name in names:
        one = kinds[name.kind] == 1 and not kinds["place"] and name.reach_m <= SHORT_M
        score = 70.0 if name.kind == "place" else 64.0 if kinds["place"] else 74.0
        found.append(_name(name, score + 5.0 * said - 20.0 * elsewhere, "B" if one else "C"))
    return found


def _going_on_score(name: Name, begun: str) -> float:
    """A name that begins as typed comes before one that has the words inside, a settlement before both."""
    if not name.key.startswith(begun):
        return 45.0
    return 50.0 if name.kind == "place" else 48.0


def _apart(houses: list[House]) -> list[House]:
    """The houses without those that lie within 150 m of an earlier one with the same number."""
    kept: list[House] = []
    for house in houses:
        if all(
            house.number_key != other.number_key
            or distance_m((house.lon, house.lat), (other.lon, other.lat)) > RIVAL_M
            for other in kept
        ):
            kept.append(house)
    return kept


def _told_apart(houses: list[House]) -> list[House]:
    """Houses with one label in two villages get the village's name added."""
    labels = Counter(house.label for house in houses)
    return [
        replace(house, label=f"{house.label} ({house.near})")
        if labels[house.label] > 1 and house.near
        else house
        for house in houses
    ]


def _hit(hit: Hit) -> Candidate:
    score = min(round(hit.score * ALIKE_WEIGHT, 1), 100.0)
    if isinstance(hit.row, House):
        made = _house(hit.row, score, "B")
        return made if hit.exact else replace(made, precision_m=NEIGHBOUR_M)
    return _name(hit.row, score - 4.0 * (hit.row.kind == "place"), "B")


def _house(house: House, score: float, tier: Tier) -> Candidate:
    return Candidate(house.label, house.lon, house.lat, "address", score, HOUSE_M, tier)


def _name(name: Name, score: float, tier: Tier) -> Candidate:
    return Candidate(name.label, name.lon, name.lat, name.kind, score, max(name.reach_m, HOUSE_M), tier)
