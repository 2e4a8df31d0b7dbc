"""Severe weather: declared and ended by the desk, held by every arrival that is told from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify

from dispatch.desk.weather import declare_weather, end_weather, list_weather, state_of
from dispatch.web import bodies, shapes_chance
from dispatch.web.gate import DESK, READERS, allow, body, desk, person
from dispatch.web.spec import speaks
from dispatch.web.tell import Teller

if TYPE_CHECKING:
    from dispatch.store.weathers import Weather

pages = Blueprint("weather", __name__)


@pages.get("/api/weather")
@allow(*READERS)
@speaks(gives=shapes_chance.WeathersOut, also=(401, 403))
def get_weather() -> Response:
    """Severe weather that holds, is to come or was over within 30 days, the latest beginning first."""
    teller = Teller(desk())
    found = [_shown(teller, each) for each in list_weather(desk())]
    return jsonify(shapes_chance.WeathersOut(now=teller.iso(teller.now), weather=found).model_dump())


@pages.post("/api/weather")
@allow(*DESK)
@speaks(takes=bodies.WeatherBody, gives=shapes_chance.WeatherOut, status=201, also=(401, 403))
def post_weather() -> Any:
    """Say that the weather is severe, from now unless a beginning is given: drives then take longer."""
    sent = body(bodies.WeatherBody)
    from_at = bodies.ms(sent.from_) if sent.from_ else desk().clock()
    made = declare_weather(desk(), sent.kind, from_at, bodies.ms(sent.until), person())
    return jsonify(_shown(Teller(desk()), made).model_dump()), 201


@pages.delete("/api/weather/<weather>")
@allow(*DESK)
@speaks(status=204, also=(401, 403, 404, 409))
def delete_weather(weather: str) -> Response:
    """Say that it is over now; one still to come never holds. What was declared stays known."""
    end_weather(desk(), weather, person())
    return Response(status=204)


def _shown(teller: Teller, weather: Weather) -> shapes_chance.WeatherOut:
    return shapes_chance.WeatherOut(
        id=weather.id,
        kind=weather.kind,
        from_=teller.iso(weather.from_at),
        until=teller.iso(weather.until_at),
        by=weather.by,
        state=state_of(weather, teller.now),
        ended_at=teller.maybe(weather.ended_at),
        ended_by=weather.ended_by,
    )
