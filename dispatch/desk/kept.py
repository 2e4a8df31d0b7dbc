"""The last answer to a question that is asked far more often than it changes."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Generic, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

Answer = TypeVar("Answer")


class Kept(Generic[Answer]):
    """Kept by this process until what it depends on is another; many may ask, one works it out."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._last: tuple[object, Answer] | None = None

    def get(self, depends_on: object, work_out: Callable[[], Answer]) -> Answer:
        """The answer for these circumstances, which are compared by `==`."""
        with self._turn:
            if self._last is None or self._last[0] != depends_on:
                self._last = (depends_on, work_out())
            return self._last[1]
