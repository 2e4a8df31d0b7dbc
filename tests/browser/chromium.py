"""Which browser the tests drive: one that is on the machine, never a download behind one's back."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
MAC = (
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
)


def find_chromium(environ: Mapping[str, str] = os.environ) -> str | None:
    """The browser's path: named in DISPATCH_CHROMIUM, else the system's, else one playwright installed."""
    if named := environ.get("DISPATCH_CHROMIUM"):
        return shutil.which(named)
    found = [path for name in NAMES if (path := shutil.which(name)) and not _is_snap(path)]
    found += [path for path in MAC if Path(path).exists()]
    return found[0] if found else _of_playwright()


def missing() -> list[str]:
    """What the browser tests lack here, as names of Debian packages."""
    lacks = [] if find_chromium() else ["chromium"]
    return lacks if _has_cjk_font() else [*lacks, "fonts-noto-cjk"]


def how_to_get(packages: list[str]) -> str:
    """One sentence for the person at the keyboard."""
    if named := os.environ.get("DISPATCH_CHROMIUM"):
        return f"DISPATCH_CHROMIUM says {named}: correct it or unset it"
    if sys.platform == "darwin":
        return "install Chromium or Google Chrome, or name one in DISPATCH_CHROMIUM"
    return f"run: sudo apt-get install {' '.join(packages)} (or name a browser in DISPATCH_CHROMIUM)"


def _is_snap(path: str) -> bool:
    """Ubuntu's chromium is a snap: it cannot read the profile folder that playwright makes in /tmp."""
    real = Path(path).resolve()
    with real.open("rb") as file:
        return real.name == "snap" or b"/snap/bin" in file.read(4096)


def _of_playwright() -> str | None:
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        path = driver.chromium.executable_path
    return path if Path(path).exists() else None


def _has_cjk_font() -> bool:
    if sys.platform == "darwin":
        return True
    if shutil.which("fc-list"):
        return bool(subprocess.run(["fc-list", ":lang=zh"], capture_output=True, check=True).stdout)
    return any(Path("/usr/share/fonts").rglob("*CJK*"))


if __name__ == "__main__":
    print(" ".join(missing()))
