"""What no idle crew reaches within its own limit now, for the board's map and for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response, request

from dispatch.desk.coverage import coverage_now
from dispatch.errors import BadInput, Fault
from dispatch.web import shapes_coverage
from dispatch.web.gate import READERS, allow, desk, tagged
from dispatch.web.spec import More, speaks
from dispatch.web.tell import Teller

if TYPE_CHECKING:
    from dispatch.desk.coverage import Hole

pages = Blueprint("coverage", __name__)
LIMIT = "true: by the promised minutes of each account's own class (the only way there is, and the default)"


@pages.get("/api/coverage")
@allow(*READERS)
@speaks(
    gives=shapes_coverage.CoverageOut,
    also=(401, 403, 422, 503),
    more=More(etag=True, query={"zone_limit": LIMIT}),
)
def get_coverage() -> Response:
    """GeoJSON of what no idle crew reaches within its own limit now, by road; 304 when nothing changed."""
    if request.args.get("zone_limit", "true") != "true":
        raise BadInput("`zone_limit` can only be true.", (Fault("zone_limit", "can only be true"),))
    found, teller = coverage_now(desk()), Teller(desk())
    shown = shapes_coverage.CoverageOut(
        features=[_hole(each) for each in found.holes],
        at=teller.iso(teller.now),
        free=list(found.free),
        accounts=found.accounts,
        uncovered=found.uncovered,
    ).model_dump()
    return tagged(shown, {name: value for name, value in shown.items() if name != "at"})


def _hole(hole: Hole) -> shapes_coverage.HoleOut:
    properties = shapes_coverage.HoleProperties(
        zone=hole.zone, limit_s=hole.limit_s, accounts=hole.accounts, eta_s=hole.eta_s
    )
    return shapes_coverage.HoleOut(geometry=hole.geometry, properties=properties)
