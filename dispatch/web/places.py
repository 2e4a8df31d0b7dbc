"""Places and accounts while a call is being written down: suggestions, and what is known there."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify, request

from dispatch.desk import ahead
from dispatch.errors import BadInput, Fault, NotFound
from dispatch.web import shapes_places
from dispatch.web.gate import DESK, allow, desk
from dispatch.web.spec import More, speaks
from dispatch.web.tell import Teller
from dispatch.web.tell_place import candidate

if TYPE_CHECKING:
    from dispatch.ticket import Ticket

pages = Blueprint("places", __name__)
WHERE = {"lon": "degrees WGS-84", "lat": "degrees WGS-84"}


@pages.get("/api/places")
@allow(*DESK)
@speaks(
    gives=shapes_places.SuggestionsOut,
    more=More(query={"q": "the beginning of an address, a name, an account or a phone number"}),
)
def get_places() -> Response:
    """Places that begin like `q`, for the address field; a number finds accounts and callers."""
    found = ahead.suggest(desk(), request.args.get("q", ""))
    return jsonify(
        [{**candidate(each.candidate).model_dump(), "account_no": each.account_no} for each in found]
    )


@pages.get("/api/places/around")
@allow(*DESK)
@speaks(gives=shapes_places.AroundOut, also=(401, 403, 422), more=More(query=WHERE))
def get_around() -> Response:
    """What is known of a place: the outage notice in force over it, and open tickets within 500 m."""
    here = ahead.around(desk(), (_degrees("lon"), _degrees("lat")))
    teller = Teller(desk())
    shown = shapes_places.AroundOut(
        outage=teller.notice(here.notice) if here.notice else None,
        tickets=[_ticket(teller, ticket, away_m) for away_m, ticket in here.tickets],
    )
    return jsonify(shown.model_dump())


def _ticket(teller: Teller, ticket: Ticket, away_m: float) -> shapes_places.AroundTicketOut:
    brief = teller.brief(ticket)
    return shapes_places.AroundTicketOut(
        ticket=ticket.id,
        distance_m=away_m,
        opened_at=brief.opened_at,
        state=brief.state,
        fault=brief.fault,
        address=brief.address,
        near=brief.place.near if brief.place else "",
    )


def _degrees(name: str) -> float:
    """A number of the query; BadInput when it is missing or none."""
    try:
        value = float(request.args[name])
    except (KeyError, ValueError):
        value = math.nan
    if not math.isfinite(value):
        raise BadInput(
            f"Give {name} in degrees, such as ?lon=13.26&lat=53.55.", (Fault(name, "not a number"),)
        )
    return value


@pages.get("/api/accounts/<account_no>")
@allow(*DESK)
@speaks(gives=shapes_places.AccountOut, also=(401, 403, 404))
def get_account(account_no: str) -> Response:
    """An account by its number, or by a phone number that only one account has."""
    company = desk().store.company
    row = company.find_account(account_no) or company.find_account_by_phone(account_no)
    if row is None:
        raise NotFound(f"there is no account {account_no[:40]!r}")
    return jsonify(shapes_places.AccountOut(**row).model_dump())
