"""What happens by itself: plans within a second of any change and every few seconds, warnings; one leads."""

from __future__ import annotations

import logging
import signal
import threading
import time
from typing import TYPE_CHECKING

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

from dispatch.desk import alerts, assign, chance, out_of_service, standby, upkeep
from dispatch.desk.chain import Chain
from dispatch.errors import RoadsUnavailable

if TYPE_CHECKING:
    from collections.abc import Callable

    from dispatch.desk import Desk

LOOK_S = 0.1
SETTLE = 5  # plans in a row for one change: each may free the next, none may loop for ever
SILENT_ROUNDS = 3
LEARN_HOUR = 3  # local time; the quietest of the day
WATCH_S = 1.0  # a warning is for minutes; a second later is soon enough
TEND_S = 20.0  # where idle crews wait is a matter of minutes
NEVER = 2**62
log = logging.getLogger("dispatch.jobs")


class Planner:
    """Plans when the store changed and when the timetable says so; never twice at once."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._chain = Chain(desk.config.plan.budget_s)
        self._turn = threading.Lock()
        self._stamp: tuple[object, ...] = ()
        self.beat = time.monotonic()

    @property
    def whole(self) -> bool:
        """Whether every planner answers. The desk goes on without one that hangs, but not for good."""
        return not self._chain.hangs

    def look(self) -> None:
        """Plan if an event was written since the last plan, a closure began or ended, or a crew came back."""
        if self._head() != self._stamp:
            self.plan()

    def plan(self) -> None:
        """Plan, and again while the plan itself changed the board: a crew that was told may free another."""
        if not self._turn.acquire(blocking=False):
            return
        try:
            going_on(self._settle, "a plan failed; the board stands as it was")
        finally:
            self.beat = time.monotonic()  # a plan that failed was a beat of the timetable too
            self._turn.release()

    def learn(self) -> None:
        """Learn from the trips up to now how long drives and works really take, if that is a day ago."""
        going_on(lambda: chance.learn_if_old(self._desk), "nothing was learnt; what was known before holds")

    def tend(self) -> None:
        """See to the crews that are back in service, and to those that wait without a ticket."""
        back = "crews whose time out of service is over could not be written down; trying again"
        going_on(lambda: out_of_service.end_run_out(self._desk), back)
        going_on(lambda: standby.tend(self._desk), "crews on stand-by could not be seen to; trying again")

    def _settle(self) -> None:
        for _ in range(SETTLE):
            self._stamp = self._head()
            made = assign.replan(self._desk, self._chain)
            if not (made.told or made.turned):
                break

    def _head(self) -> tuple[object, ...]:
        desk = self._desk
        now = desk.clock()
        out = tuple(desk.store.out_of_service.holding(now))
        return (*desk.store.tickets.head(), desk.store.closures.ids_at(now), out)


class Watch:
    """Warns the desk when a moment comes that the tickets name; asks them anew after every change."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._seq = -1
        self._quiet = (0, 0)  # from when until when nothing can begin to hold, epoch ms

    def look(self) -> None:
        """Raise what holds by now, unless nothing was written since and no moment has come.

        A clock that was set back is asked anew; what was raised before is not raised again.
        """
        now, seq = self._desk.clock(), self._desk.store.tickets.head()[0]
        if seq == self._seq and self._quiet[0] <= now < self._quiet[1]:
            return
        self._seq = seq
        next_at = alerts.escalate(self._desk)
        self._quiet = (now, NEVER if next_at is None else next_at)

    def keep_on(self, stop: threading.Event) -> None:
        """Look every WATCH_S until `stop` is set, whatever the planner does meanwhile."""
        while not stop.wait(WATCH_S):
            going_on(self.look, "the desk could not be warned; trying again")
        self._desk.store.database.close()


def going_on(act: Callable[[], None], failed: str) -> None:
    """Do what is done again and again: a failure is logged, and the next time comes all the same."""
    try:
        act()
    except RoadsUnavailable as error:
        log.error("%s: %s", failed, error)  # noqa: TRY400 -- no mistake of ours to trace
    except Exception:  # the one place
        log.exception(failed)


def run(desk: Desk, stop: threading.Event, beat: Callable[[], None] = lambda: None) -> None:
    """Lead until `stop` is set; Conflict when another process leads.

    There is a `beat` after each plan while no planner hangs: whoever hears none ends this process, because a
    thread that hangs can be ended in no other way.

    APScheduler keeps the timetable in memory (a store shared by two processes runs every tick twice). Its
    clock is the wall clock, which can be set back; this loop counts on the monotonic one and plans itself
    when the timetable has been silent for SILENT_ROUNDS of its intervals.
    """
    every_s = desk.config.plan.every_s
    planner = Planner(desk)
    desk.roads  # noqa: B018 -- without a built area it must end here, not fail at every plan
    with upkeep.leading(desk.config), upkeep.present(desk.config):
        timetable = BackgroundScheduler(timezone="UTC")
        options = {"max_instances": 1, "coalesce": True, "misfire_grace_time": None}
        timetable.add_job(planner.plan, IntervalTrigger(seconds=every_s), id="plan", **options)
        nightly = CronTrigger(hour=LEARN_HOUR, timezone=desk.timezone)
        timetable.add_job(planner.learn, nightly, id="learn", **options)
        timetable.add_job(planner.tend, IntervalTrigger(seconds=TEND_S), id="standby", **options)
        timetable.start()
        planner.learn()
        watch = threading.Thread(target=Watch(desk).keep_on, args=(stop,), name="watch", daemon=True)
        watch.start()
        planner.plan()
        try:
            beaten = 0.0
            while not stop.wait(LOOK_S):
                planner.look()
                # not this loop's own round: it goes on while a plan hangs, and plans go on without the search
                if planner.beat > beaten and planner.whole:
                    beaten = planner.beat
                    beat()
                if time.monotonic() - planner.beat > SILENT_ROUNDS * every_s:
                    log.warning("the timetable is silent (was the clock set back?); planning without it")
                    planner.plan()
        finally:
            timetable.shutdown(wait=True)
            stop.set()
            watch.join()


def main(desk: Desk, beat: Callable[[], None]) -> None:
    """Lead until the process is told to stop, telling whoever watches that it is at work."""
    stop = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: stop.set())
    run(desk, stop, beat)
