"""A row of cells: a city, its park, fields, a town, a hamlet far away."""

from __future__ import annotations

import math

import pytest

from dispatch.proposal.degree import Cell, Limits, judge

LIMITS = Limits()


def row(*people, **more):
    """Cells of 1 km² side by side, `0`, `1`, …; `more` holds other facts of the last."""
    cells = [Cell(1.0, float(each)) for each in people]
    if more:
        cells[-1] = Cell(1.0, float(people[-1]), **more)
    return {str(number): cell for number, cell in enumerate(cells)}


def beside(name):
    return [str(int(name) - 1), name, str(int(name) + 1)]


def judged(cells, limits=LIMITS, neighbours=beside):
    found = judge(cells, neighbours, limits)
    return [(found[str(n)].code, found[str(n)].why) for n in range(len(cells))]


def test_fifty_thousand_in_one_dense_piece_are_a_centre():
    assert judged(row(25_000, 25_000)) == [("urban", "centre")] * 2


def test_five_thousand_in_one_piece_are_a_cluster():
    assert judged(row(2500, 2499, 1)) == [("rural", "sparse")] * 3
    assert judged(row(2500, 2500, 1)) == [("urban", "cluster")] * 2 + [("rural", "sparse")]


def test_two_pieces_with_a_field_between_are_not_one():
    assert judged(row(3000, 0, 3000)) == [("rural", "sparse"), ("rural", "empty"), ("rural", "sparse")]


def test_a_dense_centre_keeps_its_name_within_its_cluster():
    assert judged(row(50_000, 400)) == [("urban", "centre"), ("urban", "cluster")]


def test_a_park_enclosed_by_the_town_is_town():
    cells = row(0, *[9000] * 6)
    found = judge(cells, lambda name: list(cells) if name == "0" else beside(name), LIMITS)
    assert (found["0"].code, found["0"].why) == ("urban", "enclosed")


def test_a_long_drive_makes_an_inhabited_cell_remote():
    assert judged(row(40, drive_min=61.0)) == [("remote", "far_by_road")]
    assert judged(row(40, drive_min=60.0)) == [("rural", "sparse")]
    assert judged(row(40, drive_min=math.inf)) == [("remote", "far_by_road")]


def test_far_from_every_road_is_remote():
    assert judged(row(40, road_m=1001.0)) == [("remote", "far_from_road")]


def test_nobody_is_remote_in_an_empty_field():
    assert judged(row(0, road_m=1001.0, drive_min=500.0)) == [("rural", "empty")]


def test_a_town_is_not_remote_however_far():
    assert judged(row(9000, drive_min=500.0)) == [("urban", "cluster")]


def test_without_depots_nothing_is_far_by_road():
    assert judged(row(40, drive_min=None)) == [("rural", "sparse")]


def test_the_limits_can_be_others():
    assert judged(row(40, drive_min=61.0), Limits(remote_min=90)) == [("rural", "sparse")]


@pytest.mark.parametrize("far", [None, math.inf])
def test_what_is_beyond_measure_is_written_as_nothing(far):
    told = Cell(0.5, 40.0, drive_min=far, road_m=math.inf).as_json()
    assert (told["drive_min"], told["road_m"], told["density"]) == (None, None, 80)
