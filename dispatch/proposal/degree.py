"""How urban a cell is: density, then how many people live in one piece; remote is what lies far from help.

The limits are those of the degree of urbanisation (Eurostat, OECD and others, 2021, endorsed by the UN
Statistical Commission): a centre is 1,500 people/km² and 50,000 in one piece, a cluster 300 and 5,000.
"""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from dispatch.ticket import Zone

    Neighbours = Callable[[str], Iterable[str]]

ENCLOSED = 5  # of six neighbours: a park in a town is town


@dataclass(frozen=True, slots=True)
class Limits:
    """From where on a cell is what; people/km², people, minutes' drive from a depot, metres from a road."""

    centre_density: float = 1500
    centre_people: float = 50_000
    cluster_density: float = 300
    cluster_people: float = 5000
    remote_min: float = 60
    remote_m: float = 1000

    def as_json(self) -> dict[str, float]:
        """The limits by name."""
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Cell:
    """What is known of a cell: km², people (estimated), buildings, what is marked residential, its place.

    `drive_min` is the drive from the nearest depot, inf where no road leads, None when there is no depot;
    `road_m` is inf when no road is near.
    """

    area_km2: float
    people: float = 0.0
    buildings: int = 0
    residential_share: float = 0.0
    place: str = ""
    drive_min: float | None = None
    road_m: float = 0.0

    @property
    def density(self) -> float:
        """People/km²."""
        return self.people / self.area_km2

    def as_json(self) -> dict[str, Any]:
        """The figures as the file holds them; None for what is beyond measure."""
        return {
            "people": round(self.people),
            "density": round(self.density),
            "buildings": self.buildings,
            "residential_share": round(self.residential_share, 2),
            "place": self.place,
            "drive_min": None
            if self.drive_min is None or math.isinf(self.drive_min)
            else round(self.drive_min, 1),
            "road_m": None if math.isinf(self.road_m) else round(self.road_m),
        }


@dataclass(frozen=True, slots=True)
class Judged:
    """The class proposed for a cell, the code of the reason, and the reason in a sentence."""

    code: Zone
    why: str  # centre | cluster | enclosed | far_by_road | far_from_road | sparse | empty
    reason: str
    cluster_people: float = 0.0


def judge(cells: Mapping[str, Cell], neighbours: Neighbours, limits: Limits) -> dict[str, Judged]:
    """The class proposed for every cell; `neighbours` names the cells around one, and may name it too."""
    centres = _pieces(cells, neighbours, limits.centre_density, limits.centre_people)
    clusters = _pieces(cells, neighbours, limits.cluster_density, limits.cluster_people)
    found = {name: _urban("cluster", people, limits.cluster_density) for name, people in clusters.items()}
    found |= {name: _urban("centre", people, limits.centre_density) for name, people in centres.items()}
    enclosed = [
        name
        for name in cells
        if name not in found and sum(each in found for each in neighbours(name) if each != name) >= ENCLOSED
    ]
    found |= {name: Judged("urban", "enclosed", "all around is urban") for name in enclosed}
    return {name: found.get(name) or _beyond(cell, limits) for name, cell in cells.items()}


def _urban(why: str, people: float, density: float) -> Judged:
    reason = f"{people:,.0f} people live in one piece of {density:,.0f} people/km² or more"
    return Judged("urban", why, reason, people)


def _beyond(cell: Cell, limits: Limits) -> Judged:
    """Rural, or remote where people live far from help; nobody is remote from an empty field."""
    if not cell.people:
        return Judged("rural", "empty", "nobody is known to live here")
    if cell.road_m > limits.remote_m:
        return Judged("remote", "far_from_road", f"over {limits.remote_m:.0f} m from a road")
    if cell.drive_min is not None and cell.drive_min > limits.remote_min:
        return Judged("remote", "far_by_road", f"over {limits.remote_min:.0f} min by road from every depot")
    return Judged("rural", "sparse", f"{cell.density:.0f} people/km², not part of a town")


def _pieces(
    cells: Mapping[str, Cell], neighbours: Neighbours, density: float, people: float
) -> dict[str, float]:
    """The cells of this density in pieces of at least so many people, each with its piece's people."""
    open_ = {name for name, cell in cells.items() if cell.density >= density}
    found: dict[str, float] = {}
    while open_:
        piece, edge = set[str](), [min(open_)]
        while edge:
            name = edge.pop()
            if name in open_:
                open_.remove(name)
                piece.add(name)
                edge += neighbours(name)
        total = math.fsum(cells[name].people for name in piece)
        if total >= people:
            found |= dict.fromkeys(piece, total)
    return found
