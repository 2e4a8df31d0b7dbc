"""How a process that `dispatch run` started ends when that one is gone, even if it was killed."""

from __future__ import annotations

import os
import signal
import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

VARIABLE = "DISPATCH_STARTED_BY"
LOOK_S = 1.0


def child_environ() -> dict[str, str]:
    """The environment of a process that shall end with this one."""
    return {**os.environ, VARIABLE: str(os.getpid())}


def end_with_parent(environ: Mapping[str, str] = os.environ) -> None:
    """Tell this process to stop when the one that started it is gone; nothing if started alone."""
    parent = environ.get(VARIABLE, "")
    if parent == str(os.getppid()):
        threading.Thread(target=_watch, args=(int(parent),), name="parent", daemon=True).start()


def _watch(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(LOOK_S)
    os.kill(os.getpid(), signal.SIGTERM)
