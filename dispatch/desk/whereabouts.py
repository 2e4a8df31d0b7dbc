"""Where each crew is, as far as the desk knows: by its phone, on its way home, waiting, or at its depot."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from dispatch.plan.lookahead import travel_between

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from dispatch.crew import Crew, Position
    from dispatch.desk import Desk
    from dispatch.plan import Place
    from dispatch.store.standbys import StandBy

FRESH_MS = 600_000  # a position older than ten minutes no longer says where a crew is
LONGEST_HOME_MS = 3 * 3_600_000  # who was not seen for so long is not asked after: it is home or lost


def whereabouts(desk: Desk, crews: Sequence[Crew], now: int) -> dict[str, Place]:
    """Each crew's place for planning at `now` (epoch ms) by its id, (lon, lat) WGS-84.

    RoadsUnavailable while a server of roads is silent and some crew may be on its way home.
    """
    seen, sent = desk.store.company.positions(), desk.store.standbys.all()
    away = {crew.id: home_ms for crew, home_ms in _home_ms(desk, crews, seen, now)}
    return {
        crew.id: where_is(crew, seen.get(crew.id), now, sent.get(crew.id), away.get(crew.id, 0))
        for crew in crews
    }


def seen_lately(desk: Desk, now: int) -> set[str]:
    """The crews whose phone has said within the last ten minutes where they are."""
    return {crew for crew, seen in desk.store.company.positions().items() if now - seen.at <= FRESH_MS}


def where_is(
    crew: Crew, position: Position | None, now: int, standby: StandBy | None = None, home_ms: int = 0
) -> Place:
    """A crew's place for planning: its phone's if fresh, else where it waits, else its depot.

    It cannot be at its depot before it had the `home_ms` milliseconds to drive there: until then it is where
    its phone was last.
    """
    fresh_ms = max(FRESH_MS, home_ms)
    waits = standby is not None and standby.arrive_at <= now
    if position and now - position.at <= (FRESH_MS if waits else fresh_ms):
        return (position.lon, position.lat)
    return standby.place if standby and waits else crew.depot


def _home_ms(
    desk: Desk, crews: Sequence[Crew], seen: Mapping[str, Position], now: int
) -> list[tuple[Crew, int]]:
    """The crews whose phone has been silent for a while, and how long each drives home from there."""
    silent = [
        crew for crew in crews if crew.id in seen and FRESH_MS < now - seen[crew.id].at <= LONGEST_HOME_MS
    ]
    depots = list(dict.fromkeys(crew.depot for crew in silent))
    last = [(seen[crew.id].lon, seen[crew.id].lat) for crew in silent]
    home_s = travel_between(desk.roads, last, depots)
    found = [(crew, home_s[row, depots.index(crew.depot)]) for row, crew in enumerate(silent)]
    return [(crew, round(1000 * seconds)) for crew, seconds in found if np.isfinite(seconds)]
