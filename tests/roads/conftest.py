"""Drawn towns and the sample area, built and opened; every test over them runs with every engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dispatch.paths import SAMPLE
from dispatch.roads import Roads
from dispatch.roads.build import RoadsBuilt, build_roads
from dispatch.roads.network import FILE_NAME, load
from tests.roads.engines import ENGINES, engines_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.grid import Grid


@pytest.fixture(params=ENGINES)
def open_town(tmp_path: Path, request: pytest.FixtureRequest) -> Callable[..., Roads]:
    """Builds a drawn town and opens its roads; ways are as `Grid.write_osm` takes them."""

    def build_and_open(town: Grid, *ways: tuple[str, dict[str, str]], left_out: str = "") -> Roads:
        extract = town.write_osm(tmp_path / "town.osm", ways, left_out=left_out)
        build_roads(extract, tmp_path / "area")
        network = load(tmp_path / "area" / FILE_NAME)
        return Roads(network, engines_of(network, request.param))

    return build_and_open


@pytest.fixture(scope="session")
def sample_built(tmp_path_factory: pytest.TempPathFactory) -> RoadsBuilt:
    """The roads of the shipped extract, built once."""
    return build_roads(SAMPLE / "neubrandenburg-2016.osm.pbf", tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="session", params=ENGINES)
def sample_roads(sample_built: RoadsBuilt, request: pytest.FixtureRequest) -> Roads:
    """The roads of the shipped extract, without closures: tests that apply some open their own."""
    network = load(sample_built.path)
    return Roads(network, engines_of(network, request.param))
