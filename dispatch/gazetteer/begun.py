"""Which names and houses go on from what was typed so far, when plain beginnings find too little."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rapidfuzz.distance import OSA

from dispatch.gazetteer.grams import grams
from dispatch.gazetteer.words import key

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.gazetteer.index import House, Index, Name
    from dispatch.gazetteer.words import Reading

LEAST_TYPED = 4  # letters; in fewer a mistake leaves nothing to go by
LOOKED_AT = 100
LEAST_ALIKE = 0.75  # one mistake in four letters
MOST = 8
MOST_STREETS = 4
MOST_LOCALITIES = 8
BEGUN, MISTAKEN = 58.0, 68.0


def with_begun_locality(index: Index, reading: Reading) -> Reading:
    """`Dorfstraße 3, Alb` as said of Albersdorf and Albin: every locality that the last part may go on to."""
    *before, last = reading.locality.split(",")
    begun = key(last)
    if not begun:
        return reading
    going_on = index.localities_going_on(begun, MOST_LOCALITIES)
    return replace(reading, locality=",".join([*before, last, *going_on]))


def houses_of_begun_streets(index: Index, reading: Reading) -> Iterator[tuple[float, House]]:
    """`Turmst 1` is Turmstraße 1, 10, 12: houses whose number goes on, in streets whose name does.

    Each comes with a score: a street begun with a mistake that is nearly whole beats others like it.
    """
    begun = key(reading.name)
    going_on = [(BEGUN, name) for name in index.names_going_on(begun) if name.key != begun]
    mistaken = [] if going_on else names_begun_with_a_mistake(index, reading.name)
    streets = going_on or [(MISTAKEN * alike, name) for alike, name in mistaken]
    for score, street in [each for each in streets if each[1].kind == "street"][:MOST_STREETS]:
        for house in index.houses_going_on(street.key, reading.number, [street.city_key]):
            if house.city_key == street.city_key:
                yield score, house


def names_begun_with_a_mistake(index: Index, text: str) -> list[tuple[float, Name]]:
    """Names whose beginning is much like `text`, the likest first, each with its likeness 0-1."""
    typed = key(text)
    if len(typed) < LEAST_TYPED:
        return []
    pieces = grams(typed)[:-1] or [typed]  # the last piece marks an end that has not come yet
    likely = ((_alike(typed, term.key), term.key) for term in index.terms_like(pieces, LOOKED_AT))
    ranked = sorted((each for each in likely if each[0] >= LEAST_ALIKE), key=lambda each: (-each[0], each[1]))
    return [(alike, name) for alike, found in ranked[:MOST] for name in index.names(found)]


def _alike(typed: str, name: str) -> float:
    """How like the typed letters are to the beginning of a name, which may have lost or won a letter."""
    ends = range(len(typed) - 1, len(typed) + 2)
    return max(float(OSA.normalized_similarity(typed, name[:end])) for end in ends)
