"""What is told while a call is still being typed: places and accounts, and what is known there."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from dispatch import outage, zone
from dispatch.desk.given import check_lonlat
from dispatch.gazetteer import Candidate
from dispatch.store.places import LEAST_DIGITS, digits_of

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dispatch.desk import Desk
    from dispatch.outage import Notice
    from dispatch.ticket import Ticket

AROUND_M = 500.0  # a neighbour who calls for the same fault is hardly farther
SHOWN = 5
_NUMBER = re.compile(r"[\d +()/.\-]+")


@dataclass(frozen=True, slots=True)
class Ahead:
    """A place that what was typed may go on to, and the account it belongs to, if it was found by one."""

    candidate: Candidate
    account_no: str = ""


@dataclass(frozen=True, slots=True)
class Around:
    """What is known of a place: the notice that explains a fault there now, and the nearest open tickets."""

    notice: Notice | None
    tickets: tuple[tuple[float, Ticket], ...]  # metres away


def suggest(desk: Desk, text: str) -> list[Ahead]:
    """What goes on from `text`: accounts and callers for a number, else places, the best first."""
    if is_number(text):
        return _by_number(desk, text)[:SHOWN] or _places(desk, text)
    return _places(desk, text)


def is_number(text: str) -> bool:
    """Whether a text is an account's or a phone number by its form: digits and what stands between them."""
    return bool(_NUMBER.fullmatch(text.strip())) and len(digits_of(text)) >= LEAST_DIGITS


def _places(desk: Desk, text: str) -> list[Ahead]:
    return [Ahead(each) for each in desk.gazetteer.suggest(text)]


def _by_number(desk: Desk, text: str) -> list[Ahead]:
    """Accounts whose number begins so or whose phone it is, and where a caller with this phone was last."""
    company, digits = desk.store.company, digits_of(text)
    rows = company.list_accounts_going_on(digits, SHOWN)
    by_phone = company.find_account_by_phone(text.strip()) or company.find_account_by_phone(digits)
    accounts = {row["account_no"]: row for row in ([by_phone] if by_phone else []) + rows}
    found = [_account(row) for row in accounts.values()]
    last = desk.store.places.find_last_of_caller(text)
    if last:
        label = last.address or f"{last.lon:.5f}, {last.lat:.5f}"
        here = Candidate(label, last.lon, last.lat, "caller", 90.0, last.precision_m, "A")
        found.insert(0, Ahead(here))
    return found


def _account(row: Mapping[str, Any]) -> Ahead:
    label = " · ".join(part for part in (row["account_no"], row["name"], row["address"]) if part)
    here = Candidate(label, row["lon"], row["lat"], "account", 100.0, 20.0, "A")
    return Ahead(here, row["account_no"])


def around(desk: Desk, lonlat: tuple[float, float]) -> Around:
    """The notice in force over a place and the open tickets within 500 m; BadInput for no place on earth."""
    check_lonlat(desk, lonlat)
    notices = desk.store.company.notices()
    notice = outage.explains(notices, desk.clock(), lambda each: zone.covers(each.area, lonlat))
    tickets = desk.store.tickets.list_open_within(*zone.box_around(lonlat, AROUND_M))
    return Around(notice, _near(tickets, lonlat))


def _near(tickets: Sequence[Ticket], lonlat: tuple[float, float]) -> tuple[tuple[float, Ticket], ...]:
    away = ((zone.metres(each.place.lonlat, lonlat), each) for each in tickets if each.place)
    near = sorted((pair for pair in away if pair[0] <= AROUND_M), key=lambda pair: (pair[0], pair[1].id))
    return tuple((round(metres, 1), ticket) for metres, ticket in near[:SHOWN])
