"""Who decides in a simulation: the planner of the desk, and simpler ways of sending crews beside it."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from dispatch.plan import Assignment, Plan, Reasons, Terms, Waiting, Weights, divert, look_ahead, plan
from dispatch.plan.lookahead import drives_to

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from dispatch.plan import Board, CrewState, Diversion, Job, OnTheWay, TravelTimes

ROUNDS = 40  # of search for one decision of the default planner, where no clock may count


class Planner(Protocol):
    """Decides who is told to go now; `now` is epoch ms."""

    def decide(self, board: Board, now: int, travel: TravelTimes) -> Plan:
        """A plan that `dispatch.plan.validate` accepts."""
        ...


@runtime_checkable
class CallsOff(Protocol):
    """A planner that may also tell crews otherwise that are on their way to something ordinary."""

    def divert(
        self,
        board: Board,
        made: Plan,
        on_the_way: Sequence[OnTheWay],
        now: int,
        travel: TravelTimes,
        *,
        changed: int,
    ) -> Sequence[Diversion]:
        """Who turns from the plan `made`, after `changed` were called off within the last minute."""
        ...


@dataclass(slots=True)
class AsTheDesk:
    """The planner that the desk runs; `most_changes` crews a minute are called off for danger, 0 none."""

    weights: Weights = field(default_factory=Weights)
    before: Plan | None = None
    gain_min: float = 10.0
    most_changes: int = 2

    def decide(self, board: Board, now: int, travel: TravelTimes) -> Plan:
        """What `dispatch.plan.plan` says, which begins with what it said before."""
        self.before = plan(
            board, now, travel, self.weights, before=self.before, keep_going=lambda number: number < ROUNDS
        )
        return self.before

    def divert(
        self,
        board: Board,
        made: Plan,
        on_the_way: Sequence[OnTheWay],
        now: int,
        travel: TravelTimes,
        *,
        changed: int,
    ) -> Sequence[Diversion]:
        """Who turns to people in danger."""
        most = max(self.most_changes - changed, 0)
        return divert(
            board, made, on_the_way, now, travel, weights=self.weights, gain_min=self.gain_min, most=most
        )


@dataclass(slots=True)
class LookAhead:
    """Look-ahead alone, as it answers at the desk when the search fails."""

    weights: Weights = field(default_factory=Weights)

    def decide(self, board: Board, now: int, travel: TravelTimes) -> Plan:
        """What `dispatch.plan.look_ahead` says."""
        return look_ahead(board, now, travel, self.weights)


@dataclass(frozen=True, slots=True)
class Pair:
    """A free crew that could go to a waiting job."""

    travel_s: float
    crew: CrewState
    job: Job


class NearestFree:
    """First come, first served: the oldest job takes the free crew that is nearest by road."""

    def decide(self, board: Board, now: int, travel: TravelTimes) -> Plan:
        """Job after job in the order of opening."""
        pairs = _pairs(board, now, travel)
        chosen: dict[str, Pair] = {}
        for job in sorted(board.jobs, key=lambda job: (job.opened_ms, job.ticket)):
            left = [p for p in pairs if p.job is job and p.crew.id not in chosen]
            if left:
                best = min(left, key=lambda pair: (pair.travel_s, pair.crew.id))
                chosen[best.crew.id] = best
        return _told(board, now, chosen)


class NearestPair:
    """The free crew and the waiting job that are nearest to each other by road, then the next such pair."""

    def decide(self, board: Board, now: int, travel: TravelTimes) -> Plan:
        """Pair after pair, the shortest drive first."""
        chosen: dict[str, Pair] = {}
        served: set[str] = set()
        shortest = sorted(
            _pairs(board, now, travel), key=lambda pair: (pair.travel_s, pair.job.ticket, pair.crew.id)
        )
        for pair in shortest:
            if pair.crew.id not in chosen and pair.job.ticket not in served:
                chosen[pair.crew.id] = pair
                served.add(pair.job.ticket)
        return _told(board, now, chosen)


PLANNERS: Mapping[str, Callable[[Weights], Planner]] = {
    "default": AsTheDesk,
    "lookahead": LookAhead,
    "nearest-free": lambda _weights: NearestFree(),
    "nearest-pair": lambda _weights: NearestPair(),
}


def _pairs(board: Board, now: int, travel: TravelTimes) -> Sequence[Pair]:
    return list(_possible(board, now, travel))


def _possible(board: Board, now: int, travel: TravelTimes) -> Iterator[Pair]:
    """Every free crew on duty with every job it can do and reaches before its shift ends or its break."""
    free = [crew for crew in board.crews if crew.free_at_ms <= now and _on_duty(crew, now)]
    if not free:
        return
    seconds = drives_to(travel, [crew.place for crew in free], board.jobs)
    for row, crew in enumerate(free):
        ends_ms = _works_until(crew, now)
        for column, job in enumerate(board.jobs):
            travel_s = float(seconds[row, column])
            arrive_ms, can = now + travel_s * 1000, job.needs <= crew.skills and crew.id not in job.there
            if can and math.isfinite(travel_s) and arrive_ms + 1 < ends_ms:
                yield Pair(travel_s, crew, job)


def _works_until(crew: CrewState, now: int) -> int:
    """When its shift ends or a break begins, the one that holds now included."""
    return min([crew.shift_until_ms, *(since for since, until in crew.breaks if now < until)])


def _on_duty(crew: CrewState, now: int) -> bool:
    return not crew.out_of_service and crew.shift_from_ms <= now < crew.shift_until_ms


def _told(board: Board, now: int, chosen: Mapping[str, Pair]) -> Plan:
    told = {pair.job.ticket: _assignment(pair, now) for pair in chosen.values()}
    waiting = [job.ticket for job in board.jobs if job.ticket not in told]
    return Plan(
        told=tuple(told[ticket] for ticket in sorted(told)),
        waiting=tuple(Waiting(ticket, None, None, None, ("outranked",)) for ticket in sorted(waiting)),
    )


def _assignment(pair: Pair, now: int) -> Assignment:
    arrive_ms = now + math.ceil(pair.travel_s * 1000)
    terms = Terms(miss=0, late_min=0, drive_min=pair.travel_s / 60, wait_min=0, weight=1, total=pair.travel_s)
    on_time = arrive_ms <= min(pair.job.dues_ms, default=arrive_ms)
    return Assignment(
        ticket=pair.job.ticket,
        crew=pair.crew.id,
        arrive_ms=arrive_ms,
        travel_s=pair.travel_s,
        on_time=on_time,
        p_on_time=float(on_time),
        reasons=Reasons(terms, (), ()),
    )
