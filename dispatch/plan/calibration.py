"""Whether what was said of the chance of arriving in time came true: reliability by tenths, and Brier scores.

The Brier score is the mean squared difference between the chance said (0-1) and what happened (0 or 1): 0 is
perfect, and whoever always says the share of arrivals in time gets `base_rate` (Brier 1950).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

TENTHS = 10


@dataclass(frozen=True, slots=True)
class Said:
    """One arrival: the chance said when the crew was sent, what the ramp would have said, what happened."""

    chance: float
    ramp: float
    on_time: bool


@dataclass(frozen=True, slots=True)
class Bin:
    """Arrivals whose chance was said to be `low` to before `high`: how many, the mean said, what came."""

    low: float
    high: float
    count: int
    said: float
    came: float


@dataclass(frozen=True, slots=True)
class Calibration:
    """Of `count` arrivals: the Brier scores of what was said, of the ramp and the base rate, and the bins."""

    count: int
    brier: float | None
    brier_ramp: float | None
    brier_base_rate: float | None
    bins: tuple[Bin, ...]


def calibrate(said: Sequence[Said]) -> Calibration:
    """The reliability of what was said; scores are None where nothing was."""
    if not said:
        return Calibration(0, None, None, None, ())
    share = sum(each.on_time for each in said) / len(said)
    return Calibration(
        count=len(said),
        brier=_brier((each.chance, each.on_time) for each in said),
        brier_ramp=_brier((each.ramp, each.on_time) for each in said),
        brier_base_rate=_brier((share, each.on_time) for each in said),
        bins=tuple(_bins(said)),
    )


def _brier(pairs: Iterable[tuple[float, bool]]) -> float:
    squares = [(chance - came) ** 2 for chance, came in pairs]
    return sum(squares) / len(squares)


def _bins(said: Sequence[Said]) -> Iterable[Bin]:
    of: dict[int, list[Said]] = {}
    for each in said:
        of.setdefault(min(int(each.chance * TENTHS), TENTHS - 1), []).append(each)
    for tenth in sorted(of):
        some = of[tenth]
        mean = sum(each.chance for each in some) / len(some)
        came = sum(each.on_time for each in some) / len(some)
        yield Bin(tenth / TENTHS, (tenth + 1) / TENTHS, len(some), mean, came)
