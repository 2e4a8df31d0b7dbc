"""Where crews without a ticket should wait: suggested, sent by a person or by itself, and ended."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

import h3
import numpy as np

from dispatch.desk.board import PLANNER, board, list_trips
from dispatch.desk.closures import roads_now
from dispatch.desk.customers import list_spots
from dispatch.errors import BadInput, Conflict, Fault, SetupError
from dispatch.plan.lookahead import at_hand, at_rest, departures_ms, on_duty, travel_between
from dispatch.plan.standby import Idle, moves
from dispatch.store.standbys import StandBy

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from dispatch.desk import Desk
    from dispatch.plan import CrewState, Job, Place
    from dispatch.plan.coverage import Floats, Spots
    from dispatch.store.people import Person

QUARTERS = 7  # of H3: 5 km², a quarter of a town or a village; each has one place to wait at
MOST_POSTS = 150
LONGEST_DRIVE_S = 1800.0  # beyond half an hour the crew is on the road more than it waits
STAY_S = 1800.0  # a place it must leave again at once for the end of its shift is not worth the drive
MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A crew that should wait at `place` (lon, lat): so many more accounts are then within their limit."""

    crew: str
    place: Place
    near: str
    gain: int
    drive_s: float


@dataclass(frozen=True, slots=True)
class Posts:
    """Places to wait at, and which spots each reaches within its limit [posts, spots]."""

    place: tuple[Place, ...]
    reaches: NDArray[np.bool_]


def suggestions(desk: Desk) -> list[Suggestion]:
    """The moves that would bring most further accounts within reach now, best first; none when it is off.

    Worked out anew when something they depend on changed, and every minute as time goes.
    SetupError without zones or a built area, RoadsUnavailable while a server of roads is silent.
    """
    if desk.config.plan.standby == "off":
        return []
    now = desk.clock()
    seen, asked, spots = board(desk, now), desk.store.standbys.all(), list_spots(desk, now)
    crews = sorted((c for c in seen.crews if at_hand(c, now)), key=lambda c: c.id)
    # not the crews and jobs themselves: when a crew is free and how long a job takes change with the clock
    idle = [(c.id, c.place, c.skills, c.shift_until_ms, c.breaks) for c in crews]
    waiting = [(job.needs, job.barred, job.pinned) for job in seen.jobs]
    circumstances = (now // MINUTE_MS, idle, waiting, asked, _ground(desk, spots, now))
    return desk.suggested.get(circumstances, lambda: _suggest(desk, crews, seen.jobs, asked, spots, now=now))


def _suggest(
    desk: Desk,
    crews: Sequence[CrewState],
    jobs: Sequence[Job],
    asked: Mapping[str, StandBy],
    spots: Spots,
    *,
    now: int,
) -> list[Suggestion]:
    if not crews or not len(spots.accounts):
        return []
    posts = _posts(desk, spots, now)
    where = [asked[crew.id].place if crew.id in asked else crew.place for crew in crews]
    roads = roads_now(desk, now)
    drive_s = travel_between(roads, [crew.place for crew in crews], posts.place)
    idle = Idle(
        reaches=travel_between(roads, where, spots.place) <= spots.limit_s,
        movable=np.array([_may_move(desk, crew, jobs, asked, now) for crew in crews]),
        drive_s=_worth_driving(crews, drive_s, now),
    )
    least = desk.config.plan.standby_share * float(spots.accounts.sum())
    found = moves(idle, posts.reaches, spots.accounts, int(np.ceil(least)))
    return [
        Suggestion(
            crew=crews[move.crew].id,
            place=posts.place[move.post],
            near=_near(desk, posts.place[move.post]),
            gain=move.gain,
            drive_s=float(drive_s[move.crew, move.post]),
        )
        for move in found
    ]


def _may_move(
    desk: Desk, crew: CrewState, jobs: Sequence[Job], asked: Mapping[str, StandBy], now: int
) -> bool:
    """Never away from a ticket it could do, and not again within the minutes the company set."""
    since = now - asked[crew.id].at if crew.id in asked else None
    if since is not None and 0 <= since < desk.config.plan.standby_every_min * MINUTE_MS:
        return False
    return not any(
        job.needs <= crew.skills and crew.id not in job.barred and job.pinned in {None, crew.id}
        for job in jobs
    )


def _worth_driving(crews: Sequence[CrewState], drive_s: Floats, now: int) -> Floats:
    left_s = np.array([(crew.shift_until_ms - now) / 1000 for crew in crews]).reshape(-1, 1)
    fit = (drive_s <= LONGEST_DRIVE_S) & (drive_s + STAY_S <= left_s) & _before_break(crews, drive_s, now)
    return np.where(fit, drive_s, np.inf)


def _before_break(crews: Sequence[CrewState], drive_s: Floats, now: int) -> NDArray[np.bool_]:
    """Which drives [crews, places] of crews at hand, begun now, are over before the next break begins."""
    over: NDArray[np.bool_] = departures_ms(crews, now, np.ceil(drive_s * 1000)) == 0
    return over


def _posts(desk: Desk, spots: Spots, now: int) -> Posts:
    """Depots, and the place with most accounts of each quarter, the largest quarters first."""
    return desk.posts.get(_ground(desk, spots, now), lambda: _find_posts(desk, spots, now))


def _ground(desk: Desk, spots: Spots, now: int) -> tuple[object, ...]:
    """What the posts depend on: where customers and depots are, and which roads are closed."""
    return (spots, desk.store.closures.ids_at(now), tuple(u.depot for u in desk.store.company.units()))


def _find_posts(desk: Desk, spots: Spots, now: int) -> Posts:
    best: dict[str, tuple[int, int]] = {}
    total: dict[str, int] = {}
    for row, (cell, count) in enumerate(zip(spots.cell, spots.accounts.tolist(), strict=True)):
        quarter = h3.cell_to_parent(cell, QUARTERS)
        total[quarter] = total.get(quarter, 0) + count
        best[quarter] = max(best.get(quarter, (0, 0)), (count, -row))
    largest = sorted(total, key=lambda quarter: (-total[quarter], quarter))
    depots = [unit.depot for unit in desk.store.company.units()]
    quarters = [spots.place[-best[quarter][1]] for quarter in largest]
    places = tuple(dict.fromkeys([*depots, *quarters]))[:MOST_POSTS]
    reaches = travel_between(roads_now(desk, now), places, spots.place) <= spots.limit_s
    return Posts(places, reaches)


def _near(desk: Desk, place: Place) -> str:
    try:
        return desk.roads.street_near(place) or desk.gazetteer.place_near(*place)
    except SetupError:
        return ""


def stand_by(desk: Desk, crew: str, place: Place, by: Person | None = None, gain: int = 0) -> StandBy:
    """Ask a crew without a ticket to wait at `place`, (lon, lat) WGS-84; `by` nobody means by itself.

    Conflict when it has a ticket, is off duty, out of service or at rest, or would not be there before its
    next break; BadInput when no road leads there.
    """
    now = desk.clock()
    start = _free_crew(desk, crew, now)
    drive_s = float(travel_between(roads_now(desk, now), [start.place], [place])[0, 0])
    if not np.isfinite(drive_s):
        fault = Fault("lon", "or lat: no road leads there")
        raise BadInput(f"{crew} cannot stand by there: no road leads there.", (fault,))
    if not _before_break([start], np.array([[drive_s]]), now).all():
        why = f"{crew} would be on the road when its next break begins; it cannot stand by there"
        raise Conflict(why, code="break_comes_first", crew=crew)
    name = by.name if by else PLANNER
    made = StandBy(crew, *place, _near(desk, place), gain, now, now + round(drive_s * 1000), name)
    with desk.store.transaction():
        _free_crew(desk, crew, now)
        desk.store.standbys.put(made)
        body = {"crew": crew, "lon": made.lon, "lat": made.lat, "near": made.near, "gain": gain}
        desk.store.tickets.append("", "crew_stands_by", body, at=now, now=now, by=name)
    return made


def _free_crew(desk: Desk, crew: str, now: int) -> CrewState:
    desk.store.company.get_crew(crew)
    found = next(each for each in board(desk, now).crews if each.id == crew)
    if not on_duty(found, now):
        raise Conflict(f"{crew} is off duty; it cannot stand by")
    if found.out_of_service:
        raise Conflict(f"{crew} is out of service; it cannot stand by", code="out_of_service", crew=crew)
    if at_rest(found, now):
        raise Conflict(f"{crew} is at rest; it cannot stand by", code="at_rest", crew=crew)
    if crew in list_trips(desk.store.tickets.list_open()):
        raise Conflict(f"{crew} has a ticket; it cannot stand by")
    return found


def stand_down(desk: Desk, crew: str, by: Person | None = None) -> bool:
    """Ask a crew to stand by no longer; whether it had been asked."""
    now = desk.clock()
    with desk.store.transaction():
        had = desk.store.standbys.remove(crew)
        if had:
            name = by.name if by else PLANNER
            desk.store.tickets.append("", "stand_by_over", {"crew": crew}, at=now, now=now, by=name)
    return had


def standing(desk: Desk, now: int) -> dict[str, StandBy]:
    """The crews that stand by at `now` (epoch ms): asked to, on duty, in service, told no ticket since.

    During a break nobody does; what was asked before holds again after it.
    """
    zone = desk.timezone
    resting = {c.id for c in desk.store.company.crews() if c.breaks_within(now, now + 1, zone)}
    return {crew: each for crew, each in _asked(desk, now).items() if crew not in resting}


def _asked(desk: Desk, now: int) -> dict[str, StandBy]:
    """The orders that are not over, those of crews at rest among them."""
    asked = desk.store.standbys.all()
    if not asked:
        return {}
    away = list_trips(desk.store.tickets.list_open()).keys() | desk.store.out_of_service.holding(now).keys()
    duty = {c.id for c in desk.store.company.crews() if c.on_duty(now, desk.timezone)}
    return {crew: each for crew, each in asked.items() if crew in duty and crew not in away}


def tend(desk: Desk) -> None:
    """End what is over, and where the company lets it, send crews by itself."""
    for crew in desk.store.standbys.all().keys() - _asked(desk, desk.clock()).keys():
        stand_down(desk, crew)
    if desk.config.plan.standby == "send":
        for each in suggestions(desk):
            with suppress(Conflict):  # told a ticket meanwhile, or late for its break: the next round sees
                stand_by(desk, each.crew, each.place, gain=each.gain)
