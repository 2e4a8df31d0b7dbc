"""What a signed limit and a class mean for the speed driven."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.errors import SetupError
from dispatch.roads.speeds import default_speeds, read_speeds
from tests.grid import Grid


@pytest.mark.parametrize(
    ("tag", "kmh"),
    [
        ("50", 50),
        ("30 mph", 48.28),
        ("30mph", 48.28),
        ("60 km/h", 60),
        ("50;30", 30),
        ("70|50", 50),
        ("DE:urban", 50),
        ("DE:rural", 100),
        ("XX:rural", 90),
        ("DE:zone:30", 30),
        ("CN:zone30", 30),
        ("walk", 10),
        ("none", 130),
        ("signals", None),
        ("0", None),
        ("500", None),
        ("-50", None),
        ("５０ 公里", None),
        ("", None),
    ],
)
def test_a_limit_is_read_as_it_is_written(tag, kmh):
    assert default_speeds().limit_kmh(tag) == (None if kmh is None else pytest.approx(kmh, abs=0.01))


def test_without_a_usable_limit_the_class_decides():
    assert default_speeds().driven_kmh("residential", "signals") == 25


@settings(deadline=None)
@given(st.text(max_size=30), st.sampled_from(sorted(default_speeds().class_kmh)))
def test_no_limit_of_any_script_stops_the_van(tag, road_class):
    assert 0 < default_speeds().driven_kmh(road_class, tag) <= 160


def test_strange_limits_do_not_stop_the_build(open_town):
    town = Grid("a-b-c-d-e-f")
    limits = ["50;30", "DE:urban", "20 mph", "<script>", "五十"]
    ways = [
        (pair, {"highway": "residential", "maxspeed": limit})
        for pair, limit in zip(["ab", "bc", "cd", "de", "ef"], limits, strict=True)
    ]
    assert open_town(town, *ways).matrix([town["a"]], [town["f"]])[0, 0] > 0


@pytest.mark.parametrize("text", ["", "not toml [", "maxspeed_share = 0\n[class_kmh]\n[implied_kmh]\n"])
def test_a_broken_speed_table_is_named(tmp_path, text):
    table = tmp_path / "speeds.toml"
    table.write_text(text)
    with pytest.raises(SetupError, match=r"speeds\.toml"):
        read_speeds(table)
