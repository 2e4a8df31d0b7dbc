"""What a simulated crew does: what its phone's jobs say, step by step, driving the real roads."""

from __future__ import annotations

import math
import secrets
from typing import TYPE_CHECKING, Any

from dispatch.demo.door import Refused
from dispatch.demo.drive import drive
from dispatch.demo.town import shifted
from dispatch.zone import metres

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dispatch import crew
    from dispatch.demo.door import Door
    from dispatch.demo.drive import Drive
    from dispatch.demo.pace import Pace
    from dispatch.roads import AnyRoads
    from dispatch.rulebook import FaultNeeds
    from dispatch.ticket import FaultKind

    LonLat = tuple[float, float]
    Trip = tuple[Any, ...]

TURN_S = 1.0  # at most one request a second from each phone
ASK_S = 3.0
OFF_DUTY_S = 30.0
MOVING_S = 2.5
STANDING_S = 45.0
# Minutes of life between one step and the next; the work itself is the rule book's.
ACCEPT_S, DEPART_S, CLOSE_S, HOMEWARD_S = 40.0, 75.0, 150.0, 180.0
DECLINES = 0.02
HOME_M = 60.0
OFFROAD_M_S = 8.0  # where no road leads, on foot or over the field
STEPS = ("accepted", "departed", "arrived", "restored", "closed")
NEVER = math.inf


def next_step(visit: Mapping[str, Any]) -> str:
    """The step after the last one that was reported; empty when all are done."""
    done = [number for number, step in enumerate(STEPS, 1) if visit[f"{step}_at"]]
    return (*STEPS, "")[max(done, default=0)]


class Crew:
    """One crew with a van and a phone. The server's jobs decide; between two looks it does the next step."""

    def __init__(
        self,
        who: crew.Crew,
        door: Door,
        pace: Pace,
        roads: AnyRoads,
        *,
        faults: Mapping[FaultKind, FaultNeeds],
        last: crew.Position | None,
    ) -> None:
        self.name = f"simulated crew {who.id}"
        self._who, self._door, self._pace, self._roads, self._faults = who, door, pace, roads, faults
        self._at: LonLat = (last.lon, last.lat) if last else who.depot
        self._job: dict[str, Any] | None = None
        self._trip: Trip | None = None  # what the next step belongs to; None until the server said
        self._event: dict[str, Any] | None = None  # a step on its way, the same however often it is sent
        self._seq = pace.clock()  # the phone's own count goes on when the play starts again
        self._drive: Drive | None = None
        self._due_s = NEVER
        self._ask_s = self._tell_s = 0.0

    def act(self, now_s: float) -> float:
        """At most one request: the step that is due, else the jobs, else where the van is."""
        if self._drive:
            self._at = self._drive.at(now_s)
        if now_s >= self._due_s:
            self._do(now_s)
        elif now_s >= self._ask_s:
            self._ask(now_s)
        elif now_s >= self._tell_s:
            self._tell(now_s)
        return max(now_s + TURN_S, min(self._due_s, self._ask_s, self._tell_s))

    # -- what the server says

    def _ask(self, now_s: float) -> None:
        jobs = self._door.get("/api/phone/jobs")["jobs"]
        busy = jobs or self._who.on_duty(self._pace.clock(), self._pace.zone)
        self._ask_s = now_s + (ASK_S if busy else OFF_DUTY_S)
        self._take(jobs[0] if jobs else None, now_s)

    def _take(self, job: dict[str, Any] | None, now_s: float) -> None:
        """Go on with the job, or begin anew when something about it changed."""
        trip = _trip(job) if job else ()
        self._job = job
        if trip != self._trip:
            self._trip, self._event, self._drive = trip, None, None
            self._due_s = now_s + self._plan(now_s)

    def _plan(self, now_s: float) -> float:
        """Seconds until the next step is done; driving begins at once."""
        if self._job is None:
            return self._pace.spread_s(HOMEWARD_S)
        visit, step = self._job["visit"], next_step(self._job["visit"])
        if step == "arrived":
            return self._set_off(_place(self._job), now_s)
        takes_s = {"accepted": ACCEPT_S, "departed": DEPART_S, "closed": CLOSE_S}
        if step not in takes_s and step != "restored":
            return NEVER
        takes_s["restored"] = self._faults[self._job["fault"]].work_min * 60.0
        before = visit["assigned_at"] if step == "accepted" else visit[f"{STEPS[STEPS.index(step) - 1]}_at"]
        return max(0.0, self._pace.spread_s(takes_s[step]) - self._pace.since_s(before))

    # -- what the crew does

    def _do(self, now_s: float) -> None:
        if self._job is None:
            self._go_home(now_s)
            return
        self._event = self._event or self._step(self._job)
        result = self._door.post("/api/phone/events", [self._event])[0]
        kind, at, self._event = self._event["kind"], self._event["at"], None
        if result["result"] == "refused":
            self._trip, self._due_s, self._ask_s = None, NEVER, now_s + ASK_S
            raise Refused(f"{kind}: {result['reason']}")
        if kind in {"declined", "closed"}:
            self._due_s, self._ask_s = NEVER, now_s
            return
        self._job["visit"][f"{kind}_at"] = at
        self._tell_s = now_s
        self._take(self._job, now_s)

    def _step(self, job: Mapping[str, Any]) -> dict[str, Any]:
        """The next step as the phone sends it; the phone stands at the place when the crew has arrived."""
        kind = next_step(job["visit"])
        if kind == "accepted" and not job["pinned"] and self._pace.chance(DECLINES):
            kind = "declined"
        if kind == "arrived":
            self._at = _place(job)
        self._seq += 1
        step = {"id": secrets.token_hex(16), "ticket": job["id"], "kind": kind, "seq": self._seq}
        return step | {"at": self._pace.now_iso(), "fix": self._fix()}

    def _set_off(self, target: LonLat, now_s: float) -> float:
        """Start a drive along the roads; how many seconds it lasts."""
        route = self._roads.route(self._at, target)
        line = [self._at, *(route.line if route else ()), target]
        travel_s = route.travel_s if route else metres(self._at, target) / OFFROAD_M_S
        self._drive = drive(line, now_s, self._pace.spread_s(travel_s, sigma=0.12))
        self._tell_s = min(self._tell_s, now_s + MOVING_S)
        return self._drive.lasts_s

    def _go_home(self, now_s: float) -> None:
        """Back to the depot; the drive may be broken off by the next job at any time."""
        self._due_s = NEVER
        if metres(self._at, self._who.depot) > HOME_M:
            self._set_off(self._who.depot, now_s)

    def _tell(self, now_s: float) -> None:
        """Say where the van is: often on the way, now and then when it stands, not after the shift."""
        moving = self._drive is not None and now_s < self._drive.end_s
        if moving or self._job or self._who.on_duty(self._pace.clock(), self._pace.zone):
            self._door.post("/api/phone/positions", [self._fix()])
        self._tell_s = now_s + (MOVING_S if moving else STANDING_S)

    def _fix(self) -> dict[str, Any]:
        """A position fix as good as phones give it."""
        accuracy_m = self._pace.dice.uniform(5, 30)
        off_m = abs(self._pace.dice.gauss(0, accuracy_m / 3))
        lon, lat = shifted(self._at, off_m, self._pace.dice.uniform(0, 360))
        return {"lon": lon, "lat": lat, "accuracy_m": round(accuracy_m, 1), "at": self._pace.now_iso()}


def _trip(job: Mapping[str, Any]) -> Trip:
    """What makes a crew begin anew when it changes: the ticket, the assignment, the step, the place."""
    return (job["id"], job["visit"]["assigned_at"], next_step(job["visit"]), _place(job))


def _place(job: Mapping[str, Any]) -> LonLat:
    return (job["place"]["lon"], job["place"]["lat"])
