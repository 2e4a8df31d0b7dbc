"""Warnings of clocks and crews: a person says that one was seen."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify, request

from dispatch.desk import alerts
from dispatch.web import bodies, shapes, shapes_road
from dispatch.web.gate import DESK, allow, body, desk, person
from dispatch.web.spec import More, speaks
from dispatch.web.tell import Teller
from dispatch.web.tell_alert import alert_out

pages = Blueprint("alerts", __name__)


@pages.post("/api/alerts/<alert>/acknowledge")
@allow(*DESK)
@speaks(takes=bodies.NothingBody, gives=shapes.AlertOut, also=(401, 403, 404), more=More(body_optional=True))
def post_acknowledge(alert: str) -> Response:
    """Say that a person has seen a warning; who said so first stays."""
    if request.get_data():
        body(bodies.NothingBody)
    return jsonify(alert_out(alerts.acknowledge(desk(), alert, person()), Teller(desk())).model_dump())


@pages.post("/api/alerts/acknowledge")
@allow(*DESK)
@speaks(takes=bodies.SeenBody, gives=shapes_road.StoredOut, also=(401, 403, 404))
def post_acknowledge_all() -> Response:
    """Say that a person has seen several warnings, all or none: a storm raises thousands."""
    stored = alerts.acknowledge_all(desk(), body(bodies.SeenBody).alerts, person())
    return jsonify(shapes_road.StoredOut(stored=stored).model_dump())
