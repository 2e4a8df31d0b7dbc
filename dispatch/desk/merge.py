"""Moving a report to the ticket of its fault and back again, by a person or, where it is sure, by itself."""

from __future__ import annotations

from dataclasses import asdict, replace
from itertools import takewhile
from typing import TYPE_CHECKING

from dispatch.desk.board import list_trips
from dispatch.desk.recall import recall_all
from dispatch.desk.same import likeness, nearby
from dispatch.desk.tell import tell_again
from dispatch.errors import Conflict
from dispatch.ticket import BEFORE_ARRIVAL, OVER, Report, Ticket, get_report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.desk import Desk
    from dispatch.desk.same import Nearby
    from dispatch.samefault import Likeness
    from dispatch.store.people import Person
    from dispatch.timeline import Event

SYSTEM = "system"
NOT_BY_ITSELF = frozenset({"danger", "other_unit", "kinds_differ"})


def merge(desk: Desk, report_id: str, into: str, by: Person) -> None:
    """Move a report to an open ticket of the same fault; it keeps its own clock, the merge its score."""
    with desk.store.transaction():
        source, target = desk.store.tickets.get_of_report(report_id), desk.store.tickets.get(into)
        report = get_report(source, report_id)
        if why := _refusal(desk, source, target, report):
            raise why
        _move(desk, source, report, into, by=by.name, alike=likeness(desk, source, report, target))


def join_by_itself(desk: Desk, report_id: str) -> None:
    """Merge a report that is alone on its ticket into the likeliest other, if that is as sure as configured.

    Danger is never merged by itself, nor across units, nor what a person has parted. Called inside the
    transaction that settled the report's place.
    """
    wanted = desk.config.merge.auto_from
    source = desk.store.tickets.get_of_report(report_id)
    report = get_report(source, report_id)
    if wanted >= 1 or len(source.reports) > 1 or source.visit or not report.needs_trip:
        return
    sure = (each for each in nearby(desk, source, report) if each.score >= wanted)
    best = next((each for each in sure if _may_join(desk, source, report, each)), None)
    if best:
        _move(desk, source, report, best.ticket, by=SYSTEM, alike=best)


def _may_join(desk: Desk, source: Ticket, report: Report, near: Nearby) -> bool:
    target = desk.store.tickets.get(near.ticket)
    if NOT_BY_ITSELF & set(near.reasons) or _were_parted(desk, source, target):
        return False
    return not _refusal(desk, source, target, report)


def _were_parted(desk: Desk, source: Ticket, target: Ticket) -> bool:
    """Whether a person has parted what was merged between the two, or the source from any other ticket."""
    came_home = any(event.kind == "joined" for event in desk.store.tickets.events(source.id))
    mine = {event.body["report"] for event in desk.store.tickets.events(target.id) if event.kind == "parted"}
    return came_home or bool(mine & {report.id for report in source.reports})


def _move(
    desk: Desk, source: Ticket, report: Report, into: str, *, by: str, alike: Likeness | Nearby | None
) -> None:
    """Write the merge down on both tickets; a crew on its way for this report alone is taken back."""
    now = desk.clock()
    tickets = desk.store.tickets
    if len([r for r in source.reports if r.needs_trip]) == 1:
        recall_all(desk, source, {"code": "merged", "into": into}, by=by)
    told = {"score": round(alike.score, 3), "reasons": list(alike.reasons)} if alike else {}
    tickets.append(source.id, "merged", {"report": report.id, "into": into, **told}, at=now, now=now, by=by)
    moved = {"report": asdict(report), "from": source.id, **told}
    tickets.append(into, "joined", moved, at=now, now=now, by=by)


def _refusal(desk: Desk, source: Ticket, target: Ticket, report: Report) -> Conflict | None:
    """Why a report cannot be merged, with what to do instead; None when it can."""
    on = {"report": report.id, "ticket": target.id}
    if source.id == target.id:
        return Conflict(f"{report.id} is on {target.id} already", code="merged_already", **on)
    if report.resolved:
        why = f"{report.id} was answered without a trip ({report.resolved}); it needs no merging"
        return Conflict(why, code="resolved_already", report=report.id, how=report.resolved)
    if target.state in OVER or target.state == "closed":
        why = f"{target.id} is {target.state}; merge into an open ticket or keep {source.id}"
        return Conflict(why, code="merge_too_late", state=target.state, **on)
    if source.visit and source.state not in BEFORE_ARRIVAL:
        why = f"a crew has been there for {source.id}; it can no longer be merged away"
        return Conflict(why, code="was_a_trip", ticket=source.id, state=source.state)
    nowhere = next((t.id for t in (source, target) if t.state == "needs_place"), None)
    if nowhere or report.place is None:  # without a place there is no promise, and its clock would not count
        why = f"{nowhere or report.id} has no place yet; set it on the map first"
        return Conflict(why, code="no_place_yet", ticket=nowhere or report.id)
    return _beyond(desk, target, report)


def _beyond(desk: Desk, target: Ticket, report: Report) -> Conflict | None:
    """Why the crews that were sent cannot mend what joins them: a danger would wait for somebody unable."""
    if target.visit is None:
        return None
    going = {target.visit.crew, *(trip.crew for trip in target.trips)}
    skills = [crew.skills for crew in desk.store.company.crews() if crew.id in going]
    lacking = desk.rulebook.faults[report.fault].needs - frozenset().union(*skills)
    if not lacking:
        return None
    what = ", ".join(sorted(lacking))
    why = f"{target.visit.crew} on {target.id} lacks the skill {what}; keep {report.id} on its own ticket"
    return Conflict(why, code="crew_unable", crew=target.visit.crew, ticket=target.id, report=report.id)


def unmerge(desk: Desk, report_id: str, by: Person) -> None:
    """Give a merged report back to the ticket it came with, and its crew, if that is still free."""
    now = desk.clock()
    tickets = desk.store.tickets
    with desk.store.transaction():
        source = tickets.get_of_report(report_id)
        report = get_report(source, report_id)
        if source.id == report.first_ticket:
            why = f"{report_id} is not merged; it is on its own ticket {source.id}"
            raise Conflict(why, code="not_merged", report=report_id, ticket=source.id)
        if source.visit and [r for r in source.reports if r.needs_trip] == [report]:
            why = f"{report_id} alone is why {source.visit.crew} goes to {source.id}; take that back first"
            told = {"report": report_id, "crew": source.visit.crew, "ticket": source.id}
            raise Conflict(why, code="alone_on_trip", **told)
        tickets.append(source.id, "parted", {"report": report_id}, at=now, now=now, by=by.name)
        moved = {"report": asdict(report), "from": source.id}
        tickets.append(report.first_ticket, "joined", moved, at=now, now=now, by=by.name)
        _send_again(desk, report.first_ticket, now)


def _send_again(desk: Desk, ticket_id: str, now: int) -> None:
    """Give the ticket back the crews that its merge took off, those in service that have no other job."""
    tickets = desk.store.tickets
    ticket = tickets.get(ticket_id)
    if ticket.state != "waiting":
        return
    crews = {each.id: each for each in desk.store.company.crews()}
    away = list_trips(tickets.list_open()).keys() | desk.store.out_of_service.holding(now).keys()
    for sent in _sent_before_merge(desk, ticket):
        crew = crews.get(sent.body["crew"])
        if crew and crew.on_duty(now, desk.timezone) and crew.id not in away:
            tell_again(desk, ticket_id, sent, "unmerged")


def _sent_before_merge(desk: Desk, ticket: Ticket) -> list[Event]:
    """The assignments that the last merge of this ticket ended, in the order in which they were made."""
    events = desk.store.tickets.events(ticket.id)
    last = max((at for at, event in enumerate(events) if event.kind == "merged"), default=0)
    ended = takewhile(
        lambda event: event.kind == "taken_back" and event.at == events[last].at, reversed(events[:last])
    )
    crews = {event.body["crew"] for event in ended}
    sent = {event.body["crew"]: event for event in events[:last] if event.kind == "assigned"}
    return sorted((event for crew, event in sent.items() if crew in crews), key=lambda event: event.seq)


def as_served(desk: Desk, ticket: Ticket, report: Report) -> Ticket:
    """The ticket of a merged report with the trips that were made for it before, whenever they became known.

    A phone in a valley may tell only after the merge that its crew had been at the caller's place: that
    caller was served. A ticket that other reports are still on keeps its trips to itself.
    """
    before = (former for former in _left_behind(desk, ticket, report) if not former.reports)
    been = [visit for former in before for visit in former.visits if visit.arrived_at is not None]
    return replace(ticket, visits=(*been, *ticket.visits)) if been else ticket


def _left_behind(desk: Desk, ticket: Ticket, report: Report) -> Iterator[Ticket]:
    """The tickets a report was moved through until it came to the one it is on, its first ticket first."""
    name = report.first_ticket
    while name != ticket.id and (former := desk.store.tickets.find(name)):
        yield former
        name = desk.store.tickets.merged_into(name, report.id)
