"""How likely arrivals are in time: what is expected of a trip, what past ones teach, what came true."""

from __future__ import annotations

import math
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import numpy as np

from dispatch.desk.chain import weights
from dispatch.errors import BadInput, Fault
from dispatch.plan.calibration import Calibration, Said, calibrate
from dispatch.plan.chance import FEWEST, Doubt, Learnt, Spread, Trip, Work, learn
from dispatch.plan.cost import MS_PER_MIN, miss
from dispatch.plan.pace import BY_TABLE, LATELY_MS, lately

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from dispatch.desk import Desk
    from dispatch.plan.cost import Weights
    from dispatch.store.chances import Sent
    from dispatch.ticket import Ticket

LEARNT_FROM_MS = 400 * 86_400_000  # a year and a month: every season once
PROVEN = frozenset({"A", "B"})  # an arrival typed in by the desk, or a doubtful one, teaches nothing
TODAY_MS = 86_400_000  # tickets opened since then may have been worked on in the last hours
DAY_MS = 86_400_000


@dataclass(frozen=True, slots=True)
class Outlook:
    """What bears on every arrival seen at `now` (epoch ms): what was learnt, the hour, the weather, today.

    `work` and `drive` say how works and drives of the last hours lie beside what was learnt.
    """

    now: int
    learnt: Learnt
    hour: int
    severe: bool
    work: Spread
    drive: Spread
    _over: dict[str, tuple[float, Doubt | None]] = field(default_factory=dict, repr=False, compare=False)

    @property
    def slower(self) -> float:
        """By how much longer than the roads say drives take at this hour, in this weather, today."""
        return self._of_class("")[0]

    def slower_to(self, ticket: Ticket) -> float:
        """The same of drives to this ticket, over the class of road that leads there."""
        return self._of_class(_class_of(ticket))[0]

    def doubt(self, ticket: Ticket) -> Doubt | None:
        """The doubt about an arrival by a drive that is `slower_to` it; None while too little is known."""
        return self._of_class(_class_of(ticket))[1]

    def _of_class(self, road_class: str) -> tuple[float, Doubt | None]:
        """By how much longer drives over a class of road take, and the doubt; found once for all tickets."""
        if road_class not in self._over:
            usual = self.learnt.drive_centre(road_class, self.hour, severe=self.severe)
            slower, doubt = math.exp(usual + self.drive.centre), self.learnt.doubt(road_class)
            self._over[road_class] = slower, doubt and replace(doubt, drive_min=doubt.drive_min * slower)
        return self._over[road_class]

    def width_to(self, ticket: Ticket) -> float:
        """How unsure drives to this ticket are: the width of the logarithm of true / expected time."""
        return self.learnt.drive_width(_class_of(ticket))

    def work_of(self, fault: str) -> Spread:
        """How works on this kind of fault lie today beside what was learnt of them."""
        wider = self.learnt.work_width(fault) / self.learnt.works.width
        return Spread(self.work.centre, self.work.width * wider)


def _class_of(ticket: Ticket) -> str:
    return ticket.place.road_class if ticket.place else ""


def outlook(desk: Desk, now: int) -> Outlook:
    """What bears on arrivals at `now` (epoch ms)."""
    kept = desk.store.chances.learnt()
    learnt = Learnt.from_json(kept[1]) if kept else Learnt()
    hour, severe = _hour(desk, now), desk.store.weathers.is_severe(now)
    sent = desk.store.chances.list_sent(now - TODAY_MS, now + 1)
    works, drives = _works_today(sent, now, learnt), _drives_today(desk, sent, now, learnt)
    return Outlook(now, learnt, hour, severe, works, drives)


def _works_today(sent: Sequence[Sent], now: int, learnt: Learnt) -> Spread:
    """How the works of the last hours lasted beside what was learnt of their kind."""
    over = _lately(sent, now, lambda each: each.restored_at)
    cases = [(work.expected_s * learnt.work_factor(work.fault), work.true_s) for work in _works(over)]
    return lately(cases, Spread(0.0, learnt.works.width) if learnt.works.count >= FEWEST else BY_TABLE)


def _drives_today(desk: Desk, sent: Sequence[Sent], now: int, learnt: Learnt) -> Spread:
    """How the proven drives of the last hours lasted beside what was learnt of such drives."""
    over = _lately(sent, now, lambda each: each.arrived_at)
    cases = [(trip.expected_s * learnt.drive_factor(trip), trip.true_s) for trip in _trips(desk, over)]
    return lately(cases, Spread(0.0, learnt.drives.width))


def _lately(sent: Sequence[Sent], now: int, at: Callable[[Sent], int | None]) -> list[Sent]:
    """Those for which it happened in the last hours, in its order; after a clock was set back none ahead."""
    when = [(moment, number) for number, each in enumerate(sent) if (moment := at(each)) is not None]
    return [sent[number] for moment, number in sorted(when) if now - LATELY_MS < moment <= now]


def _hour(desk: Desk, at: int) -> int:
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(desk.timezone).hour


def expected(
    desk: Desk, ticket: Ticket, now: int, *, drive_s: float, chance: float, work_s: float
) -> dict[str, Any]:
    """What is written down with an assignment, so that it can be held against what happens."""
    faults = sorted(report.fault for report in ticket.reports if report.needs_trip)
    return {
        "chance": round(chance, 4),
        "drive_s": round(drive_s, 1),
        "work_s": round(work_s, 1),
        "due_at": min(ticket.dues, default=None),
        "road_class": _class_of(ticket),
        "severe": desk.store.weathers.is_severe(now),
        "fault": faults[0] if faults else "",
    }


def learn_now(desk: Desk) -> Learnt:
    """Learn from the proven trips of the last year, and keep it for the planner."""
    now = desk.clock()
    sent = desk.store.chances.list_sent(now - LEARNT_FROM_MS, now + 1)
    learnt = learn([*_trips(desk, sent)], [*_works(sent)])
    desk.store.chances.put_learnt(now, learnt.as_json())
    return learnt


def learn_if_old(desk: Desk) -> None:
    """Learn unless that was done within a day."""
    kept = desk.store.chances.learnt()
    if kept is None or not 0 <= desk.clock() - kept[0] < DAY_MS:
        learn_now(desk)


def _trips(desk: Desk, sent: Sequence[Sent]) -> list[Trip]:
    """The drives whose both ends are proven and do not contradict each other."""
    found = []
    for each in sent:
        if each.departed_at is None or each.arrived_at is None or each.flags or each.evidence not in PROVEN:
            continue
        true_s = (each.arrived_at - each.departed_at) / 1000
        said, hour = each.expected, _hour(desk, each.departed_at)
        found.append(Trip(said["drive_s"], true_s, said["road_class"], hour, said["severe"]))
    return found


def _works(sent: Sequence[Sent]) -> list[Work]:
    return [
        Work(each.expected["work_s"], (each.restored_at - each.arrived_at) / 1000, each.expected["fault"])
        for each in sent
        if each.arrived_at is not None and each.restored_at is not None and not each.flags
    ]


def calibration(desk: Desk, since: int | None = None, until: int | None = None) -> Calibration:
    """Whether the chances said of trips to tickets opened in [since, until) (epoch ms) came true.

    Without `since` the last 90 days, without `until` up to now. BadInput when nothing can lie between.
    """
    now = desk.clock()
    until = now + 1 if until is None else until
    since = until - 90 * DAY_MS if since is None else since
    if since >= until:
        raise BadInput("Nothing lies in that time.", (Fault("until", "must be after `from`"),))
    return calibrate(_said(desk.store.chances.list_sent(since, until), now, weights(desk.config)))


def _said(sent: Sequence[Sent], now: int, own: Weights) -> list[Said]:
    """What was said of each trip that has come to its end: it arrived, or was due and has not."""
    found = []
    for each in sent:
        due = each.expected["due_at"]
        if due is None or each.eta_at is None or (each.arrived_at is None and now <= due):
            continue
        ahead, left = (np.array([(ms - each.told_at) / MS_PER_MIN]) for ms in (each.eta_at, due))
        ramp = 1.0 - float(miss(ahead, left, own)[0])
        on_time = each.arrived_at is not None and each.arrived_at <= due
        found.append(Said(each.expected["chance"], ramp, on_time))
    return found
