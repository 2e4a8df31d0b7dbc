"""What is told of places and accounts while a call is being written down, as OpenAPI shows it."""

from __future__ import annotations

from pydantic import RootModel

from dispatch.ticket import FaultKind, State  # noqa: TC001 -- pydantic reads it
from dispatch.web.shapes import CandidateOut, Iso, NoticeOut, Shape


class SuggestionOut(CandidateOut):
    """A place that what was typed may go on to; `account_no` where it was found by an account."""

    account_no: str = ""


class SuggestionsOut(RootModel[list[SuggestionOut]]):
    """Places, best first."""


class AroundTicketOut(Shape):
    """An open ticket near a place."""

    ticket: str
    distance_m: float
    opened_at: Iso
    state: State
    fault: FaultKind
    address: str
    near: str


class AroundOut(Shape):
    """What is known of a place: the notice that explains a fault there now, and open tickets within 500 m."""

    outage: NoticeOut | None
    tickets: list[AroundTicketOut]


class AccountOut(Shape):
    """An account, for the intake page."""

    account_no: str
    name: str
    phone: str
    address: str
    lon: float
    lat: float
    transformer: str
    unit: str
    zone: str
    place_of: str
