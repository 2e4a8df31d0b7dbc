"""Speed and shares found among 40,000 names and a million addresses, made up by rule: 2,000 places.

Street names are made of syllables; a quarter bear one of five names that every place has. Asked in one
thread: spoiled addresses of every class for `locate`; for `suggest` every beginning, from two letters on, and
whether the house meant is among the eight shown when three letters are still missing.
"""

from __future__ import annotations

import random
import time
from itertools import cycle
from typing import TYPE_CHECKING, Any, NamedTuple

from dispatch.gazetteer.distance import distance_m
from dispatch.gazetteer.index import ARCHIVE
from dispatch.gazetteer.local import LocalGazetteer
from dispatch.gazetteer.words import key, words
from dispatch.gazetteer.write import write_file
from tests.bench.figures import Figure, spread
from tests.bench.places_beside import FOUND_M, Asked, finders, recall
from tests.bench.places_spoiled import CLASSES, Address

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from dispatch.gazetteer import Candidate

PLACES = 2_000
STREETS = 38_000
HOUSES = 27  # on each street
ASKED = 400
MISSING = 3  # letters at the end that are not typed yet
SUGGEST_GOAL_MS = 100.0

COMMON = ("Dorfstraße", "Hauptstraße", "Bahnhofstraße", "Gartenweg", "Schulstraße")
SYLLABLES = ("al", "ber", "bur", "cor", "dan", "del", "eich", "fal", "ger", "gra", "hal", "hol", "ken", "kor",
             "lan", "lin", "mar", "mol", "nau", "neu", "ost", "pen", "ral", "ros", "sal", "sten", "tor", "ul",
             "wal", "wei", "zel", "zin")  # fmt: skip
ENDINGS = ("straße", "weg", "allee", "platz", "gasse", "ring")


class Street(NamedTuple):
    """A street of one place, degrees WGS-84."""

    name: str
    city: str
    lon: float
    lat: float


def measure(folder: Path, seed: int) -> list[Figure]:
    """Milliseconds for each call, beside the seconds that writing the file takes."""
    streets = made_up(seed)
    began = time.monotonic()
    write_file(folder / ARCHIVE, _names(streets), _houses(streets), [])
    seconds = time.monotonic() - began
    chance = random.Random(f"{seed} asked")
    meant = [_address(chance.choice(streets), chance) for _ in range(ASKED)]
    own = [street for street in streets if street.name not in COMMON]
    asked = []
    for each, (name, spoil) in zip(meant, cycle(CLASSES.items()), strict=False):
        # nobody can tell which of 400 Hauptstraßen is meant when the town is not said
        address = _address(chance.choice(own), chance) if name == "missing town" else each
        asked.append(Asked(spoil(address, chance), address.lon, address.lat))
    size = f"{PLACES + STREETS:,} names, {STREETS * HOUSES:,} addresses"
    return [
        Figure(f"gazetteer written, {size}", seconds, "s"),
        *recall("among a million", folder, {"every class": asked}, {}),
        *_speed(folder, asked),
        *_while_typing(folder, meant, chance),
    ]


def _speed(folder: Path, asked: list[Asked]) -> Iterator[Figure]:
    for name, finder in finders(folder).items():
        beside = f" by {name}" if name else ""
        few = asked[::10] if name else asked
        yield from spread(f"locate{beside}", _each_ms(finder.locate, [each.text for each in few]), "ms")


def _while_typing(folder: Path, meant: list[Address], chance: random.Random) -> Iterator[Figure]:
    gazetteer = LocalGazetteer(folder)
    begun = [each.written[: chance.randrange(2, len(each.written))] for each in meant]
    yield from spread("suggest", _each_ms(gazetteer.suggest, begun), "ms", SUGGEST_GOAL_MS)
    shown = sum(
        any(_is_near(each, place) for each in gazetteer.suggest(place.written[:-MISSING])) for place in meant
    )
    yield Figure(f"suggest, shown with {MISSING} letters missing, n={len(meant)}", shown / len(meant), "")


def _is_near(candidate: Candidate, place: Address) -> bool:
    return distance_m((candidate.lon, candidate.lat), (place.lon, place.lat)) <= FOUND_M


def made_up(seed: int) -> list[Street]:
    """The streets of the made-up map."""
    chance = random.Random(f"{seed} crowd")
    towns = _distinct(chance, PLACES, ("ow", "in", "hagen", "dorf", "burg", "feld"))
    made = []
    for n, own in enumerate(_distinct(chance, STREETS, ENDINGS)):
        at = n % PLACES
        name = COMMON[n // PLACES // 4] if n // PLACES % 4 == 0 else own
        lon, lat = 10.0 + at % 50 * 0.08, 50.0 + at // 50 * 0.05
        made.append(
            Street(name, towns[at], lon + chance.uniform(-0.01, 0.01), lat + chance.uniform(-0.01, 0.01))
        )
    return made


def _address(street: Street, chance: random.Random) -> Address:
    number = chance.randrange(1, HOUSES + 1)
    return Address(street.name, str(number), street.city, street.lon + number * 1e-4, street.lat)


def _names(streets: list[Street]) -> Iterator[dict[str, Any]]:
    """A row for each place and each street, as a build makes them."""
    for city, (lon, lat) in {street.city: (street.lon, street.lat) for street in streets}.items():
        yield {**_place("", lon, lat), "kind": "place", "label": city, **_searched(city), "reach_m": 700.0}
    for street in streets:
        row = {**_place(street.city, street.lon, street.lat), "label": f"{street.name}, {street.city}"}
        yield {**row, "kind": "street", **_searched(street.name), "reach_m": 150.0}


def _houses(streets: list[Street]) -> Iterator[dict[str, Any]]:
    for street in streets:
        row = {**_place(street.city, street.lon, street.lat), "street_key": key(street.name)}
        for number in range(1, HOUSES + 1):
            label = f"{street.name} {number}, {street.city}"
            yield {**row, "number_key": str(number), "label": label, "lon": street.lon + number * 1e-4}


def _searched(name: str) -> dict[str, str]:
    return {"key": key(name), "words": " ".join(words(name))}


def _place(city: str, lon: float, lat: float) -> dict[str, Any]:
    return {"near": city, "city_key": key(city), "near_key": key(city), "lon": lon, "lat": lat}


def _distinct(chance: random.Random, count: int, endings: tuple[str, ...]) -> list[str]:
    made: dict[str, None] = {}
    while len(made) < count:
        stem = "".join(chance.choices(SYLLABLES, k=chance.choice((2, 2, 3))))
        made[(stem + chance.choice(endings)).capitalize()] = None
    return list(made)


def _each_ms(ask: Callable[[str], object], texts: list[str]) -> list[float]:
    taken = []
    for text in texts:
        began = time.perf_counter()
        ask(text)
        taken.append(1000 * (time.perf_counter() - began))
    return taken
