"""What an online provider adds when nothing of ours is sure: one more candidate, seldom a certain place.

It is certain only when it knows the very house and a find on our own map, worth a look, lies beside it: two
sources that know nothing of each other. Alone it is a candidate like any other, and none outside the area.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from dispatch import zone
from dispatch.desk.attempts import Attempt, Found
from dispatch.gazetteer import Candidate
from dispatch.gazetteer.datum import to_wgs84
from dispatch.gazetteer.fetch import NoAnswer
from dispatch.gazetteer.tier import ALIKE_MARGIN, RIVAL_M, SHORT_M
from dispatch.ticket import Place

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.desk import Desk
    from dispatch.gazetteer.candidate import Tier
    from dispatch.gazetteer.online import Given

PRECISE_M = 100.0  # a house with its yard
PRECISE_SCORE, STREET_SCORE, HINT_SCORE = 80.0, 65.0, 45.0


def ask_online(desk: Desk, address: str, known: Found, by: str) -> Found:
    """`known` and what the provider says of the address. May take the provider's limit: in no transaction."""
    provider = desk.online
    if provider is None or not address:
        return known
    try:
        given = provider.find(address)
    except NoAnswer as error:
        attempt = Attempt(provider.name, address, "failed", reason=error.reason, answer=error.detail)
        return replace(known, attempts=(*known.attempts, attempt))
    if given is None:
        return replace(known, attempts=(*known.attempts, Attempt(provider.name, address, "unknown")))
    here = _candidate(given)
    attempt = _attempt(provider.name, address, given, here)
    if not _in_area(desk, here):
        unused = replace(attempt, result="unused", reason="outside")
        return replace(known, attempts=(*known.attempts, unused))
    if given.precision_m <= PRECISE_M and _agrees(here, known.candidates):
        raw, where = (given.lon, given.lat), (here.score, given.precision_m, by, given.datum)
        place = Place(here.lon, here.lat, provider.name, "A", *where, raw)
        taken = replace(attempt, result="taken", reason="agrees")
        return Found(place, (*known.attempts, taken), (here, *known.candidates))
    return Found(None, (*known.attempts, attempt), _among(here, known.candidates))


def _attempt(name: str, address: str, given: Given, here: Candidate) -> Attempt:
    where = (given.precision_m, given.datum, here.lon, here.lat)
    told = f"{given.label} ({given.lon}, {given.lat})"
    return Attempt(name, address, "unsure", here.score, *where, answer=told)


def _candidate(given: Given) -> Candidate:
    lon, lat = to_wgs84(given.lon, given.lat, given.datum)
    score = HINT_SCORE
    if given.precision_m <= SHORT_M:
        score = PRECISE_SCORE if given.precision_m <= PRECISE_M else STREET_SCORE
    tier: Tier = "B" if given.precision_m <= SHORT_M else "C"
    return Candidate(given.label, lon, lat, "online", score, given.precision_m, tier)


def _among(here: Candidate, ours: Sequence[Candidate]) -> tuple[Candidate, ...]:
    """Ours first where one of them deserves a look; then the provider's counts as a rival of the best."""
    if not ours or ours[0].tier == "C":
        return (here, *ours)
    rival = replace(here, score=max(here.score, ours[0].score - ALIKE_MARGIN))
    return (*ours, rival if here.tier == "B" else here)


def _agrees(here: Candidate, ours: Sequence[Candidate]) -> bool:
    """Whether a find on our map lies there too; what was confirmed once may have been the provider's word."""
    return any(
        each.tier != "C"
        and each.kind not in {"alias", "caller"}
        and zone.metres((each.lon, each.lat), (here.lon, here.lat)) <= RIVAL_M
        for each in ours
    )


def _in_area(desk: Desk, here: Candidate) -> bool:
    west, south, east, north = desk.roads.bounds
    return west <= here.lon <= east and south <= here.lat <= north
