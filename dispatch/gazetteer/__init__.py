"""Where a text may be: the gazetteer of an area, and what it answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch.gazetteer.candidate import Candidate, Gazetteer, Kind, Tier
from dispatch.gazetteer.local import LocalGazetteer

if TYPE_CHECKING:
    from pathlib import Path

__all__ = ["Candidate", "Gazetteer", "Kind", "Tier", "open_gazetteer"]


def open_gazetteer(area_dir: Path) -> Gazetteer:
    """The gazetteer of a built area; raises SetupError when the folder holds none that can be read."""
    return LocalGazetteer(area_dir)
