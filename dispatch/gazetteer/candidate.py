"""What a search for a place answers, and what anything that searches must offer."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

Kind = Literal[
    "account",
    "address",
    "street",
    "crossing",
    "place",
    "landmark",
    "building",
    "transformer",
    "pole",
    "alias",
    "caller",
    "online",
]
Tier = Literal["A", "B", "C"]


@dataclass(frozen=True, slots=True)
class Candidate:
    """A place that a text may mean.

    `label` is how it is shown; (`lon`, `lat`) in degrees WGS-84, right to about `precision_m` metres. `score`
    is 0-100. Tier A may be accepted as it stands, B wants one look, C is only a hint for the pin on the map.
    """

    label: str
    lon: float
    lat: float
    kind: Kind
    score: float
    precision_m: float
    tier: Tier


class Gazetteer(Protocol):
    """Anything that finds places by their words; any text is taken, and none raises."""

    def locate(self, text: str, limit: int = 8) -> list[Candidate]:
        """The places that `text` may mean, the best first; empty when none does."""
        ...

    def suggest(self, prefix: str, limit: int = 8) -> list[Candidate]:
        """The places whose names go on from `prefix`, for a field that completes while typing."""
        ...

    def place_near(self, lon: float, lat: float) -> str:
        """The town, village or quarter whose centre is nearest within 5 km; "" when there is none."""
        ...
