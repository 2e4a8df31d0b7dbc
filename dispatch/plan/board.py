"""What the planner is given and what it answers: crews, waiting jobs, and a plan that can be checked.

Units everywhere in this package: times are epoch milliseconds UTC, durations and travel are seconds unless a
name ends in `_min`, places are (lon, lat) in degrees WGS-84.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    import numpy as np
    from numpy.typing import NDArray

Place: TypeAlias = tuple[float, float]
"""(lon, lat) in degrees WGS-84."""


class TravelTimes(Protocol):
    """Seconds on the road between places; the only thing the planner asks of the world."""

    def matrix(self, origins: Sequence[Place], destinations: Sequence[Place]) -> NDArray[np.float64]:
        """Seconds [len(origins), len(destinations)]; what cannot be reached is infinity."""
        ...


@dataclass(frozen=True, slots=True)
class CrewState:
    """A crew as the planner sees it: where its next drive starts, from when, and what it can do.

    `place` is its position while it is free and the site of its last job while it is busy. `free_at_ms` at or
    before now means free. It is on duty from `shift_from_ms` until just before `shift_until_ms`; `resting`
    takes it off the board for now (a break, out of service).
    """

    id: str
    place: Place
    free_at_ms: int
    skills: frozenset[str]
    shift_from_ms: int
    shift_until_ms: int
    resting: bool = False


@dataclass(frozen=True, slots=True)
class Job:
    """A ticket that waits for a crew.

    `dues_ms` holds one due time per merged caller: the earliest decides whether an arrival is on time, all of
    them count in the cost. `work_s` is the expected work on site. Crews in `barred` have declined; with
    `pinned` only that crew may go.
    """

    ticket: str
    place: Place
    needs: frozenset[str]
    dues_ms: tuple[int, ...]
    opened_ms: int
    customers: int = 0
    hazard: bool = False
    critical: bool = False
    work_s: float = 3600.0
    barred: frozenset[str] = frozenset()
    pinned: str | None = None


@dataclass(frozen=True, slots=True)
class Board:
    """The crews and the waiting jobs at one moment; their order means nothing, ids are unique."""

    crews: tuple[CrewState, ...]
    jobs: tuple[Job, ...]


@dataclass(frozen=True, slots=True)
class Terms:
    """What one crew's going would cost, term by term; `dispatch.plan.cost` says how `total` follows.

    `miss` is the expected number of callers whose promise is missed, `late_min` the charged minutes of
    lateness summed over callers, `drive_min` minutes on the road, `wait_min` minutes from opening to arrival.
    """

    miss: float
    late_min: float
    drive_min: float
    wait_min: float
    weight: float
    total: float


@dataclass(frozen=True, slots=True)
class Other:
    """A crew that could have gone, and what stands against it.

    `why` holds codes: `later` (arrives later), `busy` (not free yet), `would_delay:T7` (this plan sends it to
    T7), `equal` (as good; the order of ids decided).
    """

    crew: str
    arrive_ms: int
    terms: Terms
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cannot:
    """A crew that cannot go.

    Codes: `skill`, `off_shift`, `declined`, `pinned_elsewhere`, `unreachable`, `shift_ends`.
    """

    crew: str
    code: str


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why this crew: its cost, the best three others, and every crew that cannot; codes, not prose."""

    terms: Terms
    others: tuple[Other, ...]
    cannot: tuple[Cannot, ...]


@dataclass(frozen=True, slots=True)
class Assignment:
    """A free crew that is told to go now, when it arrives (ms), and the chance that this is on time."""

    ticket: str
    crew: str
    arrive_ms: int
    travel_s: float
    on_time: bool
    p_on_time: float
    reasons: Reasons


@dataclass(frozen=True, slots=True)
class Waiting:
    """A ticket that is told to nobody yet.

    With `crew` it waits for that busy crew, which starts towards it at `start_ms` (code `best_crew_busy`).
    Without, `codes` say why: `outranked` (every crew that can go serves another ticket first), `better_soon`
    (a crew stands idle, but too far: a nearer one within the planner's horizon is the better service),
    `no_crew` (the board has none), or the sorted codes of `Cannot` when nobody can go at all.
    """

    ticket: str
    crew: str | None
    start_ms: int | None
    arrive_ms: int | None
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Who is told to go now, and what waits; both by ticket, every ticket of the board exactly once."""

    told: tuple[Assignment, ...] = ()
    waiting: tuple[Waiting, ...] = ()


def validate(plan: Plan, board: Board) -> tuple[str, ...]:
    """What is wrong with a plan for this board; empty when it may be trusted.

    Sorted codes `rule:crew:ticket` (`crew_twice:C1`, `ticket_missing:T1` where only one is meant).
    Checked: each crew and each ticket once and known, skills, shift, pins, declined crews, and that a crew
    that is told is free when it departs.
    """
    crews = {crew.id: crew for crew in board.crews}
    jobs = {job.ticket: job for job in board.jobs}
    found = set(_counted(plan, board))
    for ticket, crew_id, depart_ms, arrive_ms in _pairs(plan):
        crew, job = crews.get(crew_id), jobs.get(ticket)
        if crew is None or job is None:
            found.add(f"unknown:{crew_id}:{ticket}")
        else:
            found |= {f"{rule}:{crew_id}:{ticket}" for rule in _broken(crew, job, depart_ms, arrive_ms)}
    return tuple(sorted(found))


def _pairs(plan: Plan) -> Iterator[tuple[str, str, int, int]]:
    """(ticket, crew, departure ms, arrival ms) of everything told or planned."""
    for told in plan.told:
        yield told.ticket, told.crew, told.arrive_ms - math.ceil(told.travel_s * 1000), told.arrive_ms
    for waiting in plan.waiting:
        if waiting.crew is not None:
            yield waiting.ticket, waiting.crew, waiting.start_ms or 0, waiting.arrive_ms or 0


def _counted(plan: Plan, board: Board) -> Iterator[str]:
    crews = Counter(crew for _, crew, _, _ in _pairs(plan))
    tickets = Counter([told.ticket for told in plan.told] + [waiting.ticket for waiting in plan.waiting])
    yield from (f"crew_twice:{crew}" for crew, times in crews.items() if times > 1)
    yield from (f"ticket_twice:{ticket}" for ticket, times in tickets.items() if times > 1)
    yield from (f"ticket_missing:{job.ticket}" for job in board.jobs if job.ticket not in tickets)


def _broken(crew: CrewState, job: Job, depart_ms: int, arrive_ms: int) -> Iterator[str]:
    if not job.needs <= crew.skills:
        yield "skill"
    if crew.resting or depart_ms < crew.shift_from_ms or arrive_ms >= crew.shift_until_ms:
        yield "shift"
    if depart_ms < crew.free_at_ms:
        yield "busy"
    if job.pinned not in {None, crew.id}:
        yield "pinned"
    if crew.id in job.barred:
        yield "declined"
