"""What of the board is new to a page: each line of it, and the turn in which the line last changed."""

from __future__ import annotations

import secrets
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from dispatch.desk import alerts
from dispatch.desk.board import list_trips
from dispatch.plan import SECOND
from dispatch.web import closures
from dispatch.web.tell import Teller
from dispatch.web.tell_alert import alert_out

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from dispatch.desk import Desk
    from dispatch.ticket import Ticket
    from dispatch.web.shapes import AlertOut
    from dispatch.web.shapes_road import CrewBrief

    Shown = AlertOut | CrewBrief
    Lines = dict[str, dict[str, Any]]
    """The lines of one kind by id, as they are sent."""

KINDS = ("tickets", "crews", "alerts")
GONE_KEPT = 20_000  # lines that went, a stormy day of them; who asks from before gets the whole board


@dataclass
class _Kind:
    """The lines of one kind, in order, and in which turn each changed or went."""

    lines: Lines = field(default_factory=dict)
    changed: dict[str, int] = field(default_factory=dict)
    gone: dict[str, int] = field(default_factory=dict)

    def take(self, lines: Lines, turn: int) -> bool:
        """Keep the lines as they are now; whether that is anything new, which then counts from `turn`."""
        known = self.lines
        new = {
            name for name, line in lines.items() if known.get(name) is not line and known.get(name) != line
        }
        gone = known.keys() - lines.keys()
        self.changed = {name: turn if name in new else self.changed[name] for name in lines}
        self.gone = {name: at for name, at in self.gone.items() if name not in lines}
        self.gone |= dict.fromkeys(gone, turn)
        self.lines = lines
        return bool(new or gone)

    def since(self, turn: int) -> list[dict[str, Any]]:
        """The lines that changed after `turn`, in order."""
        return [line for name, line in self.lines.items() if self.changed[name] > turn]

    def gone_since(self, turn: int) -> list[str]:
        """The ids of the lines that went after `turn`."""
        return sorted(name for name, at in self.gone.items() if at > turn)


class Told:
    """The board of one desk as this process last read it; a page is sent what changed since it asked.

    A tag is the process's own name and a turn: whoever comes with the tag of another process, or of a turn
    too long ago, gets the whole board. However many ask at once, the desk is read once for them.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._name = secrets.token_hex(4)
        self._turn = 0
        self._oldest = 0
        self._read_s = -1.0  # on the monotonic clock
        self._lock = threading.Lock()
        self._kinds = {kind: _Kind() for kind in KINDS}
        self._rest: dict[str, Any] = {}
        self._teller: Teller | None = None  # that of the last read
        self._plan_at: int | None = None
        self._names: object = None
        self._briefs: dict[str, tuple[tuple[object, ...], dict[str, Any]]] = {}

    def board(self, since: str = "") -> dict[str, Any]:
        """The board as `shapes_road.BoardOut` tells it: all of it, or what changed since the tag `since`."""
        came_s = time.monotonic()
        with self._lock:
            # what somebody began to read after this page came is new enough for it
            if self._teller is None or self._read_s < came_s:
                began_s = time.monotonic()
                with self._desk.store.snapshot():
                    self._teller = self._read()
                self._read_s = began_s
            return self._answer(since, self._teller)

    def _read(self) -> Teller:
        teller = Teller(self._desk)
        store, service = self._desk.store, self._desk.config.service
        tickets, positions = store.tickets.list_open(), store.company.positions()
        trips = list_trips(tickets)
        standing = alerts.list_standing(self._desk, tickets, teller.now)
        crews = teller.crews.values()
        now: dict[str, Lines] = {
            "tickets": self._brief_all(teller, tickets),
            "crews": _by_id(teller.crew(one, trips.get(one.id, []), positions.get(one.id)) for one in crews),
            "alerts": _by_id(alert_out(one, teller) for one in standing),
        }
        rest = {
            "seq": store.tickets.head()[0],
            "service": {"name": service.name, "hotline": service.hotline},
            "simulated": bool(store.company.setting("simulated")),
            "closures": [each.model_dump() for each in closures.shown(teller)],
        }
        self._take(now, rest, teller.plan_at)
        return teller

    def _take(self, now: Mapping[str, Lines], rest: dict[str, Any], plan_at: int | None) -> None:
        turn = self._turn + 1
        news = [self._kinds[kind].take(now[kind], turn) for kind in KINDS]
        if any(news) or (rest, plan_at) != (self._rest, self._plan_at):
            self._turn = turn
        self._rest, self._plan_at = rest, plan_at
        for each in self._kinds.values():
            if len(each.gone) > GONE_KEPT:
                self._oldest, each.gone = turn, {}

    def _brief_all(self, teller: Teller, tickets: Sequence[Ticket]) -> Lines:
        """Every ticket in one line; a line is made anew only when something it is made of is another."""
        names = ({crew.id: crew.name for crew in teller.crews.values()}, teller.units)
        known = self._briefs if names == self._names else {}
        numbers = {report.account_no for ticket in tickets for report in ticket.reports}
        teller.addresses = dict.fromkeys(numbers, "") | self._desk.store.company.list_addresses(numbers)
        self._names, self._briefs = names, {}
        for ticket in tickets:
            said = (teller.waiting.get(ticket.id), teller.waiting.get(f"{ticket.id}{SECOND}"))
            basis = (ticket, *said, [teller.addresses.get(report.account_no) for report in ticket.reports])
            made = known.get(ticket.id)
            line = made[1] if made and made[0] == basis else teller.brief(ticket).model_dump()
            self._briefs[ticket.id] = (basis, line)
        return {name: line for name, (_, line) in self._briefs.items()}

    def _answer(self, since: str, teller: Teller) -> dict[str, Any]:
        after = self._turn_of(since)
        whole = after < 0
        return {
            "tag": f"{self._name}-{self._turn}",
            "since": None if whole else since,
            **self._rest,
            **{kind: each.since(after) for kind, each in self._kinds.items()},
            "gone": {kind: [] if whole else each.gone_since(after) for kind, each in self._kinds.items()},
            **self._clock(teller),
        }

    def _turn_of(self, tag: str) -> int:
        """The turn a tag speaks of; -1 when it is none of ours, or from too long ago."""
        name, _, turn = tag.rpartition("-")
        if name != self._name or not (turn.isascii() and turn.isdigit()) or len(turn) > 15:
            return -1
        return int(turn) if self._oldest <= int(turn) <= self._turn else -1

    def _clock(self, teller: Teller) -> dict[str, Any]:
        """What changes by itself: the time, and how old the plan is."""
        now, plan = self._desk.clock(), None
        if teller.plan_at is not None:
            age_s = (now - teller.plan_at) / 1000
            plan = {
                "at": teller.iso(teller.plan_at),
                "age_s": age_s,
                "silent_after_s": self._desk.config.plan.silent_after_s,
                "by": teller.plan_by,
            }
        return {"now": teller.iso(now), "plan": plan}


def _by_id(shown: Iterable[Shown]) -> Lines:
    return {each.id: each.model_dump() for each in shown}
