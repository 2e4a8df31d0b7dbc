"""What the planner is given and what it answers: crews, waiting jobs, and a plan that can be checked.

Units everywhere in this package: times are epoch milliseconds UTC, durations and travel are seconds unless a
name ends in `_min`, places are (lon, lat) in degrees WGS-84.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol, TypeAlias

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

    from dispatch.plan.chance import Doubt

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
    before now means free; while it is at work, it is the mean of when it may be free (`pace.left_s`), and
    `free_width` the width (of the logarithm) of the time until then, None where that is as unsure as works
    are in general. It is on duty from `shift_from_ms` until just before `shift_until_ms`; `out_of_service` is
    what somebody said of it for now, whatever its shift. In none of its `breaks` (from, until) is it on the
    road: a drive that would not be over before a break begins waits until it is over. Work may run into a
    break.
    """

    id: str
    place: Place
    free_at_ms: int
    skills: frozenset[str]
    shift_from_ms: int
    shift_until_ms: int
    out_of_service: bool = False
    breaks: tuple[tuple[int, int], ...] = ()
    free_width: float | None = None


@dataclass(frozen=True, slots=True)
class Job:
    """A ticket that waits for a crew.

    `dues_ms` holds one due time per merged caller: the earliest decides whether an arrival is on time, all of
    them count in the cost. `work_s` is the expected work on site. Crews in `barred` have declined; with
    `pinned` only that crew may go. Drives there take `slower` times what the travel times say
    (`lookahead.drives_to`); `doubt` is what was learnt of them beside that, None until there is enough.

    A ticket that needs two crews is two jobs: each is `apart_from` the other (its id), and no crew may do
    both. Crews in `there` do the other half already.
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
    slower: float = 1.0
    doubt: Doubt | None = None
    apart_from: str | None = None
    there: frozenset[str] = frozenset()


SECOND = "+"  # `T7+` is the half of T7 that a second crew does


def second_half(whole: Job) -> Job:
    """The half of a job that a second crew does, by itself.

    The first crew to be there keeps the promise. Where people are in danger the second half has the haste of
    it and no due time of its own: with one it would be served before other people in danger.
    """
    dues_ms = () if whole.hazard else whole.dues_ms
    return replace(whole, ticket=f"{whole.ticket}{SECOND}", dues_ms=dues_ms)


def halves(whole: Job) -> tuple[Job, Job]:
    """A job that needs two crews as two jobs that no crew may do both of."""
    second = second_half(whole)
    return replace(whole, apart_from=second.ticket), replace(second, apart_from=whole.ticket)


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

    `why` holds codes: `better` (it would have cost less), `later` (arrives later), `busy` (not free
    yet), `nearer` (its drive is shorter, and yet), `would_delay:T7` (T7 would be reached later: this plan
    sends it there), `would_make_late:T7` (and nobody else would be there in time), `would_strand:T7` (nobody
    would be left to go there), `same_crew` (it goes to the other half), `equal` (as good; ids decided).
    """

    crew: str
    arrive_ms: int
    terms: Terms
    why: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Cannot:
    """A crew that cannot go.

    Codes: `skill`, `out_of_service`, `off_shift`, `declined`, `pinned_elsewhere`, `unreachable`,
    `shift_ends`, `same_crew` (it goes to the other half of this ticket).
    """

    crew: str
    code: str


@dataclass(frozen=True, slots=True)
class Delay:
    """Another ticket that would be served later by `by_s` seconds; None when nobody would be left to go."""

    ticket: str
    by_s: int | None
    becomes_late: bool


@dataclass(frozen=True, slots=True)
class Rank:
    """Where a crew stands, from 1, among the `of` crews that can go: by its cost and by its arrival."""

    by_cost: int
    by_arrival: int
    of: int


@dataclass(frozen=True, slots=True)
class Reasons:
    """Why this crew: its cost, the best three others, and every crew that cannot; codes, not prose.

    `delays` says what sending it does to other tickets where it was not part of one plan with them: an order
    by hand, a crew that was turned; else None.
    """

    terms: Terms
    others: tuple[Other, ...]
    cannot: tuple[Cannot, ...]
    rank: Rank | None = None
    delays: tuple[Delay, ...] | None = None


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

    With `crew` it waits for that crew, which starts towards it at `start_ms`: as the next thing it does when
    it is free (`best_crew_busy`) or its break is over (`break`), or after another ticket (`after:T7`).
    Without, `codes` say why: `outranked` (every crew that can go serves another ticket first), `better_soon`
    (a crew stands idle, but too far: a nearer one within the planner's horizon is the better service),
    `no_crew` (the board has none), `same_crew` (whoever can go does the other half), or the sorted codes of
    `Cannot` when nobody can go at all.
    """

    ticket: str
    crew: str | None
    start_ms: int | None
    arrive_ms: int | None
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Stop:
    """A ticket on a crew's route: when the crew leaves for it and when it is there (epoch ms)."""

    ticket: str
    depart_ms: int
    arrive_ms: int


@dataclass(frozen=True, slots=True)
class Route:
    """What a crew would do next, in order; only the first stop of a free crew is told to anybody."""

    crew: str
    stops: tuple[Stop, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """Who is told to go now, and what waits; both by ticket, every ticket of the board exactly once.

    `routes` (by crew, none of them empty) hold the same, crew by crew: the next plan starts from them. `by`
    says which planner answered. `turned` are crews called off something else for people in danger (`divert`);
    their tickets are then neither told nor waiting.
    """

    told: tuple[Assignment, ...] = ()
    waiting: tuple[Waiting, ...] = ()
    routes: tuple[Route, ...] = ()
    by: str = "search"
    turned: tuple[Assignment, ...] = ()
