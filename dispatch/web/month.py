"""The month for the supervisor and the auditor: a page to read, and the files that are signed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, g, json, make_response, redirect, render_template, request, url_for

from dispatch import compliance, export
from dispatch.desk.month import month as count
from dispatch.web.gate import LANGUAGES, READERS, allow, desk
from dispatch.web.shapes_month import MonthOut
from dispatch.web.spec import CSV, HTML, XLSX, More, speaks

if TYPE_CHECKING:
    from dispatch.compliance import Month

pages = Blueprint("month", __name__)
LANGUAGE = {"lang": "zh or en (default: the language of the pages)"}
FORBIDDEN = (401, 403, 422)


@pages.get("/month")
@allow(*READERS)
def now() -> Response:
    """To the month of today."""
    name = compliance.month_of(desk().clock(), desk().timezone)
    return make_response(redirect(url_for("month.page", name=name)))


@pages.get("/month/<name>")
@allow(*READERS)
def page(name: str) -> str:
    """The month as a page."""
    shown = json.loads(export.json_bytes(count(desk(), name)))
    previous, following = compliance.neighbours(name)
    return render_template("month.html", page="month", month=shown, previous=previous, next=following)


def _language() -> str:
    wanted = request.args.get("lang", "")
    return wanted if wanted in LANGUAGES else str(g.language)


def _file(content: bytes, kind: str, name: str) -> Response:
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(content, content_type=kind, headers=headers)


def _month(name: str) -> Month:
    return count(desk(), name)


@pages.get("/api/months/<month>")
@allow(*READERS)
@speaks(gives=MonthOut, also=FORBIDDEN)
def get_month(month: str) -> Response:
    """The commitment table of a month such as 2026-10, with the head it was counted at."""
    return Response(export.json_bytes(_month(month)), content_type="application/json")


@pages.get("/api/months/<month>.xlsx")
@allow(*READERS)
@speaks(also=FORBIDDEN, more=More(media=XLSX, query=LANGUAGE))
def get_xlsx(month: str) -> Response:
    """The month as a workbook."""
    return _file(export.xlsx_bytes(_month(month), _language()), XLSX, f"month-{month}.xlsx")


@pages.get("/api/months/<month>.csv")
@allow(*READERS)
@speaks(also=FORBIDDEN, more=More(media=CSV))
def get_csv(month: str) -> Response:
    """Every report of the month, a row each."""
    return _file(export.csv_bytes(_month(month)), "text/csv; charset=utf-8", f"reports-{month}.csv")


@pages.get("/api/months/<month>.html")
@allow(*READERS)
@speaks(also=FORBIDDEN, more=More(media=HTML, query=LANGUAGE))
def get_html(month: str) -> Response:
    """The month as a page that prints on A4."""
    return Response(export.html_text(_month(month), _language()), content_type="text/html; charset=utf-8")
