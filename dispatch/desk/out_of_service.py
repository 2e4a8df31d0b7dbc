"""A crew that cannot go though its shift says so: said with a reason, until a time or until it is ended."""

from __future__ import annotations

import unicodedata
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from dispatch.desk.board import PLANNER, list_trips
from dispatch.desk.recall import call_off
from dispatch.desk.standby import stand_down
from dispatch.errors import BadInput, Conflict, Fault, NotFound
from dispatch.store.out_of_service import OutOfService
from dispatch.ticket import BEFORE_ARRIVAL, visit_state

if TYPE_CHECKING:
    from dispatch.desk import Desk
    from dispatch.store.people import Person

DAY_MS = 86_400_000
LONGEST_DAYS = 31  # a mistyped year would lose a crew for good
LONGEST_REASON = 200
NO_LINE = ("Cc", "Cs", "Zl", "Zp")  # controls, halves of characters, new lines
_SAID = ("id", "crew", "until_at", "reason")


def put_out(
    desk: Desk,
    crew: str,
    reason: str,
    by: Person,
    *,
    until_at: int | None = None,
    replaces: str = "",
    release: bool = False,
) -> OutOfService:
    """Say that a crew is out of service from now to before `until_at` (epoch ms), or until it is ended.

    With `release` every ticket that it was told and is not at yet is taken back, to be planned at once; what
    it works at goes on either way. The same word of the same person again is the same answer.
    BadInput when there is no reason or its time makes no sense, NotFound without such a crew, Conflict when
    somebody was faster: another word holds than the one that this one `replaces`, or that one is over.
    """
    now, reason = desk.clock(), reason.strip()
    desk.store.company.get_crew(crew)
    _check(reason, until_at, now)
    with desk.store.transaction():
        end_run_out(desk)
        holds = desk.store.out_of_service.holding(now).get(crew)
        if holds is None or (holds.reason, holds.until_at, holds.by) != (reason, until_at, by.name):
            _check_first(crew, holds, replaces)
            holds = _say(desk, OutOfService("", crew, now, until_at, reason, by.name), holds)
        if release:
            _release(desk, holds, by)
        stand_down(desk, crew, by)
        return holds


def put_back(desk: Desk, crew: str, said: str, by: Person) -> OutOfService:
    """End the word `said` of a crew: it is back in service; the same person again gets the same answer.

    NotFound when nobody said it of this crew; Conflict when it is over already, by another or its time, and
    when another word holds since, so that nobody believes a crew to be back which is not.
    """
    with desk.store.transaction():
        end_run_out(desk)
        known = desk.store.out_of_service.get(said)
        if known.crew != crew:
            raise NotFound(f"{said[:40]!r} was not said of {crew}")
        if known.ended_at is None:
            return _end(desk, known, by.name)
        if (holds := desk.store.out_of_service.holding(desk.clock()).get(crew)) is not None:
            raise _holds(holds)
        if known.ended_by != by.name:
            why = f"{crew} is back in service by {known.ended_by} already; look at the board again"
            raise Conflict(why, code="in_service_already", crew=crew, by=known.ended_by)
    return known


def end_run_out(desk: Desk) -> None:
    """Write down what ended by its own time: a clock set back after that puts nobody out of service again."""
    for said in desk.store.out_of_service.list_run_out(desk.clock()):
        with desk.store.transaction():
            if desk.store.out_of_service.get(said.id).ended_at is None:
                _end(desk, said, PLANNER)


def _check_first(crew: str, holds: OutOfService | None, replaces: str) -> None:
    """Raise Conflict unless what holds is what the caller knows of."""
    if holds is None and replaces:
        why = f"{crew} is back in service meanwhile; say it without `replaces` if it is still so"
        raise Conflict(why, code="in_service_meanwhile", crew=crew)
    if holds is not None and holds.id != replaces:
        raise _holds(holds)


def _holds(said: OutOfService) -> Conflict:
    """What to answer to who does not know of the word that holds."""
    why = f"{said.crew} is out of service already, said by {said.by}: {said.reason}"
    told = {"crew": said.crew, "by": said.by, "reason": said.reason, "said": said.id}
    return Conflict(why, code="out_already", **told)


def _say(desk: Desk, said: OutOfService, before: OutOfService | None) -> OutOfService:
    store = desk.store
    made = replace(said, id=f"O{store.tickets.next_id('out_of_service')}")
    body = {name: value for name, value in asdict(made).items() if name in _SAID}
    if before is not None:
        store.out_of_service.put(replace(before, ended_at=said.at, ended_by=said.by))
        body["replaces"] = before.id
    store.out_of_service.put(made)
    store.tickets.append("", "crew_out_of_service", body, at=said.at, now=said.at, by=said.by)
    return made


def _end(desk: Desk, said: OutOfService, by: str) -> OutOfService:
    now = desk.clock()
    ended = replace(said, ended_at=now, ended_by=by)
    desk.store.out_of_service.put(ended)
    body = {"id": said.id, "crew": said.crew}
    desk.store.tickets.append("", "crew_in_service", body, at=now, now=now, by=by)
    return ended


def _release(desk: Desk, said: OutOfService, by: Person) -> None:
    why = {"code": "out_of_service", "reason": said.reason}
    for ticket in list_trips(desk.store.tickets.list_open()).get(said.crew, []):
        trip = ticket.trip_of(said.crew)
        if trip and visit_state(trip) in BEFORE_ARRIVAL:
            call_off(desk, ticket.id, said.crew, why, by=by.name)


def _check(reason: str, until_at: int | None, now: int) -> None:
    """Raise BadInput for the first thing that is wrong with what was said."""
    if not 1 <= len(reason) <= LONGEST_REASON or _breaks(reason):
        raise _wrong("reason", f"must say why on one line, in up to {LONGEST_REASON} letters")
    if until_at is not None and until_at <= now:
        raise _wrong("until", "lies in the past: it would be over already")
    if until_at is not None and until_at - now > LONGEST_DAYS * DAY_MS:
        raise _wrong("until", f"lies more than {LONGEST_DAYS} days ahead; leave it out to end it by hand")


def _breaks(reason: str) -> bool:
    """Whether it holds a control character or begins another line; wide spaces and any emoji are welcome."""
    return any(unicodedata.category(char) in NO_LINE for char in reason)


def _wrong(field: str, message: str) -> BadInput:
    return BadInput(f"No crew can be out of service so: `{field}` {message}.", (Fault(field, message),))
