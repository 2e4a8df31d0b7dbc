"""What a figure is and whether it holds, and which machine it was measured on."""

from __future__ import annotations

import os
import platform
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from dispatch.clock import now_ms

if TYPE_CHECKING:
    from collections.abc import Sequence


Bound = Literal["most", "least"]


@dataclass(frozen=True, slots=True)
class Figure:
    """One measured value; `goal` is the most it may be, or the least, None where nobody set one."""

    metric: str
    value: float
    unit: str
    goal: float | None = None
    bound: Bound = "most"

    @property
    def holds(self) -> bool | None:
        """Whether the value, unrounded, is within its goal; None without a goal."""
        if self.goal is None:
            return None
        return self.value <= self.goal if self.bound == "most" else self.value >= self.goal

    def as_json(self) -> dict[str, Any]:
        """The figure as `bench.json` holds it, to four significant digits as printed."""
        shown = {"metric": self.metric, "value": rounded(self.value), "unit": self.unit}
        return {**shown, "goal": self.goal, "bound": self.bound, "holds": self.holds}


def rounded(value: float) -> float:
    """Four significant digits, whole numbers as they are: more is noise."""
    return float(f"{value:.4g}") if value % 1 else int(value)


def percentile(values: Sequence[float], percent: int) -> float:
    """The nearest-rank percentile: a value that was really measured."""
    return sorted(values)[max(0, -(-percent * len(values) // 100) - 1)]


def spread(what: str, values: Sequence[float], unit: str, p95_goal: float | None = None) -> list[Figure]:
    """Median, P95 and maximum of many values; the goal, where there is one, is the P95's."""
    return [
        Figure(f"{what}, P50", percentile(values, 50), unit),
        Figure(f"{what}, P95", percentile(values, 95), unit, p95_goal),
        Figure(f"{what}, max", max(values), unit),
    ]


def table(figures: Sequence[Figure]) -> str:
    """The figures as lines of text under each other."""
    width = max(len(figure.metric) for figure in figures)
    return "\n".join(_row(figure, width) for figure in figures)


def _row(figure: Figure, width: int) -> str:
    line = f"  {figure.metric:<{width}}  {rounded(figure.value):>9} {figure.unit:<4}"
    if figure.goal is None:
        return line.rstrip()
    goal = f"{figure.goal:g} {figure.unit}".strip()
    sign = "≤" if figure.bound == "most" else "≥"
    return f"{line}  goal {sign} {goal}: {'holds' if figure.holds else 'MISSED'}"


def machine() -> dict[str, Any]:
    """Where and when the figures were measured; the load is that before the first section."""
    return {
        "at": datetime.fromtimestamp(now_ms() / 1000, UTC).isoformat(timespec="seconds"),
        "cpu": _cpu(),
        "cores": os.cpu_count(),
        "memory_gb": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1),
        "os": platform.platform(),
        "python": platform.python_version(),
        "load": [round(each, 2) for each in os.getloadavg()],
    }


def _cpu() -> str:
    """The processor's model; only Linux tells more than its family."""
    known = Path("/proc/cpuinfo")
    found = re.search(r"^model name\s*:\s*(.+)$", known.read_text(), re.MULTILINE) if known.exists() else None
    return found[1] if found else platform.processor() or platform.machine()
