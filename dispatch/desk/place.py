"""Where a report is and which unit serves the place: by account, address, or somebody's pin."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatch import zone
from dispatch.desk.closures import roads_now
from dispatch.gazetteer.datum import to_wgs84
from dispatch.ticket import Place

if TYPE_CHECKING:
    from dispatch.desk import Desk
    from dispatch.desk.intake import Draft
    from dispatch.gazetteer import Candidate

PIN_PRECISION_M = 30.0


@dataclass(frozen=True, slots=True)
class Pin:
    """A place somebody set, in the datum they declared."""

    lon: float
    lat: float
    datum: str = "wgs84"
    precision_m: float = PIN_PRECISION_M


@dataclass(frozen=True, slots=True)
class Located:
    """Where a draft is, with the unit that serves the place; and what else it could have meant."""

    place: Place | None
    unit: str
    candidates: tuple[Candidate, ...] = ()


def locate(desk: Desk, draft: Draft, by: str) -> Located:
    """Pin said with the call → account → address; each finds the unit too."""
    account = desk.store.company.find_account(draft.account_no) if draft.account_no else None
    unit = draft.unit or (account["unit"] if account else "")
    if draft.pin:
        place = pinned(draft.pin, "given", by)
        return Located(place, unit or nearest_unit(desk, place.lonlat))
    if account:
        place = Place(account["lon"], account["lat"], "account", "A", 100.0, 20.0, by)
        return Located(place, unit or nearest_unit(desk, place.lonlat))
    candidates = tuple(desk.gazetteer.locate(draft.address)) if draft.address else ()
    best = candidates[0] if candidates else None
    if best is None or best.tier != "A":
        return Located(None, unit, candidates)
    place = Place(best.lon, best.lat, "address", best.tier, best.score, best.precision_m, by)
    return Located(place, unit or nearest_unit(desk, place.lonlat), candidates)


def pinned(pin: Pin, method: str, by: str) -> Place:
    """The pin as a place in WGS-84, its raw value kept; BadInput for a datum nobody knows."""
    lon, lat = to_wgs84(pin.lon, pin.lat, pin.datum)
    raw = None if pin.datum == "wgs84" else (pin.lon, pin.lat)
    return Place(lon, lat, method, "A", 100.0, pin.precision_m, by, pin.datum, raw)


def nearest_unit(desk: Desk, lonlat: tuple[float, float]) -> str:
    """The unit whose depot is the shortest drive away; by the straight line where no road leads."""
    units = desk.store.company.units()
    if not units:
        return ""
    drives = roads_now(desk, desk.clock()).matrix([unit.depot for unit in units], [lonlat])[:, 0]
    ranked = zip(drives, (zone.metres(unit.depot, lonlat) for unit in units), units, strict=True)
    return min(ranked, key=lambda each: (each[0], each[1], each[2].id))[2].id
