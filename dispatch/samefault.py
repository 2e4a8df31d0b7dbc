"""How likely it is that two reports speak of one fault, and what speaks for it and against it.

Each thing the two have in common, or not, adds its weight of evidence, in log-odds; the sum is turned into a
score between 0 and 1. What is unknown adds nothing. The weights are the company's own data
(`data/policies/samefault.toml`): a sum stays readable, each term is a reason that can be told, and a company
that has counted its undone merges can replace one number without touching the others. Near places mostly
share a transformer, so the terms are not independent: the weights are set for that, and the score is a rank
with a meaning at the ends, not a frequency, until somebody has measured it as one.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import pairwise
from typing import TYPE_CHECKING

from dispatch.zone import metres

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dispatch.ticket import FaultKind

MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Sign:
    """What one report tells of its fault. `at` is the call, epoch ms; unknown words are empty."""

    fault: FaultKind
    at: int
    lonlat: tuple[float, float]  # degrees WGS-84
    precision_m: float = 30.0
    transformer: str = ""
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Curve:
    """A weight that changes with a measure: points (measure, log-odds), the measure rising."""

    points: tuple[tuple[float, float], ...]

    def at(self, measure: float) -> float:
        """The log-odds at `measure`: in a straight line between two points, beyond the ends as at the end."""
        for (low, before), (high, after) in pairwise(self.points):
            if measure <= high:
                share = max(0.0, (measure - low) / (high - low))
                return before + share * (after - before)
        return self.points[-1][1]

    def last_at_least(self, odds: float) -> float:
        """The largest measure that is worth so much: infinite if the end is, negative if no point is."""
        if self.points[-1][1] >= odds:
            return math.inf
        for (low, before), (high, after) in reversed(list(pairwise(self.points))):
            if before >= odds > after:
                return low + (before - odds) / (before - after) * (high - low)
        return -1.0

    @property
    def most(self) -> float:
        """The most that any measure is worth."""
        return max(odds for _, odds in self.points)


@dataclass(frozen=True, slots=True)
class Evidence:
    """What each likeness and each difference is worth, in log-odds."""

    prior: float
    metres: Curve
    minutes: Curve
    same_transformer: float
    other_transformer: float
    other_unit: float
    kinds: Mapping[frozenset[FaultKind], float]
    kinds_differ: float


@dataclass(frozen=True, slots=True)
class Likeness:
    """How alike two reports are: a score in 0-1, and its reasons as codes, a value after the colon.

    `apart_m:120`, `minutes_apart:6`, `same_transformer`, `other_transformer`, `same_kind`, `kinds_agree`,
    `kinds_differ`, `other_unit`.
    """

    score: float
    reasons: tuple[str, ...]


def compare(one: Sign, other: Sign, evidence: Evidence) -> Likeness:
    """How likely the two are one fault; the order of the two does not matter."""
    apart_m = metres(one.lonlat, other.lonlat)
    minutes = abs(one.at - other.at) / MINUTE_MS
    kind, kind_weight = _kinds(one, other, evidence)
    area, area_weight = _area(one, other, evidence)
    abroad = bool(one.unit and other.unit and one.unit != other.unit)
    odds = (
        evidence.prior
        + evidence.metres.at(math.hypot(apart_m, one.precision_m, other.precision_m))
        + evidence.minutes.at(minutes)
        + kind_weight
        + area_weight
        + (evidence.other_unit if abroad else 0.0)
    )
    told = (f"apart_m:{apart_m:.0f}", f"minutes_apart:{minutes:.0f}", area, kind)
    reasons = (*told, "other_unit") if abroad else told
    return Likeness(_share(odds), tuple(reason for reason in reasons if reason))


def of_ticket(one: Sign, others: Sequence[Sign], evidence: Evidence) -> Likeness:
    """How likely a report is of the fault that a ticket's reports make: as likely as of the likest of them.

    A feeder is longer than the way between two neighbours, so the callers at its ends belong together though
    neither would alone. ValueError when there are no others.
    """
    return max((compare(one, other, evidence) for other in others), key=lambda each: each.score)


def farthest_m(share: float, evidence: Evidence) -> float:
    """How far apart two reports may be, in metres, that are one fault as surely as `share` (in 0-1, no end).

    Whatever else they have in common: beyond, no pair comes to so much. Negative when none does at all.
    """
    kinds = max([evidence.kinds_differ, *evidence.kinds.values()])
    areas = max(0.0, evidence.same_transformer, evidence.other_transformer)
    else_ = evidence.prior + evidence.minutes.most + kinds + areas + max(0.0, evidence.other_unit)
    return evidence.metres.last_at_least(math.log(share / (1 - share)) - else_)


def _kinds(one: Sign, other: Sign, evidence: Evidence) -> tuple[str, float]:
    weight = evidence.kinds.get(frozenset({one.fault, other.fault}), evidence.kinds_differ)
    if weight < 0:
        return "kinds_differ", weight
    return ("same_kind" if one.fault == other.fault else "kinds_agree"), weight


def _area(one: Sign, other: Sign, evidence: Evidence) -> tuple[str, float]:
    if not one.transformer or not other.transformer:
        return "", 0.0
    if one.transformer == other.transformer:
        return "same_transformer", evidence.same_transformer
    return "other_transformer", evidence.other_transformer


def _share(odds: float) -> float:
    """Log-odds as a share in 0-1."""
    return 1 / (1 + math.exp(-odds)) if odds >= 0 else math.exp(odds) / (1 + math.exp(odds))
