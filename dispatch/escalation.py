"""What the desk must be warned of: no place, a clock that runs out, a crew unheard or out of service."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from dispatch.ticket import BEFORE_ARRIVAL, visit_state

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from dispatch.ticket import State, Ticket, Visit

MINUTE_MS = 60_000
NOBODY_THERE: frozenset[State] = frozenset({"needs_place", "waiting", "assigned", "accepted", "departed"})
ON_THE_WAY: frozenset[State] = frozenset({"accepted", "departed"})
AlertKind = Literal["no_place", "before_due", "due", "not_accepted", "silent", "out_of_service"]


@dataclass(frozen=True, slots=True)
class Limits:
    """How long the desk waits before it is warned, minutes each; 0 turns a kind off."""

    before_due_min: float = 10.0
    accept_min: float = 3.0
    silent_min: float = 15.0
    place_min: float = 5.0


@dataclass(frozen=True, slots=True)
class Out:
    """The word that put a crew out of service: its number, and since when it holds, epoch ms."""

    word: int
    at: int


@dataclass(frozen=True, slots=True)
class Alert:
    """One warning. Its name is (ticket, kind, about): nobody is warned of the same thing twice.

    `about` is the clock, the trip or the word it speaks of: the due time or that of the call in epoch ms, the
    number of the event that sent the crew, or that of the word that put it out of service. Another due time
    (reopened, an earlier caller joined), another trip or another word is another thing.
    `at` is when it became true, epoch ms, whenever it was noticed.
    """

    ticket: str
    kind: AlertKind
    about: int
    at: int
    crew: str = ""

    @property
    def name(self) -> tuple[str, AlertKind, int]:
        """What it is known by."""
        return (self.ticket, self.kind, self.about)


def list_alerts(
    tickets: Iterable[Ticket],
    seen: Mapping[str, int],
    now: int,
    limits: Limits,
    out: Mapping[str, Out] | None = None,
) -> tuple[list[Alert], int | None]:
    """(what holds at `now`, when the next may begin to hold), epoch ms; None when nothing is to come.

    `seen` is when each crew last sent a position, epoch ms, and `out` the words on those out of service.
    """
    holding: list[Alert] = []
    to_come: list[int] = []
    for ticket in tickets:
        for alert, until in _clocks(ticket, seen, limits, out or {}):
            if alert.at > now:
                to_come.append(alert.at)
            elif until is None or now < until:
                holding.append(alert)
    return holding, min(to_come, default=None)


def accept_by(visit: Visit, limits: Limits) -> int | None:
    """Until when the crew has to accept, epoch ms; None when it has, or it is off."""
    if visit_state(visit) != "assigned" or not limits.accept_min:
        return None
    return visit.assigned_at + round(limits.accept_min * MINUTE_MS)


def _clocks(
    ticket: Ticket, seen: Mapping[str, int], limits: Limits, out: Mapping[str, Out]
) -> Iterator[tuple[Alert, int | None]]:
    """Every warning that the ticket as it stands will come to, and when another takes its place."""
    yield from _of_place(ticket, limits)
    yield from _of_due(ticket, limits)
    for visit in ticket.sent:
        yield from _of_crew(ticket, visit, seen, limits)
        said = out.get(visit.crew)
        if said and visit_state(visit) in BEFORE_ARRIVAL:
            yield Alert(ticket.id, "out_of_service", said.word, said.at, visit.crew), None


def _of_place(ticket: Ticket, limits: Limits) -> Iterator[tuple[Alert, int | None]]:
    """Nobody can be sent, and often nothing is promised yet, so that no other clock would speak of it."""
    if ticket.state == "needs_place" and limits.place_min:
        opened = ticket.opened_at
        yield Alert(ticket.id, "no_place", opened, opened + round(limits.place_min * MINUTE_MS)), None


def _of_due(ticket: Ticket, limits: Limits) -> Iterator[tuple[Alert, int | None]]:
    if ticket.state not in NOBODY_THERE or not ticket.dues:
        return
    due = ticket.dues[0]
    crew = ticket.visit.crew if ticket.visit else ""
    ahead_ms = round(limits.before_due_min * MINUTE_MS)
    if ahead_ms:
        yield Alert(ticket.id, "before_due", due, due - ahead_ms, crew), due
    yield Alert(ticket.id, "due", due, due, crew), None


def _of_crew(
    ticket: Ticket, visit: Visit, seen: Mapping[str, int], limits: Limits
) -> Iterator[tuple[Alert, int | None]]:
    if (at := accept_by(visit, limits)) is not None:
        yield Alert(ticket.id, "not_accepted", visit.sent_by, at, visit.crew), None
    silent_ms = round(limits.silent_min * MINUTE_MS)
    if visit_state(visit) in ON_THE_WAY and silent_ms:
        steps = (visit.assigned_at, visit.accepted_at, visit.departed_at, seen.get(visit.crew))
        heard = max(at for at in steps if at is not None)
        yield Alert(ticket.id, "silent", visit.sent_by, heard + silent_ms, visit.crew), None
