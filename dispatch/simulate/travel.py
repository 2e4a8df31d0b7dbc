"""How long drives take in a scenario: looked up in a table of every place, under the closures that hold."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dispatch.plan import Place

    Floats = NDArray[np.floating]


class Table(Protocol):
    """Estimated seconds from place to place; an array [places, places], or rows that are asked one by one."""

    def __getitem__(self, row: int, /) -> Floats:
        """From one place to all, in the order of `Scenario.places`; infinity where no road leads."""
        ...


class Drives(Protocol):
    """What the roads of an area say about the places of a scenario."""

    def seconds(self, closed: tuple[int, ...]) -> Table:
        """How long drives take while these closures hold."""
        ...

    def metres(self, origin: Place, destination: Place, closed: tuple[int, ...]) -> float:
        """Length of the quickest drive while these closures hold."""
        ...


@dataclass(frozen=True, slots=True)
class Homeward:
    """A crew between a site and its depot: `gone_s` from the one, `left_s` to the other."""

    site: Place
    depot: Place
    gone_s: float
    left_s: float

    @property
    def share(self) -> float:
        """How much of the way home lies behind it, 0-1."""
        whole = self.gone_s + self.left_s
        return self.gone_s / whole if whole else 1.0


class Lookup:
    """Travel times between the places of a scenario, as the planner may ask for them.

    A crew that is called on its way home turns back to where it came from or drives on by its depot, whatever
    is quicker: never quicker than the road allows, and no place is asked that the table does not hold.
    """

    def __init__(self, places: Sequence[Place], seconds: Table) -> None:
        self._row = {place: row for row, place in enumerate(places)}
        self._seconds = seconds
        self._homeward: dict[Place, Homeward] = {}

    def put_homeward(self, crews: Sequence[Homeward]) -> dict[Homeward, Place]:
        """Make the crews on their way home known; under which place each of them can be asked for."""
        shown = {each: _between(each) for each in crews}
        self._homeward = {place: each for each, place in shown.items() if place not in self._row}
        return shown

    def matrix(self, origins: Sequence[Place], destinations: Sequence[Place]) -> NDArray[np.float64]:
        """Seconds [len(origins), len(destinations)]; infinity where no road leads."""
        columns = [self._row[place] for place in destinations]
        table = np.empty((len(origins), len(destinations)))
        for row, origin in enumerate(origins):
            table[row] = self._from(origin)[columns]
        return table

    def between(self, origin: Place, destination: Place) -> float:
        """Seconds of one drive."""
        return float(self._from(origin)[self._row[destination]])

    def turns_back(self, crew: Homeward, destination: Place) -> bool:
        """Whether a crew on its way home reaches the destination sooner by where it came from."""
        back = crew.gone_s + self.between(crew.site, destination)
        return back <= crew.left_s + self.between(crew.depot, destination)

    def _from(self, origin: Place) -> Floats:
        way = self._homeward.get(origin)
        if way is None:
            return self._seconds[self._row[origin]]
        site, depot = self._seconds[self._row[way.site]], self._seconds[self._row[way.depot]]
        best: Floats = np.minimum(way.gone_s + site, way.left_s + depot)
        return best


def _between(crew: Homeward) -> Place:
    """A spot on the straight line home: only a name for where the crew is, no drive is measured from it."""
    (lon, lat), (to_lon, to_lat) = crew.site, crew.depot
    return (lon + crew.share * (to_lon - lon), lat + crew.share * (to_lat - lat))
