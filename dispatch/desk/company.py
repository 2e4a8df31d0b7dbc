"""The company's own data taken in: units, crews, transformer areas, accounts; all rows of a file or none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from dispatch.crew import Unit, leave_time, parse_breaks, parse_shift
from dispatch.desk.rows import each_row, every_row, id_of, placed, unit_of
from dispatch.zone import CLASSES, class_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from dispatch.desk import Desk

CREW = ("crew", "name", "unit", "depot_lon", "depot_lat", "skills", "shift")
CREW_MORE = ("depot", "phone", "datum", "break")
ACCOUNT = ("account_no", "address", "lon", "lat")
ACCOUNT_MORE = ("name", "phone", "transformer", "unit", "zone")
TOLD_EVERY = 20_000  # rows, about a second's work


def import_units(desk: Desk, path: Path) -> int:
    """Units and their depots from a table; how many."""
    rows = read_units(desk, path)
    desk.store.company.put_units(rows)
    return len(rows)


def read_units(desk: Desk, path: Path) -> list[Unit]:
    """The units of a table that `import units` takes; nothing is written."""
    datum, columns = desk.config.gazetteer.datum, ("unit", "name", "depot_lon", "depot_lat")
    return every_row(path, columns, ("datum",), lambda row: _unit(row, datum), "unit")


def _unit(row: Mapping[str, str], datum: str) -> Unit:
    return Unit(id_of(row, "unit"), row["name"], placed(row, datum, "depot_lon", "depot_lat"))


def import_crews(desk: Desk, path: Path) -> int:
    """Crews from a table (CSV or XLSX), shifts as 08:00-20:00, skills as lv;hv; how many.

    The column `break` may name daily rests, as 12:00-12:30;18:00-18:30.
    """
    rows = crew_rows(desk, path)
    desk.store.company.put_crews(rows)
    return len(rows)


def crew_rows(desk: Desk, path: Path, optional: Sequence[str] = ()) -> list[dict[str, Any]]:
    """Rows of the table `crew` from a table as `import_crews` takes it, which may lack columns in `optional`.

    BadInput names every bad row; nothing is written.
    """
    datum, units = desk.config.gazetteer.datum, {unit.id for unit in desk.store.company.units()}
    needed = [name for name in CREW if name not in optional]
    return every_row(path, needed, (*optional, *CREW_MORE), lambda row: _crew(row, datum, units), "crew")


def _crew(row: Mapping[str, str], datum: str, units: set[str]) -> dict[str, Any]:
    shift, breaks = row["shift"], row.get("break", "")
    if not leave_time(parse_shift(shift), parse_breaks(breaks)):
        raise ValueError(f"the breaks {breaks!r} leave nothing of the shift {shift!r} to work in")
    skills = ";".join(sorted(filter(None, re.split(r"[;,\s]+", row["skills"]))))
    lon, lat = placed(row, datum, "depot_lon", "depot_lat")
    crew = {
        "id": id_of(row, "crew"),
        "name": row.get("name") or row["crew"],
        "unit": unit_of(row, units) if "unit" in row else "",
        "skills": skills,
        "breaks": breaks,
    }
    return crew | {"lon": lon, "lat": lat, "shift": shift, "phone": row.get("phone", ""), "active": 1}


def import_transformers(desk: Desk, path: Path) -> int:
    """Transformer areas from a table, places in the row's own `datum`, else the company's; how many."""
    datum = desk.config.gazetteer.datum
    columns = ("transformer", "name", "lon", "lat")
    rows = every_row(path, columns, ("datum",), lambda row: _transformer(row, datum), "transformer")
    desk.store.company.put_transformers(rows)
    return len(rows)


def _transformer(row: Mapping[str, str], datum: str) -> dict[str, Any]:
    lon, lat = placed(row, datum)
    return {"id": id_of(row, "transformer"), "name": row["name"], "lon": lon, "lat": lat}


def import_accounts(desk: Desk, path: Path, progress: Callable[[int], None] = lambda _rows: None) -> int:
    """Accounts from a table of any length, places in the row's own `datum`, else the company's; how many.

    A row without lon and lat lies at its transformer, which must be known. `progress` is told now and then
    how many rows were read.
    """
    datum, company = desk.config.gazetteer.datum, desk.store.company
    units = {unit.id for unit in company.units()}
    areas = company.transformer_places()
    more = (*ACCOUNT_MORE, "datum")
    rows = each_row(path, ACCOUNT, more, lambda row: _account(row, datum, units, areas), "account_no")

    def counted() -> Iterator[dict[str, Any]]:
        for number, (_, row) in enumerate(rows, 1):
            yield row
            if number % TOLD_EVERY == 0:
                progress(number)

    return company.take_accounts(counted())


def _account(
    row: Mapping[str, str], datum: str, units: set[str], areas: Mapping[str, tuple[float, float]]
) -> dict[str, Any]:
    id_of(row, "account_no")
    if row.get("unit"):
        unit_of(row, units)
    if row.get("zone") and class_of(row["zone"]) is None:
        raise ValueError(f"zone {row['zone'][:40]!r} is unknown; use one of {', '.join(CLASSES)}")
    own = bool(row["lon"] or row["lat"])
    lon, lat = placed(row, datum) if own else _of_transformer(row, areas)
    same = {name: row.get(name, "") for name in ("account_no", "address", *ACCOUNT_MORE)}
    return same | {"lon": lon, "lat": lat, "place_of": "own" if own else "transformer"}


def _of_transformer(row: Mapping[str, str], areas: Mapping[str, tuple[float, float]]) -> tuple[float, float]:
    """(lon, lat) in WGS-84 of the transformer that supplies an account without a place of its own."""
    transformer = row.get("transformer", "")
    if transformer not in areas:
        raise ValueError(
            f"has no lon, lat, and its transformer {transformer[:40]!r} is unknown; import transformers first"
        )
    return areas[transformer]
