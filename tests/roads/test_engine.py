"""Every engine says the same, before, during and after closures."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dispatch.errors import SetupError
from dispatch.roads import Closure, Roads, open_roads
from dispatch.roads import engine as module
from dispatch.roads.build import build_roads
from dispatch.roads.cch import LIBRARIES, Hierarchies
from dispatch.roads.dijkstra import Searches
from dispatch.roads.legs import Legs
from dispatch.roads.network import FILE_NAME, Arrays, Network, load
from dispatch.roads.order import with_order
from tests.grid import Grid
from tests.roads.engines import ENGINES, engines_of

EVERY_CCH = list(LIBRARIES)


def network_of(node_count, edges, library=None):
    """Nodes without streets drawn between them: enough for what engines are asked."""
    loop = (node_count - 1, node_count - 1, 1)  # nodes are known by their edges
    tail, head, time_ds = (np.array(column, dtype=np.int32) for column in zip(*edges, loop, strict=True))
    at = np.arange(node_count, dtype=np.int32)
    bare: dict[str, Any] = dict.fromkeys(
        ("length_m", "road_class", "name", "part", "class_names", "names"),
        time_ds,
    )
    arrays = Arrays(
        node=np.column_stack([at * 1000, (at * 7919 % 997) * 1000]).astype(np.int32),
        tail=tail,
        head=head,
        time_ds=time_ds.astype(np.uint32),
        line_start=np.array([0, 2], dtype=np.int32),
        point=np.zeros((2, 2), dtype=np.int32),
        order=np.empty(0, dtype=np.uint32),
        line=np.zeros_like(tail),
        against=np.zeros(len(tail), dtype=bool),
        last_mile=np.zeros(len(tail), dtype=bool),
        cell_frame=np.array([0, 0, 1, 1, 1, 1]),
        cell_start=np.zeros(2, dtype=np.int32),
        cell_segment=np.empty(0, dtype=np.int32),
        **bare,
    )
    if library is None:
        return Network(arrays)
    return Network(with_order(arrays, library))


def engines_over(name, node_count, edges):
    if name == "dijkstra":
        return Searches(network_of(node_count, edges))
    pytest.importorskip(name)
    library = LIBRARIES[name]()
    return Hierarchies(network_of(node_count, edges, library), library)


USUAL = (np.empty(0, dtype=np.int64), np.empty(0))
NODES = 12
TIMES = st.integers(1, 100_000)
EDGES = st.lists(
    st.tuples(st.integers(0, NODES - 1), st.integers(0, NODES - 1), TIMES), min_size=1, max_size=60
)
CHANGES = st.lists(st.dictionaries(st.integers(0, 59), TIMES | st.just(np.inf), max_size=20), max_size=4)


@pytest.mark.parametrize("name", EVERY_CCH)
@settings(max_examples=60, deadline=None)
@given(EDGES, CHANGES)
def test_engines_agree_on_any_streets_before_and_after_any_changes(name, edges, changes):
    every = np.arange(NODES)
    plain, fast = engines_over("dijkstra", NODES, edges), engines_over(name, NODES, edges)
    for change in [{}, *changes, {}]:
        edge = np.array(sorted(number for number in change if number < len(edges)), dtype=np.int64)
        times_ds = np.array([change[number] for number in edge.tolist()], dtype=np.float64)
        expected = plain.with_times(edge, times_ds).between(Legs.at(every), every)
        answered = fast.with_times(edge, times_ds)
        assert (answered.between(Legs.at(every), every) == expected).all()
        for target in (0, NODES - 1):
            assert driven_ds(edges, change, answered.path(3, target)) == finite(expected[3, target])


def driven_ds(edges, change, path):
    return sum(change.get(edge, edges[edge][2]) for edge in path)


def finite(time_ds):
    return time_ds if np.isfinite(time_ds) else 0


@pytest.mark.parametrize("name", ENGINES)
def test_an_engine_handed_out_keeps_its_times_when_others_follow(name):
    engines = engines_over(name, 3, [(0, 1, 10), (1, 2, 10), (2, 0, 10)])
    handed_out = [engines.with_times(np.array([0]), np.array([float(slow)])) for slow in range(11, 16)]
    usual = engines.with_times(*USUAL)
    for slow, earlier in enumerate(handed_out, start=11):
        assert earlier.between(Legs.at(np.array([0])), np.array([2]))[0, 0] == slow + 10
    assert usual.between(Legs.at(np.array([0])), np.array([2]))[0, 0] == 20


@pytest.mark.parametrize("name", EVERY_CCH)
def test_weights_that_nobody_reads_are_used_again(name):
    engines = engines_over(name, 3, [(0, 1, 10), (1, 2, 10), (2, 0, 10)])
    current = engines.with_times(*USUAL)
    for slow in range(11, 31):
        current = engines.with_times(np.array([slow % 3]), np.array([float(slow)]))
    assert len(engines._sets) == 2
    assert current.between(Legs.at(np.array([0])), np.array([1]))[0, 0] == 30


@pytest.mark.parametrize("name", EVERY_CCH)
def test_engines_agree_on_the_sample_before_and_after_closures(sample_built, name):
    network = load(sample_built.path)
    plain, fast = Roads(network, Searches(network)), Roads(network, engines_of(network, name))
    dice = np.random.default_rng(5)
    west, south, east, north = network.bounds
    places = dice.uniform((west, south), (east, north), (60, 2)).tolist()
    assert (plain.matrix(places[:30], places[30:]) == fast.matrix(places[:30], places[30:])).all()
    for factor in (0, 0.3):
        lines = dice.choice(network.line_count, 200, replace=False).tolist()
        closures = [Closure(street(network, line), factor) for line in lines]
        assert plain.apply(closures) == fast.apply(closures)
        assert (plain.matrix(places[:30], places[30:]) == fast.matrix(places[:30], places[30:])).all()
    assert plain.apply([]) == fast.apply([])
    assert (plain.matrix(places[:30], places[30:]) == fast.matrix(places[:30], places[30:])).all()


def street(network, line):
    return {"type": "LineString", "coordinates": network.line_lonlat(line).tolist()}


@pytest.mark.parametrize("name", ENGINES)
def test_every_answer_while_closures_change_is_of_one_state_as_a_whole(sample_built, name):
    network = load(sample_built.path)
    roads = Roads(network, engines_of(network, name))
    dice = np.random.default_rng(8)
    west, south, east, north = network.bounds
    places = dice.uniform((west, south), (east, north), (12, 2)).tolist()
    lines = dice.choice(network.line_count, 400, replace=False).tolist()
    closures = [Closure(street(network, line), 0.2) for line in lines]
    usual = roads.matrix(places, places)
    roads.apply(closures)
    slow = roads.matrix(places, places)
    assert (usual != slow).any()

    def ask(_turn):
        answer = roads.matrix(places, places)
        return (answer == usual).all() or (answer == slow).all()

    def change(turn):
        roads.apply(closures if turn % 2 else [])
        return True

    switch_s = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(4) as pool:
            answers = [pool.submit(change if turn % 4 == 0 else ask, turn // 4) for turn in range(160)]
            assert all(answer.result() for answer in answers)
    finally:
        sys.setswitchinterval(switch_s)


TOWN = Grid("a---b---c")
STREET = {"highway": "residential"}


@pytest.fixture
def area(tmp_path):
    build_roads(TOWN.write_osm(tmp_path / "town.osm", [("abc", STREET)]), tmp_path)
    return tmp_path


@pytest.mark.parametrize("name", ["auto", "cch", "dijkstra"])
def test_roads_open_with_the_engine_that_is_named(area, name):
    roads = open_roads(area, name)
    assert roads.engine == ("dijkstra" if name == "dijkstra" else "cch")
    assert roads.matrix([TOWN["a"]], [TOWN["c"]])[0, 0] == pytest.approx(115.2, abs=0.1)


def test_without_a_library_auto_takes_dijkstra_and_cch_says_what_to_install(area, monkeypatch):
    monkeypatch.setattr(module, "installed_library", lambda: None)
    assert open_roads(area).engine == "dijkstra"
    with pytest.raises(SetupError, match="pyroutingkit"):
        open_roads(area, "cch")


def test_roads_built_without_a_library_are_searched_and_cch_says_to_build_again(tmp_path, monkeypatch):
    monkeypatch.setattr("dispatch.roads.build.installed_library", lambda: None)
    build_roads(TOWN.write_osm(tmp_path / "town.osm", [("abc", STREET)]), tmp_path)
    assert not load(tmp_path / FILE_NAME).has_order
    assert open_roads(tmp_path).engine == "dijkstra"
    with pytest.raises(SetupError, match="dispatch build"):
        open_roads(tmp_path, "cch")


def test_an_engine_without_a_name_we_know_is_refused(area):
    name: Any = "fastest"
    with pytest.raises(SetupError, match=r"roads\.engine"):
        open_roads(area, name)
