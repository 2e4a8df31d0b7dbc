"""What no idle crew reaches in time now: holes in the promise, as areas with their accounts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import h3
import numpy as np

from dispatch.desk.board import board
from dispatch.desk.closures import roads_now
from dispatch.desk.customers import list_spots
from dispatch.plan.coverage import is_hole, nearest_s
from dispatch.plan.lookahead import at_hand, is_idle, travel_between

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dispatch.desk import Desk
    from dispatch.plan import CrewState
    from dispatch.plan.coverage import Floats, Spots

MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Hole:
    """Ground whose customers nobody free reaches within `limit_s`; `eta_s` is the worst, None if never.

    `geometry` is a GeoJSON polygon in (lon, lat).
    """

    zone: str
    limit_s: float
    accounts: int
    eta_s: float | None
    geometry: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Coverage:
    """Who is at hand, how many accounts there are, how many no idle crew reaches in time, and where."""

    free: tuple[str, ...]
    accounts: int
    uncovered: int
    holes: tuple[Hole, ...]


def coverage_now(desk: Desk) -> Coverage:
    """What the idle crews reach now; worked out anew when something changed, and every minute as time goes.

    SetupError without zones or a built area, RoadsUnavailable while a server of roads is silent.
    """
    now = desk.clock()
    spots, crews = list_spots(desk, now), idle_crews(desk, now)
    where = [(crew.id, crew.place, crew.shift_until_ms, crew.breaks) for crew in crews]
    circumstances = (now // MINUTE_MS, where, desk.store.closures.ids_at(now), spots)
    return desk.coverage.get(circumstances, lambda: _work_out(desk, crews, spots, now))


def idle_crews(desk: Desk, now: int) -> list[CrewState]:
    """The crews on duty and in service that have been told nothing, where they are, at rest or not, by id."""
    crews = [crew for crew in board(desk, now).crews if is_idle(crew, now)]
    return sorted(crews, key=lambda crew: crew.id)


def _work_out(desk: Desk, crews: Sequence[CrewState], spots: Spots, now: int) -> Coverage:
    seconds = travel_between(roads_now(desk, now), [crew.place for crew in crews], spots.place)
    eta_s = nearest_s(crews, now, seconds)
    hole = is_hole(spots, eta_s)
    parts = _parts({(spots.zone[row], spots.cell[row]): row for row in np.flatnonzero(hole).tolist()})
    return Coverage(
        free=tuple(crew.id for crew in crews if at_hand(crew, now)),
        accounts=int(spots.accounts.sum()),
        uncovered=int(spots.accounts[hole].sum()),
        holes=tuple(_hole(spots, eta_s, rows) for rows in parts),
    )


def _parts(row_of: dict[tuple[str, str], int]) -> Iterator[list[int]]:
    """The rows of (zone, cell) that touch each other, part by part, in one order."""
    left = dict(sorted(row_of.items()))
    while left:
        reached = [next(iter(left))]
        rows = [left.pop(reached[0])]
        while reached:
            code, cell = reached.pop()
            for near in sorted(h3.grid_disk(cell, 1)):
                if (code, near) in left:
                    rows.append(left.pop((code, near)))
                    reached.append((code, near))
        yield rows


def _hole(spots: Spots, eta_s: Floats, rows: list[int]) -> Hole:
    worst_s = float(eta_s[rows].max())
    return Hole(
        zone=spots.zone[rows[0]],
        limit_s=float(spots.limit_s[rows[0]]),
        accounts=int(spots.accounts[rows].sum()),
        eta_s=worst_s if np.isfinite(worst_s) else None,
        geometry=_outline([spots.cell[row] for row in rows]),
    )


def _outline(cells: list[str]) -> dict[str, Any]:
    """The cells as one GeoJSON polygon, rounded to a decimetre."""
    drawn = h3.cells_to_h3shape(cells, tight=True).__geo_interface__
    rings = [[[round(lon, 6), round(lat, 6)] for lon, lat in ring] for ring in drawn["coordinates"]]
    return {"type": "Polygon", "coordinates": rings}
