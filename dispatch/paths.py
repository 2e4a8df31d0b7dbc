"""Where things lie on this machine: the project's folder and what stands in it."""

from __future__ import annotations

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
STATIC = ROOT / "static"
DATA = ROOT / "data"
POLICIES = DATA / "policies"
SAMPLE = DATA / "sample"
LOCAL = DATA / "local"
TEXTS = STATIC / "texts"


def from_root(path: str | Path) -> Path:
    """`path` as given when absolute, otherwise counted from the project's folder."""
    return Path(path) if Path(path).is_absolute() else ROOT / path
