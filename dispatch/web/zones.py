"""Zones on the map: the set in force, and beside it the last proposal with whom it would touch."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify, render_template

from dispatch import proposal
from dispatch.desk.proposed import compare
from dispatch.errors import NotFound
from dispatch.web import shapes_zones
from dispatch.web.gate import READERS, allow, desk
from dispatch.web.map import bounds
from dispatch.web.spec import speaks
from dispatch.web.tell import Teller

if TYPE_CHECKING:
    from collections.abc import Mapping

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
    """The zone set in force, and the next one when it is published already."""
    teller, company = Teller(desk()), desk().store.company
    name = company.zone_set_at(teller.now)
    sets = {each["id"]: each for each in company.list_zone_sets()}
    coming = company.next_zone_set(teller.now)
    shown = shapes_zones.ZonesOut(
        **_set(teller, sets.get(name)).model_dump(),
        next=_set(teller, sets[coming]) if coming not in {"", name} else None,
    )
    return jsonify(shown.model_dump())


def _set(teller: Teller, row: Mapping[str, Any] | None) -> shapes_zones.ZoneSetOut:
    features = desk().store.company.get_zones(row["id"]) if row else []
    return shapes_zones.ZoneSetOut(
        zone_set=row["id"] if row else "",
        published_at=teller.iso(row["published_at"]) if row else None,
        from_=teller.iso(row["from_at"]) if row else None,
        zones={"type": "FeatureCollection", "features": features},
    )


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
