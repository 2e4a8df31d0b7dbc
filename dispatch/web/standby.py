"""Crews that wait without a ticket: where they do, where they should, and asking them to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify

from dispatch.desk.standby import stand_by, stand_down, standing, suggestions
from dispatch.errors import NotFound
from dispatch.gazetteer.datum import to_wgs84
from dispatch.web import bodies, shapes_coverage
from dispatch.web.gate import DESK, READERS, allow, body, desk, person, tagged
from dispatch.web.spec import More, speaks
from dispatch.web.tell import Teller

if TYPE_CHECKING:
    from dispatch.store.standbys import StandBy

pages = Blueprint("standby", __name__)


@pages.get("/api/standby")
@allow(*READERS)
@speaks(gives=shapes_coverage.StandBysOut, also=(401, 403, 503), more=More(etag=True))
def get_standby() -> Response:
    """Which crews stand by, and which should go where to bring more accounts within their own limit."""
    teller = Teller(desk())
    found = shapes_coverage.StandBysOut(
        standing=[shown(teller, each) for each in standing(desk(), teller.now).values()],
        suggestions=[
            shapes_coverage.SuggestionOut(
                crew=each.crew,
                crew_name=teller.crew_name(each.crew),
                lon=each.place[0],
                lat=each.place[1],
                near=each.near,
                gain=each.gain,
                drive_s=each.drive_s,
            )
            for each in suggestions(desk())
        ],
    ).model_dump()
    return tagged(found, found)


def shown(teller: Teller, standby: StandBy) -> shapes_coverage.StandByOut:
    """A crew on stand-by, as board and phone show it."""
    return shapes_coverage.StandByOut(
        crew=standby.crew,
        crew_name=teller.crew_name(standby.crew),
        lon=standby.lon,
        lat=standby.lat,
        near=standby.near,
        gain=standby.gain,
        at=teller.iso(standby.at),
        arrive_at=teller.iso(standby.arrive_at),
        by=standby.by,
    )


@pages.post("/api/crews/<crew>/standby")
@allow(*DESK)
@speaks(takes=bodies.StandByBody, gives=shapes_coverage.StandByOut, also=(401, 403, 404, 409, 503))
def post_standby(crew: str) -> Response:
    """Ask a crew without a ticket to wait at a place; 409 when it has one, is off duty or at rest."""
    sent = body(bodies.StandByBody)
    place = to_wgs84(sent.lon, sent.lat, sent.datum)
    gain = next((s.gain for s in suggestions(desk()) if s.crew == crew and s.place == place), 0)
    made = stand_by(desk(), crew, place, person(), gain)
    return jsonify(shown(Teller(desk()), made).model_dump())


@pages.delete("/api/crews/<crew>/standby")
@allow(*DESK)
@speaks(status=204, also=(401, 403, 404))
def delete_standby(crew: str) -> Response:
    """Ask it to wait there no longer; 404 when it was not asked."""
    if not stand_down(desk(), crew, person()):
        raise NotFound(f"crew {crew[:40]!r} does not stand by")
    return Response(status=204)
