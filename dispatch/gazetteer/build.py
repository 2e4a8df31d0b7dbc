"""How an OpenStreetMap extract becomes the gazetteer file of an area.

Only the build command imports this module. Distinct names (streets, places, landmarks, transformers) are
indexed for search by word; house numbers are fetched by the key of their street, which stays fast with a
million houses. The same extract gives the same bytes.
"""

from __future__ import annotations

import tempfile
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from dispatch.gazetteer.distance import distance_m
from dispatch.gazetteer.extract import House, Thing, read_extract
from dispatch.gazetteer.index import ARCHIVE
from dispatch.gazetteer.locality import Localities, Nearest, completed, label
from dispatch.gazetteer.numbers import listed_numbers
from dispatch.gazetteer.words import key, number_key, words
from dispatch.gazetteer.write import write_file

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from dispatch.gazetteer.extract import Crossing, Extract

STREET_HOUSE_M = 1500  # a house farther off says nothing about the locality of a road
SAME_PLACE_M = 2000  # a settlement mapped as a point and as an outline is one
SAME_LANDMARK_M = 150

# How far from its point a settlement's houses may lie, in metres.
SETTLEMENT_M = {
    "city": 6000, "town": 2500, "suburb": 900, "quarter": 900, "neighbourhood": 500, "village": 700,
    "hamlet": 400, "isolated_dwelling": 200,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class GazetteerBuilt:
    """What a build wrote: number of distinct names, and of houses with a number."""

    names: int
    addresses: int


@dataclass(frozen=True, slots=True)
class Row:
    """A name to be searched: (lon, lat) in degrees WGS-84, `reach_m` how far it extends from there."""

    kind: str
    name: str
    locality: str
    lon: float
    lat: float
    reach_m: float


def build_gazetteer(extract: Path, out: Path, progress: Callable[[str, float], None]) -> GazetteerBuilt:
    """Write `out`/gazetteer.db from `extract`; `progress` gets (what, share done 0-1).

    Raises BadInput when the extract is missing, cut off, not OpenStreetMap or names nothing; a gazetteer that
    was there before then stays as it was.
    """
    progress("gazetteer: reading", 0.0)
    return build_from(read_extract(extract), out, progress)


def build_from(found: Extract, out: Path, progress: Callable[[str, float], None]) -> GazetteerBuilt:
    """Write `out`/gazetteer.db from what was read of an extract, or made up by rule; as `build_gazetteer`."""
    progress("gazetteer: sorting names into localities", 0.5)
    localities = Localities(found.things)
    houses = list(_house_rows(found.houses, localities))
    things = found.things + found.aliases
    names = _name_rows(things, found.houses, localities) + _pole_rows(found.poles, localities)
    progress("gazetteer: writing", 0.7)
    out.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out, prefix="gazetteer-") as scratch:
        made = Path(scratch) / ARCHIVE
        columns = [_columns(row, localities) for row in names]
        write_file(made, columns, houses, list(_crossing_rows(found.crossings)))
        made.replace(out / ARCHIVE)
    progress("gazetteer: done", 1.0)
    return GazetteerBuilt(len(names), len(found.houses))


def _house_rows(houses: Iterable[House], localities: Localities) -> Iterator[dict[str, Any]]:
    """One row a house; a sign that lists several numbers can be found by each of them."""
    for house in houses:
        street, city = completed(house, localities)
        near = localities.nearest(house.lon, house.lat)
        row = {
            "street_key": key(street),
            "number_key": number_key(house.number),
            "city_key": key(city),
            "near": near,
            "near_key": key(near),
            "label": label(street, house.number, city),
            "lon": house.lon,
            "lat": house.lat,
        }
        yield row
        for number in listed_numbers(house.number):
            yield {**row, "number_key": number}


def _name_rows(things: list[Thing], houses: list[House], localities: Localities) -> list[Row]:
    """Every distinct name once for each locality, in an order that hangs on the names alone."""
    rows = [
        *_streets(things, houses, localities),
        *_places(things, localities),
        *_landmarks(things, localities),
    ]
    return sorted(rows, key=lambda row: (row.kind, row.name, row.locality, row.lon, row.lat))


def _streets(things: Iterable[Thing], houses: Iterable[House], localities: Localities) -> Iterator[Row]:
    """Roads with their localities, and streets that only house numbers know."""
    homes: dict[str, list[tuple[str, float, float]]] = defaultdict(list)
    pieces: dict[tuple[str, str], list[Thing]] = defaultdict(list)
    titles: dict[tuple[str, str], str] = {}
    for house in houses:
        street, city = completed(house, localities)
        if key(street) != key(city):
            homes[key(street)].append((city, house.lon, house.lat))
            titles.setdefault((key(street), city), street)
    near_homes = {street: Nearest(places) for street, places in homes.items()}
    for thing in things:
        if thing.kind == "street" and key(thing.name):
            city = _city_of_road(thing, near_homes.get(key(thing.name)), localities)
            pieces[key(thing.name), city].append(thing)
            titles[key(thing.name), city] = thing.name
    for (street, city), title in sorted(titles.items()):
        roads = pieces.get((street, city), [])
        spread = [(r.lon, r.lat, r.reach_m) for r in roads]
        spread = spread or [(lon, lat, 0.0) for at, lon, lat in homes[street] if at == city]
        yield Row("street", title, city, *_middle(spread))


def _city_of_road(road: Thing, homes: Nearest | None, localities: Localities) -> str:
    """The city on the signs of the houses beside a road, else the settlement it belongs to."""
    hit = homes.find(road.lon, road.lat) if homes else None
    return hit[0] if hit and hit[1] < STREET_HOUSE_M else localities.belongs_to(road.lon, road.lat)


def _middle(spread: list[tuple[float, float, float]]) -> tuple[float, float, float]:
    """The point (lon, lat) nearest to the middle of many, and how far the farthest reaches, in metres."""
    centre = sum(p[0] for p in spread) / len(spread), sum(p[1] for p in spread) / len(spread)
    lon, lat, _ = min(spread, key=lambda p: (distance_m(centre, (p[0], p[1])), p))
    reach = max(distance_m((lon, lat), (p[0], p[1])) + p[2] for p in spread)
    return lon, lat, round(reach, 1)


def _places(things: Iterable[Thing], localities: Localities) -> Iterator[Row]:
    """Settlements and quarters; a point comes before an outline of the same name.

    Two that bear one name are told apart by the town they belong to.
    """
    places = sorted((t for t in things if t.kind == "place" and key(t.name)), key=lambda t: t.osm[0] != "n")
    distinct = list(_distinct(places, SAME_PLACE_M))
    bearing = Counter(key(thing.name) for thing in distinct)
    for thing in distinct:
        reach = max(float(SETTLEMENT_M[thing.detail]), thing.reach_m)
        town = localities.above(thing.lon, thing.lat) if bearing[key(thing.name)] > 1 else ""
        yield Row("place", thing.name, town, thing.lon, thing.lat, reach)


def _landmarks(things: Iterable[Thing], localities: Localities) -> Iterator[Row]:
    """Shops, schools, stations and the like, buildings and substations that have a name."""
    for kind in ("landmark", "building", "transformer"):
        named = [t for t in things if t.kind == kind and key(t.name)]
        for thing in _distinct(named, SAME_LANDMARK_M):
            city = localities.belongs_to(thing.lon, thing.lat)
            yield Row(kind, thing.name, city, thing.lon, thing.lat, max(30.0, thing.reach_m))


def _distinct(things: Iterable[Thing], apart_m: float) -> Iterator[Thing]:
    """The things without those that bear the same name within `apart_m` metres of an earlier one."""
    seen: dict[str, list[Thing]] = defaultdict(list)
    for thing in things:
        twins = seen[key(thing.name)]
        if all(distance_m((thing.lon, thing.lat), (twin.lon, twin.lat)) > apart_m for twin in twins):
            twins.append(thing)
            yield thing


def _pole_rows(poles: Iterable[Thing], localities: Localities) -> list[Row]:
    """Poles that bear a number, with their line, else the settlement they stand at."""
    rows = [
        Row(
            "pole",
            pole.name,
            pole.detail or localities.belongs_to(pole.lon, pole.lat),
            pole.lon,
            pole.lat,
            5.0,
        )
        for pole in poles
        if key(pole.name)
    ]
    return sorted(rows, key=lambda row: (row.name, row.locality, row.lon, row.lat))


def _crossing_rows(crossings: Iterable[Crossing]) -> Iterator[dict[str, Any]]:
    """One row a crossing, found by either order of its streets; a wide one has several points."""
    for one in sorted(crossings, key=lambda c: (c.streets, c.lon, c.lat)):
        a, b = sorted(key(name) for name in one.streets)
        if a and a != b:
            yield {"a_key": a, "b_key": b, "label": " / ".join(one.streets), "lon": one.lon, "lat": one.lat}


def _columns(row: Row, localities: Localities) -> dict[str, Any]:
    place = row.kind == "place"
    near = (localities.above if place else localities.nearest)(row.lon, row.lat)
    return {
        "kind": row.kind,
        "key": key(row.name),
        "words": " ".join(words(row.name)),
        "city_key": key(row.locality),
        "near": near,
        "near_key": key(near),
        "label": label(row.name, "", row.locality),
        "lon": row.lon,
        "lat": row.lat,
        "reach_m": row.reach_m,
    }
