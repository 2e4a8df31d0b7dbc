"""How fast a repair van gets along a road of a class, with or without a signed limit."""

from __future__ import annotations

import math
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from dispatch.errors import SetupError
from dispatch.paths import POLICIES

if TYPE_CHECKING:
    from pathlib import Path

KM_PER_MILE = 1.609344
# Beyond these a number is a slip of the mapper ("500"), not a limit.
SLOWEST_KMH, FASTEST_KMH = 3, 160

_NUMBER = re.compile(r"(\d+(?:\.\d+)?)\s*(mph|km/h|kmh|kph)?")
_ZONE_NUMBER = re.compile(r"zone:?(\d+)$")


@dataclass(frozen=True, slots=True)
class Speeds:
    """The speed table: km/h by road class, and what a signed limit means."""

    class_kmh: dict[str, float]
    implied_kmh: dict[str, float]
    maxspeed_share: float

    def driven_kmh(self, road_class: str, maxspeed: str) -> float:
        """Mean speed in km/h on a road of `road_class` whose `maxspeed` tag reads so ("" for none)."""
        limit = self.limit_kmh(maxspeed)
        return self.class_kmh[road_class] if limit is None else limit * self.maxspeed_share

    def limit_kmh(self, maxspeed: str) -> float | None:
        """The signed limit in km/h; the lowest of a list, None when the tag says nothing usable."""
        limits = [self._one_limit(part.strip()) for part in re.split(r"[;,|]", maxspeed)]
        return min((limit for limit in limits if limit is not None), default=None)

    def _one_limit(self, text: str) -> float | None:
        number = _NUMBER.fullmatch(text)
        if number:
            kmh = float(number[1]) * (KM_PER_MILE if number[2] == "mph" else 1)
            return kmh if SLOWEST_KMH <= kmh <= FASTEST_KMH else None
        zone = _ZONE_NUMBER.search(text)
        if zone:
            return self._one_limit(zone[1])
        return self.implied_kmh.get(text, self.implied_kmh.get(text.rpartition(":")[2]))


def read_speeds(path: Path) -> Speeds:
    """The speed table of a TOML file; SetupError names what is wrong with it."""
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8"))
        return Speeds(
            class_kmh=_positive(table["class_kmh"]),
            implied_kmh=_positive(table["implied_kmh"]),
            maxspeed_share=_positive(table)["maxspeed_share"],
        )
    except (OSError, ValueError, KeyError) as error:
        raise SetupError(f"The speed table {path.name} cannot be used: {error}. Restore it.") from error


def _positive(table: dict[str, Any]) -> dict[str, float]:
    numbers = {name: float(value) for name, value in table.items() if not isinstance(value, dict)}
    for name, value in numbers.items():
        if not 0 < value < math.inf:
            raise ValueError(f"{name} must be above 0")
    return numbers


@cache
def default_speeds() -> Speeds:
    """The table shipped as data/policies/speeds.toml."""
    return read_speeds(POLICIES / "speeds.toml")
