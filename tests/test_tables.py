"""The rows of CSV and XLSX files, as the programs of an office write them."""

from __future__ import annotations

from datetime import UTC, datetime
from zipfile import ZipFile

import pytest
from openpyxl import Workbook

from dispatch.errors import BadInput, Fault
from dispatch.tables import MAX_FAULTS, read_rows, refuse


@pytest.fixture
def file(tmp_path):
    def write(content, name="table.csv"):
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def read(path, *allowed):
    return read_rows(path, ("a", "b"), allowed)


def test_rows_come_with_the_number_of_their_line(file):
    assert read(file("a,b\n1,2\n\n3,4\n")) == [(2, {"a": "1", "b": "2"}), (4, {"a": "3", "b": "4"})]


def test_columns_may_stand_in_any_order_and_cells_may_be_padded(file):
    assert read(file(" b , a \n 2 , 1 \n")) == [(2, {"a": "1", "b": "2"})]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030"])
def test_text_is_read_as_office_programs_write_it(file, encoding):
    assert read(file("a,b\n城区,供电所\n".encode(encoding))) == [(2, {"a": "城区", "b": "供电所"})]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_may_end_in_any_way(file, end):
    assert read(file(end.join(["a,b", "1,2", ""]))) == [(2, {"a": "1", "b": "2"})]


def test_a_cell_may_hold_commas_quotes_and_lines(file):
    assert read(file('a,b\n"x, ""y""\nz",2\n')) == [(3, {"a": 'x, "y"\nz', "b": "2"})]


def test_a_short_row_is_filled_up_and_empty_columns_at_the_end_are_nothing(file):
    assert read(file("a,b,,\n1\n2,3,,\n")) == [(2, {"a": "1", "b": ""}), (3, {"a": "2", "b": "3"})]


@pytest.mark.parametrize(
    ("content", "why"),
    [
        ("a\n1\n", "has no column b; its columns are: a"),
        ("", "has no column a, b"),
        ("a,b,c\n", "has c; allowed are: a, b"),
        ("a,b,b\n", "a column twice"),
        ("a,,b\n", "allowed are"),
        ("a,b\n1,2,3\n", "line 2: more cells than columns"),
        ('a,b\n"1,2\n', "line 2: .*nothing was imported"),
        (b"a,b\n\x00\x01,2\n", "holds zero bytes"),
        (b"a,b\n\xff\xff,2\n", "neither UTF-8 nor GB 18030"),
        ("a,b\n".encode("utf-16"), "holds zero bytes"),
    ],
)
def test_a_file_that_is_no_such_table_is_refused_with_the_reason(file, content, why):
    with pytest.raises(BadInput, match=why):
        read(file(content))


def test_a_file_that_is_not_there_is_said_so(tmp_path):
    with pytest.raises(BadInput, match="cannot be read"):
        read(tmp_path / "none.csv")


def workbook(home, *rows):
    book = Workbook()
    for row in rows:
        book.active.append(row)
    path = home / "table.xlsx"
    book.save(path)
    return path


def test_a_workbook_is_read_like_a_table(tmp_path):
    moment = datetime(2026, 10, 5, 8, 15, tzinfo=UTC).replace(tzinfo=None)
    path = workbook(tmp_path, ["a", "b", None], [7, 1.5], [None, None], [True, moment], ["停电", None])
    assert read(path) == [
        (2, {"a": "7", "b": "1.5"}),
        (4, {"a": "True", "b": "2026-10-05T08:15:00"}),
        (5, {"a": "停电", "b": ""}),
    ]


def test_a_number_that_a_spreadsheet_made_of_an_id_is_an_id_again(tmp_path):
    assert read(workbook(tmp_path, ["a", "b"], [4100000037.0, "x"]))[0][1]["a"] == "4100000037"


def test_a_formula_is_not_computed_and_not_taken_for_text(tmp_path):
    assert read(workbook(tmp_path, ["a", "b"], ["=1+1", "x"]))[0][1] == {"a": "", "b": "x"}


def test_what_only_looks_like_a_workbook_is_refused(file, tmp_path):
    with pytest.raises(BadInput, match="is not an XLSX workbook"):
        read(file("a,b\n1,2\n", "table.xlsx"))
    with ZipFile(tmp_path / "other.xlsx", "w") as archive:
        archive.writestr("notes.txt", "no workbook")
    with pytest.raises(BadInput, match="is not an XLSX workbook"):
        read(tmp_path / "other.xlsx")


def test_the_first_bad_row_is_named_and_the_others_counted(tmp_path):
    faults = [Fault(f"line {number}", "is wrong") for number in range(2, 52)]
    with pytest.raises(BadInput, match=r"t\.csv, line 2: is wrong \(and 49 more\); nothing") as refused:
        refuse(tmp_path / "t.csv", faults)
    assert len(refused.value.errors) == MAX_FAULTS
    refuse(tmp_path / "t.csv", [])
