"""Which streets the raster finds near a spot: the same as a look at all of them."""

from __future__ import annotations

import numpy as np
import pytest
import shapely

from dispatch.roads.network import load
from dispatch.roads.segments import Segments, rasterize

SCALE = np.array([0.0066, 0.0111])  # metres a unit of (lon, lat) at 53.5° north


def town(dice, lines):
    """Short and very long lines of up to five points, some without length."""
    counts = dice.integers(2, 6, lines)
    start = np.concatenate([[0], np.cumsum(counts)])
    steps = (
        dice.normal(0, 1, (start[-1], 2))
        * np.repeat(dice.choice([0, 3_000, 60_000, 900_000], lines), counts)[:, None]
    )
    at = np.repeat(dice.uniform(0, 2_000_000, (lines, 2)), counts, axis=0)
    return (at + steps).astype(np.int32), start.astype(np.int32)


def drawn(point, start):
    metres = point * SCALE
    return shapely.linestrings(metres, indices=np.repeat(np.arange(len(start) - 1), np.diff(start)))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("farthest_m", [300.0, np.inf])
def test_the_nearest_street_is_the_nearest_of_all(seed, farthest_m):
    dice = np.random.default_rng(seed)
    point, start = town(dice, 60)
    segments = Segments(rasterize(point, start, SCALE), point, start, SCALE)
    spots = dice.uniform(-3_000_000, 5_000_000, (200, 2))
    left_out = dice.random(60) < 0.3
    apart_m = shapely.distance(shapely.points(spots * SCALE)[:, None], drawn(point, start)[None, :])
    for flags, allowed_m in ((None, apart_m), (left_out, np.where(left_out, np.inf, apart_m))):
        found = segments.nearest(spots, farthest_m, flags)
        nearest_m = allowed_m.min(axis=1)
        near = nearest_m <= farthest_m
        assert (found[~near] == -1).all()
        assert segments.along(spots[near], found[near])[1] == pytest.approx(nearest_m[near], abs=1e-6)


def test_every_street_that_meets_a_box_is_found():
    dice = np.random.default_rng(7)
    point, start = town(dice, 80)
    segments = Segments(rasterize(point, start, SCALE), point, start, SCALE)
    for _ in range(50):
        west, south = dice.uniform(-1_000_000, 3_000_000, 2)
        box = np.array([[west, south, west + 200_000, south + 100_000]])
        meets = shapely.intersects(drawn(point, start), shapely.box(*(box[0] * np.tile(SCALE, 2))))
        assert set(np.flatnonzero(meets)) <= set(segments.lines_in(box).tolist())


def test_how_far_along_its_street_a_place_lies_is_what_the_drawing_says(sample_built):
    network = load(sample_built.path)
    dice = np.random.default_rng(2)
    west, south, east, north = network.bounds
    spots = dice.uniform((west, south), (east, north), (300, 2)) * 1e7
    segment = network.segments.nearest(spots, np.inf)
    line = network.segments.line_of(segment)
    within = network.segments.along(spots, segment)[0]
    share = network.segments.share_of_line(segment, line, within)
    at = shapely.line_interpolate_point(network.drawn(line), share, normalized=True)
    begin, end = network.arrays.point[segment] / 1e7, network.arrays.point[segment + 1] / 1e7
    on_road = network.to_metres(begin + within[:, None] * (end - begin))
    assert shapely.get_coordinates(at) == pytest.approx(on_road, abs=0.01)
