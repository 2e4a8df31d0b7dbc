"""How the gazetteer file is laid out: names, houses, crossings, and the index of distinct names.

Only the build command imports this module. `term` holds each distinct name once; its pieces of two or three
letters are searched, those of its sound beside them. A table beside it says how often each piece occurs, so
that a search begins with the rare ones.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any

from dispatch.gazetteer.chinese import pinyin
from dispatch.gazetteer.grams import grams
from dispatch.gazetteer.index import FORMAT

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

_PLACE_COLUMNS = {"label": str, "near": str, "city_key": str, "near_key": str, "lon": float, "lat": float}
HOUSE_COLUMNS = {"id": int, "street_key": str, "number_key": str, **_PLACE_COLUMNS}
NAME_COLUMNS = {"id": int, "kind": str, "key": str, "words": str, **_PLACE_COLUMNS, "reach_m": float}
CROSSING_COLUMNS = {"id": int, "a_key": str, "b_key": str, "label": str, "lon": float, "lat": float}
_TERM_COLUMNS = {"id": int, "key": str, "sound": str}
_TOKENS = "unicode61 remove_diacritics 0 tokenchars '_'"


def write_file(
    path: Path,
    names: Iterable[dict[str, Any]],
    houses: Iterable[dict[str, Any]],
    crossings: Iterable[dict[str, Any]],
) -> None:
    """Write a new gazetteer file at `path`; the rows in the order given, their ids counted from 1."""
    import sqlite_utils  # noqa: PLC0415 -- loads pandas when it is there; only the build command needs it

    db = sqlite_utils.Database(path)
    try:
        _fill(db, "house", HOUSE_COLUMNS, houses).create_index(
            ["street_key", "number_key", "city_key", "near_key"]
        )
        name = _fill(db, "name", NAME_COLUMNS, names)
        name.create_index(["key", "city_key", "near_key"])
        name.enable_fts(["words"], tokenize="unicode61")
        _fill(db, "crossing", CROSSING_COLUMNS, crossings).create_index(["a_key", "b_key"])
        _write_terms(db, "term", "SELECT DISTINCT key FROM name ORDER BY length(key), key")
        _write_terms(db, "locality", _LOCALITIES)
        db.execute(f"PRAGMA user_version = {FORMAT}")
        db.vacuum()
    finally:
        db.close()


_LOCALITIES = """
SELECT DISTINCT key FROM (
  SELECT key FROM name WHERE kind = 'place'
  UNION SELECT city_key FROM name UNION SELECT near_key FROM name
  UNION SELECT city_key FROM house UNION SELECT near_key FROM house
) WHERE key > '' ORDER BY key
"""


def _fill(db: Any, table: str, columns: dict[str, type], rows: Iterable[dict[str, Any]]) -> Any:
    made = db.table(table).create(columns, pk="id")
    made.insert_all({"id": number, **row} for number, row in enumerate(rows, 1))
    return made


def _write_terms(db: Any, table: str, keys: str) -> None:
    """The distinct names of a table with their pieces, and how often each piece occurs."""
    terms = [{"key": key, "sound": pinyin(key)} for (key,) in db.execute(keys).fetchall()]
    _fill(db, table, _TERM_COLUMNS, terms).create_index(["key"])
    db.table(table).create_index(["sound"])
    db.execute(
        f"CREATE VIRTUAL TABLE {table}_fts USING fts5(grams, sound, content='', tokenize=\"{_TOKENS}\")"
    )
    seen: Counter[str] = Counter()
    rows = []
    for number, term in enumerate(terms, 1):
        pieces = grams(term["key"]), grams(term["sound"])
        seen.update({*pieces[0], *pieces[1]})
        rows.append((number, " ".join(pieces[0]), " ".join(pieces[1])))
    with db.conn:
        db.conn.executemany(f"INSERT INTO {table}_fts (rowid, grams, sound) VALUES (?, ?, ?)", rows)  # noqa: S608 -- two fixed names
        db.execute(f"CREATE TABLE {table}_gram (gram TEXT PRIMARY KEY, n INTEGER) WITHOUT ROWID")
        db.conn.executemany(f"INSERT INTO {table}_gram VALUES (?, ?)", sorted(seen.items()))  # noqa: S608 -- as above
