"""Reports that come as a file, each taken as if it had been called in; all or none."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.desk.intake import Draft, check
from dispatch.desk.place import Pin, locate
from dispatch.desk.rows import datum_of, lonlat, moment, numbered_rows, one_of
from dispatch.desk.settle import Decided, decide, open_tickets
from dispatch.errors import Fault, UserError
from dispatch.store.people import Caller
from dispatch.tables import refuse
from dispatch.ticket import Channel, FaultKind

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from dispatch.desk import Desk
    from dispatch.store.people import Person

PORTION = 500  # reports written at a time, so that a table of any length needs little room beside itself
REPORT = ("received_at", "fault")
CALLER = ("channel", "name", "phone", "account_no", "transformer", "address", "lon", "lat", "datum")
REPORT_MORE = (*CALLER, "note", "customers", "critical", "unit")


def import_reports(desk: Desk, path: Path, by: Person) -> int:
    """Reports from a table, each taken as if called in; all or none; how many."""
    drafts = numbered_rows(path, REPORT, REPORT_MORE, lambda row: _draft(row, desk))
    decided = _decide_all(desk, path, drafts, by)
    with desk.store.transaction():
        for start in range(0, len(decided), PORTION):
            open_tickets(desk, decided[start : start + PORTION], by)
    return len(drafts)


def _decide_all(desk: Desk, path: Path, drafts: Sequence[tuple[int, Draft]], by: Person) -> list[Decided]:
    """Where every draft is and what follows, before anything is written: others go on writing meanwhile."""
    decided, faults = [], []
    for line, draft in drafts:
        try:
            check(desk, draft, desk.clock())
            decided.append(decide(desk, draft, locate(desk, draft, by.name), by))
        except UserError as error:
            faults.append(Fault(f"line {line}", str(error)))
    refuse(path, faults)
    return decided


def _draft(row: Mapping[str, str], desk: Desk) -> Draft:
    received_at = moment(row, "received_at")
    if received_at > desk.clock():
        raise ValueError("received_at lies in the future")
    pinned = bool(row.get("lon") or row.get("lat"))
    return Draft(
        fault=one_of(row, "fault", FaultKind),
        received_at=received_at,
        channel=one_of(row, "channel", Channel) if row.get("channel") else "phone",
        caller=Caller(row.get("name", ""), row.get("phone", "")),
        account_no=row.get("account_no", ""),
        transformer=row.get("transformer", ""),
        address=row.get("address", ""),
        pin=Pin(*lonlat(row, "lon", "lat"), datum_of(row, desk.config.gazetteer.datum)) if pinned else None,
        note=row.get("note", ""),
        customers=_customers(row.get("customers", "")),
        critical=row.get("critical", "").lower() in {"1", "true", "yes", "是"},
        unit=row.get("unit", ""),
    )


def _customers(text: str) -> int:
    if text and not (text.isascii() and text.isdigit() and int(text[:9]) > 0):
        raise ValueError(f"customers {text!r} is not a whole number above 0")
    return int(text[:9]) if text else 1
