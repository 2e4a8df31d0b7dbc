"""Where the customers are and what each is promised: accounts gathered into cells of a few streets."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

import h3
import numpy as np

from dispatch import zone
from dispatch.plan.coverage import Spots

if TYPE_CHECKING:
    from dispatch.desk import Desk

RESOLUTION = 9  # of H3: 0.1 km², 400 m across, under a minute's drive in town


def list_spots(desk: Desk, now: int) -> Spots:
    """Every account by cell and class as they hold at `now` (epoch ms); SetupError without zones.

    They are gathered anew when accounts or zones change.
    """
    circumstances = (desk.zones_at(now).id, *desk.store.company.accounts_stamp())
    return desk.spots.get(circumstances, lambda: _gather(desk, now))


def _gather(desk: Desk, now: int) -> Spots:
    lons, lats, records = desk.store.company.account_places()
    at = np.array(lons, dtype=np.float64), np.array(lats, dtype=np.float64)
    config = desk.config.zones
    minutes = {str(code): each for code, each in desk.rulebook.binding.minutes.items()}
    classes = zone.classify_many(desk.zones_at(now), *at, default=config.default).zone.tolist()
    if config.account_class == "wins":
        classes = [zone.class_of(said) or drawn for said, drawn in zip(records, classes, strict=True)]
    rows = defaultdict[tuple[str, str], list[int]](list)
    for row, (lon, lat, code) in enumerate(zip(lons, lats, classes, strict=True)):
        rows[h3.latlng_to_cell(lat, lon, RESOLUTION), code].append(row)
    keys = sorted(rows)
    middle = [_middle(np.column_stack(at)[rows[key]]) for key in keys]
    return Spots(
        place=tuple(middle),
        cell=tuple(cell for cell, _ in keys),
        zone=tuple(code for _, code in keys),
        accounts=np.array([len(rows[key]) for key in keys], dtype=np.int64),
        limit_s=np.array([minutes[code] * 60.0 for _, code in keys]),
    )


def _middle(lonlat: np.ndarray[tuple[int, int], np.dtype[np.float64]]) -> tuple[float, float]:
    """The account nearest to the mean of a cell's: the mean itself may lie in a lake."""
    away = ((lonlat - lonlat.mean(axis=0)) ** 2).sum(axis=1)
    lon, lat = lonlat[int(away.argmin())].tolist()
    return lon, lat
