"""How sure a find is: A may be taken as it stands, B wants one look, C is a hint for the pin.

A: the name and the house number exactly as on the map, the locality said or the street in one locality only
(the search says so), and no other place farther than 150 m within 6 points. B: all that lies within 10 points
of the best is small enough to be looked for with a van; whether it all lies in one zone, the desk decides.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from dispatch.gazetteer.distance import distance_m

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from dispatch.gazetteer.candidate import Candidate

RIVAL_M = 150.0  # two finds farther apart than this are two places
SHORT_M = 400.0  # a street or a site up to this long can be looked for with a van
SURE_SCORE = 90.0
SURE_MARGIN = 6.0
ALIKE_MARGIN = 10.0
LOOK_SCORE = 60.0
WORTH_SHOWING = 30.0
MOST_ALIKE = 50  # more than a dispatcher reads, or a zone check needs to be told

_ORDER = {
    "address": 0, "street": 1, "crossing": 2, "transformer": 3, "pole": 4, "landmark": 5, "building": 6,
    "place": 7,
}  # fmt: skip


def alike(candidates: Sequence[Candidate]) -> list[Candidate]:
    """The candidates within 10 points of the first; with tier B they must all lie in one zone."""
    return [each for each in candidates if candidates[0].score - each.score <= ALIKE_MARGIN]


def graded(ranked: list[Candidate]) -> list[Candidate]:
    """The ranked candidates, each with the tier it deserves beside the others."""
    if not ranked:
        return []
    top, near = ranked[0], alike(ranked)
    if top.tier == "A" and _beyond_doubt(top, ranked[1:]):
        return [top, *(replace(each, tier="C") for each in ranked[1:])]
    look = top.score >= LOOK_SCORE and len(near) <= MOST_ALIKE and all(_small(each) for each in near)
    return [replace(each, tier="B" if look and at < len(near) else "C") for at, each in enumerate(ranked)]


def best(found: Iterable[Candidate], within: float = WORTH_SHOWING) -> list[Candidate]:
    """Each place once with its best score, the best first; equal scores in an order that never changes.

    What lies more than `within` points below the best is left out: it only hides the rest.
    """
    ranked = sorted(found, key=lambda c: (-c.score, _ORDER[c.kind], len(c.label), c.label, c.lon, c.lat))
    kept: list[Candidate] = []
    seen: dict[tuple[str, str], list[Candidate]] = defaultdict(list)
    spots: set[tuple[str, float, float]] = set()
    for each in ranked:
        spot = (each.kind, round(each.lon, 4), round(each.lat, 4))
        if each.score < ranked[0].score - within or spot in spots:
            continue
        twins = seen[each.kind, each.label]
        if all(distance_m((each.lon, each.lat), (twin.lon, twin.lat)) > RIVAL_M for twin in twins):
            kept.append(each)
        spots.add(spot)
        twins.append(each)
    return kept


def _beyond_doubt(top: Candidate, others: Iterable[Candidate]) -> bool:
    return top.score >= SURE_SCORE and not any(
        top.score - other.score < SURE_MARGIN
        and distance_m((top.lon, top.lat), (other.lon, other.lat)) > RIVAL_M
        for other in others
    )


def _small(candidate: Candidate) -> bool:
    return candidate.kind != "place" and candidate.precision_m <= SHORT_M
