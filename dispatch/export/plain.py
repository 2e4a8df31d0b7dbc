"""The month for programs: its JSON and one CSV row a report, times in ISO 8601 with the service's offset."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import tzinfo

    from dispatch.compliance import Late, Line, Month, Row

CSV_COLUMNS = (
    "report", "ticket", "unit", "zone", "policy", "received_at", "due_at", "arrived_at", "arrival_s",
    "restored_at", "verdict", "exemption", "evidence", "crew", "merged", "corrected",
)  # fmt: skip
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "＝")
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def iso(at_ms: int | None, tz: tzinfo) -> str | None:
    """A moment (epoch ms) as `2026-10-03T08:15:00+08:00`, with milliseconds only when there are any."""
    if at_ms is None:
        return None
    local = (_EPOCH + timedelta(milliseconds=at_ms)).astimezone(tz)
    return local.isoformat(timespec="milliseconds" if at_ms % 1000 else "seconds")


def seconds(ms: int | None) -> int | float | None:
    """Milliseconds as seconds: whole when they are, else with the milliseconds that decide a verdict."""
    if ms is None or ms % 1000:
        return ms and ms / 1000
    return ms // 1000


def month_dict(month: Month) -> dict[str, Any]:
    """The month as the API and the pages know it: everything but the single reports, ready for JSON."""
    return {
        "month": month.month,
        "policy": month.policy,
        "policy_version": month.version,
        "policy_source": month.source,
        "timezone": str(month.tz),
        "simulated": month.simulated,
        "rows": [_row(row) for row in month.rows],
        "shadows": [
            {"policy": s.policy, "version": s.version, "rows": [_row(row) for row in s.rows]}
            for s in month.shadows
        ],
        "zones": [asdict(each) for each in month.zones],
        "units": [asdict(each) for each in month.units],
        "faults": [asdict(each) for each in month.faults],
        "late": [_late(each, month.tz) for each in month.late],
        "exemptions": [],
        "corrections": [],
        "evidence": dict(month.evidence),
        "flags": dict(month.flags),
        "counts": dict(month.counts),
        "head": asdict(month.head),
    }


def _row(row: Row) -> dict[str, Any]:
    first = ("item", "zone", "total", "late", "exempt", "rate", "rate_without_exemptions")
    fields = asdict(row)
    return {**{name: fields[name] for name in first}, **fields}


def _late(late: Late, tz: tzinfo) -> dict[str, Any]:
    fields = asdict(late)
    times = {name: iso(fields[name], tz) for name in ("received_at", "due_at", "arrived_at")}
    late_s = seconds(fields.pop("late_ms"))
    return {**fields, **times, "late_s": late_s}


def json_bytes(month: Month) -> bytes:
    """`month.json`, UTF-8, one value a line so that two exports can be compared by eye."""
    return (json.dumps(month_dict(month), ensure_ascii=False, indent=1, allow_nan=False) + "\n").encode()


def csv_bytes(month: Month) -> bytes:
    """`reports.csv`, UTF-8: one row a report. Simulated data add a column `simulated`, so that it is seen."""
    columns = (*CSV_COLUMNS, "simulated") if month.simulated else CSV_COLUMNS
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(columns)
    for line in month.lines:
        fields = _fields(line, month.tz)
        writer.writerow([_cell(fields[column]) for column in columns])
    return text.getvalue().encode()


def _fields(line: Line, tz: tzinfo) -> Mapping[str, object]:
    return {
        "report": line.report,
        "ticket": line.ticket,
        "unit": line.unit,
        "zone": line.zone,
        "policy": line.policy,
        "received_at": iso(line.received_at, tz),
        "due_at": iso(line.due_at, tz),
        "arrived_at": iso(line.arrived_at, tz),
        "arrival_s": seconds(line.arrival_ms),
        "restored_at": iso(line.restored_at, tz),
        "verdict": line.verdict,
        "exemption": line.exemption,
        "evidence": line.evidence,
        "crew": line.crew,
        "merged": line.merged,
        "corrected": line.corrected,
        "simulated": line.simulated,
    }


def _cell(value: object) -> object:
    """A value that no spreadsheet takes for a formula; true and false as in JSON; nothing as nothing."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str) and value.startswith(FORMULA_STARTS):
        return "'" + value
    return "" if value is None else value
