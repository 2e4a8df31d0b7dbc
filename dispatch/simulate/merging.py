"""Which open ticket a call joins in a simulated day: by what a desk could know, not by the fault itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.samefault import Evidence, Likeness, Sign, of_ticket
from dispatch.zone import metres

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.simulate.field import Ticket
    from dispatch.simulate.scenario import Call
    from dispatch.simulate.world import Merging
    from dispatch.ticket import FaultKind

FAR_M = 1500.0  # nobody looks for one fault beyond
PRECISION_M = 30.0  # callers say a house


def recognised(evidence: Evidence, wanted: float) -> Merging:
    """A call joins the likeliest open ticket, if that is as likely as `wanted` (0-1).

    A scenario knows no transformers and no units: place, time and what the fault needs decide. As at the
    desk, a call joins no crew that was sent without the skill it needs.
    """

    def merging(call: Call, tickets: Sequence[Ticket]) -> str | None:
        sign = _sign(call)
        near = [each for each in tickets if _may_join(call, each)]
        scored = [(of_ticket(sign, [_sign(other) for other in each.calls], evidence), each) for each in near]
        best = max(scored, key=_surety, default=None)
        return best[1].id if best and best[0].score >= wanted else None

    return merging


def within(far_m: float, long_min: float) -> Merging:
    """The plain rule beside it: a call joins the nearest ticket so near that was opened so recently."""

    def merging(call: Call, tickets: Sequence[Ticket]) -> str | None:
        near = [(metres(call.place, each.place), each) for each in tickets if _may_join(call, each)]
        close = [each for each in near if each[0] <= far_m and _minutes(call, each[1]) <= long_min]
        return min(close, key=lambda each: (each[0], each[1].id))[1].id if close else None

    return merging


def _surety(scored: tuple[Likeness, Ticket]) -> tuple[float, int]:
    """The likeliest first; of equals the one opened first."""
    return (scored[0].score, -scored[1].opened_ms)


def _may_join(call: Call, ticket: Ticket) -> bool:
    able = not ticket.going or any(call.needs <= other.needs for other in ticket.calls)
    return able and metres(call.place, ticket.place) <= FAR_M


def _minutes(call: Call, ticket: Ticket) -> float:
    return abs(call.at_s - ticket.calls[0].at_s) / 60


def _sign(call: Call) -> Sign:
    return Sign(_kind(call), round(call.at_s * 1000), call.place, PRECISION_M)


def _kind(call: Call) -> FaultKind:
    """The kind of fault that has such needs; a scenario does not name it."""
    if call.hazard:
        return "wire_down"
    return "meter" if "meter" in call.needs else "no_power"
