"""Whether the promise of one report was kept, and which calendar month a report belongs to."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal

from dispatch.errors import BadInput, Fault
from dispatch.ticket import arrived_for

if TYPE_CHECKING:
    from datetime import tzinfo

    from dispatch.ticket import Promise, Report, Ticket

Verdict = Literal["kept", "missed", "exempt", "open", "no_trip"]
_MONTH = re.compile(r"([12][0-9]{3})-(0[1-9]|1[0-2])")


def verdict(report: Report, ticket: Ticket, as_of: int, promise: Promise | None = None) -> Verdict:
    """How the promise of `report` stands at `as_of` (epoch ms); `promise` judges by a shadow policy instead.

    Whole milliseconds decide: an arrival at the due time is kept, one millisecond later is missed. Nobody
    there yet is missed as soon as the due time has passed. A report without a promise (not located yet)
    stays open. Nothing is exempt before exemptions are granted. A report that was resolved is no trip only
    if nobody came: what a crew's arrival decided, a later word on the phone does not undo.
    """
    arrived_at = arrived_for(ticket, report)
    if not report.needs_trip and arrived_at is None:
        return "no_trip"
    due = promise or report.promise
    if due is None:
        return "open"
    if arrived_at is not None:
        return "kept" if arrived_at <= due.due_at else "missed"
    return "missed" if as_of > due.due_at else "open"


def month_bounds(month: str, tz: tzinfo) -> tuple[int, int]:
    """The calendar month `2026-10` in the service's time zone as (from, until) in epoch ms, until excluded.

    Raises BadInput when `month` is not a month.
    """
    year, number = _parse(month)
    later = divmod(year * 12 + number, 12)
    return _start(year, number, tz), _start(later[0], later[1] + 1, tz)


def month_of(at_ms: int, tz: tzinfo) -> str:
    """The calendar month (`2026-10`) of a moment (epoch ms) in the service's time zone."""
    return f"{datetime.fromtimestamp(at_ms // 1000, UTC).astimezone(tz):%Y-%m}"


def neighbours(month: str) -> tuple[str, str]:
    """The months before and after `month`; raises BadInput when it is not a month."""
    year, number = _parse(month)
    before, after = divmod(year * 12 + number - 2, 12), divmod(year * 12 + number, 12)
    return f"{before[0]:04d}-{before[1] + 1:02d}", f"{after[0]:04d}-{after[1] + 1:02d}"


def _parse(month: str) -> tuple[int, int]:
    found = _MONTH.fullmatch(month)
    if found is None:
        detail = f"{month[:40]!r} is not a month; write it as year and month, like 2026-10."
        raise BadInput(detail, (Fault("month", "must look like 2026-10"),))
    return int(found[1]), int(found[2])


def _start(year: int, month: int, tz: tzinfo) -> int:
    return int(datetime(year, month, 1, tzinfo=tz).timestamp()) * 1000
