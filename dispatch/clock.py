"""What time it is, asked in one place only: epoch milliseconds, UTC."""

from __future__ import annotations

import time


def now_ms() -> int:
    """The wall clock in epoch milliseconds, UTC."""
    return time.time_ns() // 1_000_000
