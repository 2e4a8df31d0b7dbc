"""What the search for places is measured beside: the same file, asked in plainer ways."""

from __future__ import annotations

import sqlite3
import threading
from typing import TYPE_CHECKING, NamedTuple, Protocol

from scipy.stats import beta

from dispatch.gazetteer.distance import distance_m
from dispatch.gazetteer.index import ARCHIVE
from dispatch.gazetteer.local import LocalGazetteer
from tests.bench.figures import Figure

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from dispatch.gazetteer import Candidate

FOUND_M = 50.0


class Asked(NamedTuple):
    """A text, and the place that is meant, degrees WGS-84."""

    text: str
    lon: float
    lat: float


class Spot(Protocol):
    """Anything that lies somewhere."""

    @property
    def lon(self) -> float: ...

    @property
    def lat(self) -> float: ...


class Finder(Protocol):
    """Anything that is asked for a text and answers places, the best first."""

    def locate(self, text: str, limit: int = 8) -> Sequence[Spot]: ...


class ExactAndFts(LocalGazetteer):
    """The same search without its tolerance for mistakes: exact keys, then FTS5 for words and beginnings."""

    def _alike(self, text: str) -> list[Candidate]:  # noqa: ARG002 -- it knows no mistakes
        return []


class Like:
    """What a clerk's own query does: the first house, else the first name, whose label holds the text."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / ARCHIVE
        self._local = threading.local()

    def locate(self, text: str, limit: int = 1) -> list[Asked]:
        if not hasattr(self._local, "db"):
            self._local.db = sqlite3.connect(f"{self._path.as_uri()}?mode=ro&immutable=1", uri=True)
        for table in ("house", "name"):
            sql = f"SELECT label, lon, lat FROM {table} WHERE instr(lower(label), lower(?)) LIMIT ?"  # noqa: S608 -- two fixed names
            if rows := self._local.db.execute(sql, (text, limit)).fetchall():
                return [Asked(*row) for row in rows]
        return []


def finders(folder: Path) -> dict[str, Finder]:
    """Ours first, then what it is measured beside, over the gazetteer in `folder`."""
    return {"": LocalGazetteer(folder), "exact and FTS5": ExactAndFts(folder), "LIKE": Like(folder)}


def found(finder: Finder, asked: Iterable[Asked]) -> int:
    """For how many of them the first answer lies within 50 m of what was meant."""
    return sum(_is_there(finder.locate(each.text, 1), each) for each in asked)


def _is_there(answer: Sequence[Spot], meant: Asked) -> bool:
    return bool(answer) and distance_m((answer[0].lon, answer[0].lat), (meant.lon, meant.lat)) <= FOUND_M


def recall(what: str, folder: Path, classes: dict[str, list[Asked]], goals: dict[str, float]) -> list[Figure]:
    """The share found of each class: by ours with its goal, and by each of the others of one text in ten."""
    figures = []
    for name, finder in finders(folder).items():
        few = {each: asked[::10] if name else asked for each, asked in classes.items()}
        hits = {each: found(finder, asked) for each, asked in few.items()}
        counts = {each: len(asked) for each, asked in few.items()}
        if len(classes) > 1:
            hits = {"overall": sum(hits.values()), **hits}
            counts = {"overall": sum(counts.values()), **counts}
        for each, hit in hits.items():
            told = f"{what}, {each}{f', by {name}' if name else ''} (n={counts[each]})"
            figures.append(Figure(told, hit / counts[each], "", None if name else goals.get(each), "least"))
    return figures


def at_most_95(part: int, whole: int) -> float:
    """The share that `part` of `whole` proves at most, one-sided 95 % (Clopper and Pearson, 1934)."""
    return 1.0 if part >= whole else float(beta.ppf(0.95, part + 1, whole - part))
