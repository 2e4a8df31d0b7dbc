"""What the company owns and publishes: units, crews, accounts, notices, zone sets, the last plan."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from dispatch.crew import Crew, Position, Unit, parse_breaks, parse_shift
from dispatch.errors import NotFound
from dispatch.outage import Notice
from dispatch.store.sqlite import told_plainly

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from dispatch.store.sqlite import Database


ACCOUNT = (
    "account_no", "name", "phone", "address", "lon", "lat", "transformer", "unit", "zone", "place_of",
)  # fmt: skip


class Company:
    """The company's own data in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put_units(self, units: Iterable[Unit]) -> None:
        """Add units or replace those of the same id."""
        rows = ({"id": u.id, "name": u.name, "lon": u.depot[0], "lat": u.depot[1]} for u in units)
        self._upsert("unit", rows)

    def units(self) -> list[Unit]:
        """Every unit, by id."""
        rows = self._database.rows("SELECT * FROM unit ORDER BY id")
        return [Unit(r["id"], r["name"], (r["lon"], r["lat"])) for r in rows]

    def put_crews(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Add crews or replace those of the same id; rows of the table `crew`, skills as `lv;hv`."""
        self._upsert("crew", rows)

    def crews(self) -> list[Crew]:
        """Every active crew, by id."""
        return [crew_of(row) for row in self._database.rows("SELECT * FROM crew WHERE active ORDER BY id")]

    def get_crew(self, crew: str) -> Crew:
        """One crew; NotFound when there is none."""
        row = self._database.row("SELECT * FROM crew WHERE id = ? AND active", [crew])
        if row is None:
            raise NotFound(f"there is no crew {crew[:40]!r}")
        return crew_of(row)

    def put_position(self, position: Position) -> bool:
        """Keep a crew's newest position; an older one changes nothing and answers False."""
        with self._database.transaction():
            known = self._database.row("SELECT at FROM position WHERE crew = ?", [position.crew])
            if known and known["at"] >= position.at:
                return False
            row = {"crew": position.crew, "at": position.at, "lon": position.lon, "lat": position.lat}
            self._upsert("position", [{**row, "accuracy_m": position.accuracy_m}])
            return True

    def positions(self) -> dict[str, Position]:
        """The newest position of each crew that sent one."""
        rows = self._database.rows("SELECT crew, at, lon, lat, accuracy_m FROM position")
        return {row["crew"]: Position(**row) for row in rows}

    def put_transformers(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Add transformer areas or replace those of the same id; rows of the table `transformer`."""
        self._upsert("transformer", rows)

    def find_transformer(self, name: str) -> dict[str, Any] | None:
        """The transformer area of this id, else the only one of this name, or None."""
        row = self._database.row("SELECT * FROM transformer WHERE id = ?", [name])
        if row is None:
            rows = self._database.rows("SELECT * FROM transformer WHERE name = ? LIMIT 2", [name])
            row = rows[0] if len(rows) == 1 else None
        return row

    def put_accounts(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """Add accounts or replace those of the same number; rows of the table `account`."""
        self._upsert("account", rows)

    def transformer_places(self) -> dict[str, tuple[float, float]]:
        """(lon, lat) in WGS-84 of every transformer area, by id."""
        rows = self._database.db.query("SELECT id, lon, lat FROM transformer")
        return {row["id"]: (row["lon"], row["lat"]) for row in rows}

    def take_accounts(self, rows: Iterable[Mapping[str, Any]]) -> int:
        """As `put_accounts`, for any number of whole rows, one at a time; all or, if `rows` raises, none.

        They are gathered aside first: other writers wait only while they are moved. How many rows.
        """
        connection = self._database.db.conn
        alone = not connection.in_transaction
        columns, marks = ", ".join(ACCOUNT), ", ".join(f":{name}" for name in ACCOUNT)
        with told_plainly(self._database.path):
            connection.execute(f"CREATE TEMP TABLE gathered AS SELECT {columns} FROM account WHERE 0")  # noqa: S608 -- our own words
            try:
                connection.executemany(f"INSERT INTO gathered VALUES ({marks})", rows)  # noqa: S608 -- our own words
                if alone:
                    connection.commit()
                with self._database.transaction():
                    moved = connection.execute(
                        f"INSERT OR REPLACE INTO account ({columns}) SELECT {columns} FROM gathered"  # noqa: S608 -- our own words
                    )
                return int(moved.rowcount)
            finally:
                if alone:
                    connection.rollback()
                connection.execute("DROP TABLE IF EXISTS gathered")

    def find_account(self, account_no: str) -> dict[str, Any] | None:
        """The account's row, or None."""
        return self._database.row("SELECT * FROM account WHERE account_no = ?", [account_no])

    def list_addresses(self, numbers: Iterable[str]) -> dict[str, str]:
        """The addresses of those of these accounts that there are, by number."""
        sql = "SELECT account_no, address FROM account WHERE account_no IN (SELECT value FROM json_each(?))"
        rows = self._database.rows(sql, [json.dumps(list(numbers))])
        return {row["account_no"]: row["address"] for row in rows}

    def list_accounts_going_on(self, begun: str, limit: int) -> list[dict[str, Any]]:
        """The first accounts whose number begins with these digits, by number."""
        sql = "SELECT * FROM account WHERE account_no >= ? AND account_no < ? ORDER BY account_no LIMIT ?"
        return self._database.rows(sql, [begun, f"{begun}:", limit])  # ":" sorts after "9"

    def account_places(self) -> tuple[list[float], list[float], list[str]]:
        """The lon, lat and class of every account, three lists in one order; degrees WGS-84."""
        rows = self._database.rows("SELECT lon, lat, zone FROM account ORDER BY rowid")
        return [r["lon"] for r in rows], [r["lat"] for r in rows], [r["zone"] for r in rows]

    def accounts_stamp(self) -> tuple[int, int]:
        """Differs, but for a replaced last row, when accounts were taken in since it was last asked."""
        row = self._database.row("SELECT count(*) AS n, max(rowid) AS last FROM account")
        return (row["n"], row["last"] or 0) if row else (0, 0)

    def sample_accounts(self, limit: int) -> list[dict[str, Any]]:
        """At most `limit` accounts, spread evenly over the table, in a stable order."""
        count = self._database.row("SELECT count(*) AS n FROM account")
        every = max(1, -(-count["n"] // limit)) if count else 1
        sql = "SELECT * FROM account WHERE rowid % ? = 0 ORDER BY account_no LIMIT ?"
        return self._database.rows(sql, [every, limit])

    def find_account_by_phone(self, phone: str) -> dict[str, Any] | None:
        """The account of a phone number when exactly one has it, or None."""
        rows = self._database.rows("SELECT * FROM account WHERE phone = ? LIMIT 2", [phone])
        return rows[0] if len(rows) == 1 else None

    def put_notices(self, notices: Iterable[Notice]) -> None:
        """Add outage notices or replace those of the same id."""
        rows = (
            {
                **{name: getattr(n, name) for name in ("id", "kind", "cause", "published_at")},
                **{name: getattr(n, name) for name in ("from_at", "until_at", "by")},
                "area": json.dumps(n.area),
            }
            for n in notices
        )
        self._upsert("notice", rows)

    def knows_notice(self, notice: str) -> bool:
        """Whether a notice of this id was published."""
        return self._database.row("SELECT 1 AS x FROM notice WHERE id = ?", [notice]) is not None

    def notices(self) -> list[Notice]:
        """Every outage notice, by start."""
        rows = self._database.rows("SELECT * FROM notice ORDER BY from_at, id")
        return [Notice(**{**row, "area": json.loads(row["area"])}) for row in rows]

    def publish_zones(
        self, zone_set: str, published_at: int, by: str, features: list[Any], from_at: int | None = None
    ) -> None:
        """Add a zone set that holds from `from_at` (epoch ms), else at once.

        An id is never used twice, so that old promises keep their polygons.
        """
        row = {"id": zone_set, "published_at": published_at, "by": by, "features": json.dumps(features)}
        row["from_at"] = published_at if from_at is None else from_at
        self._database.db.table("zone_set").insert(row)

    def zone_set_at(self, at: int) -> str:
        """The id of the zone set that holds at a moment (epoch ms); before all of them the first, or ""."""
        row = self._database.row(
            "SELECT id FROM zone_set ORDER BY from_at <= ? DESC,"
            " CASE WHEN from_at <= ? THEN -from_at ELSE from_at END, rowid DESC LIMIT 1",
            [at, at],
        )
        return row["id"] if row else ""

    def next_zone_set(self, at: int) -> str:
        """The id of the zone set that will hold next after a moment (epoch ms), or an empty string."""
        sql = "SELECT id FROM zone_set WHERE from_at > ? ORDER BY from_at, rowid DESC LIMIT 1"
        row = self._database.row(sql, [at])
        return row["id"] if row else ""

    def list_zone_sets(self) -> list[dict[str, Any]]:
        """Every zone set as they hold one after another: id, published_at, from_at (epoch ms), by."""
        return self._database.rows(
            "SELECT id, published_at, from_at, by FROM zone_set ORDER BY from_at, rowid"
        )

    def get_zones(self, zone_set: str) -> list[Any]:
        """The GeoJSON features of a zone set; NotFound when there is none of this id."""
        row = self._database.row("SELECT features FROM zone_set WHERE id = ?", [zone_set])
        if row is None:
            raise NotFound(f"there is no zone set {zone_set[:40]!r}")
        found: list[Any] = json.loads(row["features"])
        return found

    def zones_published_at(self) -> int:
        """When the newest zone set was published, epoch ms; 0 before the first."""
        row = self._database.row("SELECT max(published_at) AS at FROM zone_set")
        return (row["at"] or 0) if row else 0

    def put_plan(self, at: int, body: Mapping[str, Any]) -> None:
        """Keep the planner's last word, made at `at` (epoch ms)."""
        self._upsert("last_plan", [{"one": 1, "at": at, "body": json.dumps(body)}])

    def last_plan(self) -> tuple[int, dict[str, Any]] | None:
        """(when, what) the planner last said, or None before its first word."""
        row = self._database.row("SELECT at, body FROM last_plan")
        return (row["at"], json.loads(row["body"])) if row else None

    def set_setting(self, name: str, value: str) -> None:
        """Keep one fact about this database, such as that it holds the sample company."""
        self._upsert("setting", [{"name": name, "value": value}])

    def setting(self, name: str) -> str:
        """A fact kept by `set_setting`, or an empty string."""
        row = self._database.row("SELECT value FROM setting WHERE name = ?", [name])
        return row["value"] if row else ""

    def _upsert(self, table: str, rows: Iterable[Mapping[str, Any]]) -> None:
        with self._database.transaction():
            self._database.db.table(table).insert_all(map(dict, rows), replace=True)


def crew_of(row: Mapping[str, Any]) -> Crew:
    """The crew that a row of the table `crew` speaks of."""
    return Crew(
        id=row["id"],
        name=row["name"],
        unit=row["unit"],
        depot=(row["lon"], row["lat"]),
        skills=frozenset(filter(None, row["skills"].split(";"))),
        shift=parse_shift(row["shift"]),
        phone=row["phone"],
        breaks=parse_breaks(row["breaks"]),
    )
