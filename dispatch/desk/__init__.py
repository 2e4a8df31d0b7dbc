"""The desk: one function per act of the trade, and what every act needs at hand."""

from __future__ import annotations

import dataclasses
import os
from functools import cached_property
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from shapely.geometry import shape

from dispatch.clock import now_ms
from dispatch.desk.closures import Applied
from dispatch.desk.kept import Kept
from dispatch.errors import SetupError
from dispatch.gazetteer import open_gazetteer
from dispatch.gazetteer.online import open_online
from dispatch.paths import POLICIES, from_root
from dispatch.roads import open_roads, server_of
from dispatch.rulebook import load_rulebook
from dispatch.store import open_store
from dispatch.zone import ZonePolygon, ZoneSet

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from dispatch.config import Config
    from dispatch.desk.coverage import Coverage
    from dispatch.desk.standby import Posts, Suggestion
    from dispatch.gazetteer import Gazetteer
    from dispatch.gazetteer.online import Online
    from dispatch.plan.coverage import Spots
    from dispatch.roads import AnyRoads
    from dispatch.rulebook import Rulebook
    from dispatch.store import Store

KEPT_SETS = 3  # beside the one just asked for: the set in force, the one before, the one to come


@dataclasses.dataclass
class Desk:
    """The company's store, rule books, roads and places, opened when an act first needs them."""

    config: Config
    store: Store
    rulebook: Rulebook
    clock: Callable[[], int] = now_ms
    applied: Applied = dataclasses.field(default_factory=Applied)
    spots: Kept[Spots] = dataclasses.field(default_factory=Kept)
    coverage: Kept[Coverage] = dataclasses.field(default_factory=Kept)
    posts: Kept[Posts] = dataclasses.field(default_factory=Kept)
    suggested: Kept[list[Suggestion]] = dataclasses.field(default_factory=Kept)
    online: Online | None = None  # a provider of places outside, where the company chose one
    _zones: dict[str, ZoneSet] = dataclasses.field(default_factory=dict)

    @cached_property
    def timezone(self) -> ZoneInfo:
        """The zone in which shifts and calendar months are counted."""
        return ZoneInfo(self.config.service.timezone)

    @property
    def area(self) -> Path:
        """The built area's folder; SetupError when nobody built it."""
        area = from_root(self.config.area.path)
        if not (area / "area.json").exists():
            raise SetupError(f"there is no built area at {area}; run `dispatch build EXTRACT --out {area}`")
        return area

    @cached_property
    def roads(self) -> AnyRoads:
        """Travel times and routes; ask `closures.roads_now` for them as they are now.

        SetupError when no area is built, unless a server answers them: that one needs none.
        """
        chosen = self.config.roads
        area = from_root(self.config.area.path) if server_of(chosen.engine) else self.area
        return open_roads(area, chosen.engine, chosen.osrm_table)

    @cached_property
    def gazetteer(self) -> Gazetteer:
        """The names and house numbers of the built area."""
        return open_gazetteer(self.area)

    def zones_at(self, at: int) -> ZoneSet:
        """The zone set that holds at a moment (epoch ms); the last few are kept prepared."""
        name = self.store.company.zone_set_at(at)
        if not name:
            raise SetupError("no zones are published; run `dispatch import zones FILE`")
        known = self._zones.get(name)
        if known is None:
            known = zone_set(name, self.store.company.get_zones(name))
            kept = list(self._zones.items())[-KEPT_SETS:]
            self._zones = dict([*kept, (name, known)])  # at once: other threads ask meanwhile
        return known


def zone_set(name: str, features: list[Any]) -> ZoneSet:
    """A zone set from stored GeoJSON features."""
    return ZoneSet(name, tuple(_polygon(each["properties"], each["geometry"]) for each in features))


def _polygon(properties: dict[str, Any], geometry: dict[str, Any]) -> ZonePolygon:
    fields = {name: properties[name] for name in ("code", "name", "priority", "source", "approved_by")}
    return ZonePolygon(**fields, geometry=shape(geometry))


def open_desk(config: Config, *, create: bool = False, clock: Callable[[], int] = now_ms) -> Desk:
    """The desk as the configuration describes it; SetupError says what is missing."""
    rulebook = load_rulebook(POLICIES, config.policy.binding, tuple(config.policy.shadow))
    chosen = config.gazetteer
    online = open_online(chosen.online, chosen.online_url, chosen.online_limit_s, os.environ)
    return Desk(config, open_store(config.store.url, create=create), rulebook, clock, online=online)
