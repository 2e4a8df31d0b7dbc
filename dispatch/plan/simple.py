"""Plans that are made without a search: look-ahead, and the nearest crew that is able.

Whoever answers when the search fails must be simpler than the search, so that the same mistake is not made
twice. Both ask the travel engine once and give each crew one ticket at most.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from dispatch.plan.board import Stop
from dispatch.plan.explain import made
from dispatch.plan.lookahead import drives_to, look, pair, savings, weighed, without_idling

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dispatch.plan.board import Board, Plan, TravelTimes
    from dispatch.plan.cost import Weights
    from dispatch.plan.lookahead import Outlook


def look_ahead(board: Board, now: int, travel: TravelTimes, weights: Weights | None = None) -> Plan:
    """Who should go now, busy crews counting from their expected finish; `now` is epoch ms."""
    outlook = _outlook(board, now, travel, weights)
    planned = dict(pair(savings(outlook.total, outlook.later)))
    return _one_each(outlook, without_idling(outlook, planned), "look_ahead")


def nearest_able(board: Board, now: int, travel: TravelTimes, weights: Weights | None = None) -> Plan:
    """Ticket by ticket, the heaviest first, then the oldest: each takes the crew that is there soonest."""
    outlook = _outlook(board, now, travel, weights)
    planned: dict[int, int] = {}
    jobs = range(len(outlook.jobs))
    for job in sorted(jobs, key=lambda job: (-outlook.job_weight[job], outlook.jobs[job].opened_ms, job)):
        left = [crew for crew in range(len(outlook.crews)) if crew not in planned]
        able = [crew for crew in left if math.isfinite(outlook.ahead_ms[crew, job])]
        if able:
            planned[min(able, key=lambda crew: (outlook.ahead_ms[crew, job], crew))] = job
    return _one_each(outlook, planned, "nearest_able")


def _outlook(board: Board, now: int, travel: TravelTimes, weights: Weights | None) -> Outlook:
    crews = tuple(sorted(board.crews, key=lambda crew: crew.id))
    jobs = tuple(sorted(board.jobs, key=lambda job: job.ticket))
    seconds = drives_to(travel, [crew.place for crew in crews], jobs)
    return look(crews, jobs, now, seconds, weighed(board, now, weights))


def _one_each(outlook: Outlook, planned: Mapping[int, int], by: str) -> Plan:
    """The plan in which each crew does the one job `planned` for it."""
    stops: list[tuple[Stop, ...]] = []
    for crew in range(len(outlook.crews)):
        job = planned.get(crew)
        stops.append(() if job is None else (_stop(outlook, crew, job),))
    return made(outlook, stops, by)


def _stop(outlook: Outlook, crew: int, job: int) -> Stop:
    arrive_ms = outlook.now_ms + int(outlook.ahead_ms[crew, job])
    drive_ms = math.ceil(outlook.travel_s[crew, job] * 1000)
    return Stop(outlook.jobs[job].ticket, arrive_ms - drive_ms, arrive_ms)
