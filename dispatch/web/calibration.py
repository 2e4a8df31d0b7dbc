"""Whether the chances of arriving in time came true, for the supervisor: a page and its figures."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from flask import Blueprint, Response, jsonify, render_template, request

from dispatch.desk import chance
from dispatch.desk.rows import moment
from dispatch.errors import BadInput, Fault
from dispatch.web import shapes_chance
from dispatch.web.gate import READERS, allow, desk
from dispatch.web.spec import More, speaks

if TYPE_CHECKING:
    from dispatch.plan.calibration import Calibration
    from dispatch.plan.chance import Effects

pages = Blueprint("calibration", __name__)
SPAN = {"from": "tickets opened from then on (default: 90 days)", "until": "and before then (default: now)"}


@pages.get("/calibration")
@allow(*READERS)
def page() -> str:
    """What was said against what came, and what the company's drives teach."""
    found = _shown()
    return render_template("calibration.html", page="calibration", found=found)


@pages.get("/api/calibration")
@allow(*READERS)
@speaks(gives=shapes_chance.CalibrationOut, also=(401, 403, 422), more=More(query=SPAN))
def get_calibration() -> Response:
    """How far the chances said of arrivals came true, and what was learnt of drives and works."""
    return jsonify(_shown().model_dump())


def _shown() -> shapes_chance.CalibrationOut:
    found: Calibration = chance.calibration(desk(), _moment("from"), _moment("until"))
    learnt = chance.outlook(desk(), desk().clock()).learnt
    return shapes_chance.CalibrationOut(
        **{name: value for name, value in asdict(found).items() if name != "bins"},
        bins=[shapes_chance.BinOut(**asdict(each)) for each in found.bins],
        enough=learnt.enough,
        drives=_effects(learnt.drives),
        works=_effects(learnt.works),
    )


def _effects(effects: Effects) -> shapes_chance.EffectsOut:
    usual = effects.spread(())
    factors = {
        name: round(effects.spread([name]).quantile(0.5), 3) for name in sorted(effects.of, key=_place)
    }
    low, middle, high = (round(usual.quantile(share), 2) for share in (0.1, 0.5, 0.9))
    return shapes_chance.EffectsOut(
        count=effects.count, p10=low, p50=middle, p90=high, factors=factors, spreads=_spreads(effects)
    )


def _spreads(effects: Effects) -> dict[str, tuple[float, float]]:
    found = {name: effects.spread([name]) for name in effects.widths}
    return {name: (round(it.quantile(0.1), 3), round(it.quantile(0.9), 3)) for name, it in found.items()}


def _place(name: str) -> tuple[str, int, str]:
    """Groups by kind, hours by the clock."""
    kind, which = name.split(":")
    return kind, int(which) if kind == "hour" else 0, which


def _moment(name: str) -> int | None:
    text = request.args.get(name, "")
    try:
        return moment({name: text}, name) if text else None
    except ValueError as error:
        raise BadInput("That is no time.", (Fault(name, str(error)),)) from None
