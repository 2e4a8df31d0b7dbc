"""Which city, town or village a house or a street belongs to, and which settlement is nearest."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from dispatch.gazetteer.distance import distance_m
from dispatch.gazetteer.words import key

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from shapely import STRtree

    from dispatch.gazetteer.extract import House, Thing

# How far a settlement of a class reaches, relative to the others: the edge of a town is nearer to the next
# village's centre than to its own, and still belongs to the town.
REACH = {"city": 6.0, "town": 3.0, "village": 1.0, "hamlet": 0.6, "isolated_dwelling": 0.3}


class Nearest:
    """The nearest of many places, each with what it stands for; longitudes shrunk so that metres compare."""

    def __init__(self, places: Sequence[tuple[str, float, float]]) -> None:
        self._places = list(places)
        self._shrink = math.cos(math.radians(places[0][2])) if places else 1.0
        self._tree = _tree([(lon * self._shrink, lat) for _, lon, lat in places])

    def find(self, lon: float, lat: float) -> tuple[str, float] | None:
        """What lies nearest to (lon, lat), and how far in metres; None when there is nothing at all."""
        from shapely import Point  # noqa: PLC0415 -- only the build command needs it

        if not self._places:
            return None
        at = int(self._tree.nearest(Point(lon * self._shrink, lat)))
        name, its_lon, its_lat = self._places[at]
        return name, distance_m((lon, lat), (its_lon, its_lat))


class Localities:
    """The settlements of an extract."""

    def __init__(self, things: Iterable[Thing]) -> None:
        places = [thing for thing in things if thing.kind == "place"]
        self._by_class = {
            detail: Nearest([(p.name, p.lon, p.lat) for p in places if p.detail == detail])
            for detail in REACH
        }
        self._all = Nearest([(p.name, p.lon, p.lat) for p in places])

    def belongs_to(self, lon: float, lat: float) -> str:
        """The settlement that (lon, lat) belongs to, by distance and class; "" if there is none."""
        found = [
            (hit[1] / REACH[detail], hit[0])
            for detail, nearest in self._by_class.items()
            if (hit := nearest.find(lon, lat))
        ]
        return min(found)[1] if found else ""

    def above(self, lon: float, lat: float) -> str:
        """The town or city nearest to (lon, lat), which a village there is said to belong to; "" if none."""
        found = [hit[::-1] for detail in ("town", "city") if (hit := self._by_class[detail].find(lon, lat))]
        return min(found)[1] if found else ""

    def nearest(self, lon: float, lat: float) -> str:
        """The settlement or quarter with the nearest centre, "" if there is none."""
        hit = self._all.find(lon, lat)
        return hit[0] if hit else ""


def label(street: str, number: str, city: str) -> str:
    """A house as it is shown and spoken: `Street 12, City`; a village without street names: `Village 12`."""
    first = f"{street} {number}".strip()
    return first if not city or key(city) == key(street) else f"{first}, {city}"


def completed(house: House, localities: Localities) -> tuple[str, str]:
    """Street and city of a house, filled in where the map does not say: (street, city).

    A village without street names numbers its houses by the village.
    """
    city = house.city or localities.belongs_to(house.lon, house.lat)
    return house.street or house.city or localities.nearest(house.lon, house.lat), city


def _tree(points: Sequence[tuple[float, float]]) -> STRtree:
    import shapely  # noqa: PLC0415 -- only the build command needs it

    return shapely.STRtree(shapely.points(points) if points else [])
