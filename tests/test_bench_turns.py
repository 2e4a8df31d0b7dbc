"""What the bench takes a turn restriction to mean, worked out on a drawn crossing."""

from __future__ import annotations

import numpy as np
import osmium
import pytest

from tests.bench.turns_graph import Pieces, Restriction, Turns, read_restrictions

# 1 - 2 - 3 along way 10; 2 - 4 is way 20; 4 - 5 - 3 is way 30, the long way round. Every piece takes 1 s,
# those of way 30 take 10 s. From 2 to 6 leads way 40, a dead end.
WAYS = {10: [(1, 2, 10), (2, 3, 10)], 20: [(2, 4, 10)], 30: [(4, 5, 100), (5, 3, 100)], 40: [(2, 6, 10)]}


def crossing(*restrictions):
    pieces = Pieces()
    for way, streets in WAYS.items():
        for one, other, ds in streets:
            pieces.add(one, other, way, ds)
            pieces.add(other, one, way, ds)
    return Turns(pieces, restrictions)


def seconds(turns, one, other):
    return turns.seconds([(one, other)])[0]


def test_without_restrictions_a_drive_is_the_shortest():
    assert seconds(crossing(), 1, 4) == pytest.approx(2)


def test_a_forbidden_turn_is_driven_around_by_turning_at_a_dead_end():
    bound = crossing(Restriction(only=False, start=10, via=2, end=20))
    assert bound.applied == 1
    assert seconds(bound, 1, 4) == pytest.approx(4)  # 1 - 2 - 6, round, 6 - 2 - 4
    assert seconds(bound, 4, 1) == pytest.approx(2), "it was forbidden in the other direction too"


def test_the_only_turn_that_is_allowed_forbids_all_others():
    bound = crossing(Restriction(only=True, start=20, via=2, end=10))
    assert seconds(bound, 4, 1) == pytest.approx(2)
    assert seconds(bound, 4, 6) == pytest.approx(4)  # 4 - 2 - 1, round, 1 - 2 - 6
    assert bound.over_forbidden() == [(4, 6)]


def test_nobody_turns_round_on_the_way():
    assert seconds(crossing(), 1, 1) == 0
    assert np.isfinite(seconds(crossing(), 6, 6))


def test_a_restriction_on_streets_that_are_not_driven_forbids_nothing():
    bound = crossing(Restriction(only=False, start=77, via=2, end=20), Restriction(True, 10, 2, 77))
    assert bound.applied == 0
    assert seconds(bound, 1, 4) == pytest.approx(2)


def test_restrictions_are_read_and_what_is_left_is_counted(tmp_path):
    node, way = (("from", "w", 10), ("via", "n", 2), ("to", "w", 20)), ("via", "w", 30)
    told = [
        ({"restriction": "no_left_turn"}, node),
        ({"restriction": "only_straight_on"}, node),
        ({"restriction": "no_left_turn"}, (node[0], way, node[2])),
        ({"restriction": "no_left_turn", "except": "bus;motorcar"}, node),
        ({"restriction:hgv": "no_left_turn"}, node),
        ({"restriction": "no_left_turn"}, node[:2]),
    ]
    with osmium.SimpleWriter(str(tmp_path / "told.osm")) as writer:
        for number, (tags, members) in enumerate(told, start=1):
            listed = [osmium.osm.RelationMember(ref, what, role) for role, what, ref in members]
            relation = osmium.osm.mutable.Relation(
                id=number, version=1, members=listed, tags={"type": "restriction", **tags}
            )
            writer.add_relation(relation)
    found, left = read_restrictions(tmp_path / "told.osm")
    assert found == [Restriction(only, 10, 2, 20) for only in (False, True)]
    assert left == {"over ways": 1, "not for cars or not always": 2, "broken": 1}
