"""What the simulated desk does: calls customers back, finds places, joins reports of one fault.

It looks after simulated tickets only: what a person reported is left to people.
"""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from dispatch.zone import metres

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from dispatch.demo.door import Door
    from dispatch.demo.pace import Pace

    Ticket = dict[str, Any]
    Errand = tuple[str, str, str]  # what, ticket, the ticket it may belong to

LOOK_S = 3.0
TURN_S = 1.0
USUAL_S = {"call back": 1200.0, "place": 120.0, "merge": 60.0}  # of life, until somebody gets to it
NOT_REACHED = 0.15
STILL_DARK = 0.05
SATISFIED = 0.96
MERGES = 0.8
SAME_FAULT_M = 60.0
MAY_MOVE = {"waiting", "assigned", "accepted"}
MAY_TAKE = {*MAY_MOVE, "departed", "arrived"}


class Clerk:
    """One person at the desk who sees the board and does one errand after the other."""

    name = "simulated desk"

    def __init__(self, door: Door, pace: Pace) -> None:
        self._door, self._pace = door, pace
        self.open_tickets = 0
        self._errands: dict[Errand, float] = {}
        self._thought: set[Errand] = set()  # whether to join two tickets is thought about once
        self._look_s = 0.0

    def act(self, now_s: float) -> float:
        """Look at the board or do the errand that has waited longest; about one request a second."""
        if now_s >= self._look_s:
            self._look(now_s)
            self._look_s = now_s + LOOK_S
            return now_s + TURN_S
        first = min(self._errands, key=lambda errand: self._errands[errand], default=None)
        if first is None:
            return self._look_s
        if now_s < self._errands[first]:
            return min(self._look_s, self._errands[first])
        del self._errands[first]  # if it fails, the next look shows whether it is still to be done
        return now_s + TURN_S * self._do(first)

    def _look(self, now_s: float) -> None:
        """Read the board: what is still wanted keeps its time, what is new gets one."""
        tickets: Sequence[Ticket] = self._door.get("/api/board")["tickets"]
        self.open_tickets = len(tickets)
        before = self._errands
        found = set(wanted([each for each in tickets if each["simulated"]]))
        self._thought &= found
        self._errands = {
            errand: before[errand] if errand in before else now_s + self._pace.spread_s(USUAL_S[errand[0]])
            for errand in sorted(found - self._thought)
        }

    def _do(self, errand: Errand) -> int:
        """Do it; how many requests that took."""
        what, ticket, into = errand
        if what == "call back":
            return self._call_back(ticket)
        if what == "place":
            return self._place(ticket)
        self._thought.add(errand)
        return self._merge(ticket, into) if self._pace.chance(MERGES) else 0

    def _call_back(self, ticket: str) -> int:
        if self._pace.chance(NOT_REACHED):
            said: dict[str, Any] = {"reached": False}
        elif self._pace.chance(STILL_DARK):
            said = {"reached": True, "satisfied": False, "power_back": False, "note": "仍然没电 still dark"}
        else:
            said = {"reached": True, "satisfied": self._pace.chance(SATISFIED), "power_back": True}
        self._door.post(f"/api/tickets/{ticket}/callback", said)
        return 1

    def _place(self, ticket: str) -> int:
        """Choose the best of what the address could mean; without any, the caller is asked by phone."""
        report = self._door.get(f"/api/tickets/{ticket}")["reports"][0]["id"]
        found = self._door.get(f"/api/reports/{report}")["candidates"]
        if found:
            self._door.post(f"/api/reports/{report}/place", {"lon": found[0]["lon"], "lat": found[0]["lat"]})
        else:
            said = {"how": "by_phone", "note": "地址无法确认，电话解决 no such address; settled by phone"}
            self._door.post(f"/api/reports/{report}/resolve", said)
        return 3

    def _merge(self, ticket: str, into: str) -> int:
        for report in self._door.get(f"/api/tickets/{ticket}")["reports"]:
            self._door.post(f"/api/reports/{report['id']}/merge", {"ticket": into})
        return 2


def wanted(tickets: Sequence[Ticket]) -> Iterator[Errand]:
    """What the desk has to do about these open tickets, in their order."""
    for each in tickets:
        if each["state"] == "closed":
            yield ("call back", each["id"], "")
        elif each["state"] == "needs_place":
            yield ("place", each["id"], "")
    for one, other in combinations(tickets, 2):
        older, newer = sorted((one, other), key=lambda each: (each["opened_at"], each["id"]))
        if _same_fault(newer, older):
            yield ("merge", newer["id"], older["id"])


def _same_fault(newer: Ticket, older: Ticket) -> bool:
    """Whether two reports close to each other may be moved into one ticket."""
    if newer["state"] not in MAY_MOVE or older["state"] not in MAY_TAKE or newer["fault"] != older["fault"]:
        return False
    apart_m = metres(*((each["place"]["lon"], each["place"]["lat"]) for each in (newer, older)))
    return apart_m <= SAME_FAULT_M
