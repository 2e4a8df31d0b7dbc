"""How long works and drives last today, and how long a crew at work will still be there.

On a stormy day everything takes longer than in a year's average, and a plan that believes every busy crew to
be free on the minute of that average leaves tickets to crews that do not come. So the last hours count:

    log(true / expected) ~ Normal(centre, width),  centre = n mean / (n + AS_IF)

of n cases, shrunk towards what is usual as in `chance`. A work that has gone on for t is as long as one of
those works that last longer than t: the longer it has lasted, the longer it will (Johnson, Kotz, Balakrishnan
1994, "Continuous Univariate Distributions" 1, ch. 14: moments of the log-normal above a point).
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from scipy.special import ndtr

from dispatch.plan.chance import FARTHEST, NARROWEST, USUAL_WIDTH, Spread

if TYPE_CHECKING:
    from collections.abc import Iterable

AS_IF = 6  # so many cases of today count as much as what is usual
LATELY_MS = 6 * 3_600_000  # a front passes within half a day: what is older tells of other weather
MOST = 40  # of the last cases
LEAST_S = 60.0  # nobody is free this very minute who has not said so
BY_TABLE = Spread(-(USUAL_WIDTH**2) / 2, USUAL_WIDTH)  # the figure of a table is taken for a mean
DEEPEST = 4.0  # widths beyond the centre after which a work is too odd to say more of


def lately(cases: Iterable[tuple[float, float]], usual: Spread) -> Spread:
    """How cases of (expected, true) seconds, the last of them the latest, lie beside what is usual.

    What cannot be true (no time, six times too long) is left out.
    """
    logs = [math.log(true_s / expected_s) for expected_s, true_s in cases if expected_s > 0 and true_s > 0]
    logs = [each for each in logs if abs(each) <= FARTHEST][-MOST:]
    centre = (sum(logs) + AS_IF * usual.centre) / (len(logs) + AS_IF)
    squares = sum((each - centre) ** 2 for each in logs) + AS_IF * usual.width**2
    return Spread(centre, max(NARROWEST, math.sqrt(squares / (len(logs) + AS_IF))))


def mean_factor(spread: Spread) -> float:
    """By how much longer than expected something lasts on the mean."""
    return math.exp(spread.centre + spread.width**2 / 2)


def left_s(expected_s: float, done_s: float, work: Spread) -> float:
    """Seconds that are left, on the mean, of a work that should last `expected_s` and has lasted `done_s`.

    At least LEAST_S; a work not yet begun has `done_s` 0 or less.
    """
    mean, _square, done = _left(expected_s, done_s, work)
    return max(expected_s * (mean - done), LEAST_S)


def left_variance(expected_s: float, done_s: float, work: Spread) -> float:
    """The variance, in seconds squared, of what is left of a work (`left_s`)."""
    mean, square, _done = _left(expected_s, done_s, work)
    return expected_s**2 * max(square - mean**2, 0.0)


def log_width(mean: float, variance: float) -> float:
    """The width of the logarithm of a time with this mean and variance, taken as log-normal; never none."""
    return max(NARROWEST, math.sqrt(math.log1p(variance / mean**2)))


def _left(expected_s: float, done_s: float, work: Spread) -> tuple[float, float, float]:
    """Mean and mean square of works that last longer than `done_s`, and that; in shares of `expected_s`."""
    mean, square = mean_factor(work), math.exp(2 * (work.centre + work.width**2))
    if not (done_s > 0 and expected_s > 0):
        return mean, square, 0.0
    deep = min((math.log(done_s) - math.log(expected_s) - work.centre) / work.width, DEEPEST)
    longer = ndtr(-deep)
    mean *= float(ndtr(work.width - deep) / longer)
    square *= float(ndtr(2 * work.width - deep) / longer)
    return mean, square, math.exp(work.centre + work.width * deep)
