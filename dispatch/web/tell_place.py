"""How places, candidates, attempts to find a report and what is near it become the shapes sent out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dispatch.web import shapes

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from dispatch.desk.same import Nearby
    from dispatch.gazetteer import Candidate
    from dispatch.ticket import Place


def place_out(place: Place | None) -> shapes.PlaceOut | None:
    """A place, or None."""
    if place is None:
        return None
    names = ("lon", "lat", "method", "tier", "score", "precision_m", "by", "near")
    return shapes.PlaceOut(**{name: getattr(place, name) for name in names})


def candidate(candidate: Candidate) -> shapes.CandidateOut:
    """A place an address could mean."""
    names = ("label", "lon", "lat", "kind", "score", "tier", "precision_m")
    return shapes.CandidateOut(**{name: getattr(candidate, name) for name in names})


def attempt(told: Mapping[str, Any], iso: Callable[[int], str]) -> shapes.AttemptOut:
    """One attempt to find a report; `iso` writes a moment (epoch ms) in the company's time."""
    return shapes.AttemptOut(**{**told, "at": iso(told["at"])})


def near(found: Nearby, iso: Callable[[int], str]) -> shapes.NearbyOut:
    """An open ticket that may be of the same fault."""
    return shapes.NearbyOut(
        ticket=found.ticket,
        distance_m=found.distance_m,
        opened_at=iso(found.opened_at),
        score=found.score,
        reasons=list(found.reasons),
    )
