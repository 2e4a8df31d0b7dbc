"""Every engine of travel times by name, whether or not this machine would take it by itself."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from dispatch.roads.cch import LIBRARIES, Hierarchies
from dispatch.roads.dijkstra import Searches

if TYPE_CHECKING:
    from dispatch.roads.engine import Engines
    from dispatch.roads.network import Network

ENGINES = ["dijkstra", *LIBRARIES]


def engines_of(network: Network, name: str) -> Engines:
    """The engines of that name over a network; the test is skipped where its library is not installed."""
    if name == "dijkstra":
        return Searches(network)
    pytest.importorskip(name)
    return Hierarchies(network, LIBRARIES[name]())
