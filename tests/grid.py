"""What a small town drawn as text means on the ground: named points, and an extract with its streets.

    TOWN = Grid('''
        a---b
        |   |
        d---c
    ''', step_m=100)

Every letter or digit is a point; one character is `step_m` to the east, one row `step_m` to the south of
the first. All else in the drawing is decoration. `TOWN["a"]` is (lon, lat).
"""

from __future__ import annotations

import bz2
import gzip
import math
import textwrap
from typing import TYPE_CHECKING
from xml.sax.saxutils import quoteattr

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    Tags = Mapping[str, str]

METRES_PER_DEGREE = 6_371_009 * math.pi / 180
ORIGIN = (13.26, 53.55)


class Grid:
    """Points of a drawn town; `origin` is (lon, lat) of its first row and column."""

    def __init__(self, drawing: str, *, step_m: float = 100, origin: tuple[float, float] = ORIGIN) -> None:
        self.step_m = step_m
        self.origin = origin
        rows = textwrap.dedent(drawing).strip("\n").splitlines()
        self.points = {
            letter: self.at(column, row)
            for row, text in enumerate(rows)
            for column, letter in enumerate(text)
            if letter.isalnum()
        }

    def __getitem__(self, name: str) -> tuple[float, float]:
        return self.points[name]

    def at(self, column: float, row: float) -> tuple[float, float]:
        """(lon, lat) of a spot of the drawing, which may lie between its characters."""
        lon, lat = self.origin
        across = METRES_PER_DEGREE * math.cos(math.radians(lat))
        return (
            round(lon + column * self.step_m / across, 7),
            round(lat - row * self.step_m / METRES_PER_DEGREE, 7),
        )

    def between(self, one: str, other: str, share: float = 0.5) -> tuple[float, float]:
        """(lon, lat) of the spot that lies `share` of the way from one point to another."""
        (lon, lat), (to_lon, to_lat) = self[one], self[other]
        return (lon + share * (to_lon - lon), lat + share * (to_lat - lat))

    def write_osm(
        self,
        path: Path,
        ways: Iterable[tuple[str, Tags]],
        nodes: Mapping[str, Tags] | None = None,
        left_out: str = "",
    ) -> Path:
        """Write an extract (.osm, .osm.gz or .osm.bz2 by the path's name) and return `path`.

        A way is a string of point names and its tags; `nodes` gives points tags, the points of `left_out`
        are named by ways but missing, as in an extract that was clipped.
        """
        number = {name: count for count, name in enumerate(self.points, start=1)}
        lines = ['<?xml version="1.0" encoding="UTF-8"?>', '<osm version="0.6" generator="drawn">']
        for name, (lon, lat) in self.points.items():
            if name not in left_out:
                lines.append(f'<node id="{number[name]}" version="1" lon="{lon}" lat="{lat}">')
                lines += [*_tags((nodes or {}).get(name, {})), "</node>"]
        for count, (names, tags) in enumerate(ways, start=1001):
            lines.append(f'<way id="{count}" version="1">')
            lines += [f'<nd ref="{number[name]}"/>' for name in names]
            lines += [*_tags(tags), "</way>"]
        content = "\n".join([*lines, "</osm>\n"]).encode()
        if path.suffix == ".gz":
            content = gzip.compress(content)
        if path.suffix == ".bz2":
            content = bz2.compress(content)
        path.write_bytes(content)
        return path


def _tags(tags: Tags) -> list[str]:
    return [f"<tag k={quoteattr(key)} v={quoteattr(value)}/>" for key, value in tags.items()]
