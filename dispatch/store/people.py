"""Who may come in: persons, tokens, failed sign-ins; and who called, kept apart so that it can be erased."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, get_args

from dispatch.store.places import digits_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dispatch.store.sqlite import Database

Role = Literal["dispatcher", "crew", "supervisor", "auditor", "intake"]
ROLES: tuple[Role, ...] = get_args(Role)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody, or a program or phone by its token, who was let in."""

    name: str
    role: Role
    crew: str = ""
    session_no: int = 0
    simulated: bool = False


@dataclass(frozen=True, slots=True)
class Caller:
    """Who made a report."""

    name: str = ""
    phone: str = ""


class People:
    """Persons, tokens and callers in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put_person(self, person: Person, password_hash: str) -> None:
        """Add a person, or change role, crew and password and end every session of theirs."""
        with self._database.transaction():
            before = self.find_person(person.name)
            row: dict[str, object] = {"name": person.name, "role": person.role, "crew": person.crew}
            session_no = before[0].session_no + 1 if before else 0
            row |= {"password_hash": password_hash, "session_no": session_no}
            self._database.db.table("person").insert(row, replace=True)

    def find_person(self, name: str) -> tuple[Person, str] | None:
        """(person, password hash), or None."""
        row = self._database.row("SELECT * FROM person WHERE name = ?", [name])
        if row is None:
            return None
        return Person(row["name"], row["role"], row["crew"], row["session_no"]), row["password_hash"]

    def end_sessions(self, name: str) -> None:
        """Make every session cookie of this person worthless."""
        with self._database.transaction():
            self._database.db.execute("UPDATE person SET session_no = session_no + 1 WHERE name = ?", [name])

    def put_token(self, token_hash: str, person: Person, at: int) -> None:
        """Add a token, known only by its hash."""
        row: dict[str, object] = {"hash": token_hash, "name": person.name, "role": person.role}
        row |= {"crew": person.crew, "simulated": person.simulated, "created_at": at}
        with self._database.transaction():
            self._database.db.table("token").insert(row)

    def find_token(self, token_hash: str) -> Person | None:
        """Whose token it is, or None."""
        row = self._database.row("SELECT * FROM token WHERE hash = ?", [token_hash])
        return Person(row["name"], row["role"], row["crew"], 0, bool(row["simulated"])) if row else None

    def token_names(self) -> set[str]:
        """What programs and phones are called."""
        return {row["name"] for row in self._database.rows("SELECT name FROM token")}

    def names(self) -> set[str]:
        """What anybody who may come in is called."""
        return self.token_names() | {row["name"] for row in self._database.rows("SELECT name FROM person")}

    def is_crew(self, name: str) -> bool:
        """Whether this name signs in as a crew, or is that of a crew's phone."""
        sql = (
            "SELECT 1 FROM person WHERE name = ? AND role = 'crew'"
            " UNION SELECT 1 FROM token WHERE name = ? AND role = 'crew'"
        )
        return self._database.row(sql, [name, name]) is not None

    def drop_simulated_tokens(self) -> None:
        """Forget the tokens of earlier simulated callers and crews."""
        with self._database.transaction():
            self._database.db.execute("DELETE FROM token WHERE simulated")

    def note_failed_signin(self, name: str, at: int) -> None:
        """Remember a wrong password."""
        with self._database.transaction():
            self._database.db.table("failed_signin").insert({"name": name, "at": at})

    def failed_signins(self, name: str, since: int) -> int:
        """How many wrong passwords this name gave since `since` (epoch ms)."""
        sql = "SELECT count(*) AS n FROM failed_signin WHERE name = ? AND at >= ?"
        row = self._database.row(sql, [name, since])
        return int(row["n"]) if row else 0

    def put_callers(self, callers: Mapping[str, Caller]) -> None:
        """Keep who called, by report, apart from the timeline."""
        rows = [(report, each.name, each.phone, digits_of(each.phone)) for report, each in callers.items()]
        with self._database.transaction():
            self._database.db.conn.executemany(
                "INSERT OR REPLACE INTO caller (report, name, phone, digits) VALUES (?,?,?,?)", rows
            )

    def find_caller(self, report: str) -> Caller | None:
        """Who made the report, or None."""
        row = self._database.row("SELECT name, phone FROM caller WHERE report = ?", [report])
        return Caller(row["name"], row["phone"]) if row else None

    # -- what was sent twice

    def find_request(self, who: str, key: str) -> tuple[str, str] | None:
        """(hash of the body, report) of an earlier request with this key, or None."""
        sql = "SELECT body_hash, report FROM request_key WHERE who = ? AND key = ?"
        row = self._database.row(sql, [who, key])
        return (row["body_hash"], row["report"]) if row else None

    def put_request(self, who: str, key: str, body_hash: str, report: str) -> None:
        """Remember which report a request made."""
        row = {"who": who, "key": key, "body_hash": body_hash, "report": report}
        self._database.db.table("request_key").insert(row)

    def crew_of_field_event(self, event_id: str) -> str | None:
        """The crew whose phone sent this event before, or None when it is new."""
        row = self._database.row("SELECT crew FROM field_event WHERE id = ?", [event_id])
        return row["crew"] if row else None

    def put_field_event(self, event_id: str, crew: str, seq: int) -> None:
        """Remember a phone's event by its own id."""
        self._database.db.table("field_event").insert({"id": event_id, "crew": crew, "seq": seq})
