"""What turning a crew to people in danger does to every other ticket, and what turning another one would."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

from dispatch.plan.board import Board
from dispatch.plan.lookahead import drives_to, look, weighed
from dispatch.plan.options import delays_when_sent, explained, narrowed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dispatch.plan.board import Assignment, CrewState, Delay, Job, TravelTimes
    from dispatch.plan.cost import Weights
    from dispatch.plan.divert import Diversion, OnTheWay


def with_breaks(
    found: Iterable[Diversion],
    board: Board,
    on_the_way: Sequence[OnTheWay],
    driven_to: Mapping[str, Job],
    *,
    now: int,
    travel: TravelTimes,
    weights: Weights,
) -> tuple[Diversion, ...]:
    """The diversions, in the order in which they were found, with their reasons told from the whole board.

    `driven_to` are the tickets that the crews of `on_the_way` drive to, by id, as they would wait once their
    crew is called off. A crew that was turned already is no choice for the next; what it left waits.
    """
    weights = weighed(board, now, weights)
    board = narrowed(board, now, travel, weights, [each.assignment.ticket for each in found])
    turning = {way.crew.id: (way.crew, driven_to[way.ticket]) for way in on_the_way}
    crews = {crew.id: crew for crew in board.crews}
    jobs = {job.ticket: job for job in board.jobs}
    told = []
    for each in found:
        whole, to = Board(tuple(crews.values()), tuple(jobs.values())), each.assignment
        reasoned = _reasoned(to, whole, turning, now=now, travel=travel, weights=weights)
        told.append(replace(each, assignment=reasoned))
        del crews[to.crew], turning[to.crew], jobs[to.ticket]
        jobs[each.leaves] = driven_to[each.leaves]
    return tuple(told)


def _reasoned(
    told: Assignment,
    board: Board,
    turning: Mapping[str, tuple[CrewState, Job]],
    *,
    now: int,
    travel: TravelTimes,
    weights: Weights,
) -> Assignment:
    """The assignment with reasons among all crews, those of `turning` as if they were called off."""
    seen = [turning[crew.id][0] if crew.id in turning else crew for crew in board.crews]
    crews = tuple(sorted(seen, key=lambda crew: crew.id))
    job = next(job for job in board.jobs if job.ticket == told.ticket)
    seconds = drives_to(travel, [crew.place for crew in crews], [job])
    here = look(crews, (job,), now, seconds, weights)

    @cache
    def delays_of(row: int) -> tuple[Delay, ...]:
        name = crews[row].id
        turned = turning.get(name)
        return delays_when_sent(
            board, told.ticket, name, now=now, travel=travel, weights=weights, turned=turned
        )

    return explained(here, [crew.id for crew in crews].index(told.crew), delays_of)
