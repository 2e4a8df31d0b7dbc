"""The month as files: XLSX, CSV, JSON and a page that prints on A4; the same month gives the same bytes."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from dispatch.errors import SetupError
from dispatch.export.page import html_text
from dispatch.export.plain import csv_bytes, json_bytes, month_dict
from dispatch.export.workbook import xlsx_bytes

if TYPE_CHECKING:
    from pathlib import Path

    from dispatch.compliance import Month

__all__ = ["csv_bytes", "html_text", "json_bytes", "month_dict", "write_month", "xlsx_bytes"]


def write_month(month: Month, out: Path, lang: str = "zh") -> list[Path]:
    """Write the month's files into the folder `out` (made when missing) and return their paths.

    Each file appears whole or not at all. Raises BadInput for a language without texts, SetupError when the
    folder cannot be written.
    """
    files = {
        "month.xlsx": xlsx_bytes(month, lang),
        "reports.csv": csv_bytes(month),
        "month.json": json_bytes(month),
        "month.html": html_text(month, lang).encode(),
    }
    try:
        out.mkdir(parents=True, exist_ok=True)
        return [_write(out / name, content) for name, content in files.items()]
    except OSError as error:
        raise SetupError(
            f"cannot write the month to {out}: {error.strerror}; choose another --out"
        ) from error


def _write(path: Path, content: bytes) -> Path:
    """Beside its place first, then renamed over it, so that nobody reads half a file."""
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        beside.write_bytes(content)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
    return path
