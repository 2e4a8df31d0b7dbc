"""Which streets a closure touches, and how much slower the drive along them is."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import shapely
from shapely.geometry import shape

from dispatch.errors import BadInput, Fault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dispatch.roads.network import Network

    Ints = NDArray[np.integer]
    Floats = NDArray[np.float64]

SHAPES = frozenset({"LineString", "MultiLineString", "Polygon", "MultiPolygon"})
# A line drawn by hand lies this near to the street it follows, and follows it for this long or this share.
BESIDE_M, FOLLOWED_M, FOLLOWED_SHARE = 10.0, 30.0, 0.6
# A shape that meets a street only this near to the street's end means another street of the junction.
JUNCTION_OF_LINE_M, JUNCTION_OF_POLYGON_M = BESIDE_M, 3.0


class ClosureLike(Protocol):
    """Anything that says where (a line or polygon) and how much (the factor) the drive is slowed."""

    @property
    def geometry(self) -> Any:
        """A line or polygon, shapely or GeoJSON, (lon, lat) in WGS-84."""

    @property
    def factor(self) -> float:
        """0 closed to 1 as usual."""


@dataclass(frozen=True, slots=True)
class Closure:
    """A street closed (`factor` 0) or slowed to `factor` of its usual speed, where `geometry` touches it."""

    geometry: Any
    factor: float


@dataclass(frozen=True, slots=True)
class Slowed:
    """The lines, sorted, that are not driven as usual, and the factor 0-1 of each."""

    line: Ints
    factor: Floats


NOTHING_SLOWED = Slowed(np.empty(0, dtype=np.int64), np.empty(0))


def slowed_lines(
    network: Network,
    closures: Sequence[ClosureLike | Mapping[str, Any]],
) -> tuple[Slowed, list[Ints]]:
    """What all closures together do, and the lines that each of them touches.

    Where closures overlap the strictest holds. Raises BadInput naming every closure that cannot be taken.
    """
    taken = _checked(closures)
    touched = [_touched(network, closure.geometry) for closure in taken]
    if not touched:
        return NOTHING_SLOWED, touched
    line, entry = np.unique(np.concatenate(touched), return_inverse=True)
    factor = np.ones(len(line))
    said = np.repeat([closure.factor for closure in taken], [len(lines) for lines in touched])
    np.minimum.at(factor, entry, said)
    return Slowed(line, factor), touched


def _checked(closures: Sequence[ClosureLike | Mapping[str, Any]]) -> list[Closure]:
    taken, faults = [], []
    for row, closure in enumerate(closures):
        try:
            taken.append(_taken(closure))
        except ValueError as error:
            faults.append(Fault(f"closures[{row}]", str(error)))
    if faults:
        named = "; ".join(f"{fault.field}: {fault.message}" for fault in faults)
        raise BadInput(f"A closure cannot be taken, none was changed ({named}).", tuple(faults))
    return taken


def _taken(closure: ClosureLike | Mapping[str, Any]) -> Closure:
    given = closure if isinstance(closure, Mapping) else _fields(closure)
    factor = given.get("factor")
    if isinstance(factor, bool) or not isinstance(factor, int | float) or not 0 <= factor <= 1:
        raise ValueError(f"the factor must be a number from 0 (closed) to 1, not {factor!r}")
    return Closure(_geometry(given.get("geometry")), float(factor))


def _fields(closure: ClosureLike) -> Mapping[str, Any]:
    return {"geometry": closure.geometry, "factor": closure.factor}


def _geometry(given: Any) -> shapely.Geometry:
    geometry = given if isinstance(given, shapely.Geometry) else _from_geojson(given)
    if geometry.geom_type not in SHAPES or geometry.is_empty:
        raise ValueError("the geometry must be a line or a polygon")
    west, south, east, north = geometry.bounds
    on_globe = -180 <= west <= east <= 180 and -90 <= south <= north <= 90
    if not on_globe or not math.isfinite(shapely.length(geometry)):
        raise ValueError("the geometry must be (lon, lat) degrees in WGS-84")
    if not geometry.is_valid:
        raise ValueError(f"the geometry is not valid: {shapely.is_valid_reason(geometry)}")
    return geometry


def _from_geojson(given: Any) -> shapely.Geometry:
    try:
        with np.errstate(invalid="ignore"):  # what is not a number is refused below, by its bounds
            return shape(given)
    except (
        TypeError,
        ValueError,
        KeyError,
        IndexError,
        AttributeError,
        shapely.errors.ShapelyError,
    ) as error:
        raise ValueError("the geometry must be a GeoJSON line or polygon") from error


def _touched(network: Network, geometry: shapely.Geometry) -> Ints:
    """The lines that the shape crosses away from their ends, or that a drawn line follows."""
    drawn = shapely.transform(geometry, network.to_metres)
    near, lines = network.lines_near(drawn, BESIDE_M)
    if drawn.geom_type.endswith("LineString"):
        hit = _crossed(lines, drawn, JUNCTION_OF_LINE_M) | _followed(lines, drawn)
    else:
        hit = shapely.contains_properly(drawn, lines)
        border = np.flatnonzero(~hit)
        hit[border] = _crossed(lines[border], drawn, JUNCTION_OF_POLYGON_M)
    touched: Ints = np.sort(near[hit])
    return touched


def _crossed(lines: NDArray[np.object_], drawn: shapely.Geometry, junction_m: float) -> NDArray[np.bool_]:
    common = shapely.intersection(lines, drawn)
    ends = shapely.union(shapely.get_point(lines, 0), shapely.get_point(lines, -1))
    ignored = shapely.buffer(ends, np.minimum(junction_m, shapely.length(lines) / 4))
    crossed: NDArray[np.bool_] = ~shapely.is_empty(common) & ~shapely.covers(ignored, common)
    return crossed


def _followed(lines: NDArray[np.object_], drawn: shapely.Geometry) -> NDArray[np.bool_]:
    beside_m = shapely.length(shapely.intersection(lines, drawn.buffer(BESIDE_M)))
    enough_m = np.minimum(FOLLOWED_M, FOLLOWED_SHARE * shapely.length(lines))
    followed: NDArray[np.bool_] = beside_m >= enough_m
    return followed
