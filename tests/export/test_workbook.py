from __future__ import annotations

import io
import zipfile

import openpyxl
import pytest

from dispatch.export import xlsx_bytes
from tests.compliance.october import at, october, one

ENGLISH = ["Commitments", "By unit", "Late list", "Exemptions", "Evidence", "Corrections", "Every report"]
CHINESE = ["兑现情况表", "按供电所", "超时清单", "免责台账", "到场证据", "更正记录", "全部报修"]


def opened(month, lang="en"):
    return openpyxl.load_workbook(io.BytesIO(xlsx_bytes(month, lang)))


def row_of(sheet, number):
    return [cell.value for cell in sheet[number]]


@pytest.mark.parametrize(("lang", "names"), [("en", ENGLISH), ("zh", CHINESE)])
def test_the_workbook_has_every_sheet_in_the_language_asked_for(lang, names):
    assert opened(october(one(1)), lang).sheetnames == names


def test_the_first_sheet_is_the_commitment_table():
    sheet = opened(october(one(1, arrived=40), one(2, arrived=50)))["Commitments"]
    assert row_of(sheet, 3)[:4] == ["No.", "Item", "Due", "Not fulfilled"]
    assert row_of(sheet, 4)[:8] == [1, "Urban fault repair, arrival time", 2, 1, 0, 0, 50, 50]
    assert row_of(sheet, 8)[:8] == [5, "95598 calls answered", "—", "—", "—", "—", "—", "—"]


def test_headers_are_bold_and_stay_in_sight_and_sheets_print_on_a4_landscape():
    for sheet in opened(october(one(1))).worksheets:
        assert sheet["A3"].font.bold
        assert sheet.freeze_panes == "A4"
        assert (sheet.page_setup.orientation, sheet.page_setup.paperSize) == ("landscape", 9)
        assert sheet.print_title_rows == "$3:$3"


def test_text_stays_text_and_is_no_formula_number_or_link():
    told = [one(1, unit="=1+1"), one(2, unit="007"), one(3, unit="https://example.org")]
    cells = [row[2] for row in opened(october(*told))["Every report"].iter_rows(min_row=4)]
    assert [(cell.value, cell.hyperlink) for cell in cells] == [
        ("=1+1", None),
        ("007", None),
        ("https://example.org", None),
    ]
    sheet = zipfile.ZipFile(io.BytesIO(xlsx_bytes(october(*told)))).read("xl/worksheets/sheet7.xml")
    assert b"<f>" not in sheet


def test_times_are_real_dates_on_the_clock_of_the_service():
    sheet = opened(october(one(1, arrived=40)))["Every report"]
    assert str(sheet["G4"].value) == "2026-10-03 08:00:00"
    assert str(sheet["I4"].value) == "2026-10-03 08:40:00"
    assert sheet["J4"].value == 2400


def test_the_late_list_rounds_lateness_up_and_names_those_who_still_wait():
    sheet = opened(october(one(1, arrived=50), one(2), as_of=at(60)))["Late list"]
    assert [str(sheet["J4"].value), sheet["J5"].value] == ["0:05:00", "Not arrived"]


def test_every_sheet_says_when_the_data_are_simulated():
    book = opened(october(one(1, simulated=True), one(2)))
    assert all(sheet["A2"].value.startswith("Simulated data: 1 report") for sheet in book.worksheets)
    assert not opened(october(one(2)))["Commitments"]["A2"].value.startswith("Simulated")


def test_the_archive_carries_no_moment_of_its_making():
    archive = zipfile.ZipFile(io.BytesIO(xlsx_bytes(october(one(1)))))
    assert {entry.date_time for entry in archive.infolist()} == {(1980, 1, 31, 0, 0, 0)}
    assert b"2000-01-01T00:00:00Z" in archive.read("docProps/core.xml")
