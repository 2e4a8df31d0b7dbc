"""Which engine answers how long the drive between junctions takes, and what every engine promises.

`cch` answers from a customizable contraction hierarchy where a library of it is installed, `dijkstra` always.
Both give the same times to the decisecond.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal, Protocol, get_args

from dispatch.errors import SetupError
from dispatch.roads.cch import Hierarchies, installed_library
from dispatch.roads.dijkstra import Searches

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from dispatch.roads.cch import Library
    from dispatch.roads.legs import Legs
    from dispatch.roads.network import Network

    Ints = NDArray[np.integer]
    Floats = NDArray[np.float64]

EngineName = Literal["auto", "cch", "dijkstra"]


class Engine(Protocol):
    """Shortest drives over the streets open to all while one set of edge times holds; it never changes."""

    def between(self, origins: Legs, targets: Ints) -> Floats:
        """Deciseconds [len(origins), len(targets)] from places to distinct nodes, infinity without a road."""

    def path(self, source: int, target: int) -> list[int]:
        """The edges of a quickest drive, [] when both are one node or no road leads."""


class Engines(Protocol):
    """Makes an engine for each set of edge times of one network; `name` is what it is called by."""

    @property
    def name(self) -> str:
        """Such as `cch`."""

    def with_times(self, edges: Ints, times_ds: Floats) -> Engine:
        """The usual times but for these edges, which take `times_ds` (infinity: closed).

        Engines handed out earlier stay as they were. Not to be called by two threads at once.
        """


def choose(network: Network, name: str) -> Engines:
    """The engines of that name; SetupError when it is no name, or `cch` is wanted and cannot be had."""
    if name not in get_args(EngineName):
        known = [*get_args(EngineName), "osrm:http://HOST:PORT"]
        raise SetupError(f'roads.engine must be {" or ".join(known)}, not "{name}".')
    library = None if name == "dijkstra" else installed_library()
    if library is not None and network.has_order:
        return Hierarchies(network, library)
    if name == "cch":
        raise SetupError(_lacking(library))
    return Searches(network)


def _lacking(library: Library | None) -> str:
    if library is None:
        return (
            'roads.engine is "cch", but neither pyroutingkit nor routingkit-cch is installed: '
            'install one of them or set it to "auto".'
        )
    return 'roads.engine is "cch", but the roads were built without its library. Run `dispatch build` again.'
