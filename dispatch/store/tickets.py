"""The timeline and the ticket rows folded from it: written together, read apart."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from pydantic import TypeAdapter

from dispatch.errors import NotFound
from dispatch.ticket import OVER, Ticket
from dispatch.timeline import Event, apply, fold

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from dispatch.store.sqlite import Database

_TICKET = TypeAdapter(Ticket)
_KEPT = 8_000  # tickets of the worst day; each is some kilobytes
_CLOSE = 1e-9  # degrees, a tenth of a millimetre: SQLite reads the digits of an older row a bit otherwise
# Word for word as in the index `ticket_open`, or SQLite reads every ticket there ever was.
_OPEN = "state NOT IN ('archived', 'no_trip', 'merged')"

FIELDS = ("seq", "ticket", "kind", "at", "recorded_at", "by", "body")


def link(before: str, row: Mapping[str, Any]) -> str:
    """The chain's next hash: SHA-256 over the one before and the FIELDS of an event's row, as JSON."""
    line = json.dumps([before, *(row[name] for name in FIELDS)], ensure_ascii=True)
    return hashlib.sha256(line.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Step:
    """What is to be written: on which ticket (empty for the company's), and when it was (epoch ms)."""

    ticket: str
    kind: str
    body: Mapping[str, Any]
    at: int


class Tickets:
    """Tickets and their events in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    # -- writing: only inside a transaction

    def next_id(self, name: str) -> int:
        """The next running number of `report`, `ticket`, `outage` or whatever else the schema counts."""
        return self.next_ids(name, 1)[0]

    def next_ids(self, name: str, count: int) -> range:
        """So many running numbers at once."""
        self._database.db.execute("UPDATE counter SET value = value + ? WHERE name = ?", [count, name])
        row = self._database.row("SELECT value FROM counter WHERE name = ?", [name])
        assert row is not None, name  # noqa: S101 -- the schema wrote it
        last = int(row["value"])
        return range(last - count + 1, last + 1)

    def append(self, ticket: str, kind: str, body: Mapping[str, Any], *, at: int, now: int, by: str) -> Event:
        """Write one event and, when it concerns a ticket, the row it makes; `at` and `now` in epoch ms.

        A body that is not JSON or a text no UTF-8 can hold is the caller's fault and raises ValueError.
        """
        return self.append_all([Step(ticket, kind, body, at)], now=now, by=by)[0]

    def append_all(self, steps: Iterable[Step], *, now: int, by: str) -> list[Event]:
        """As `append`, for many events in their order: each ticket's row is written once, at the end."""
        with self._database.transaction():
            seq, chained = self.head()
            events, rows, tickets = [], [], dict[str, Ticket]()
            for step in steps:
                seq += 1
                row = _row(seq, step, now, by)
                chained = link(chained, row)
                rows.append([*(row[name] for name in FIELDS), chained])
                events.append(event := _event(row))
                if step.ticket:
                    before = tickets.get(step.ticket) or self.find(step.ticket)
                    tickets[step.ticket] = apply(before, event)
            self._insert(rows, seq, chained)
            self._write_rows(tickets.values())
            return events

    def _insert(self, rows: Sequence[Sequence[object]], seq: int, chained: str) -> None:
        self._database.db.conn.executemany(
            "INSERT INTO event (seq, ticket, kind, at, recorded_at, by, body, hash) VALUES (?,?,?,?,?,?,?,?)",
            rows,
        )
        self._database.db.execute("UPDATE head SET seq = ?, hash = ?", [seq, chained])

    def _write_rows(self, tickets: Collection[Ticket]) -> None:
        write = self._database.db.conn.executemany
        write(
            "INSERT OR REPLACE INTO ticket (id, version, state, opened_at, body) VALUES (?,?,?,?,?)",
            [(t.id, t.version, t.state, t.opened_at, _TICKET.dump_json(t).decode()) for t in tickets],
        )
        write(
            "INSERT OR REPLACE INTO report (id, ticket, received_at) VALUES (?,?,?)",
            [(report.id, t.id, report.received_at) for t in tickets for report in t.reports],
        )
        write("DELETE FROM open_place WHERE ticket = ?", [(t.id,) for t in tickets])
        write(
            "INSERT INTO open_place (ticket, report, lon, lat) VALUES (?,?,?,?)",
            [(t.id, report, *lonlat) for t in tickets for report, lonlat in _open_places(t).items()],
        )

    # -- reading

    def head(self) -> tuple[int, str]:
        """(sequence number, hash) of the last event; (0, "") before the first."""
        row = self._database.row("SELECT seq, hash FROM head")
        return (row["seq"], row["hash"]) if row else (0, "")

    def head_of_months(self) -> tuple[tuple[int, str], int]:
        """The last event that a month can depend on, ((sequence number, hash), recorded at in epoch ms).

        A zone set that is published moves no month: every promise keeps the zone it was made by. Nor does a
        closed road, the weather, where crews wait or who is out of service: an arrival is what it was.
        """
        row = self._database.row(
            "SELECT seq, hash, recorded_at FROM event"
            " WHERE kind NOT IN ('zones_published', 'road_closed', 'road_opened', 'weather_declared',"
            " 'weather_ended', 'crew_stands_by', 'stand_by_over', 'crew_out_of_service', 'crew_in_service')"
            " ORDER BY seq DESC LIMIT 1"
        )
        return ((row["seq"], row["hash"]), int(row["recorded_at"])) if row else ((0, ""), 0)

    def find(self, ticket: str) -> Ticket | None:
        """The ticket as it stands, or None."""
        row = self._database.row("SELECT body FROM ticket WHERE id = ?", [ticket])
        return _read(row["body"]) if row else None

    def get(self, ticket: str) -> Ticket:
        """The ticket as it stands; NotFound when there is none."""
        found = self.find(ticket)
        if found is None:
            said = ticket[:40]
            raise NotFound(f"there is no ticket {said!r}", code="no_such_ticket", ticket=said)
        return found

    def get_of_report(self, report: str) -> Ticket:
        """The ticket a report is on now; NotFound when there is no such report."""
        row = self._database.row("SELECT ticket FROM report WHERE id = ?", [report])
        if row is None:
            raise NotFound(f"there is no report {report[:40]!r}")
        return self.get(row["ticket"])

    def merged_into(self, ticket: str, report: str) -> str:
        """Where a report went when it was last merged away from a ticket, or an empty string."""
        row = self._database.row(
            "SELECT json_extract(body, '$.into') AS ticket FROM event WHERE ticket = ? AND kind = 'merged'"
            " AND json_extract(body, '$.report') = ? ORDER BY seq DESC LIMIT 1",
            [ticket, report],
        )
        return row["ticket"] if row else ""

    def list_open(self) -> list[Ticket]:
        """Every ticket somebody still has to do something about, oldest call first, then by number."""
        sql = f"SELECT body FROM ticket WHERE {_OPEN} ORDER BY opened_at, length(id), id"  # noqa: S608 -- our own words
        return [_read(row["body"]) for row in self._database.rows(sql)]

    def list_open_within(self, west: float, south: float, east: float, north: float) -> list[Ticket]:
        """The open tickets that have a report with a place inside a box, degrees WGS-84; by opening.

        Degrees of longitude may run beyond 180 on either side: the world is round.
        """
        sql = (
            "SELECT body FROM ticket WHERE id IN (SELECT ticket FROM open_place"
            " WHERE lat BETWEEN :south AND :north AND (lon BETWEEN :west AND :east"
            " OR lon + 360 BETWEEN :west AND :east OR lon - 360 BETWEEN :west AND :east))"
            " ORDER BY opened_at, length(id), id"
        )
        box: dict[str, object] = {"west": west, "south": south, "east": east, "north": north}
        return [_read(row["body"]) for row in self._database.rows(sql, box)]

    def list_received(self, from_at: int, until_at: int) -> list[Ticket]:
        """The tickets that hold a report received in [from_at, until_at), epoch ms; by id."""
        sql = (
            "SELECT body FROM ticket WHERE id IN "
            "(SELECT ticket FROM report WHERE received_at >= ? AND received_at < ?) ORDER BY id"
        )
        rows = self._database.rows(sql, [from_at, until_at])
        return [_read(row["body"]) for row in rows]

    def events(self, ticket: str) -> list[Event]:
        """The timeline of one ticket."""
        return [
            _event(r)
            for r in self._database.rows("SELECT * FROM event WHERE ticket = ? ORDER BY seq", [ticket])
        ]

    def events_after(self, seq: int, limit: int = 500) -> list[Event]:
        """Up to `limit` events that follow `seq`, oldest first."""
        sql = "SELECT * FROM event WHERE seq > ? ORDER BY seq LIMIT ?"
        return [_event(row) for row in self._database.rows(sql, [seq, limit])]

    def latest_since(self, kind: str, about: str) -> int:
        """The latest clock (epoch ms) since the company's event `kind` about the id `about`; 0 without one.

        It tells what time it had become although the clock was set back since.
        """
        row = self._database.row(
            "SELECT max(recorded_at) AS latest FROM event WHERE seq >= (SELECT max(seq) FROM event"
            " WHERE ticket = '' AND kind = ? AND json_extract(body, '$.id') = ?)",
            [kind, about],
        )
        return int(row["latest"] or 0) if row else 0

    # -- proving

    def broken_link(self) -> int | None:
        """The first sequence number at which the chain does not hold, or None when it holds to the head."""
        before, expected = "", 1
        for row in self._database.db.query("SELECT * FROM event ORDER BY seq"):
            if row["seq"] != expected or row["hash"] != link(before, row):
                return expected
            before, expected = row["hash"], expected + 1
        return None if self.head() == (expected - 1, before) else expected

    def unfolded(self) -> Iterator[str]:
        """The tickets whose rows are not what their events make, or that no event made."""
        sql = (
            "SELECT ticket FROM event WHERE ticket <> '' UNION SELECT id FROM ticket "
            "UNION SELECT ticket FROM report ORDER BY 1"
        )
        for row in self._database.rows(sql):
            if not self._is_folded(row["ticket"]):
                yield row["ticket"]

    def _is_folded(self, name: str) -> bool:
        try:
            made, kept = fold(self.events(name)), self.find(name)
        except (ValueError, TypeError, LookupError, AttributeError):  # tampered with, it may fold no more
            return False
        row = self._database.row("SELECT version, state, opened_at FROM ticket WHERE id = ?", [name])
        columns = {"version": made.version, "state": made.state, "opened_at": made.opened_at}
        reports = self._database.rows("SELECT id, received_at FROM report WHERE ticket = ?", [name])
        on_it = {each["id"]: each["received_at"] for each in reports}
        same = made == kept and row == columns and on_it == {r.id: r.received_at for r in made.reports}
        return same and self._is_where(name, _open_places(made))

    def _is_where(self, name: str, places: Mapping[str, tuple[float, float]]) -> bool:
        """Whether the open ticket is kept as lying where its reports do; one that is over lies nowhere."""
        rows = self._database.rows("SELECT report, lon, lat FROM open_place WHERE ticket = ?", [name])
        kept = {row["report"]: (row["lon"], row["lat"]) for row in rows}
        off = (
            abs(one - two)
            for report in kept.keys() & places
            for one, two in zip(kept[report], places[report], strict=True)
        )
        return kept.keys() == places.keys() and max(off, default=0.0) < _CLOSE


def _open_places(ticket: Ticket) -> dict[str, tuple[float, float]]:
    """Where the reports of a ticket are, (lon, lat) by id; none once it is over."""
    reports = () if ticket.state in OVER else ticket.reports
    return {report.id: report.place.lonlat for report in reports if report.place}


@lru_cache(maxsize=_KEPT)
def _read(body: str) -> Ticket:
    """The ticket that was written so; the same text is the same ticket, and no ticket ever changes."""
    return _TICKET.validate_json(body)


def _row(seq: int, step: Step, now: int, by: str) -> dict[str, Any]:
    """A step as a row of the timeline, without its hash."""
    text = json.dumps(step.body, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    told = {"seq": seq, "ticket": step.ticket, "kind": step.kind, "at": step.at, "recorded_at": now, "by": by}
    return told | {"body": text}


def _event(row: Mapping[str, Any]) -> Event:
    body = json.loads(row["body"])
    return Event(row["seq"], row["ticket"], row["kind"], row["at"], row["recorded_at"], row["by"], body)
