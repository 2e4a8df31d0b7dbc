"""What is told of the chances of arriving in time: the shape of the answer, as OpenAPI shows it."""

from __future__ import annotations

from dispatch.web.shapes import Shape


class BinOut(Shape):
    """Trips whose chance was said to be `low` to before `high`: how many, the mean said, what came."""

    low: float
    high: float
    count: int
    said: float
    came: float


class EffectsOut(Shape):
    """Factors on the expected time: quantiles over all, and the median of each group."""

    count: int
    p10: float
    p50: float
    p90: float
    factors: dict[str, float]


class CalibrationOut(Shape):
    """Brier scores (0 perfect) of what was said, of the ramp and of the base rate; null before any trip.

    `enough` says whether the planner goes by what was learnt; before that it goes by the ramp.
    """

    count: int
    brier: float | None
    brier_ramp: float | None
    brier_base_rate: float | None
    bins: list[BinOut]
    enough: bool
    drives: EffectsOut
    works: EffectsOut
