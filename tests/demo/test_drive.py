"""Following a line at one speed."""

from __future__ import annotations

import pytest

from dispatch.demo.drive import drive
from dispatch.zone import metres

A, B, C = (13.0, 53.0), (13.01, 53.0), (13.01, 53.02)


def test_a_drive_reaches_the_end_in_length_over_speed():
    length_m, speed_m_s = metres(A, B) + metres(B, C), 12.5
    way = drive([A, B, C], start_s=100, lasts_s=length_m / speed_m_s)
    assert way.at(99) == way.at(100) == A
    assert way.at(way.end_s - 0.001) != C
    assert way.at(way.end_s) == way.at(way.end_s + 60) == C


def test_equal_times_cover_equal_distances():
    way = drive([A, B], start_s=0, lasts_s=10)
    parts = [metres(way.at(second), way.at(second + 1)) for second in range(10)]
    assert parts == pytest.approx([metres(A, B) / 10] * 10, rel=1e-6)


def test_a_drive_passes_every_corner():
    share = metres(A, B) / (metres(A, B) + metres(B, C))
    assert drive([A, B, C], 0, 10).at(10 * share) == pytest.approx(B)


def test_a_drive_to_where_one_stands_is_over_at_once():
    way = drive([A, A, A], start_s=5, lasts_s=0)
    assert way.at(4) == way.at(5) == A
    assert drive([A, A], 0, 10).at(5) == A
