"""Zones on the map: the set in force, and beside it the last proposal with whom it would touch."""

from __future__ import annotations

from datetime import UTC, datetime

from flask import Blueprint, Response, jsonify, render_template

from dispatch import proposal
from dispatch.desk.proposed import compare
from dispatch.errors import NotFound
from dispatch.web import shapes_zones
from dispatch.web.gate import READERS, allow, desk
from dispatch.web.map import bounds
from dispatch.web.spec import speaks
from dispatch.web.tell import Teller

pages = Blueprint("zones", __name__)


@pages.get("/zones")
@allow(*READERS)
def page() -> str:
    """The map of zones, to read."""
    return render_template("zones.html", page="zones", bounds=bounds())


@pages.get("/api/zones")
@allow(*READERS)
@speaks(gives=shapes_zones.ZonesOut)
def get_zones() -> Response:
    """The zone set in force."""
    name, features = desk().store.company.current_zones() or ("", [])
    at = desk().store.company.zones_published_at()
    shown = shapes_zones.ZonesOut(
        zone_set=name,
        published_at=Teller(desk()).iso(at) if name else None,
        zones={"type": "FeatureCollection", "features": features},
    )
    return jsonify(shown.model_dump())


@pages.get("/api/zones/proposal")
@allow(*READERS)
@speaks(gives=shapes_zones.ProposalOut, also=(401, 403, 404))
def get_proposal() -> Response:
    """The last proposal beside the set in force; it is never applied."""
    found = proposal.read(proposal.KEPT)
    if found is None:
        raise NotFound("there is no proposal yet; `dispatch zones propose --out FILE` makes one")
    told = compare(desk(), found)
    made_at = datetime.fromtimestamp(proposal.KEPT.stat().st_mtime, UTC)
    shown = shapes_zones.ProposalOut(
        made_at=Teller(desk()).iso(round(made_at.timestamp()) * 1000),
        extract=found["proposal"]["extract"],
        limits=found["proposal"]["limits"],
        zone_set=told.zone_set,
        accounts=told.accounts,
        changes=[
            shapes_zones.ChangeOut(
                from_=each.before, to=each.after, accounts=each.accounts, by_record=each.by_record
            )
            for each in told.changes
        ],
        cells={"type": "FeatureCollection", "features": found["features"]},
    )
    return jsonify(shown.model_dump())
