"""A crew sent to something ordinary and not pinned to it is called off for people in danger, and told why."""

from __future__ import annotations

import logging
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from dispatch.desk.board import PLANNER, is_hazard, job, list_trips, without_lead
from dispatch.desk.chain import weights
from dispatch.desk.recall import call_off
from dispatch.desk.tell import tell
from dispatch.desk.whereabouts import whereabouts
from dispatch.errors import RoadsUnavailable
from dispatch.plan import SECOND, OnTheWay, divert, validate_turned, with_breaks
from dispatch.ticket import BEFORE_ARRIVAL

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dispatch.desk import Desk, chance
    from dispatch.desk.chain import Chain
    from dispatch.plan import Board, Diversion, Plan, TravelTimes
    from dispatch.ticket import Ticket

MINUTE_MS = 60_000
log = logging.getLogger("dispatch.plan")


def divert_for_danger(
    desk: Desk,
    made: Plan,
    seen: Board,
    tickets: Sequence[Ticket],
    *,
    chain: Chain,
    travel: TravelTimes,
    ahead: chance.Outlook,
) -> Plan:
    """The plan with crews turned to hazards where that wins enough minutes, and their turning written down.

    `tickets` are the open ones that the board `seen` was made of; what changed since is left alone. No more
    crews are turned in a minute than the company allows, counted on the timeline: neither a restart nor a
    ticket that is over since forgets one.
    """
    settings, now = desk.config.plan, ahead.now
    most = settings.max_changes_per_min
    left = most - desk.store.diversions.count_since(now - MINUTE_MS, now, most)
    if not settings.divert_for_hazard or left <= 0 or not any(job.hazard for job in seen.jobs):
        return made
    versions = {ticket.id: ticket.version for ticket in tickets}
    found = _find(desk, made, seen, tickets, chain=chain, travel=travel, ahead=ahead, most=left)
    turned = {
        each.assignment.ticket: each.assignment for each in found if _write(desk, each, versions, ahead)
    }
    return replace(
        made,
        told=tuple(each for each in made.told if each.ticket not in turned),
        waiting=tuple(each for each in made.waiting if each.ticket not in turned),
        turned=tuple(turned.values()),
    )


def _find(
    desk: Desk,
    made: Plan,
    seen: Board,
    tickets: Sequence[Ticket],
    *,
    chain: Chain,
    travel: TravelTimes,
    ahead: chance.Outlook,
    most: int,
) -> tuple[Diversion, ...]:
    """At most `most` diversions worth their minutes, with their reasons; none where asking fails.

    The plan that is made already is worth more than who could be turned: it stands, whatever happens here.
    """
    now, chosen, gain_min = ahead.now, weights(desk.config), desk.config.plan.divert_gain_min
    try:
        turning = list(_on_the_way(desk, seen, tickets, now))
        who = partial(divert, seen, made, turning, now, travel, weights=chosen, gain_min=gain_min, most=most)
        found = chain.ask("divert", who) or ()
    except RoadsUnavailable as error:
        log.warning("whom danger could call off could not be asked: %s", error)
        return ()
    if broken := validate_turned(found, seen, turning):
        log.error("calling crews off broke the planner's own rules: %s", "; ".join(broken))
        return ()
    return _with_reasons(desk, found, seen, tickets, turning, chain=chain, travel=travel, ahead=ahead)


def _with_reasons(
    desk: Desk,
    found: tuple[Diversion, ...],
    seen: Board,
    tickets: Sequence[Ticket],
    turning: Sequence[OnTheWay],
    *,
    chain: Chain,
    travel: TravelTimes,
    ahead: chance.Outlook,
) -> tuple[Diversion, ...]:
    """What was found, with what it does to every other ticket; whom danger calls goes without that, too."""
    if not found:
        return ()
    left, chosen = {way.ticket for way in turning}, weights(desk.config)
    driven_to = {each.id: job(desk, without_lead(each), ahead) for each in tickets if each.id in left}
    why = partial(with_breaks, found, seen, turning, driven_to, now=ahead.now, travel=travel, weights=chosen)
    try:
        return chain.ask("divert_reasons", why) or found
    except RoadsUnavailable as error:
        log.warning("what calling crews off does to other tickets could not be asked: %s", error)
        return found


def _on_the_way(desk: Desk, seen: Board, tickets: Sequence[Ticket], now: int) -> Iterator[OnTheWay]:
    """The crews that were sent to one ordinary ticket and are not there yet."""
    states = {crew.id: crew for crew in seen.crews}
    where = whereabouts(desk, desk.store.company.crews(), now)
    for crew, trips in list_trips(tickets).items():
        if len(trips) == 1 and crew in states and _may_be_left(desk, trips[0]):
            free = replace(states[crew], place=where[crew], free_at_ms=now)
            yield OnTheWay(free, trips[0].id)


def _may_be_left(desk: Desk, ticket: Ticket) -> bool:
    """A pinned trip stands, and so does one to danger or to a critical customer."""
    visit = ticket.visit
    return (
        visit is not None
        and ticket.state in BEFORE_ARRIVAL
        and len(ticket.trips) == 1  # who needs the other one there is not left alone
        and not visit.pinned
        and not is_hazard(desk, ticket)
        and not any(report.critical for report in ticket.reports if report.needs_trip)
    )


def _write(desk: Desk, found: Diversion, versions: Mapping[str, int], ahead: chance.Outlook) -> bool:
    """Write both down at once, unless either ticket changed meanwhile or the crew was told another."""
    told = found.assignment
    with desk.store.transaction():
        leaves, goes = (
            desk.store.tickets.get(name) for name in (found.leaves, told.ticket.removesuffix(SECOND))
        )
        trips = list_trips(desk.store.tickets.list_open()).get(told.crew, [])
        out = told.crew in desk.store.out_of_service.holding(desk.clock())
        if out or any(each.version != versions[each.id] for each in (leaves, goes)) or len(trips) != 1:
            return False
        call_off(desk, leaves.id, told.crew, {"code": "hazard", "for": goes.id}, by=PLANNER)
        sooner_s = None if found.sooner_ms is None else round(found.sooner_ms / 1000)
        tell(
            desk,
            goes,
            told.crew,
            told,
            ahead.slower_to(goes),
            second=bool(goes.trips),
            instead_of=leaves.id,
            sooner_s=sooner_s,
        )
        return True
