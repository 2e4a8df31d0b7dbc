"""Roads that are closed or slowed: told by the desk, held by every plan from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, jsonify

from dispatch.desk.closures import close_road, open_road
from dispatch.store.closures import Closure
from dispatch.web import bodies, shapes_road
from dispatch.web.gate import DESK, allow, body, desk, person
from dispatch.web.spec import speaks

if TYPE_CHECKING:
    from dispatch.web.tell import Teller

pages = Blueprint("closures", __name__)


@pages.post("/api/closures")
@allow(*DESK)
@speaks(takes=bodies.ClosureBody, gives=shapes_road.ClosedOut, status=201, also=(401, 403, 409))
def post_closure() -> Any:
    """Close or slow the roads that a line follows or crosses, or that an area touches."""
    sent = body(bodies.ClosureBody)
    asked = Closure(
        id="",
        geometry=sent.geometry.model_dump(),
        factor=sent.factor,
        from_at=bodies.ms(sent.from_) if sent.from_ else desk().clock(),
        until_at=bodies.ms(sent.until) if sent.until else None,
        reason=sent.reason,
    )
    closure, edges = close_road(desk(), asked, person())
    return jsonify(shapes_road.ClosedOut(id=closure.id, edges=edges).model_dump()), 201


@pages.delete("/api/closures/<closure>")
@allow(*DESK)
@speaks(status=204, also=(401, 403, 404))
def delete_closure(closure: str) -> Response:
    """Open the roads again before the closure ends by itself."""
    open_road(desk(), closure, person())
    return Response(status=204)


def shown(teller: Teller) -> list[shapes_road.ClosureOut]:
    """The closures that hold or are to come, as the board shows them."""
    return [
        shapes_road.ClosureOut(
            id=each.id,
            geometry=dict(each.geometry),
            factor=each.factor,
            from_=teller.iso(each.from_at),
            until=teller.maybe(each.until_at),
            reason=each.reason,
        )
        for each in teller.desk.store.closures.list_not_over(teller.now)
    ]
