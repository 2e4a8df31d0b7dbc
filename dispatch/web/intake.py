"""Where reports come in: the intake page, and the calls of programs that report."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any, get_args

from flask import Blueprint, Response, jsonify, render_template, request

from dispatch.desk import intake, merge
from dispatch.desk.place import Pin
from dispatch.desk.publish import post_notice
from dispatch.errors import BadInput, Fault
from dispatch.outage import Notice
from dispatch.store.people import Caller
from dispatch.ticket import FaultKind
from dispatch.web import bodies, shapes
from dispatch.web.gate import DESK, allow, body, desk, person
from dispatch.web.map import bounds
from dispatch.web.spec import More, speaks
from dispatch.web.tell import Teller

if TYPE_CHECKING:
    from dispatch.desk.intake import Answer

pages = Blueprint("intake", __name__)
KEY_LENGTH = 200
KEY = {"Idempotency-Key": f"same key and same body: same answer; at most {KEY_LENGTH} characters"}


@pages.get("/intake")
@allow(*DESK)
def page() -> str:
    """The form in which a call is written down."""
    return render_template("intake.html", page="intake", bounds=bounds(), faults=list(get_args(FaultKind)))


@pages.post("/api/reports")
@allow(*DESK, "intake")
@speaks(
    takes=bodies.ReportBody, gives=shapes.AnswerOut, status=201, also=(401, 403, 409), more=More(headers=KEY)
)
def post_report() -> Any:
    """Receive a report. An `Idempotency-Key` makes a repeated call answer for the first."""
    sent = body(bodies.ReportBody)
    key = _request_key()
    return _told(intake.take_report(desk(), draft(sent), person(), key)), 201


def draft(sent: bodies.ReportBody) -> intake.Draft:
    """A body as the desk takes it."""
    return intake.Draft(
        fault=sent.fault,
        received_at=bodies.ms(sent.received_at) if sent.received_at else None,
        channel=sent.channel,
        caller=Caller(sent.caller.name, sent.caller.phone) if sent.caller else Caller(),
        account_no=sent.account_no,
        transformer=sent.transformer,
        address=sent.address,
        pin=_pin(sent.place) if sent.place else None,
        note=sent.note,
        customers=sent.customers,
        critical=sent.critical,
        unit=sent.unit,
    )


def _pin(place: bodies.PlaceBody) -> Pin:
    return Pin(place.lon, place.lat, place.datum, place.precision_m)


def _request_key() -> intake.RequestKey | None:
    key = request.headers.get("Idempotency-Key", "")
    if len(key) > KEY_LENGTH:
        fault = Fault("Idempotency-Key", f"longer than {KEY_LENGTH} characters")
        raise BadInput("The Idempotency-Key is too long.", (fault,))
    return intake.RequestKey(key, hashlib.sha256(request.get_data()).hexdigest()) if key else None


def _told(answer: Answer) -> Response:
    return jsonify(Teller(desk()).answer(answer).model_dump())


@pages.get("/api/reports/<report>")
@allow(*DESK, "auditor")
@speaks(gives=shapes.AnswerOut, also=(401, 403, 404))
def get_report(report: str) -> Response:
    """What a report has become."""
    return _told(intake.answer_for(desk(), report))


@pages.post("/api/reports/<report>/place")
@allow(*DESK)
@speaks(takes=bodies.PinBody, gives=shapes.AnswerOut, also=(401, 403, 404, 409))
def post_place(report: str) -> Response:
    """Say where a report is; a report that has a place already needs a reason."""
    sent = body(bodies.PinBody)
    pin = Pin(sent.lon, sent.lat, sent.datum)
    return _told(intake.set_place(desk(), report, pin, sent.reason, person()))


@pages.post("/api/reports/<report>/merge")
@allow(*DESK)
@speaks(takes=bodies.MergeBody, gives=shapes.AnswerOut, also=(401, 403, 404, 409))
def post_merge(report: str) -> Response:
    """Move a report to an open ticket of the same fault; it keeps its own clock."""
    merge.merge(desk(), report, body(bodies.MergeBody).ticket, person())
    return _told(intake.answer_for(desk(), report))


@pages.post("/api/reports/<report>/unmerge")
@allow(*DESK)
@speaks(
    takes=bodies.NothingBody, gives=shapes.AnswerOut, also=(401, 403, 404, 409), more=More(body_optional=True)
)
def post_unmerge(report: str) -> Response:
    """Give a merged report back to its own ticket."""
    if request.get_data():
        body(bodies.NothingBody)
    merge.unmerge(desk(), report, person())
    return _told(intake.answer_for(desk(), report))


@pages.post("/api/reports/<report>/resolve")
@allow(*DESK)
@speaks(takes=bodies.ResolveBody, gives=shapes.AnswerOut, also=(401, 403, 404, 409))
def post_resolve(report: str) -> Response:
    """Answer a report without a trip."""
    sent = body(bodies.ResolveBody)
    return _told(intake.resolve(desk(), report, sent.how, sent.note, person()))


@pages.get("/api/outages")
@allow(*DESK, "auditor")
@speaks(gives=shapes.NoticesOut)
def get_outages() -> Response:
    """Every outage notice."""
    teller = Teller(desk())
    return jsonify([teller.notice(each).model_dump() for each in desk().store.company.notices()])


@pages.post("/api/outages")
@allow(*DESK)
@speaks(takes=bodies.NoticeBody, gives=shapes.NoticeOut, status=201, also=(401, 403, 409))
def post_outage() -> Any:
    """Publish an outage notice; reports from its area and time are answered with it."""
    sent = body(bodies.NoticeBody)
    planned = Notice(
        id=sent.id,
        kind=sent.kind,
        cause=sent.cause,
        published_at=bodies.ms(sent.published_at),
        from_at=bodies.ms(sent.from_),
        until_at=bodies.ms(sent.to),
        area=sent.area.model_dump(),
        by=person().name,
    )
    notice = post_notice(desk(), planned, person())
    return jsonify(Teller(desk()).notice(notice).model_dump()), 201
