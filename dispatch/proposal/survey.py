"""What an extract says of where people live: buildings, settlements and residential areas, cell by cell.

Imported only when a proposal is made: it loads osmium and h3.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TYPE_CHECKING, Any

import h3
import osmium

from dispatch.errors import BadInput
from dispatch.proposal.degree import Cell

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    LonLat = tuple[float, float]
    Ring = list[LonLat]

RESOLUTION = 8  # about 0.7 km², near the 1 km² of the degree of urbanisation
FINE = 10  # about 0.015 km²: into these an area of land use is cut
M_PER_DEGREE = 111_195.0
# Nobody sleeps in these; every other building counts, for most are only tagged `yes`.
NO_HOME = frozenset(
    {"garage", "garages", "shed", "roof", "industrial", "warehouse", "commercial", "retail", "church",
     "school", "hospital", "hangar", "barn", "farm_auxiliary", "greenhouse", "service", "kindergarten",
     "office", "public", "train_station", "transformer_tower", "carport", "ruins", "construction", "stable"}
)  # fmt: skip
SMALLEST_HOME_M2 = 40.0  # what is smaller is a shed
LEVELS = {"apartments": 4.0}
USUAL_LEVELS = 1.4
FLOOR_M2 = 75.0  # per person, walls and stairs and empty rooms included
PEOPLE_PER_RESIDENTIAL_KM2 = 2500.0  # where land use is drawn and houses are not
# The least that a named settlement means for its own cell, where nothing else is drawn.
PEOPLE_OF_PLACE = {"city": 1500, "town": 1000, "village": 150, "hamlet": 40, "isolated_dwelling": 5}


@dataclass(slots=True)
class Ground:
    """What was found in one cell; `weights` are (lon, lat, weight) of homes and settlements."""

    buildings: int = 0
    floor_m2: float = 0.0
    residential_m2: float = 0.0
    place: str = ""
    place_people: float = 0.0
    weights: list[tuple[float, float, float]] = field(default_factory=list)

    @property
    def middle(self) -> LonLat:
        """Where most of the cell's people are, (lon, lat)."""
        total = sum(weight for *_, weight in self.weights)
        lon = sum(lon * weight for lon, _, weight in self.weights) / total
        return lon, sum(lat * weight for _, lat, weight in self.weights) / total

    def as_cell(self, area_km2: float, drive_min: float | None, road_m: float) -> Cell:
        """The cell with its people: the most that buildings, land use and the settlement's name speak for."""
        land = self.residential_m2 / 1e6
        people = max(self.floor_m2 / FLOOR_M2, land * PEOPLE_PER_RESIDENTIAL_KM2, self.place_people)
        return Cell(
            area_km2, people, self.buildings, min(1.0, land / area_km2), self.place, drive_min, road_m
        )


def survey(extract: Path) -> dict[str, Ground]:
    """What lies in each cell that holds anything, by cell. BadInput when the extract cannot be read."""
    found: dict[str, Ground] = {}
    try:
        for tags, ring in _objects(extract):
            if len(ring) == 1:
                _settlement(found, tags, ring[0])
            elif "building" in tags:
                _building(found, tags, ring)
            else:
                _residential(found, ring)
    except (RuntimeError, OSError, ValueError) as error:
        reason = " ".join(str(error).split())
        raise BadInput(f"{extract.name} is cut off or not an OpenStreetMap extract: {reason}") from error
    return found


def _objects(extract: Path) -> Iterator[tuple[Any, Ring]]:
    """(tags, points) of settlements (one point), buildings and residential areas (their outer rings)."""
    wanted = osmium.filter.KeyFilter("building", "landuse", "place")
    source: Any = osmium.FileProcessor(str(extract)).with_areas(wanted).with_filter(wanted)
    for thing in source:
        tags = thing.tags
        if thing.is_node():
            if tags.get("place") in PEOPLE_OF_PLACE:
                yield tags, [(thing.lon, thing.lat)]
        elif thing.is_area() and ("building" in tags or tags.get("landuse") == "residential"):
            for outer in thing.outer_rings():
                yield tags, [(node.lon, node.lat) for node in outer]


def _at(found: dict[str, Ground], lon: float, lat: float, weight: float) -> Ground:
    ground = found.setdefault(h3.latlng_to_cell(lat, lon, RESOLUTION), Ground())
    ground.weights.append((lon, lat, weight))
    return ground


def _settlement(found: dict[str, Ground], tags: Any, at: LonLat) -> None:
    people = PEOPLE_OF_PLACE[tags["place"]]
    ground = _at(found, *at, people)
    if people >= ground.place_people:
        ground.place, ground.place_people = tags.get("name", ""), people


def _building(found: dict[str, Ground], tags: Any, ring: Ring) -> None:
    size_m2 = area_m2(ring)
    if tags["building"] in NO_HOME or size_m2 < SMALLEST_HOME_M2:
        return
    floor_m2 = size_m2 * _levels(tags)
    ground = _at(found, *ring[0], floor_m2 / FLOOR_M2)
    ground.buildings += 1
    ground.floor_m2 += floor_m2


def _levels(tags: Any) -> float:
    """Storeys as tagged, else as such a building usually has."""
    try:
        return min(60.0, max(1.0, float(tags.get("building:levels", ""))))
    except ValueError:
        return LEVELS.get(tags["building"], USUAL_LEVELS)


def _residential(found: dict[str, Ground], ring: Ring) -> None:
    """Share an area's ground among its cells, by the fine cells whose middle lies in it."""
    size_m2 = area_m2(ring)
    shape = h3.LatLngPoly([(lat, lon) for lon, lat in ring])
    fine = h3.polygon_to_cells(shape, FINE) or [h3.latlng_to_cell(ring[0][1], ring[0][0], FINE)]
    for cell in fine:
        lat, lon = h3.cell_to_latlng(cell)
        share_m2 = size_m2 / len(fine)
        ground = _at(found, lon, lat, share_m2 / 1e6)
        ground.residential_m2 += share_m2


def area_m2(ring: Ring) -> float:
    """Square metres inside a ring of (lon, lat), flat at its own latitude."""
    lon_0, lat_0 = ring[0]
    squeeze = math.cos(math.radians(lat_0))
    flat = [((lon - lon_0) * squeeze, lat - lat_0) for lon, lat in ring]
    doubled = sum(x_1 * y_2 - x_2 * y_1 for (x_1, y_1), (x_2, y_2) in pairwise(flat))
    return abs(doubled) / 2 * M_PER_DEGREE**2
