"""What the engine says about nodes, and what it keeps."""

from __future__ import annotations

import numpy as np

from dispatch.roads import dijkstra as module
from dispatch.roads.dijkstra import Dijkstra
from dispatch.roads.legs import Legs


def engine(*edges, nodes=4):
    tail, head, time_ds = (np.array(column) for column in zip(*edges, strict=True))
    return Dijkstra(nodes, tail, head, time_ds.astype(float))


def test_both_directions_of_search_agree():
    streets = engine((0, 1, 5), (1, 2, 5), (2, 3, 5), (3, 0, 5), (0, 2, 7))
    every = np.arange(4)
    by_row = np.vstack([streets.between(Legs.at(np.array([node])), every) for node in every])
    by_column = np.hstack([streets.between(Legs.at(every), np.array([node])) for node in every])
    assert (by_row == by_column).all()
    assert by_row[0].tolist() == [0, 5, 7, 12]


def test_of_two_edges_between_the_same_nodes_the_quicker_counts():
    streets = engine((0, 1, 9), (0, 1, 4), (0, 1, 6))
    assert streets.between(Legs.at(np.array([0])), np.array([1])) == 4
    assert streets.path(0, 1) == [1]


def test_an_edge_without_end_is_not_there():
    streets = engine((0, 1, np.inf), (0, 2, 3), (2, 1, 3))
    assert streets.between(Legs.at(np.array([0])), np.array([1])) == 6
    assert streets.path(0, 1) == [1, 2]


def test_where_no_road_leads_the_path_is_empty():
    streets = engine((0, 1, 1))
    assert np.isinf(streets.between(Legs.at(np.array([1])), np.array([0]))).all()
    assert streets.path(1, 0) == []


def test_what_is_kept_is_bounded_and_answers_stay_right(monkeypatch):
    monkeypatch.setattr(module, "KEPT_BYTES", 0)
    monkeypatch.setattr(module, "ROWS_AT_ONCE", 2)
    ring = engine(*[(node, (node + 1) % 50, 1) for node in range(50)], nodes=50)
    every = np.arange(50)
    for _again in range(2):
        times = ring.between(Legs.at(every), every)
        assert (times == (every[None, :] - every[:, None]) % 50).all()
    assert len(ring._rows) <= 4
