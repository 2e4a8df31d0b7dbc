"""The pages and the HTTP interface: who may come in, what they send, what they are told; the desk decides."""

from __future__ import annotations

import mimetypes
from datetime import timedelta
from typing import TYPE_CHECKING

from flask import Flask

from dispatch.paths import STATIC
from dispatch.web import (
    alerts,
    board,
    calibration,
    closures,
    coverage,
    gate,
    intake,
    live,
    map,  # noqa: A004 -- the map page
    month,
    out_of_service,
    phone,
    places,
    problems,
    signin,
    standby,
    weather,
    zones,
)
from dispatch.web.told import Told

if TYPE_CHECKING:
    from dispatch.desk import Desk

BODY_BYTES = 1024 * 1024
mimetypes.add_type("text/javascript", ".mjs")


def create_app(desk: Desk, secret_key: bytes) -> Flask:
    """The web application over one desk."""
    app = Flask(__name__, static_folder=str(STATIC), static_url_path="/static")
    app.config.update(
        SECRET_KEY=secret_key,
        MAX_CONTENT_LENGTH=BODY_BYTES,
        MAX_FORM_MEMORY_SIZE=BODY_BYTES,
        SESSION_COOKIE_NAME="dispatch",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=desk.config.web.base_url.startswith("https:"),
        PERMANENT_SESSION_LIFETIME=timedelta(hours=14),  # one long shift
    )
    app.extensions["desk"] = desk
    app.extensions["tail"] = live.Tail(desk)
    app.extensions["told"] = Told(desk)
    gate.install(app)
    problems.install(app)
    for room in (
        alerts,
        board,
        calibration,
        closures,
        coverage,
        intake,
        live,
        map,
        month,
        out_of_service,
        phone,
        places,
        signin,
        standby,
        weather,
        zones,
    ):
        app.register_blueprint(room.pages)
    return app
