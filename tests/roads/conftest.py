"""Drawn towns and the sample area, built and opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dispatch.paths import SAMPLE
from dispatch.roads import Roads, open_roads
from dispatch.roads.build import RoadsBuilt, build_roads

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.grid import Grid


@pytest.fixture
def open_town(tmp_path: Path) -> Callable[..., Roads]:
    """Builds a drawn town and opens its roads; ways are as `Grid.write_osm` takes them."""

    def build_and_open(town: Grid, *ways: tuple[str, dict[str, str]], left_out: str = "") -> Roads:
        extract = town.write_osm(tmp_path / "town.osm", ways, left_out=left_out)
        build_roads(extract, tmp_path / "area")
        return open_roads(tmp_path / "area")

    return build_and_open


@pytest.fixture(scope="session")
def sample_built(tmp_path_factory: pytest.TempPathFactory) -> RoadsBuilt:
    """The roads of the shipped extract, built once."""
    return build_roads(SAMPLE / "neubrandenburg-2016.osm.pbf", tmp_path_factory.mktemp("sample"))


@pytest.fixture(scope="session")
def sample_roads(sample_built: RoadsBuilt) -> Roads:
    """The roads of the shipped extract, without closures: tests that apply some open their own."""
    return open_roads(sample_built.path.parent)
