"""How a row of a table becomes ids, places, times and kinds; a bad one says what is wrong with it."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any, TypeVar, get_args

from dispatch.errors import BadInput, Fault
from dispatch.gazetteer.datum import to_wgs84
from dispatch.tables import refuse, stream_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

Made = TypeVar("Made")
ENOUGH_FAULTS = 1000  # a file this bad is another kind of file; the rest need not be read
ID = re.compile(r"[\w.\-]{1,40}")


def every_row(
    path: Path,
    needed: Sequence[str],
    allowed: Sequence[str],
    make: Callable[[Mapping[str, str]], Made],
    key: str = "",
) -> list[Made]:
    """Every row made into what it describes; BadInput names every bad row, and nothing was imported.

    With `key`, a column of ids, no two rows may have the same one.
    """
    return [made for _, made in numbered_rows(path, needed, allowed, make, key)]


def numbered_rows(
    path: Path,
    needed: Sequence[str],
    allowed: Sequence[str],
    make: Callable[[Mapping[str, str]], Made],
    key: str = "",
) -> list[tuple[int, Made]]:
    """As `every_row`, each with the number of its line."""
    return list(each_row(path, needed, allowed, make, key))


def each_row(
    path: Path,
    needed: Sequence[str],
    allowed: Sequence[str],
    make: Callable[[Mapping[str, str]], Made],
    key: str = "",
) -> Iterator[tuple[int, Made]]:
    """As `numbered_rows`, one at a time; BadInput comes at the end: keep nothing before it."""
    faults: list[Fault] = []
    seen: dict[str, int] = {}
    empty = True
    for line, row in stream_rows(path, needed, allowed):
        empty = False
        try:
            _check_once(row, line, key, seen)
            made = make(row)
        except (ValueError, BadInput) as error:
            faults.append(Fault(f"line {line}", str(error)))
            if len(faults) == ENOUGH_FAULTS:
                break
            continue
        if not faults:
            yield line, made
    refuse(path, faults)
    if empty:
        raise BadInput(f"{path.name} has no rows")


def _check_once(row: Mapping[str, str], line: int, key: str, seen: dict[str, int]) -> None:
    """Raise ValueError when an earlier row had the same id."""
    if key and seen.setdefault(row[key], line) != line:
        raise ValueError(f"{key} {row[key][:50]!r} stands in line {seen[row[key]]} already")


def id_of(row: Mapping[str, str], name: str) -> str:
    """The id in column `name`; ValueError unless it is short and plain."""
    if not ID.fullmatch(row[name]):
        raise ValueError(f"{name} {row[name][:50]!r} must be 1-40 letters, digits, . _ or -")
    return row[name]


def lonlat(row: Mapping[str, str], lon_name: str, lat_name: str) -> tuple[float, float]:
    """(lon, lat) in degrees; ValueError when they are no place on earth."""
    try:
        lon, lat = float(row[lon_name]), float(row[lat_name])
    except (ValueError, KeyError):
        raise ValueError(f"{lon_name}, {lat_name} must be degrees such as 13.2722, 53.5568") from None
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        hint = "; are they swapped?" if abs(lon) <= 90 < abs(lat) <= 180 else ""
        raise ValueError(
            f"{lon_name} {lon}, {lat_name} {lat} is no place on earth (lon, lat in degrees){hint}"
        )
    return lon, lat


def datum_of(row: Mapping[str, str], otherwise: str) -> str:
    """The datum that the row itself declares in a column `datum`, else the one the company declared."""
    return row.get("datum", "").strip().lower() or otherwise


def placed(
    row: Mapping[str, str], datum: str, lon_name: str = "lon", lat_name: str = "lat"
) -> tuple[float, float]:
    """(lon, lat) in WGS-84, converted once: by the row's own `datum`, else `datum`; errors as in `lonlat`."""
    return to_wgs84(*lonlat(row, lon_name, lat_name), datum_of(row, datum))


def unit_of(row: Mapping[str, str], units: set[str]) -> str:
    """The unit of a row; ValueError when the company has units and this is none of them."""
    unit = row.get("unit", "")
    if units and unit not in units:
        raise ValueError(
            f"there is no unit {unit!r}; import it first or use one of {', '.join(sorted(units))}"
        )
    return unit


def moment(row: Mapping[str, str], name: str) -> int:
    """Epoch ms of an ISO 8601 time with an offset; ValueError without one."""
    try:
        found = datetime.fromisoformat(row[name])
    except ValueError:
        raise ValueError(f"{name} {row[name]!r} is not a time such as 2026-10-03T08:15:00+08:00") from None
    if found.tzinfo is None:
        raise ValueError(f"{name} {row[name]!r} has no offset; write it like 2026-10-03T08:15:00+08:00")
    if not 2000 <= found.year < 2200:
        raise ValueError(f"{name} {row[name]!r} lies outside the years 2000 to 2199")
    return round(found.timestamp() * 1000)


def one_of(row: Mapping[str, str], name: str, kinds: Any) -> Any:
    """One of the words of a Literal; ValueError names those that are known."""
    if row[name] not in get_args(kinds):
        raise ValueError(f"{name} {row[name][:40]!r} is unknown; use one of {', '.join(get_args(kinds))}")
    return row[name]
