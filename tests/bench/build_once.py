"""Build one area in this process and print what each part took: `build_once EXTRACT OUT`."""

from __future__ import annotations

import json
import sys
import time
from itertools import pairwise
from pathlib import Path

from dispatch.area import _peak_mb, build_area


def main(extract: Path, out: Path) -> None:
    """Print `{part: [seconds, peak MB so far]}` as JSON."""
    began = {"start": time.monotonic()}
    peaks: dict[str, int] = {}

    def progress(part: str, _share: float) -> None:
        began.setdefault(part, time.monotonic())
        if part != "done":
            peaks[part] = _peak_mb()

    build_area(extract, out, progress)
    names = list(began)[1:]
    print(json.dumps({a: [began[b] - began[a], peaks[a]] for a, b in pairwise(names)}))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
