"""An area is complete or not there at all, and a build that fails leaves the old one in use."""

from __future__ import annotations

import hashlib
import json
import signal
import subprocess
import sys

import pytest

from dispatch import area
from dispatch.area import MANIFEST, build_area
from dispatch.errors import BadInput
from dispatch.roads import open_roads
from tests.conftest import EXTRACT
from tests.grid import Grid

VILLAGE = Grid(
    """
    a---b---c
        |
        d
    """
)


@pytest.fixture
def extract(tmp_path):
    street = {"highway": "residential", "name": "Mill Lane"}
    return VILLAGE.write_osm(tmp_path / "village.osm", [("abc", street), ("bd", street)])


@pytest.fixture
def stages():
    """What was said of the progress of a build."""
    return []


def build(extract, out, stages):
    return build_area(extract, out, lambda stage, share: stages.append((stage, share)))


def files(folder):
    return sorted(path.name for path in folder.iterdir())


def test_an_extract_becomes_roads_names_and_a_map_in_one_folder(extract, tmp_path, stages):
    built = build(extract, tmp_path / "area", stages)
    manifest = json.loads((tmp_path / "area" / MANIFEST).read_text())
    assert manifest == {
        "extract": "village.osm",
        "sha256": hashlib.sha256(extract.read_bytes()).hexdigest(),
        **built,
    }
    assert {"nodes", "edges", "names", "addresses", "tiles", "seconds", "peak_mb"} <= set(built)
    assert float(open_roads(tmp_path / "area").matrix([VILLAGE["a"]], [VILLAGE["d"]])[0, 0]) > 0
    assert files(tmp_path) == ["area", "village.osm"]


def test_progress_only_goes_forward_and_ends_at_the_whole(extract, tmp_path, stages):
    build(extract, tmp_path / "area", stages)
    shares = [share for _, share in stages]
    assert shares == sorted(shares)
    assert stages[-1] == ("done", 1.0)
    assert list(dict(stages)) == ["roads", "gazetteer", "basemap", "done"]


def test_a_second_build_replaces_the_first(extract, tmp_path, stages):
    build(extract, tmp_path / "area", stages)
    (tmp_path / "area" / "left over").write_text("")
    build(extract, tmp_path / "area", stages)
    assert "left over" not in files(tmp_path / "area")
    assert files(tmp_path) == ["area", "village.osm"]


def test_a_build_that_is_broken_off_leaves_the_old_area_in_use(extract, tmp_path, stages, monkeypatch):
    build(extract, tmp_path / "area", stages)
    before = (tmp_path / "area" / MANIFEST).read_text()

    def stop(_extract, part, _progress):
        (part / "half").write_text("")
        raise KeyboardInterrupt

    monkeypatch.setattr(area, "_build", stop)
    with pytest.raises(KeyboardInterrupt):
        build(extract, tmp_path / "area", stages)
    assert (tmp_path / "area" / MANIFEST).read_text() == before
    assert files(tmp_path) == ["area", "village.osm"]


def test_a_build_that_is_killed_leaves_the_old_area_in_use_and_the_next_one_clears_up(
    extract, tmp_path, stages
):
    build(extract, tmp_path / "area", stages)
    before = (tmp_path / "area" / MANIFEST).read_text()
    code = """
import os, signal, sys
from pathlib import Path
from dispatch.area import build_area
build_area(Path(sys.argv[1]), Path(sys.argv[2]), lambda part, share: share > 0.2 and os.kill(os.getpid(), 9))
"""
    killed = subprocess.run([sys.executable, "-c", code, str(extract), str(tmp_path / "area")], check=False)
    assert killed.returncode == -signal.SIGKILL
    assert files(tmp_path) == ["area", "area.part", "village.osm"]
    assert (tmp_path / "area" / MANIFEST).read_text() == before
    assert open_roads(tmp_path / "area").nodes > 0
    build(extract, tmp_path / "area", stages)
    assert files(tmp_path) == ["area", "village.osm"]


def test_an_old_area_put_aside_by_a_killed_build_survives_a_next_one_that_fails(extract, tmp_path, stages):
    build(extract, tmp_path / "area", stages)
    (tmp_path / "area").rename(tmp_path / "area.old")
    extract.write_text("no map at all")
    with pytest.raises(BadInput):
        build(extract, tmp_path / "area", stages)
    assert files(tmp_path) == ["area", "village.osm"]
    assert open_roads(tmp_path / "area").nodes > 0


def test_a_folder_that_holds_something_else_is_not_replaced(extract, tmp_path, stages):
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters" / "dear.txt").write_text("precious")
    with pytest.raises(BadInput, match="not a built area; name another folder"):
        build(extract, tmp_path / "letters", stages)
    assert files(tmp_path / "letters") == ["dear.txt"]
    assert stages == []


def test_an_empty_folder_may_become_the_area(extract, tmp_path, stages):
    (tmp_path / "area").mkdir()
    assert build(extract, tmp_path / "area", stages)["edges"] > 0


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("cut.osm.pbf", EXTRACT.read_bytes()[:200_000]),
        ("words.osm.pbf", b"no map at all"),
        ("words.osm", b"no map at all"),
        ("cut.osm", b'<?xml version="1.0"?><osm version="0.6"><node id="1" lon="13'),
        ("empty.osm", b'<?xml version="1.0"?><osm version="0.6"></osm>'),
        ("nothing.osm.pbf", b""),
    ],
)
def test_an_extract_that_is_cut_off_or_no_map_is_refused_and_leaves_nothing(tmp_path, stages, name, content):
    (tmp_path / name).write_bytes(content)
    with pytest.raises(BadInput, match=name):
        build(tmp_path / name, tmp_path / "area", stages)
    assert files(tmp_path) == [name]
