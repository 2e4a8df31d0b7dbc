"""Where dispatchers said that reports were: what a phone's or an address' next call is found by."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from dispatch.store.sqlite import Database

LEAST_DIGITS = 5  # shorter ones are extensions, which many share
ENOUGH = 20  # more of one text's confirmed places say nothing new


@dataclass(frozen=True, slots=True)
class Confirmed:
    """A place somebody at the desk stood for; (lon, lat) in degrees WGS-84, `at` in epoch ms.

    `text` is the caller's address as texts are compared, `address` as it was said; both may be empty.
    """

    report: str
    text: str
    address: str
    lon: float
    lat: float
    precision_m: float
    at: int
    by: str

    @property
    def lonlat(self) -> tuple[float, float]:
        """(lon, lat) in degrees WGS-84."""
        return (self.lon, self.lat)


def digits_of(phone: str) -> str:
    """A phone number as numbers are compared: its digits, without China's own country code."""
    found = re.sub(r"\D", "", phone)
    return re.sub(r"^(?:00)?86(?=\d{8,})", "", found) if phone.strip().startswith(("+", "00")) else found


class Places:
    """Confirmed places in one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def confirm(self, confirmed: Confirmed) -> None:
        """Keep where a report is; a later word on the same report replaces the earlier one."""
        with self._database.transaction():
            self._database.db.table("confirmed_place").insert(asdict(confirmed), replace=True)

    def find_last_of_caller(self, phone: str) -> Confirmed | None:
        """The place last confirmed for a call from this number, or None."""
        digits = digits_of(phone)
        if len(digits) < LEAST_DIGITS:
            return None
        row = self._database.row(
            "SELECT p.* FROM caller c JOIN confirmed_place p ON p.report = c.report"
            " WHERE c.digits = ? AND c.digits <> '' ORDER BY p.at DESC, p.rowid DESC LIMIT 1",
            [digits],
        )
        return Confirmed(**row) if row else None

    def list_of_text(self, text: str) -> list[Confirmed]:
        """The newest places confirmed for an address of this text, the newest first."""
        sql = (
            "SELECT * FROM confirmed_place WHERE text = ? AND text <> '' ORDER BY at DESC, rowid DESC LIMIT ?"
        )
        return [Confirmed(**row) for row in self._database.rows(sql, [text, ENOUGH])]
