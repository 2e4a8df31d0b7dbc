"""What is told of the chances of arriving in time: the shape of the answer, as OpenAPI shows it."""

from __future__ import annotations

from typing import Literal, TypeAlias

from pydantic import Field

from dispatch.web.shapes import Iso, Shape

WeatherState: TypeAlias = Literal["holds", "to_come", "over", "withdrawn"]


class BinOut(Shape):
    """Trips whose chance was said to be `low` to before `high`: how many, the mean said, what came."""

    low: float
    high: float
    count: int
    said: float
    came: float


class EffectsOut(Shape):
    """Factors on the expected time: quantiles over all, and the median of each group.

    `spreads` are the factors that one and nine in ten cases of a group do not exceed, for those groups that
    have a width of their own.
    """

    count: int
    p10: float
    p50: float
    p90: float
    factors: dict[str, float]
    spreads: dict[str, tuple[float, float]]


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


class WeatherOut(Shape):
    """Severe weather as it was declared; `ended_at` where somebody said before its time that it was over.

    `withdrawn` was ended before it began, and never held.
    """

    id: str
    kind: str
    from_: Iso = Field(alias="from")
    until: Iso
    by: str
    state: WeatherState
    ended_at: Iso | None
    ended_by: str


class WeathersOut(Shape):
    """The severe weather that holds, is to come or was over lately, the latest beginning first."""

    now: Iso
    weather: list[WeatherOut]
