"""How one sheet of the workbook is laid out: title, note, header, rows; ready to print on A4 landscape."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from datetime import tzinfo

DAY_S = 86_400
DAYS_TO_1970 = 25_569  # a spreadsheet counts days from 1899-12-30
HEADER_ROW = 2
A4 = 9


@dataclass(frozen=True, slots=True)
class Column:
    """One column: header, width in characters, and what stands in it.

    kind: text | whole | number | percent | score | span (seconds) | time (epoch ms)
    """

    header: str
    width: int
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Looks:
    """The formats a workbook needs, made once."""

    title: Any
    note: Any
    header: Any
    cells: Mapping[str, Any]

    @classmethod
    def of(cls, book: Any) -> Looks:
        """The formats of the open xlsxwriter workbook `book`."""
        formats = {"whole": "0", "percent": "0.00", "score": "0.0000", "span": "[h]:mm:ss"}
        formats["time"] = "yyyy-mm-dd hh:mm:ss"
        cells = {
            kind: book.add_format({"num_format": form, "align": "right"}) for kind, form in formats.items()
        }
        header = {"bold": True, "bg_color": "#E6EBF1", "bottom": 1, "text_wrap": True, "valign": "vcenter"}
        return cls(
            title=book.add_format({"bold": True, "font_size": 14}),
            note=book.add_format({"font_color": "#555555"}),
            header=book.add_format(header),
            cells=cells | {"nothing": book.add_format({"align": "right"})},
        )


@dataclass(frozen=True, slots=True)
class Content:
    """What one sheet says. Cells of `rows` follow `columns`; None leaves a cell empty."""

    title: str
    note: str
    columns: Sequence[Column]
    rows: Iterable[Sequence[object]]


def fill(sheet: Any, content: Content, looks: Looks, tz: tzinfo) -> None:
    """Fill `sheet` (of xlsxwriter) row by row, from the top: constant memory allows no way back."""
    _set_up(sheet, content.columns)
    sheet.write_string(0, 0, content.title, looks.title)
    sheet.write_string(1, 0, content.note, looks.note)
    for at, column in enumerate(content.columns):
        sheet.write_string(HEADER_ROW, at, column.header, looks.header)
    writers = [_writer(sheet, column.kind, looks, tz) for column in content.columns]
    for number, row in enumerate(content.rows, HEADER_ROW + 1):
        for at, value in enumerate(row):
            if value is not None and value != "":
                writers[at](number, at, value)


def _set_up(sheet: Any, columns: Sequence[Column]) -> None:
    """Widths, frozen header, and the page: A4 landscape, one page wide, header on every page."""
    for at, column in enumerate(columns):
        sheet.set_column(at, at, column.width)
    sheet.freeze_panes(HEADER_ROW + 1, 0)
    sheet.set_landscape()
    sheet.set_paper(A4)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(HEADER_ROW)
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.set_footer("&L&A&R&P / &N")


def _writer(sheet: Any, kind: str, looks: Looks, tz: tzinfo) -> Callable[[int, int, Any], Any]:
    """Writes one value of a column; a word in a column of numbers (—, not arrived) stays a word."""
    look = looks.cells.get(kind)
    number, string, nothing = sheet.write_number, sheet.write_string, looks.cells["nothing"]
    if kind == "text":
        return string  # type: ignore[no-any-return]  # xlsxwriter has no types

    def write(row: int, at: int, value: Any) -> None:
        if isinstance(value, str):
            string(row, at, value, nothing)
        elif kind == "time":
            number(row, at, _serial(value, tz), look)
        else:
            number(row, at, value / DAY_S if kind == "span" else value, look)

    return write


def _serial(at_ms: int, tz: tzinfo) -> float:
    """A moment (epoch ms) as a spreadsheet's day number in local time."""
    offset = datetime.fromtimestamp(at_ms // 1000, UTC).astimezone(tz).utcoffset()
    local_ms = at_ms + (offset.total_seconds() * 1000 if offset else 0)
    return local_ms / (DAY_S * 1000) + DAYS_TO_1970
