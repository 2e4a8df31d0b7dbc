"""How a process that was started is watched, and started again when it ends or falls silent."""

from __future__ import annotations

import logging
import os
import subprocess
import time
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING

from dispatch.cli.parent import child_environ
from dispatch.errors import SetupError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

VARIABLE = "DISPATCH_BEAT"  # the file descriptor a child writes its beats to
END_S = 10.0
log = logging.getLogger("dispatch.processes")


@dataclass(frozen=True, slots=True)
class Limits:
    """When a child is taken for hung and how long is waited before it is started again; seconds.

    `start_s` is the time until the first beat (the roads of a province take a while), `silent_s` between
    beats. The wait begins at `wait_s` and doubles up to `longest_s`; a child that lived `settled_s` begins
    anew. A watch that itself stood still for `still_s` (the machine slept, or all was stopped) blames nobody.
    """

    start_s: float = 120.0
    silent_s: float = 60.0
    wait_s: float = 1.0
    longest_s: float = 60.0
    settled_s: float = 60.0
    still_s: float = 5.0


class Child:
    """A process of ours: at most one at a time, started again when it ended or hangs.

    Everything is counted on the monotonic clock. One that hangs is killed and waited for before the next one
    is started, so that two never work at once, and the lock of the planner is free by then.
    """

    def __init__(self, name: str, command: Sequence[str], *, nice: int = 0, beats: bool = False) -> None:
        """`nice` is added to its priority; with `beats` it is expected to write to DISPATCH_BEAT."""
        self.name, self._command, self._nice, self._beats = name, list(command), nice, beats
        self.process: subprocess.Popen[bytes] | None = None
        self._pipe: int | None = None
        self._began = self._heard = self._looked = 0.0
        self._has_beaten = False
        self._wait_s = 0.0
        self._again_at: float | None = None

    def start(self) -> None:
        """Start it; it must not be running."""
        environ: Mapping[str, str] = child_environ()
        ours = theirs = None
        if self._beats:
            ours, theirs = os.pipe()
            os.set_blocking(ours, False)
            os.set_blocking(theirs, False)  # a parent that reads nothing must not stop the planner
            environ = {**environ, VARIABLE: str(theirs)}
        try:
            self.process = subprocess.Popen(
                self._command, env=environ, pass_fds=() if theirs is None else (theirs,)
            )
        finally:
            if theirs is not None:
                os.close(theirs)
        self._pipe, self._has_beaten, self._again_at = ours, False, None
        self._began = self._heard = self._looked = time.monotonic()
        if self._nice:
            with suppress(ProcessLookupError):  # it may have ended already
                os.setpriority(os.PRIO_PROCESS, self.process.pid, self._nice)

    def ended(self) -> bool:
        """Whether it is not running."""
        return self.process is None or self.process.poll() is not None

    def look(self, limits: Limits) -> None:
        """Hear its beats; kill it when it hangs, and start it again when it ended and its wait is over."""
        now = time.monotonic()
        if now - self._looked > limits.still_s:
            self._heard = now
        self._looked = now
        if self._again_at is not None:
            if now >= self._again_at:
                self._restart(limits)
            return
        if self.process and self.ended():
            self._put_off(f"ended ({self.process.returncode})", limits)
        elif self._hangs(now, limits):
            self.end(kill=True)
            self._put_off(f"was silent for {now - self._heard:.0f} s and was ended", limits)

    def _restart(self, limits: Limits) -> None:
        try:
            self.start()
        except OSError as error:  # no memory or no processes left for now
            self._put_off(f"could not be started ({error.strerror})", limits)

    def _hangs(self, now: float, limits: Limits) -> bool:
        if self._pipe is None:
            return False
        with suppress(BlockingIOError):
            while os.read(self._pipe, 4096):
                self._heard, self._has_beaten = now, True
        return now - self._heard > (limits.silent_s if self._has_beaten else limits.start_s)

    def _put_off(self, what: str, limits: Limits) -> None:
        """Say what happened, once, and when it is started again."""
        now = time.monotonic()
        settled = now - self._began >= limits.settled_s
        self._wait_s = limits.wait_s if settled or not self._wait_s else 2 * self._wait_s
        self._wait_s = min(self._wait_s, limits.longest_s)
        self._again_at = now + self._wait_s
        self._close()
        log.error("the %s process %s; starting it again in %g s", self.name, what, self._wait_s)

    def end(self, *, kill: bool = False) -> None:
        """End it for good and wait until it is gone; one that does not follow is killed."""
        if self.process and not self.ended():
            if kill:
                self.process.kill()
            else:
                self.process.terminate()
            try:
                self.process.wait(timeout=END_S)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self._close()

    def _close(self) -> None:
        if self._pipe is not None:
            os.close(self._pipe)
        self._pipe = None


class Beat:
    """What a child says to the process that watches it: that it is still at work."""

    def __init__(self, environ: Mapping[str, str] = os.environ) -> None:
        """Beats nowhere when nobody watches. SetupError for a DISPATCH_BEAT that is no number."""
        said = environ.get(VARIABLE, "")
        if said and not (said.isascii() and said.isdigit()):
            raise SetupError(f"{VARIABLE} is {said[:40]!r}; it is set by `dispatch run` only: unset it")
        self._pipe = int(said) if said else None

    def __call__(self) -> None:
        """Say it; a pipe that is full or gone is no reason to stop working."""
        if self._pipe is not None:
            with suppress(OSError):
                os.write(self._pipe, b".")
