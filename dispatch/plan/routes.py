"""The open routes of all crews while they are searched: where a job fits best, and what each route costs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from dispatch.plan.cost import Floats
    from dispatch.plan.problem import Problem

MOST_STOPS = 12  # a route longer than a shift's work is planned anew long before its end
MOST_ROUTES = 32  # so many routes, the nearest, are tried for one job


class Routes:
    """The jobs each crew would do, in order. A route always keeps its shift; a job may be on none."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        self.stops = np.full((problem.crews, MOST_STOPS + 1), problem.jobs, dtype=np.intp)
        self.length = np.zeros(problem.crews, dtype=np.intp)
        self.cost = np.zeros(problem.crews)
        self.crew_of = np.full(problem.jobs + 1, -1, dtype=np.intp)
        self.total = float(problem.never.sum())

    def copy(self) -> Routes:
        """The same routes, to be changed apart."""
        made = object.__new__(Routes)
        made.problem, made.total = self.problem, self.total
        made.stops, made.length, made.cost = self.stops.copy(), self.length.copy(), self.cost.copy()
        made.crew_of = self.crew_of.copy()
        return made

    def of(self, crew: int) -> list[int]:
        """The jobs of a crew, in order."""
        return [int(job) for job in self.stops[crew, : self.length[crew]]]

    def put(self, crew: int, jobs: Sequence[int]) -> None:
        """Give a crew another route, as much of it as it can do; the jobs it had and the rest are on none."""
        able: list[int] = []
        for job in jobs:
            mine = self.problem.able[crew, job] and self.crew_of[job] in {-1, crew}
            if mine and self.problem.half[job] not in able:
                able.append(job)
        able = able[:MOST_STOPS]
        while not np.isfinite(cost := float(self._costs_of([crew], [able])[0])):
            able.pop()  # before any difference is made: infinity less infinity would attract every job
        self._set(crew, able, cost)

    def _costs_of(self, crews: Sequence[int], routes: Sequence[Sequence[int]]) -> Floats:
        """The cost of a whole route for each of the crews."""
        longest = max(map(len, routes))
        stops = np.array([[*route, *[self.problem.jobs] * (longest - len(route))] for route in routes])
        return self._costs(np.array(crews), stops.astype(np.intp)[:, None])[:, 0]

    def _set(self, crew: int, jobs: Sequence[int], cost: float) -> None:
        """Write down a route that is possible, and its cost."""
        gone, never = self.of(crew), self.problem.never
        self.crew_of[gone] = -1
        self.stops[crew] = self.problem.jobs
        self.stops[crew, : len(jobs)] = jobs
        self.length[crew] = len(jobs)
        self.crew_of[jobs] = crew
        self.total += cost - float(self.cost[crew]) + float(never[gone].sum() - never[jobs].sum())
        self.cost[crew] = cost

    def take_out(self, jobs: Iterable[int]) -> None:
        """Take jobs off their routes; the rest move up."""
        gone = set(jobs)
        crews = sorted({int(self.crew_of[job]) for job in gone} - {-1})
        left = [[job for job in self.of(crew) if job not in gone] for crew in crews]
        costs = self._costs_of(crews, left) if crews else ()
        for crew, route, cost in zip(crews, left, costs, strict=True):
            if np.isfinite(cost):
                self._set(crew, route, float(cost))
            else:  # where no straight road leads, fewer stops may take longer
                self.put(crew, route)

    def insert(self, job: int, shy: Floats | None = None) -> bool:
        """Put a job where it costs least; False when nobody can take it at a price below that of leaving it.

        `shy` [crews] is added to the price of each crew's offer, to try another than the best.
        """
        crews = self._candidates(job)
        if not len(crews):
            return False
        longest = int(self.length[crews].max())
        price = self._costs(crews, self._with(job, crews, longest)) - self.cost[crews, None]
        price[np.arange(longest + 1) > self.length[crews, None]] = np.inf
        offer = price if shy is None else price + shy[crews, None]
        best = int(offer.argmin())
        row, place = divmod(best, longest + 1)
        if not price[row, place] < self.problem.never[job]:
            return False
        self._insert(job, int(crews[row]), place, float(price[row, place]))
        return True

    def _insert(self, job: int, crew: int, place: int, price: float) -> None:
        stops = self.stops[crew]
        stops[place + 1 :] = stops[place:-1].copy()
        stops[place] = job
        self.length[crew] += 1
        self.crew_of[job] = crew
        self.cost[crew] += price
        self.total += price - float(self.problem.never[job])

    def _candidates(self, job: int) -> NDArray[np.intp]:
        """The crews that may take the job, in order; of many, those that come nearest to it."""
        may = self.problem.able[:, job] & (self.length < MOST_STOPS)
        if (other := self.crew_of[self.problem.half[job]]) >= 0:
            may[other] = False
        crews = np.flatnonzero(may)
        if len(crews) <= MOST_ROUTES:
            return crews
        drive = self.problem.drive[:, job]
        longest = int(self.length[crews].max())
        nodes = self.problem.crews + self.stops[crews, :longest]
        away = np.where(self.stops[crews, :longest] < self.problem.jobs, drive[nodes], np.inf)
        nearest = np.minimum(drive[crews], away.min(axis=1, initial=np.inf))
        return np.sort(crews[np.argsort(nearest, kind="stable")[:MOST_ROUTES]])

    def _with(self, job: int, crews: NDArray[np.intp], longest: int) -> NDArray[np.intp]:
        """The routes of `crews` with the job at every place: [crews, places, stops]."""
        base = np.empty((len(crews), longest + 1), dtype=np.intp)
        base[:, :longest], base[:, longest] = self.stops[crews, :longest], job
        place, stop = np.arange(longest + 1)[:, None], np.arange(longest + 1)
        return base[:, np.where(stop < place, stop, np.where(stop == place, longest, stop - 1))]

    def _costs(self, crews: NDArray[np.intp], stops: NDArray[np.intp]) -> Floats:
        """The cost of routes [crews, variants, stops] -> [crews, variants]; infinite beyond the shift."""
        known = self.problem
        nodes = np.empty_like(stops)
        nodes[:, :, :1], nodes[:, :, 1:] = crews[:, None, None], known.crews + stops[:, :, :-1]
        drive = known.drive.take(nodes * known.drive.shape[1] + stops)
        arrive = known.reached(crews, drive, known.work.take(stops))
        too_late = (arrive >= known.limit[crews, None, None]) & (stops < known.jobs)
        cost = known.harm_at(stops, arrive).sum(axis=2) + known.weights.drive_cost * drive.sum(axis=2)
        return np.where(too_late.any(axis=2), np.inf, cost)
