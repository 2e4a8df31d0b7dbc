from __future__ import annotations

import io

import pytest
from openpyxl import load_workbook

from dispatch.web.shapes_month import MonthOut
from tests.web.conftest import assert_problem

ODD = [
    "2026-13", "2026-00", "2026-1", "2026-011", "0000-00", "0000-01", "0001-01", "9999-12", "-026-11", "2026",
    "x", "２０２６-11", "2026-11%0A", "2026-11-01", "%00", "2026_11", "NaN", "2026-11.pdf", "2026-11.XLSX",
]  # fmt: skip


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("ending", ["", ".xlsx", ".csv", ".html"])
def test_what_is_no_month_is_refused(still, name, ending):
    problem = assert_problem(still.get(f"/api/months/{name}{ending}"), 422)
    assert problem["errors"][0]["field"] == "month"


@pytest.mark.parametrize("name", ODD)
def test_what_is_no_month_has_no_page(still, name):
    answer = still.get(f"/month/{name}")
    assert answer.status_code == 422
    assert answer.mimetype == "text/html"


def test_the_month_of_today_counts_the_report_of_today(still):
    month = still.get("/api/months/2026-11").json
    assert month["counts"]["reports"] == 1
    assert month["head"]["seq"] == still.desk.store.tickets.head()[0]
    assert still.get("/month").location == "/month/2026-11"


def test_a_month_without_reports_is_counted_too(still):
    assert still.get("/api/months/2031-02").json["counts"]["reports"] == 0


def test_a_report_belongs_to_the_month_of_the_companys_own_midnight(client):
    client.report(received_at="2026-10-31T23:59:59.999+08:00")
    client.report(received_at="2026-11-01T00:00:00+08:00")
    counts = [client.get(f"/api/months/{name}").json["counts"]["reports"] for name in ("2026-10", "2026-11")]
    assert counts == [1, 1]


def test_the_json_has_the_shape_that_is_described(still):
    MonthOut.model_validate(still.get("/api/months/2026-11").json)


def test_the_files_come_under_their_own_names_and_types(still):
    book = still.get("/api/months/2026-11.xlsx")
    assert book.mimetype == "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    assert book.headers["Content-Disposition"] == 'attachment; filename="month-2026-11.xlsx"'
    assert load_workbook(io.BytesIO(book.data)).sheetnames
    rows = still.get("/api/months/2026-11.csv")
    assert rows.content_type == "text/csv; charset=utf-8"
    assert rows.text.startswith("report,ticket,unit,zone,policy,received_at,due_at,")
    assert still.get("/api/months/2026-11.html").content_type == "text/html; charset=utf-8"


@pytest.mark.parametrize("ending", ["", ".xlsx", ".csv", ".html"])
def test_the_same_month_twice_is_the_same_to_the_byte(still, ending):
    first, second = (still.get(f"/api/months/2026-11{ending}").data for _ in range(2))
    assert first == second


def test_the_files_speak_the_language_that_is_asked_for(still):
    english = still.get("/api/months/2026-11.html?lang=en").text
    chinese = still.get("/api/months/2026-11.html?lang=zh").text
    assert '<html lang="en">' in english
    assert '<html lang="zh-CN">' in chinese
    assert still.get("/api/months/2026-11.html?lang=xx").text == chinese


def test_the_page_leads_to_the_months_beside_it_and_to_the_files(still):
    page = still.get("/month/2026-11").text
    for link in ("/month/2026-10", "/month/2026-12", "/api/months/2026-11.xlsx", "/api/months/2026-11.csv"):
        assert f'href="{link}"' in page


@pytest.mark.parametrize("path", ["/api/months/2026-11", "/month/2026-11"])
def test_the_auditor_may_read_the_month(still, path):
    assert still.get(path, "auditor").status_code == 200
