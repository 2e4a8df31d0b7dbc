"""Where a text may be: the gazetteer of an area, and what it answers."""

from __future__ import annotations

from dispatch.gazetteer.candidate import Candidate, Gazetteer, Kind, Tier

__all__ = ["Candidate", "Gazetteer", "Kind", "Tier"]
