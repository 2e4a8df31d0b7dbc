"""How tickets, reports, crews and answers of the desk become the shapes that are sent out."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from dispatch.compliance import verdict
from dispatch.desk import merge, same
from dispatch.desk.attempts import list_attempts
from dispatch.desk.board import is_hazard, needs
from dispatch.desk.outside import said_outside
from dispatch.ticket import arrived_for, visit_state
from dispatch.web import shapes, shapes_road
from dispatch.web.tell_alert import alert_out
from dispatch.web.tell_crews import breaks, crew_state, out_of_service, rests_until, second, waits
from dispatch.web.tell_place import attempt, candidate, near, place_out

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dispatch.crew import Crew, Position
    from dispatch.desk import Desk
    from dispatch.desk.intake import Answer
    from dispatch.outage import Notice
    from dispatch.plan import Option
    from dispatch.ticket import Promise, Report, Ticket, Visit
    from dispatch.timeline import Event


class Teller:
    """Tells what the desk knows, in the company's own time; crews and the last plan are read once."""

    def __init__(self, desk: Desk) -> None:
        self.desk = desk
        self.now = desk.clock()
        self.crews = {crew.id: crew for crew in desk.store.company.crews()}
        self.addresses: dict[str, str] = {}  # of accounts, as far as they were asked
        self.units = {unit.id: unit.name for unit in desk.store.company.units()}
        self.out = desk.store.out_of_service.holding(self.now)
        plan = desk.store.company.last_plan()
        self.waiting = {each["ticket"]: each for each in plan[1]["waiting"]} if plan else {}
        self.plan_at = plan[0] if plan else None
        self.plan_by = plan[1].get("by", "search") if plan else None

    def iso(self, at: int) -> str:
        """Epoch ms as ISO 8601 with the company's offset, to the millisecond."""
        moment = datetime.fromtimestamp(at / 1000, UTC).astimezone(self.desk.timezone)
        return moment.isoformat(timespec="milliseconds" if at % 1000 else "seconds")

    def maybe(self, at: int | None) -> str | None:
        """`iso`, or None."""
        return None if at is None else self.iso(at)

    def promise(self, promise: Promise | None) -> shapes.PromiseOut | None:
        """A promise, or None."""
        if promise is None:
            return None
        due_at = self.iso(promise.due_at)
        return shapes.PromiseOut(
            policy=promise.policy, version=promise.version, minutes=promise.minutes, due_at=due_at
        )

    def notice(self, notice: Notice) -> shapes.NoticeOut:
        """An outage notice."""
        return shapes.NoticeOut(
            id=notice.id,
            kind=notice.kind,
            cause=notice.cause,
            published_at=self.iso(notice.published_at),
            from_=self.iso(notice.from_at),
            to=self.iso(notice.until_at),
            area=dict(notice.area),
        )

    def answer(self, answer: Answer) -> shapes.AnswerOut:
        """What became of a report."""
        report = answer.report
        zoned = report.zoned
        return shapes.AnswerOut(
            report=report.id,
            ticket=answer.ticket.id,
            outcome=answer.outcome,
            place=place_out(report.place),
            candidates=[candidate(each) for each in answer.candidates],
            zone=zoned.zone if zoned else None,
            doubt="outside"
            if said_outside(self.desk, answer.ticket, report)
            else zoned.doubt
            if zoned
            else "",
            edge_m=zoned.edge_m if zoned else None,
            promise=self.promise(report.promise),
            outage=self.notice(answer.notice) if answer.notice else None,
            nearby=[near(each, self.iso) for each in answer.nearby],
        )

    def brief(self, ticket: Ticket) -> shapes.Brief:
        """A ticket in one line."""
        return shapes.Brief(**self._base(ticket), reports=len(ticket.reports))

    def _base(self, ticket: Ticket) -> dict[str, Any]:
        first = next(
            (r for r in ticket.reports if r.needs_trip), ticket.reports[0] if ticket.reports else None
        )
        zoned = first.zoned if first else None
        return {
            "id": ticket.id,
            "state": ticket.state,
            "opened_at": self.iso(ticket.opened_at),
            "due_at": self.maybe(ticket.dues[0] if ticket.dues else None),
            "zone": zoned.zone if zoned else None,
            "minutes": first.promise.minutes if first and first.promise else None,
            "doubt": zoned.doubt if zoned else "",
            "place": place_out(ticket.place),
            "address": next((r.address for r in ticket.reports if r.address), "") or self._account(first),
            "fault": self._worst(ticket),
            "hazard": is_hazard(self.desk, ticket),
            "critical": any(r.critical for r in ticket.reports),
            "customers": sum(r.customers for r in ticket.reports),
            "unit": first.unit if first else "",
            "unit_name": self.unit_name(first.unit if first else ""),
            "needs": sorted(needs(self.desk, ticket)),
            "simulated": any(r.simulated for r in ticket.reports),
            "version": ticket.version,
            **self._trip(ticket),
        }

    def _account(self, report: Report | None) -> str:
        """The address the company knows for the account, when the caller said none."""
        if report is None or not report.account_no:
            return ""
        if report.account_no not in self.addresses:
            self.addresses |= self.desk.store.company.list_addresses([report.account_no])
        return self.addresses.get(report.account_no, "")

    def _worst(self, ticket: Ticket) -> str:
        """The fault that names the ticket: a dangerous one first."""
        faults = [r.fault for r in ticket.reports if r.needs_trip] or [r.fault for r in ticket.reports]
        return max(faults, key=lambda f: self.desk.rulebook.faults[f].hazard, default="other")

    def _trip(self, ticket: Ticket) -> dict[str, Any]:
        visit = ticket.visit
        return {
            "crew": visit.crew if visit else None,
            "crew_name": self.crew_name(visit.crew) if visit else None,
            "pinned": visit.pinned if visit else False,
            "eta_at": self.maybe(visit.eta_at if visit else None),
            "assigned_at": self.maybe(visit.assigned_at if visit else None),
            **waits(ticket, self),
            "second": second(ticket, self),
        }

    def crew_name(self, crew: str) -> str:
        """The crew's name, or its id when it is no longer there."""
        return self.crews[crew].name if crew in self.crews else crew

    def unit_name(self, unit: str) -> str:
        """The unit's name, or its id when it is no longer there."""
        return self.units.get(unit, unit)

    def visit(self, visit: Visit, orders: Mapping[int, Mapping[str, Any]] | None = None) -> shapes.VisitOut:
        """One crew's trip; `orders` are the bodies of the events that sent crews, by sequence number."""
        order = (orders or {}).get(visit.sent_by, {})
        steps = ("eta_at", "accepted_at", "departed_at", "arrived_at", "restored_at", "closed_at")
        return shapes.VisitOut(
            crew=visit.crew,
            crew_name=self.crew_name(visit.crew),
            assigned_at=self.iso(visit.assigned_at),
            by=visit.by,
            pinned=visit.pinned,
            reason=order.get("reason", ""),
            reasons=order.get("reasons", {}),
            sooner_s=order.get("sooner_s"),
            over=visit.over,
            instead_of=visit.instead_of,
            evidence=visit.evidence,
            flags=list(visit.flags),
            **{step: self.maybe(getattr(visit, step)) for step in steps},
        )

    def caller(self, report: str) -> shapes.CallerOut | None:
        """Who made the report."""
        caller = self.desk.store.people.find_caller(report)
        return shapes.CallerOut(name=caller.name, phone=caller.phone) if caller else None

    def report(self, report: Report, ticket: Ticket, notices: dict[str, Notice]) -> shapes.ReportOut:
        """A report with its own clock."""
        served = merge.as_served(self.desk, ticket, report)
        arrived_at = arrived_for(served, report)
        zoned = report.zoned
        same = ("id", "first_ticket", "channel", "account_no", "address", "note", "fault", "customers")
        also = ("critical", "unit", "resolved", "simulated")
        return shapes.ReportOut(
            **{name: getattr(report, name) for name in (*same, *also)},
            ticket=ticket.id,
            received_at=self.iso(report.received_at),
            caller=self.caller(report.id),
            place=place_out(report.place),
            zone=zoned.zone if zoned else None,
            zone_set=zoned.zone_set if zoned else "",
            zone_method=zoned.method if zoned else "",
            edge_m=zoned.edge_m if zoned else None,
            doubt=zoned.doubt if zoned else "",
            promise=self.promise(report.promise),
            shadows=[each for each in map(self.promise, report.shadows) if each],
            outage=self.notice(notices[report.outage]) if report.outage in notices else None,
            arrived_at=self.maybe(arrived_at),
            arrival_s=None if arrived_at is None else (arrived_at - report.received_at) / 1000,
            verdict=verdict(report, served, self.now),
            attempts=[attempt(each, self.iso) for each in list_attempts(self.desk, ticket, report)],
        )

    def ticket(self, ticket: Ticket) -> shapes.TicketOut:
        """Everything about a ticket."""
        notices = {notice.id: notice for notice in self.desk.store.company.notices()}
        events = self.desk.store.tickets.events(ticket.id)
        orders = {event.seq: event.body for event in events if event.kind == "assigned"}
        return shapes.TicketOut(
            **self._base(ticket),
            reports=[self.report(each, ticket, notices) for each in ticket.reports],
            assignment=self.visit(ticket.visit, orders) if ticket.visit else None,
            visits=[self.visit(each, orders) for each in ticket.visits],
            timeline=[self.event(each) for each in events],
            nearby=[near(each, self.iso) for each in same.nearby(self.desk, ticket)],
            alerts=[alert_out(each, self) for each in self.desk.store.alerts.list_of(ticket.id)],
        )

    def event(self, event: Event) -> shapes.EventOut:
        """One line of the timeline."""
        return shapes.EventOut(
            seq=event.seq,
            kind=event.kind,
            at=self.iso(event.at),
            recorded_at=self.iso(event.recorded_at),
            by=event.by,
            body=dict(event.body),
        )

    def shift(self, crew: Crew) -> shapes_road.SpanOut:
        """The crew's shift now, or the next."""
        begins, ends = crew.shift.window(self.now, self.desk.timezone)
        return shapes_road.SpanOut(from_=self.iso(begins), until=self.iso(ends))

    def crew(self, crew: Crew, trips: list[Ticket], position: Position | None) -> shapes_road.CrewBrief:
        """A crew in one line."""
        now = trips[0] if trips else None
        trip = now.trip_of(crew.id) if now else None
        step = visit_state(trip) if trip else None
        return shapes_road.CrewBrief(
            id=crew.id,
            name=crew.name,
            unit=crew.unit,
            unit_name=self.unit_name(crew.unit),
            phone=crew.phone,
            skills=sorted(crew.skills),
            state=crew_state(crew, step, self),
            ticket=now.id if now else None,
            step=step,
            next=[ticket.id for ticket in trips[1:]],
            position=self._position(position),
            depot=shapes_road.LonLat(lon=crew.depot[0], lat=crew.depot[1]),
            shift=self.shift(crew),
            breaks=breaks(crew, self),
            rests_until=rests_until(crew, self),
            out_of_service=out_of_service(crew, self),
        )

    def _position(self, position: Position | None) -> shapes_road.PositionOut | None:
        if position is None:
            return None
        at = self.iso(position.at)
        return shapes_road.PositionOut(
            lon=position.lon, lat=position.lat, accuracy_m=position.accuracy_m, at=at
        )

    def option(self, option: Option) -> shapes_road.OptionOut:
        """One crew that could go, or why it cannot."""
        return shapes_road.OptionOut(
            crew=option.crew,
            crew_name=self.crew_name(option.crew),
            arrives_at=self.maybe(option.arrives_ms),
            eta_s=option.eta_s,
            on_time=option.on_time,
            p_on_time=option.p_on_time,
            cost_terms=option.cost_terms,
            would_delay=[
                shapes_road.DelayOut(ticket=d.ticket, by_s=d.by_s, becomes_late=d.becomes_late)
                for d in option.would_delay
            ],
            rests_until=rests_until(self.crews[option.crew], self),
            out_of_service=out_of_service(self.crews[option.crew], self),
            not_possible=option.not_possible,
        )
