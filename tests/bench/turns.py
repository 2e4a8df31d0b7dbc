"""What ignoring turn restrictions costs: 500 random trips, with and without them, on the same streets.

Trips lead from one account's nearest street to another's (BENCH_EXTRACT=FILE: between any places on the
streets of another extract). Restrictions over one node count; those over ways are counted and left. A drive
over one forbidden turn only, from the piece of street before it to the one after it, shows the worst.
"""

from __future__ import annotations

import csv
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from scipy.spatial import cKDTree

from dispatch.paths import SAMPLE
from tests.bench.figures import Figure, percentile
from tests.bench.turns_graph import Pieces, Turns, read_pieces, read_restrictions
from tests.conftest import EXTRACT

if TYPE_CHECKING:
    from tests.bench.house import House

TRIPS = 500
ORIGINS = 60  # from each of which to every place: many trips, as few of them meet a restriction
CHANGED_S = 0.05


def measure(_house: House) -> list[Figure]:
    """Restrictions, and the trips whose time they change."""
    other = os.environ.get("BENCH_EXTRACT")
    extract = Path(other) if other else EXTRACT
    pieces, (restrictions, left) = read_pieces(extract), read_restrictions(extract)
    free, bound = Turns(pieces, []), Turns(pieces, restrictions)
    nodes, dice = _nodes(pieces, free, None if other else _accounts()), np.random.default_rng(7)
    before, longer, lost = _longer(free, bound, dice.choice(nodes, (TRIPS, 2)).tolist())
    changed = longer > CHANGED_S
    many = [(one, other) for one in dice.choice(nodes, ORIGINS).tolist() for other in nodes.tolist()]
    many_before, many_longer, _ = _longer(free, bound, many)
    met = many_longer > CHANGED_S
    over = bound.over_forbidden()
    there = [(one, other) for one, other in over if one != other]
    over_before, over_longer, _ = _longer(free, bound, there)
    return [
        Figure("restrictions that forbid a turn here", bound.applied, ""),
        Figure(
            "restrictions on streets not driven, or without effect", len(restrictions) - bound.applied, ""
        ),
        *(Figure(f"restrictions left: {why}", count, "") for why, count in left.items()),
        Figure("trips", len(before), ""),
        Figure("trips whose time changes", 100 * float(changed.mean()), "%"),
        Figure("trips that become impossible", lost, ""),
        *_spread("all trips", longer, before),
        *_spread("changed trips", longer[changed], before[changed]),
        Figure("many trips", len(many_before), ""),
        Figure("many trips whose time changes", 100 * float(met.mean()), "%"),
        *_spread("changed of many trips", many_longer[met], many_before[met]),
        Figure("forbidden turns", len(over), ""),
        Figure("of these, turning round", len(over) - len(there), ""),
        *_spread("drives over one forbidden turn only", over_longer, over_before),
    ]


def _longer(free: Turns, bound: Turns, trips: Any) -> tuple[Any, Any, int]:
    """Of the trips that can be driven freely: seconds, seconds more when bound, how many no longer can be."""
    before, after = free.seconds(trips), bound.seconds(trips)
    reached = np.isfinite(before)
    lost = ~np.isfinite(after[reached])
    return before[reached], np.where(lost, 0, after[reached] - before[reached]), int(lost.sum())


def _spread(what: str, longer_s: Any, before_s: Any) -> list[Figure]:
    if not len(longer_s):
        return []
    percents = (100 * longer_s / np.maximum(before_s, 1)).tolist()
    figures = []
    for unit, values in (("s", longer_s.tolist()), ("%", percents)):
        for name, value in (
            ("P50", percentile(values, 50)),
            ("P95", percentile(values, 95)),
            ("max", max(values)),
        ):
            figures.append(Figure(f"{what}, longer by, {name}", value, unit))
    return figures


def _accounts() -> Any:
    with (SAMPLE / "accounts.csv").open(encoding="utf-8-sig", newline="") as file:
        return np.array([(float(row["lon"]), float(row["lat"])) for row in csv.DictReader(file)])


def _nodes(pieces: Pieces, turns: Turns, places: Any) -> Any:
    """The nodes nearest to the places, of those that reach each other; 2000 of any where there are none."""
    nodes = turns.hanging_together()
    if places is None:
        return np.random.default_rng(8).choice(nodes, 2000)
    narrow = np.array([np.cos(np.radians(places[:, 1].mean())), 1])
    tree = cKDTree(np.array([pieces.place[node] for node in nodes.tolist()]) * narrow)
    return nodes[tree.query(places * narrow)[1]]
