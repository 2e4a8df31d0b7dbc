"""The company's own data taken in: units, crews, transformer areas, accounts; all rows of a file or none."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from dispatch.crew import Unit, parse_shift
from dispatch.desk.rows import every_row, id_of, lonlat, unit_of
from dispatch.gazetteer.datum import to_wgs84
from dispatch.zone import CLASSES, class_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from dispatch.desk import Desk

CREW = ("crew", "name", "unit", "depot_lon", "depot_lat", "skills", "shift")
ACCOUNT = ("account_no", "address", "lon", "lat")
ACCOUNT_MORE = ("name", "phone", "transformer", "unit", "zone")


def import_units(desk: Desk, path: Path) -> int:
    """Units and their depots from a table; how many."""
    rows = every_row(path, ("unit", "name", "depot_lon", "depot_lat"), (), _unit, "unit")
    desk.store.company.put_units(rows)
    return len(rows)


def _unit(row: Mapping[str, str]) -> Unit:
    return Unit(id_of(row, "unit"), row["name"], lonlat(row, "depot_lon", "depot_lat"))


def import_crews(desk: Desk, path: Path) -> int:
    """Crews from a table (CSV or XLSX), shifts as 08:00-20:00, skills as lv;hv; how many."""
    units = {unit.id for unit in desk.store.company.units()}
    rows = every_row(path, CREW, ("depot", "phone"), lambda row: _crew(row, units), "crew")
    desk.store.company.put_crews(rows)
    return len(rows)


def _crew(row: Mapping[str, str], units: set[str]) -> dict[str, Any]:
    parse_shift(row["shift"])
    skills = ";".join(sorted(filter(None, re.split(r"[;,\s]+", row["skills"]))))
    lon, lat = lonlat(row, "depot_lon", "depot_lat")
    crew = {
        "id": id_of(row, "crew"),
        "name": row["name"] or row["crew"],
        "unit": unit_of(row, units),
        "skills": skills,
    }
    return crew | {"lon": lon, "lat": lat, "shift": row["shift"], "phone": row.get("phone", ""), "active": 1}


def import_transformers(desk: Desk, path: Path) -> int:
    """Transformer areas from a table; how many."""
    rows = every_row(path, ("transformer", "name", "lon", "lat"), (), _transformer, "transformer")
    desk.store.company.put_transformers(rows)
    return len(rows)


def _transformer(row: Mapping[str, str]) -> dict[str, Any]:
    lon, lat = lonlat(row, "lon", "lat")
    return {"id": id_of(row, "transformer"), "name": row["name"], "lon": lon, "lat": lat}


def import_accounts(desk: Desk, path: Path) -> int:
    """Accounts from a table, places in the company's declared datum; how many."""
    datum = desk.config.gazetteer.datum
    units = {unit.id for unit in desk.store.company.units()}
    rows = every_row(path, ACCOUNT, ACCOUNT_MORE, lambda row: _account(row, datum, units), "account_no")
    desk.store.company.put_accounts(rows)
    return len(rows)


def _account(row: Mapping[str, str], datum: str, units: set[str]) -> dict[str, Any]:
    id_of(row, "account_no")
    if row.get("unit"):
        unit_of(row, units)
    if row.get("zone") and class_of(row["zone"]) is None:
        raise ValueError(f"zone {row['zone'][:40]!r} is unknown; use one of {', '.join(CLASSES)}")
    lon, lat = to_wgs84(*lonlat(row, "lon", "lat"), datum)
    same = {name: row.get(name, "") for name in ("account_no", "address", *ACCOUNT_MORE)}
    return same | {"lon": lon, "lat": lat}
