"""What is told of coverage: the shape of the answer, GeoJSON with a few members of its own."""

from __future__ import annotations

from typing import Any, Literal

from dispatch.ticket import Zone  # noqa: TC001 -- pydantic reads the types of these fields
from dispatch.web.shapes import Iso, Shape


class HoleProperties(Shape):
    """How many accounts of which class are in it, what they are promised, and the worst road time there.

    `eta_s` counts a break that a crew has first; it is null where no idle crew comes at all.
    """

    zone: Zone
    limit_s: float
    accounts: int
    eta_s: float | None


class HoleOut(Shape):
    """A GeoJSON feature: ground that no idle crew reaches within the limit of its class."""

    type: Literal["Feature"] = "Feature"
    geometry: dict[str, Any]
    properties: HoleProperties


class CoverageOut(Shape):
    """A GeoJSON feature collection of now, the free crews not at rest, and how many accounts were counted."""

    type: Literal["FeatureCollection"] = "FeatureCollection"
    features: list[HoleOut]
    at: Iso
    free: list[str]
    accounts: int
    uncovered: int


class StandByOut(Shape):
    """A crew asked to wait at a place; `gain` more accounts were in reach by it, 0 if a person chose it."""

    crew: str
    crew_name: str
    lon: float
    lat: float
    near: str
    gain: int
    at: Iso
    arrive_at: Iso
    by: str


class SuggestionOut(Shape):
    """A crew that should wait at a place: so many accounts more would be within their own limit."""

    crew: str
    crew_name: str
    lon: float
    lat: float
    near: str
    gain: int
    drive_s: float


class StandBysOut(Shape):
    """Who stands by, and who should."""

    standing: list[StandByOut]
    suggestions: list[SuggestionOut]
