"""The roads of an extract from one street piece to the next, so that a turn can be forbidden.

Pieces run from node to node of OpenStreetMap, in the direction driven; only streets open to all. A van turns
round at dead ends only, with and without restrictions: both sides of the comparison know the same turns else.
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import osmium
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components, dijkstra

from dispatch.roads.build import DECISECONDS_PER_HOUR, METRES_PER_KM, _kmh
from dispatch.roads.extract import is_last_mile, write_drivable
from dispatch.roads.network import EARTH_M_PER_DEGREE
from dispatch.roads.speeds import default_speeds

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

FORBIDS, DEMANDS = "no_", "only_"
CARS = {"motorcar", "motor_vehicle", "vehicle"}


@dataclass
class Pieces:
    """Piece i runs from node `tail[i]` to `head[i]` along way `way[i]` in `ds[i]` deciseconds."""

    tail: list[int] = field(default_factory=list)
    head: list[int] = field(default_factory=list)
    way: list[int] = field(default_factory=list)
    ds: list[float] = field(default_factory=list)
    place: dict[int, tuple[float, float]] = field(default_factory=dict)

    def add(self, tail: int, head: int, way: int, ds: float) -> None:
        """One more piece."""
        self.tail.append(tail)
        self.head.append(head)
        self.way.append(way)
        self.ds.append(ds)


@dataclass(frozen=True)
class Restriction:
    """No turn, or only this one, from way `start` over node `via` into way `end`."""

    only: bool
    start: int
    via: int
    end: int


def read_pieces(extract: Path) -> Pieces:
    """The streets open to all, cut at every node, at the speeds that areas are built with."""
    speeds, pieces = default_speeds(), Pieces()
    with tempfile.TemporaryDirectory() as folder:
        drivable = Path(folder) / "drivable.osm"
        write_drivable(extract, drivable, speeds)
        for node in _objects(drivable, osmium.osm.NODE):
            pieces.place[node.id] = (node.lon, node.lat)
        for way in _objects(drivable, osmium.osm.WAY):
            tags = dict(way.tags)
            if not is_last_mile(tags):
                _cut(pieces, way.id, [node.ref for node in way.nodes], tags, _kmh(tags, speeds))
    return pieces


def _cut(pieces: Pieces, way: int, nodes: list[int], tags: dict[str, str], kmh: float) -> None:
    oneway = tags.get("oneway", "no")
    ahead, back = oneway != "-1", oneway not in {"yes", "true", "1"} and tags.get("junction") != "roundabout"
    for one, other in pairwise(nodes):
        ds = _metres(pieces.place[one], pieces.place[other]) / METRES_PER_KM / kmh * DECISECONDS_PER_HOUR
        if ahead:
            pieces.add(one, other, way, ds)
        if back:
            pieces.add(other, one, way, ds)


def _metres(one: tuple[float, float], other: tuple[float, float]) -> float:
    across = (one[0] - other[0]) * np.cos(np.radians(one[1]))
    return float(np.hypot(across, one[1] - other[1]) * EARTH_M_PER_DEGREE)


def read_restrictions(extract: Path) -> tuple[list[Restriction], dict[str, int]]:
    """What is forbidden over a node, and how many restrictions were left, by reason."""
    found: list[Restriction] = []
    left = {"over ways": 0, "not for cars or not always": 0, "broken": 0}
    for relation in _objects(extract, osmium.osm.RELATION):
        tags = dict(relation.tags)
        if tags.get("type", "").partition(":")[0] != "restriction":
            continue
        kind = tags.get("restriction", tags.get("restriction:motorcar", ""))
        members = [(member.role, member.type, member.ref) for member in relation.members]
        if not kind or CARS & set(tags.get("except", "").split(";")):
            left["not for cars or not always"] += 1
        elif any(role == "via" and what == "w" for role, what, _ in members):
            left["over ways"] += 1
        else:
            told = list(_told(kind, members))
            left["broken"] += not told
            found += told
    return found, left


def _told(kind: str, members: Sequence[tuple[str, str, int]]) -> Iterator[Restriction]:
    if not kind.startswith((FORBIDS, DEMANDS)):
        return
    by_role: dict[str, list[int]] = {"from": [], "via": [], "to": []}
    for role, _what, ref in members:
        by_role.setdefault(role, []).append(ref)
    for via in by_role["via"][:1]:
        for start in by_role["from"]:
            for end in by_role["to"]:
                yield Restriction(kind.startswith(DEMANDS), start, via, end)


def _objects(path: Path, kind: Any) -> Iterable[Any]:
    return osmium.FileProcessor(str(path), kind)


class Turns:
    """Which piece follows which, with some turns forbidden; `applied` counts restrictions that forbid any."""

    def __init__(self, pieces: Pieces, restrictions: Sequence[Restriction]) -> None:
        self.tail, self.head = np.array(pieces.tail), np.array(pieces.head)
        self.ds, self._way = np.array(pieces.ds), np.array(pieces.way)
        self.leaving = _by_node(pieces.tail)
        self.coming = _by_node(pieces.head)
        turns = self._possible()
        banned = [self._banned(turns, each) for each in restrictions]
        self.applied = sum(bool(each.any()) for each in banned)
        forbidden = np.any(banned, axis=0) if banned else np.zeros(len(turns), dtype=bool)
        self._turns, self._forbidden = turns[~forbidden], turns[forbidden]

    def _possible(self) -> Any:
        """Pairs of pieces [n, 2]: no turning round, but where nothing else goes on."""
        pairs = []
        for node, come in self.coming.items():
            for first in come:
                after = self.leaving.get(node, [])
                on = [each for each in after if self.head[each] != self.tail[first]]
                pairs += [(first, each) for each in on or after]
        return np.array(pairs).reshape(-1, 2)

    def _banned(self, turns: Any, told: Restriction) -> Any:
        """Which of the turns it forbids."""
        first, after = turns[:, 0], turns[:, 1]
        here = (self.head[first] == told.via) & (self._way[first] == told.start)
        into = self._way[after] == told.end
        if told.only:
            return here & ~into if (here & into).any() else here & False
        return here & into

    def hanging_together(self) -> Any:
        """The nodes of the largest part in which each reaches every other, whatever is forbidden."""
        nodes, ends = np.unique([self.tail, self.head], return_inverse=True)
        tail, head = ends.reshape(2, -1)
        joined = csr_matrix((np.ones(len(tail)), (tail, head)), shape=(len(nodes),) * 2)
        part = connected_components(joined, connection="strong")[1]
        return nodes[part == np.bincount(part).argmax()]

    def over_forbidden(self) -> list[tuple[int, int]]:
        """The shortest trips over each forbidden turn: from the node before it to the node after it."""
        return [(int(self.tail[first]), int(self.head[after])) for first, after in self._forbidden]

    def seconds(self, trips: Sequence[tuple[int, int]]) -> Any:
        """Seconds of each trip (node, node), infinity where none is left."""
        count, origins = len(self.ds), sorted({one for one, _ in trips})
        starts = [(count + row, piece) for row, one in enumerate(origins) for piece in self.leaving[one]]
        rows, columns = np.concatenate([self._turns, np.array(starts)]).T
        size = count + len(origins)
        graph = csr_matrix((np.maximum(self.ds[columns], 1e-6), (rows, columns)), shape=(size, size))
        ends: dict[int, list[tuple[int, int]]] = {one: [] for one in origins}
        for trip, (one, other) in enumerate(trips):
            ends[one].append((trip, other))
        taken = np.zeros(len(trips))
        for row, one in enumerate(origins):
            ds = dijkstra(graph, indices=count + row)
            for trip, other in ends[one]:
                taken[trip] = 0.0 if one == other else ds[self.coming[other]].min() / 10
        return taken


def _by_node(nodes: list[int]) -> dict[int, list[int]]:
    found: dict[int, list[int]] = {}
    for piece, node in enumerate(nodes):
        found.setdefault(node, []).append(piece)
    return found
