"""What is told of zones and of a proposal: the shape of every answer, as OpenAPI shows it."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from dispatch.web.shapes import Iso, Shape


class ZoneSetOut(Shape):
    """A zone set as GeoJSON and from when it holds; `zone_set` is empty before the first."""

    zone_set: str
    published_at: Iso | None
    from_: Iso | None = Field(alias="from")
    zones: dict[str, Any]


class ZonesOut(ZoneSetOut):
    """The zone set in force, and the next one when it is published already."""

    next: ZoneSetOut | None


class ChangeOut(Shape):
    """How many accounts would go from one class to another (`none`: the proposal has no cell there).

    Of them `by_record` would keep their promise, since the class on their own record wins.
    """

    from_: str = Field(alias="from")
    to: str
    accounts: int
    by_record: int


class ProposalOut(Shape):
    """A proposal, cells as GeoJSON with their reasons; `changes` against the zone set in force."""

    made_at: Iso
    extract: str
    limits: dict[str, float]
    zone_set: str
    accounts: int
    changes: list[ChangeOut]
    cells: dict[str, Any]
