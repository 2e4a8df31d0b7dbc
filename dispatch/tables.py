"""The rows of a CSV or XLSX file, each with the number of its line, checked against the columns it needs."""

from __future__ import annotations

import codecs
import csv
from typing import TYPE_CHECKING, Any, TextIO
from zipfile import BadZipFile

from dispatch.errors import BadInput, Fault

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

PIECE = 2**20  # bytes looked at together
MAX_FAULTS = 20  # more would not help anybody to mend the file


def read_rows(path: Path, needed: Sequence[str], allowed: Sequence[str]) -> list[tuple[int, dict[str, str]]]:
    """As `stream_rows`, all at once."""
    return list(stream_rows(path, needed, allowed))


def stream_rows(
    path: Path, needed: Sequence[str], allowed: Sequence[str]
) -> Iterator[tuple[int, dict[str, str]]]:
    """(line, row) for every row that is not empty; BadInput names a missing or unknown column.

    One row at a time, so that a file of any length needs little memory. CSV is UTF-8 (a byte order mark is
    fine) or GB 18030, as Chinese office programs write it.
    """
    lines = _xlsx(path) if path.suffix.lower() == ".xlsx" else _csv(path)
    header = [name.strip() for name in next(lines, (0, []))[1]]
    while header and not header[-1]:
        header.pop()  # spreadsheets keep columns that hold nothing
    _check_header(path, header, needed, allowed)
    yield from ((number, _row(path, number, header, cells)) for number, cells in lines if any(cells))


def _check_header(path: Path, header: list[str], needed: Sequence[str], allowed: Sequence[str]) -> None:
    missing = [name for name in needed if name not in header]
    if missing:
        raise BadInput(
            f"{path.name} has no column {', '.join(missing)}; its columns are: {', '.join(header)[:300]}"
        )
    known = {*needed, *allowed}
    unknown = [name for name in header if name not in known]
    if unknown or len(set(header)) != len(header):
        odd = ", ".join(unknown) or "a column twice"
        raise BadInput(f"{path.name} has {odd[:300]}; allowed are: {', '.join((*needed, *allowed))}")


def _row(path: Path, number: int, header: list[str], cells: list[str]) -> dict[str, str]:
    if any(cells[len(header) :]):
        fault = Fault(f"line {number}", f"has {len(cells)} cells, the header has {len(header)}")
        raise BadInput(
            f"{path.name}, line {number}: more cells than columns; nothing was imported.", (fault,)
        )
    cells += [""] * (len(header) - len(cells))
    return {name: cell.strip() for name, cell in zip(header, cells, strict=False)}


def _csv(path: Path) -> Iterator[tuple[int, list[str]]]:
    with _open(path) as text:
        reader = csv.reader(text, strict=True)
        try:
            for cells in reader:
                yield reader.line_num, cells
        except csv.Error as error:
            raise BadInput(f"{path.name}, line {reader.line_num}: {error}; nothing was imported.") from error


def _open(path: Path) -> TextIO:
    """The file as text, in the first encoding in which all of it can be read."""
    try:
        for encoding in ("utf-8-sig", "gb18030"):
            if _is_in(path, encoding):
                return path.open(encoding=encoding, newline="")
    except OSError as error:
        raise BadInput(f"{path} cannot be read: {error.strerror}") from error
    raise BadInput(f"{path.name} is neither UTF-8 nor GB 18030 text; save it as CSV UTF-8")


def _is_in(path: Path, encoding: str) -> bool:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            if b"\0" in piece:
                raise BadInput(f"{path.name} is not a CSV file: it holds zero bytes")
            try:
                decoder.decode(piece)
            except UnicodeDecodeError:
                return False
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


def _xlsx(path: Path) -> Iterator[tuple[int, list[str]]]:
    from openpyxl import load_workbook  # noqa: PLC0415 -- only imports of spreadsheets need it
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415 -- as above

    broken = (OSError, BadZipFile, InvalidFileException, KeyError, ValueError, IndexError, SyntaxError)
    try:
        book = load_workbook(path, read_only=True, data_only=True)
        try:
            for number, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
                yield number, [_cell(value) for value in cells]
        finally:
            book.close()
    except broken as error:
        raise BadInput(f"{path.name} is not an XLSX workbook: {error}") from error


def _cell(value: Any) -> str:
    """A cell as the text a CSV file would hold; a whole number loses the `.0` a spreadsheet gave it."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def refuse(path: Path, faults: list[Fault]) -> None:
    """Raise BadInput naming the bad rows, if there are any; nothing was imported."""
    if faults:
        first = f"{faults[0].field}: {faults[0].message}"
        more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
        raise BadInput(f"{path.name}, {first}{more}; nothing was imported.", tuple(faults[:MAX_FAULTS]))
