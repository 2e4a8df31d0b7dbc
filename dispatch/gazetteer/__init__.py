"""Where a text may be: the gazetteer of an area, and what it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.gazetteer.candidate import Candidate, Gazetteer, Kind, Tier
from dispatch.gazetteer.index import ARCHIVE, Index
from dispatch.gazetteer.local import LocalGazetteer

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Candidate", "Gazetteer", "Kind", "Tier", "list_houses", "list_transformers", "open_gazetteer"]


def open_gazetteer(area_dir: Path) -> Gazetteer:
    """The gazetteer of a built area; raises SetupError when the folder holds none that can be read."""
    return LocalGazetteer(area_dir)


def list_houses(area_dir: Path) -> list[tuple[float, float]]:
    """(lon, lat) of every house number of a built area, from west to east; SetupError without a gazetteer."""
    return Index(area_dir / ARCHIVE).every_house()


def list_transformers(area_dir: Path) -> list[tuple[float, float]]:
    """(lon, lat) of every named substation and transformer, from west to east; SetupError as above."""
    return Index(area_dir / ARCHIVE).every_name("transformer")
