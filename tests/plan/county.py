"""Boards on a road measured in minutes: a place (12, 0) is twelve minutes from (0, 0)."""

from __future__ import annotations

import numpy as np

from dispatch.plan import Board, CrewState, Job, Weights

NOW = 1_790_000_000_000
MIN = 60_000
# What figures worked out by hand hold for.
BY_HAND = Weights(drive_cost=0.05, queue_drive=0.0, wait_cost=0.01, guard_cost=0.0)


class Road:
    """Drives along a grid of minutes; counts how often it is asked."""

    asked = 0

    def matrix(self, origins, destinations):
        self.asked += 1
        start, end = np.array(origins, dtype=float), np.array(destinations, dtype=float)
        return 60.0 * np.abs(start[:, None] - end[None]).sum(axis=2)


class Table:
    """Answers the first time with a given matrix, whatever the places; after that nothing leads anywhere."""

    def __init__(self, seconds):
        self.seconds = seconds

    def matrix(self, origins, destinations):
        given, self.seconds = self.seconds, None
        shape = (len(origins), len(destinations))
        return np.full(shape, np.inf) if given is None else np.array(given, dtype=float)


def crew(name, *, at=0.0, free_in=0.0, skills=("lv",), shift=(-60, 480), out_of_service=False, breaks=()):
    return CrewState(
        id=name,
        place=(at, 0.0),
        free_at_ms=NOW + round(free_in * MIN),
        skills=frozenset(skills),
        shift_from_ms=NOW + shift[0] * MIN,
        shift_until_ms=NOW + shift[1] * MIN,
        out_of_service=out_of_service,
        breaks=tuple((NOW + since * MIN, NOW + until * MIN) for since, until in breaks),
    )


def job(ticket, *, at=0.0, due_in=(90,), needs=("lv",), work_min=60, barred=(), **more):
    return Job(
        ticket=ticket,
        place=(at, 0.0),
        needs=frozenset(needs),
        dues_ms=tuple(NOW + round(due * MIN) for due in due_in),
        opened_ms=NOW,
        work_s=work_min * 60,
        barred=frozenset(barred),
        **more,
    )


def okcounty():
    """Two crews and four tickets on one road, worked out by hand in test_plan.py.

    minute  0     5     12        20        30  32
            C1    T1    T4        T3        C2  T2
                                (hazard)  (free in 10)
    due           45    20        40            90
    """
    return Board(
        crews=(crew("C1", at=0), crew("C2", at=30, free_in=10)),
        jobs=(
            job("T1", at=5, due_in=[45]),
            job("T2", at=32, due_in=[90]),
            job("T3", at=20, due_in=[40], hazard=True),
            job("T4", at=12, due_in=[20]),
        ),
    )


def told(plan):
    return {one.ticket: one.crew for one in plan.told}


def waits(plan):
    return {one.ticket: (one.crew, *one.codes) for one in plan.waiting}
