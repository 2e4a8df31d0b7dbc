"""What a report becomes by its place: located, explained, promised; decided by reading, then written at once.

Deciding asks the zones, the notices and the accounts and takes its time; others write meanwhile.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from dispatch import outage, promise, zone
from dispatch.desk.place import zone_of_all
from dispatch.desk.zoning import zone_report
from dispatch.store.people import Caller
from dispatch.store.tickets import Step
from dispatch.ticket import Report

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dispatch.desk import Desk
    from dispatch.desk.intake import Draft
    from dispatch.desk.place import Located
    from dispatch.outage import Notice
    from dispatch.store.people import Person
    from dispatch.ticket import Place, Zoned

Steps = list[tuple[str, dict[str, Any]]]  # kind and body of each event, the report's number left out


@dataclass(frozen=True, slots=True)
class Decided:
    """A report without numbers yet, and everything that follows from it."""

    received_at: int  # epoch ms
    caller: Caller
    report: Mapping[str, Any]
    attempts: Sequence[Mapping[str, Any]]
    steps: Steps

    def numbered(self, report: str, ticket: str, now: int) -> Iterator[Step]:
        """What is to be written now that the report and the ticket it opens have their numbers."""
        body = {"report": {**self.report, "id": report, "first_ticket": ticket}, "attempts": self.attempts}
        yield Step(ticket, "received", body, self.received_at)
        for kind, told in self.steps:
            yield Step(ticket, kind, {"report": report, **told}, now)


def decide(desk: Desk, draft: Draft, located: Located, by: Person) -> Decided:
    """What a checked and located draft becomes; a call without a time was received now."""
    report = Report(
        id="",
        first_ticket="",
        received_at=desk.clock() if draft.received_at is None else draft.received_at,
        channel=draft.channel,
        fault=draft.fault,
        account_no=draft.account_no,
        address=draft.address,
        note=draft.note,
        customers=draft.customers,
        critical=draft.critical,
        unit=draft.unit,
        simulated=by.simulated,
    )
    attempts = [asdict(each) for each in located.attempts]
    steps = settled(desk, report, replace(located, attempts=()))  # they stand in `received`
    return Decided(report.received_at, draft.caller, asdict(report), attempts, steps)


def open_tickets(desk: Desk, decided: Sequence[Decided], by: Person) -> list[str]:
    """Write decided reports down, each on a ticket of its own; the reports' ids. In a transaction."""
    now, tickets = desk.clock(), desk.store.tickets
    opened = [f"T{number}" for number in tickets.next_ids("ticket", len(decided))]
    reports = [f"R{number}" for number in tickets.next_ids("report", len(decided))]
    numbered = list(zip(decided, reports, opened, strict=True))
    steps = (step for each, report, ticket in numbered for step in each.numbered(report, ticket, now))
    tickets.append_all(steps, now=now, by=by.name)
    called = {report: each.caller for each, report, _ in numbered if each.caller != Caller()}
    desk.store.people.put_callers(called)
    return reports


def settled(desk: Desk, report: Report, located: Located) -> Steps:
    """The place, then either the notice that explains the report or its promise.

    Without a place the promise is made all the same when wherever it may be lies in one zone.
    """
    place = located.place
    if place is None:
        zoned = zone_of_all(desk, located.candidates, report.received_at)
        return [("promised", _promise(desk, report, zoned))] if zoned else []
    body: dict[str, Any] = {"place": asdict(place), "unit": located.unit, **_doubt(desk, report, place)}
    if located.attempts:
        body["attempts"] = [asdict(each) for each in located.attempts]
    return [("located", body), *_explained_or_promised(desk, report, place)]


def _explained_or_promised(desk: Desk, report: Report, place: Place) -> Steps:
    if report.place and report.promise:
        return []  # frozen when it was made; only a correction could change it
    notice = _notice_over(desk, report, place)
    if notice:
        return [("explained", {"outage": notice.id})]
    if report.promise is None:
        return [("promised", _promise(desk, report, zone_report(desk, report, place)))]
    return []


def _doubt(desk: Desk, report: Report, place: Place) -> dict[str, str]:
    """What is doubtful about a promise now that the place is known, or another."""
    if report.promise is None:
        return {}
    zoned = zone_report(desk, report, place)
    return {"doubt": zoned.doubt if zoned.zone == report.promise.zone else "zone_differs"}


def _notice_over(desk: Desk, report: Report, place: Place) -> Notice | None:
    """The notice that explains a report; none explains danger."""
    if desk.rulebook.faults[report.fault].hazard:
        return None
    notices = desk.store.company.notices()
    return outage.explains(notices, report.received_at, lambda notice: zone.covers(notice.area, place.lonlat))


def _promise(desk: Desk, report: Report, zoned: Zoned) -> dict[str, Any]:
    made, *shadows = (
        promise.make(policy, zoned.zone, report.received_at)
        for policy in (desk.rulebook.binding, *desk.rulebook.shadows)
    )
    return {
        "zoned": asdict(zoned),
        "promise": asdict(made),
        "shadows": [asdict(each) for each in shadows],
    }
