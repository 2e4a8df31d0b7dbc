"""The month as a workbook: the commitment table, units, late list, ledgers, evidence, and every report."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import xlsxwriter

from dispatch.export.sheet import Column, Content, Looks, fill
from dispatch.export.words import Words, texts_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dispatch.compliance import Figures, Late, Line, Month, Row

# The workbook says when it was made; the month's own moment would change with every look at an open month.
MADE_AT = datetime(2000, 1, 1, tzinfo=UTC).replace(tzinfo=None)
OPTIONS = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


def xlsx_bytes(month: Month, lang: str = "zh") -> bytes:
    """`month.xlsx` in the words of `lang`. Text is written as text, never as a formula or a link.

    Raises BadInput for a language without texts.
    """
    t = Words(texts_of(lang))
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, OPTIONS) as book:
        book.set_properties({"title": f"{month.month} {t('month.title')}", "created": MADE_AT})
        looks = Looks.of(book)
        notes = _notes(month, t)
        for name, columns, rows in _sheets(month, t):
            sheet = book.add_worksheet(t(f"month.sheet.{name}")[:31])
            title = f"{month.month} {t('month.title')} · {t(f'month.sheet.{name}')}"
            fill(sheet, Content(title, notes, columns, rows), looks, month.tz)
    return content.getvalue()


def _notes(month: Month, t: Words) -> str:
    """The line under every title; it says first of all when the data were simulated."""
    marks = [t("month.simulated", n=month.counts["simulated"])] if month.simulated else []
    policy = t("month.policy_line", policy=month.policy, version=month.version, source=month.source)
    counted = t("month.counts_line", **month.counts)
    return " · ".join(
        [*marks, policy, counted, t("month.head_line", seq=month.head.seq, hash=month.head.hash)]
    )


def _sheets(month: Month, t: Words) -> Iterable[tuple[str, Sequence[Column], Iterable[Sequence[object]]]]:
    units = {unit.key: unit.name for unit in month.units}
    yield "table", _table_columns(t), _table_rows(month, t)
    yield "units", _figure_columns(t), _figure_rows(month, t)
    yield "late", _columns(t, LATE), (_late_row(late, units, t) for late in month.late)
    yield "exemptions", _columns(t, EXEMPTIONS), ()
    yield (
        "evidence",
        [Column(t("month.evidence"), 60), Column(t("month.count"), 12, "whole")],
        _evidence(month, t),
    )
    yield "corrections", _columns(t, CORRECTIONS), ()
    yield "reports", _columns(t, REPORTS), (_report_row(line, units, t) for line in month.lines)


# key of the header, width, kind
LATE = (
    ("report", 12, "text"), ("ticket", 12, "text"), ("unit", 16, "text"), ("zone", 12, "text"),
    ("fault", 14, "text"), ("crew", 14, "text"), ("received", 20, "time"), ("due", 20, "time"),
    ("arrived", 20, "time"), ("by_how_much", 12, "span"), ("exempt_short", 10, "text"),
)  # fmt: skip
EXEMPTIONS = (
    ("report", 12, "text"), ("cause", 20, "text"), ("from", 20, "time"), ("until", 20, "time"),
    ("told_at", 20, "time"), ("told_how", 20, "text"), ("asked_by", 14, "text"), ("approved_by", 14, "text"),
    ("decision", 12, "text"), ("note", 40, "text"),
)  # fmt: skip
CORRECTIONS = (
    ("report", 12, "text"), ("corrected_event", 16, "text"), ("before", 24, "text"), ("after", 24, "text"),
    ("reason", 40, "text"), ("corrected_by", 14, "text"), ("corrected_at", 20, "time"),
)  # fmt: skip
REPORTS = (
    ("report", 12, "text"), ("ticket", 12, "text"), ("unit", 16, "text"), ("zone", 12, "text"),
    ("fault", 14, "text"), ("policy", 16, "text"), ("received", 20, "time"), ("due", 20, "time"),
    ("arrived", 20, "time"), ("arrival_s", 14, "number"), ("restored", 20, "time"), ("verdict", 12, "text"),
    ("exemption", 12, "text"), ("evidence_short", 8, "text"), ("crew", 14, "text"), ("merged", 8, "text"),
    ("corrected", 8, "text"), ("simulated_short", 8, "text"),
)  # fmt: skip


def _columns(t: Words, specs: Iterable[tuple[str, int, str]]) -> list[Column]:
    return [Column(t(f"month.{key}"), width, kind) for key, width, kind in specs]


def _table_columns(t: Words) -> list[Column]:
    return [
        Column(t("month.no"), 6, "whole"),
        Column(t("month.item"), 46),
        *_columns(t, [(key, 11, "whole") for key in ("total", "late", "exempt", "open")]),
        *_columns(t, [(key, 13, "percent") for key in ("rate", "rate_without")]),
        *_columns(t, [(key, 12, "span") for key in ("mean", "p90")]),
        *_columns(t, [("points", 8, "number"), ("score", 10, "score")]),
    ]


def _table_rows(month: Month, t: Words) -> Iterable[Sequence[object]]:
    """The binding table, then each shadow policy's under its name."""
    yield from (_table_row(number, row, t) for number, row in enumerate(month.rows, 1))
    for shadow in month.shadows:
        yield ()
        yield (None, t("month.shadow", policy=shadow.policy, version=shadow.version))
        yield from (_table_row(number, row, t) for number, row in enumerate(shadow.rows, 1))


def _table_row(number: int, row: Row, t: Words) -> Sequence[object]:
    counted = (row.total, row.late, row.exempt, row.open, row.rate, row.rate_without_exemptions)
    times = (row.mean_arrival_s, row.p90_arrival_s)
    cells = (*counted, *times, row.points, row.score)
    return (number, t.known("month.item", row.item), *("—" if cell is None else cell for cell in cells))


def _figure_columns(t: Words) -> list[Column]:
    whole = ("reports", "total", "late", "exempt", "open", "no_trip")
    return [
        Column(t("month.group"), 14),
        Column(t("month.name"), 22),
        *_columns(t, [(key, 11, "whole") for key in whole]),
        *_columns(t, [(key, 13, "percent") for key in ("rate", "rate_without")]),
        *_columns(t, [(key, 12, "span") for key in ("mean", "median", "p90", "restoration")]),
    ]


def _figure_rows(month: Month, t: Words) -> Iterable[Sequence[object]]:
    for figures in month.units:
        yield _figure_row(t("month.unit"), figures.name or t("month.no_unit"), figures)
    for figures in month.zones:
        yield _figure_row(t("month.zone"), t.known("zone", figures.key, t("month.no_zone")), figures)
    for figures in month.faults:
        if figures.reports:
            yield _figure_row(t("month.fault"), t.known("fault", figures.key), figures)


def _figure_row(group: str, name: str, f: Figures) -> Sequence[object]:
    counted = (f.reports, f.total, f.late, f.exempt, f.open, f.no_trip, f.rate, f.rate_without_exemptions)
    times = (f.mean_arrival_s, f.median_arrival_s, f.p90_arrival_s, f.mean_restoration_s)
    return (group, name, *("—" if cell is None else cell for cell in (*counted, *times)))


def _late_row(late: Late, units: Mapping[str, str], t: Words) -> Sequence[object]:
    waits = t("month.not_arrived")
    return (
        late.report,
        late.ticket,
        units[late.unit],
        t.known("zone", late.zone),
        t.known("fault", late.fault),
        late.crew,
        late.received_at,
        late.due_at,
        waits if late.arrived_at is None else late.arrived_at,
        waits if late.late_ms is None else -(-late.late_ms // 1000),
        _yes(late.exempt, t),
    )


def _evidence(month: Month, t: Words) -> Iterable[Sequence[object]]:
    yield from ((t.known("evidence", grade), count) for grade, count in month.evidence.items())
    if month.flags:
        yield ()
        yield (t("month.flags"), None)
    yield from ((t.known("flag", flag), count) for flag, count in month.flags.items())


def _report_row(line: Line, units: Mapping[str, str], t: Words) -> Sequence[object]:
    return (
        line.report,
        line.ticket,
        units[line.unit],
        t.known("zone", line.zone),
        t.known("fault", line.fault),
        line.policy,
        line.received_at,
        line.due_at,
        line.arrived_at,
        None if line.arrival_ms is None else line.arrival_ms / 1000,
        line.restored_at,
        t.known("verdict", line.verdict),
        line.exemption,
        line.evidence,
        line.crew,
        _yes(line.merged, t),
        _yes(line.corrected, t),
        _yes(line.simulated, t),
    )


def _yes(value: bool, t: Words) -> str:
    return t("month.yes") if value else ""
