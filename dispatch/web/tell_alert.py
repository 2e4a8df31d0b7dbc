"""How a warning becomes the shape that is sent out."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.web import shapes

if TYPE_CHECKING:
    from dispatch.store.alerts import Raised
    from dispatch.web.tell import Teller


def alert_out(raised: Raised, teller: Teller) -> shapes.AlertOut:
    """A warning, with who has seen it."""
    alert = raised.alert
    return shapes.AlertOut(
        id=f"A{raised.id}",
        ticket=alert.ticket,
        kind=alert.kind,
        at=teller.iso(alert.at),
        raised_at=teller.iso(raised.raised_at),
        crew=alert.crew or None,
        crew_name=teller.crew_name(alert.crew) if alert.crew else None,
        acknowledged_at=teller.maybe(raised.acknowledged_at),
        acknowledged_by=raised.acknowledged_by,
    )
