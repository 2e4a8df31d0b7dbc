"""The planner beside nearest pair and hindsight in a few minutes: storms of 20 crews on the sample, 2 seeds.

The everyday form of the section `plan`, which says how it is measured; its metrics begin with "quick".
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.bench.plan import compared
from tests.bench.plan_days import in_sample

if TYPE_CHECKING:
    from tests.bench.figures import Figure
    from tests.bench.house import House


def measure(house: House) -> list[Figure]:
    """Two storms, a busy and an ordinary day."""
    return compared([(in_sample(house), 20, 2)], "quick: ")
