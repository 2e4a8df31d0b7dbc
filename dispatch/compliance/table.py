"""The month's table: what was promised, what was kept, and the figures per zone, unit and fault beside it."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from decimal import ROUND_DOWN, Decimal
from typing import TYPE_CHECKING, get_args

from dispatch.compliance.month import Figures, Head, Late, Line, Month, Row, ShadowTable, Told
from dispatch.compliance.verdict import Verdict, month_bounds, verdict
from dispatch.outage import in_time
from dispatch.ticket import FaultKind, Zone, arrived_for, find_visit_for, restored_for

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import tzinfo

    from dispatch.outage import Notice
    from dispatch.promise import Policy, TableRow
    from dispatch.ticket import Promise, Report, Ticket

GRADES = ("A", "B", "C", "D")


def month_table(
    month: str,
    told: Sequence[Told],
    notices: Iterable[Notice],
    policy: Policy,
    *,
    as_of: int,
    head: tuple[int, str],
    tz: tzinfo,
    shadows: Sequence[Policy] = (),
    names: Mapping[str, str] | None = None,
) -> Month:
    """The month `2026-10` as it stands at `as_of` (epoch ms); order of the input does not matter.

    `told` may hold reports of other months: those received within the calendar month of `tz` count.
    Notices count in the month their outage begins. `names` are the units' names by id. The rates follow
    each report's own frozen promise; `policy` only says which rows are printed. BadInput: not a month.
    """
    from_at, until_at = month_bounds(month, tz)
    mine = [t for t in told if from_at <= t.report.received_at < until_at]
    mine.sort(key=lambda t: (t.report.received_at, t.report.id))
    begun = [n for n in notices if from_at <= n.from_at < until_at]
    lines = [_line(t, as_of, t.report.promise) for t in mine]
    return Month(
        month=month,
        tz=tz,
        policy=policy.name,
        version=policy.version,
        source=policy.source,
        head=Head(*head),
        rows=_rows(policy, lines, begun),
        shadows=tuple(_shadow(each, mine, begun, as_of) for each in shadows),
        zones=_figures(((line.zone or "", line) for line in lines), keys=get_args(Zone)),
        units=_figures(((line.unit, line) for line in lines), names=names),
        faults=_figures(((line.fault, line) for line in lines), keys=get_args(FaultKind)),
        late=tuple(_late(line) for line in lines if line.verdict in ("missed", "exempt")),
        evidence=_evidence(lines),
        flags=_flags(mine),
        counts=_counts(lines),
        lines=tuple(lines),
    )


def tell(report: Report, ticket: Ticket) -> Told:
    """The report with the crew whose arrival counts for it (or that is on its way) and how it is proven."""
    visit = find_visit_for(ticket, report) or ticket.visit
    return Told(report, ticket, visit.crew if visit else "", visit.evidence if visit else "")


def _line(told: Told, as_of: int, promise: Promise | None) -> Line:
    report, ticket = told.report, told.ticket
    arrived_at = arrived_for(ticket, report)
    trip = report.needs_trip or arrived_at is not None
    return Line(
        report=report.id,
        ticket=ticket.id,
        unit=report.unit,
        zone=promise.zone if promise else (report.zoned.zone if report.zoned else None),
        policy=promise.policy if promise else "",
        fault=report.fault,
        received_at=report.received_at,
        due_at=promise.due_at if promise else None,
        arrived_at=arrived_at,
        restored_at=restored_for(ticket, report) if trip else None,
        verdict=verdict(report, ticket, as_of, promise),
        evidence=told.evidence if arrived_at is not None else "",
        crew=told.crew if trip else "",
        merged=ticket.id != report.first_ticket,
        simulated=report.simulated,
    )


def _shadow(policy: Policy, told: Sequence[Told], notices: Sequence[Notice], as_of: int) -> ShadowTable:
    """The table by the shadow promises of `policy`; a report promised before it was a shadow has none."""
    lines = []
    for each in told:
        promise = next((p for p in each.report.shadows if p.policy == policy.name), None)
        if promise is not None:
            lines.append(_line(each, as_of, promise))
    return ShadowTable(policy.name, policy.version, _rows(policy, lines, notices))


def _rows(policy: Policy, lines: Sequence[Line], notices: Sequence[Notice]) -> tuple[Row, ...]:
    return tuple(_row(row, policy, lines, notices) for row in policy.rows)


def _row(row: TableRow, policy: Policy, lines: Sequence[Line], notices: Sequence[Notice]) -> Row:
    if row.counts == "arrivals":
        return _arrival_row(row, [line for line in lines if line.zone == row.zone])
    if row.counts == "notices":
        late = sum(not in_time(notice, policy.hours_ahead) for notice in notices)
        return _counted(row, len(notices), late)
    return Row(row.item, row.counts, row.zone, row.points)


def _arrival_row(row: TableRow, lines: Sequence[Line]) -> Row:
    n = Counter(line.verdict for line in lines)
    total, late = n["kept"] + n["missed"] + n["exempt"], n["missed"] + n["exempt"]
    arrivals = _arrivals(lines)
    return replace(
        _counted(row, total, late, n["exempt"]),
        open=n["open"],
        mean_arrival_s=_mean_s(arrivals),
        p90_arrival_s=_rank_s(arrivals, 90),
    )


def _counted(row: TableRow, total: int, late: int, exempt: int = 0) -> Row:
    good = total - late + exempt
    return Row(
        item=row.item,
        counts=row.counts,
        zone=row.zone,
        points=row.points,
        total=total,
        late=late,
        exempt=exempt,
        rate=_rate(good, total),
        rate_without_exemptions=_rate(total - late, total),
        score=_score(row.points, good, total) if total else None,
    )


def _figures(
    keyed: Iterable[tuple[str, Line]], keys: Sequence[str] = (), names: Mapping[str, str] | None = None
) -> tuple[Figures, ...]:
    """One group a key, in the order of `keys` when given (all of them shown), else sorted; unknown last."""
    groups: dict[str, list[Line]] = {key: [] for key in keys}
    for key, line in keyed:
        groups.setdefault(key, []).append(line)
    order = list(keys) + sorted(set(groups) - set(keys), key=lambda key: (not key, key))
    return tuple(_group(key, (names or {}).get(key, key), groups[key]) for key in order)


def _group(key: str, name: str, lines: Sequence[Line]) -> Figures:
    n = Counter(line.verdict for line in lines)
    total, late = n["kept"] + n["missed"] + n["exempt"], n["missed"] + n["exempt"]
    arrivals = _arrivals(lines)
    return Figures(
        key=key,
        name=name,
        reports=len(lines),
        total=total,
        late=late,
        exempt=n["exempt"],
        open=n["open"],
        no_trip=n["no_trip"],
        rate=_rate(total - n["missed"], total),
        rate_without_exemptions=_rate(total - late, total),
        mean_arrival_s=_mean_s(arrivals),
        median_arrival_s=_rank_s(arrivals, 50),
        p90_arrival_s=_rank_s(arrivals, 90),
        mean_restoration_s=_mean_s([ms for line in lines if (ms := line.restoration_ms) is not None]),
    )


def _late(line: Line) -> Late:
    due_at = line.due_at or 0  # a missed promise has one
    return Late(
        report=line.report,
        ticket=line.ticket,
        unit=line.unit,
        zone=line.zone,
        fault=line.fault,
        crew=line.crew,
        received_at=line.received_at,
        due_at=due_at,
        arrived_at=line.arrived_at,
        late_ms=None if line.arrived_at is None else line.arrived_at - due_at,
        exempt=line.verdict == "exempt",
    )


def _arrivals(lines: Iterable[Line]) -> list[int]:
    """Milliseconds to every arrival, shortest first; a crew on the road has none yet."""
    return sorted(ms for line in lines if (ms := line.arrival_ms) is not None)


def _evidence(lines: Iterable[Line]) -> dict[str, int]:
    seen = Counter(line.evidence for line in lines if line.arrived_at is not None)
    return {grade: seen[grade] for grade in GRADES}


def _flags(told: Iterable[Told]) -> dict[str, int]:
    """How many visits each oddity was seen on; a ticket of several reports counts once."""
    tickets = {each.ticket.id: each.ticket for each in told}
    seen = Counter(flag for ticket in tickets.values() for visit in ticket.visits for flag in visit.flags)
    return dict(sorted(seen.items()))


def _counts(lines: Sequence[Line]) -> dict[str, int]:
    n = Counter(line.verdict for line in lines)
    verdicts = {each: n[each] for each in get_args(Verdict)}
    return {"reports": len(lines), **verdicts, "simulated": sum(line.simulated for line in lines)}


def _rate(good: int, total: int) -> float | None:
    """Percent with two decimals, rounded down, so that one miss never reads 100.00; None of nothing."""
    return None if total == 0 else good * 10_000 // total / 100


def _score(points: float, good: int, total: int) -> float:
    """Points x rate (the rate as printed, so that the form can be checked by hand), rounded down."""
    exact = Decimal(str(points)) * (good * 10_000 // total) / 10_000
    return float(exact.quantize(Decimal("0.0001"), ROUND_DOWN))


def _mean_s(times_ms: Sequence[int]) -> int | None:
    """Mean in whole seconds, rounded up: a mean just over a limit never reads as within it."""
    return -(-sum(times_ms) // (len(times_ms) * 1000)) if times_ms else None


def _rank_s(sorted_ms: Sequence[int], percent: int) -> int | None:
    """The nearest-rank percentile (50 is the lower median) in whole seconds, rounded up."""
    if not sorted_ms:
        return None
    rank = -(-percent * len(sorted_ms) // 100)
    return -(-sorted_ms[rank - 1] // 1000)
