"""What whole routes cost when everything is known, and where one more trip costs least."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    import random
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from dispatch.simulate.truth import Truth

    Floats = NDArray[np.float64]
    Ints = NDArray[np.intp]

LATE_COST = 1e-4  # weights a minute late: only decides between plans that keep the same promises
NO_TRIP_COST = 2.0  # weights; worse than any lateness of a week
SPARE = 8  # columns beyond the longest route


@dataclass(slots=True)
class Driven:
    """The trips of every crew and the crew's state before each of them, as arrays [crews, trips].

    `trip` is -1 beyond a route's `length` [crews]. In column p stands when the crew is `free_s` before its
    p-th trip, at which place (`site`), and what it has `spent` so far (weights).
    """

    trip: Ints
    length: Ints
    free_s: Floats
    site: Ints
    spent: Floats

    def copy(self) -> Driven:
        """The same, changed by nobody else."""
        return Driven(*(getattr(self, field.name).copy() for field in fields(self)))


class Routes:
    """The trips of every crew in order; `driven` may be copied and set back."""

    def __init__(self, truth: Truth, routes: Sequence[Sequence[int]]) -> None:
        self._truth = truth
        self._take([list(route) for route in routes])

    def trips(self) -> list[list[int]]:
        """The trips of every crew."""
        pairs = zip(self.driven.trip, self.driven.length, strict=True)
        return [row[:length].tolist() for row, length in pairs]

    def cost(self) -> float:
        """What all routes cost together."""
        rows = np.arange(len(self.driven.length))
        return float(self.driven.spent[rows, self.driven.length].sum())

    def strip(self) -> None:
        """Leave every route only with the trips before the first that its crew cannot make.

        A route of infinite cost would attract every further trip: infinity less infinity is no cost.
        """
        driven = self.driven
        too_many = [
            int(trip)
            for row, length in enumerate(driven.length)
            for column, trip in enumerate(driven.trip[row, :length], 1)
            if not np.isfinite(driven.spent[row, column])
        ]
        if too_many:
            self.take_out(too_many)

    def take_out(self, trips: Sequence[int]) -> None:
        """Drive without these trips."""
        out = np.isin(self.driven.trip, trips)
        touched = np.flatnonzero(out.any(axis=1))
        for row in touched:
            left = self.driven.trip[row][~out[row]]
            self.driven.trip[row] = -1
            self.driven.trip[row, : len(left)] = left
        self.driven.length[touched] -= out[touched].sum(axis=1)
        self._drive(touched, np.zeros(len(touched), dtype=np.intp))

    def put_in(self, trip: int, dice: random.Random, blink: float) -> bool:
        """Put a trip where it costs least (each place is overlooked by chance); False where nobody can."""
        rows, spots = self._places_for(trip)
        if not len(rows):
            return False
        more, so_far = self._with(trip, rows, spots), self.driven.spent[rows, self.driven.length[rows]]
        more = np.where(np.isfinite(so_far), more, np.inf) - np.where(np.isfinite(so_far), so_far, 0.0)
        order = np.argsort(more, kind="stable")
        order = order[np.isfinite(more[order])]
        if not len(order):
            return False
        chosen = next((n for n in order if dice.random() >= blink), order[0])
        self._insert(trip, int(rows[chosen]), int(spots[chosen]))
        return True

    def _insert(self, trip: int, row: int, spot: int) -> None:
        if self.driven.length[row] + 2 > self.driven.trip.shape[1]:
            self._take(self.trips())
        line = self.driven.trip[row]
        line[spot + 1 :] = line[spot:-1].copy()
        line[spot] = trip
        self.driven.length[row] += 1
        self._drive(np.array([row]), np.array([spot]))

    def _places_for(self, trip: int) -> tuple[Ints, Ints]:
        able = np.flatnonzero(self._truth.able[:, trip])
        if (half := self._truth.half[trip]) >= 0:
            able = able[~(self.driven.trip[able] == half).any(axis=1)]
        counts = self.driven.length[able] + 1
        rows = np.repeat(able, counts)
        starts = np.repeat(np.cumsum(counts) - counts, counts)
        return rows, np.arange(len(rows)) - starts

    def _with(self, trip: int, rows: Ints, spots: Ints) -> Floats:
        """What each route costs with the trip at each spot: from the spot on everything is driven anew."""
        driven = self.driven
        state = driven.free_s[rows, spots], driven.site[rows, spots], driven.spent[rows, spots]
        on_road, column = np.arange(len(rows)), spots
        following = np.full(len(rows), trip)
        while len(on_road):
            self._go(rows[on_road], following, state, on_road)
            following = driven.trip[rows[on_road], column[on_road]]
            goes_on = (following >= 0) & np.isfinite(state[2][on_road])
            on_road, following, column = on_road[goes_on], following[goes_on], column + 1
        return state[2]

    def _go(self, crew: Ints, trip: Ints, state: tuple[Floats, Ints, Floats], at: Ints) -> None:
        """Let crews go on their next trips; `state` (free, site, spent) changes where `at` says."""
        free_s, site, spent = state
        truth = self._truth
        depart_s, drive_s = truth.depart(site[at], crew, trip, free_s[at])
        arrive_s = depart_s + drive_s * truth.factor[trip]
        possible = depart_s + drive_s < truth.until_s[crew]
        spent[at] += np.where(possible, self._late(trip, arrive_s), np.inf)
        free_s[at] = arrive_s + truth.work_s[trip]
        site[at] = truth.place[trip]

    def _late(self, trip: Ints, arrive_s: Floats) -> Floats:
        """Weights of the promises missed, and a little for how late."""
        truth = self._truth
        late_s = arrive_s[:, None] - truth.due_s[trip]
        missed = np.einsum("tc,tc->t", truth.call_weight[trip], late_s > 0)
        late = np.maximum(late_s[:, 0], 0.0) * truth.weight[trip]
        cost: Floats = missed + late * (LATE_COST / 60)
        return cost

    def _drive(self, rows: Ints, columns: Ints) -> None:
        """Count routes anew from these columns on."""
        driven = self.driven
        state = driven.free_s[rows, columns], driven.site[rows, columns], driven.spent[rows, columns]
        on_road, column = np.arange(len(rows)), columns
        while len(on_road):
            trip = driven.trip[rows[on_road], column[on_road]]
            on_road, trip = on_road[trip >= 0], trip[trip >= 0]
            self._go(rows[on_road], trip, state, on_road)
            column = column + 1
            at = rows[on_road], column[on_road]
            driven.free_s[at], driven.site[at], driven.spent[at] = (each[on_road] for each in state)

    def _take(self, routes: list[list[int]]) -> None:
        truth = self._truth
        shape = (len(routes), SPARE + 2 * max((len(route) for route in routes), default=0))
        trip = np.full(shape, -1, dtype=np.intp)
        for row, route in enumerate(routes):
            trip[row, : len(route)] = route
        length = np.array([len(route) for route in routes], dtype=np.intp)
        self.driven = Driven(trip, length, np.zeros(shape), np.zeros(shape, dtype=np.intp), np.zeros(shape))
        if len(routes):
            self.driven.free_s[:, 0], self.driven.site[:, 0] = truth.from_s, truth.depot
        rows = np.arange(len(routes))
        self._drive(rows, np.zeros_like(rows))
