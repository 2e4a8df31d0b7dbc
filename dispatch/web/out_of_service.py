"""Crews that the desk says are out of service, and back again."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from dispatch.desk.out_of_service import put_back, put_out
from dispatch.web import bodies_crews, shapes_road
from dispatch.web.bodies import ms
from dispatch.web.gate import DESK, allow, body, desk, person
from dispatch.web.spec import speaks
from dispatch.web.tell import Teller
from dispatch.web.tell_crews import out_shown

pages = Blueprint("out_of_service", __name__)


@pages.post("/api/crews/<crew>/out_of_service")
@allow(*DESK)
@speaks(takes=bodies_crews.OutBody, gives=shapes_road.OutOfServiceOut, also=(401, 403, 404, 409))
def post_out_of_service(crew: str) -> Response:
    """Say that a crew cannot go, until a time or until it is ended: the planner gives it nothing.

    What it was told and is not at yet is taken back and planned again, unless `release` is false. 409 when
    another word holds than the one this `replaces`.
    """
    said = body(bodies_crews.OutBody).model_dump()
    until = said.pop("until")
    until_at = ms(until) if until else None
    made = put_out(desk(), crew, said.pop("reason"), person(), until_at=until_at, **said)
    return jsonify(out_shown(made, Teller(desk())).model_dump())


@pages.delete("/api/crews/<crew>/out_of_service/<said>")
@allow(*DESK)
@speaks(status=204, also=(401, 403, 404, 409))
def delete_out_of_service(crew: str, said: str) -> Response:
    """End it: the crew is back in service. 409 when somebody else or the time ended it."""
    put_back(desk(), crew, said, person())
    return Response(status=204)
