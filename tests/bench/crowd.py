"""A crowded board for the sections that need one: eight crews, six at work, and many tickets that wait.

All crews are on duty round the clock, so that the hour of the run does not matter. C1-C6 were sent by the
planner to wires on the ground, an hour's work each; C7 and C8 are free. The waiting tickets need the skill
`meter`, which no crew has here, so they stay on the board and in every plan.
"""

from __future__ import annotations

from itertools import cycle, islice
from typing import TYPE_CHECKING

from dispatch.desk import assign, company
from dispatch.desk.intake import Draft, take_report
from dispatch.paths import SAMPLE
from dispatch.store.people import Person
from dispatch.tables import read_rows

if TYPE_CHECKING:
    from pathlib import Path

    from dispatch.desk import Desk
    from dispatch.ticket import FaultKind

BENCH = Person("bench", "dispatcher")
AT_WORK = 6
COLUMNS = (*company.CREW, "depot", "phone")


def crowd(desk: Desk, folder: Path, open_tickets: int) -> list[str]:
    """Fill a sample company's board with so many open tickets; the six that crews were sent to."""
    _import_crews(desk, folder / "crews.csv")
    at_work = call(desk, "wire_down", AT_WORK)
    while assign.replan(desk).told:
        pass
    call(desk, "meter", open_tickets - AT_WORK)
    tickets = {ticket.id: ticket for ticket in desk.store.tickets.list_open()}
    assert len(tickets) == open_tickets
    assert all(tickets[each].state == "assigned" for each in at_work)
    return at_work


def fleet(desk: Desk, folder: Path, crews: int, waiting: int) -> list[str]:
    """So many crews round the clock, each sent to a fault by the planner, and so many tickets that wait."""
    muster(desk, folder, crews)
    made = call(desk, "no_power", crews + waiting)
    while assign.replan(desk).told:
        pass
    return [name for name in made if desk.store.tickets.get(name).state == "waiting"]


def muster(desk: Desk, folder: Path, crews: int) -> None:
    """So many crews round the clock, all free, beside those the sample has."""
    shipped = [row for _, row in read_rows(SAMPLE / "crews.csv", company.CREW, COLUMNS)]
    lines = [",".join(COLUMNS)]
    for number, row in enumerate(islice(cycle(shipped), crews), 1):
        more = {"crew": f"C{number}", "name": f"Crew {number}", "skills": "lv;hv", "shift": "00:00-24:00"}
        lines.append(",".join({**row, **more}[name] for name in COLUMNS))
    (folder / "fleet.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    company.import_crews(desk, folder / "fleet.csv")


def _import_crews(desk: Desk, file: Path) -> None:
    lines = [",".join(COLUMNS)]
    for number, (_, row) in enumerate(read_rows(SAMPLE / "crews.csv", company.CREW, COLUMNS), 1):
        skills = "lv;hv" if number <= AT_WORK else "lv"
        lines.append(",".join({**row, "skills": skills, "shift": "00:00-24:00"}[name] for name in COLUMNS))
    file.write_text("\n".join(lines) + "\n", encoding="utf-8")
    company.import_crews(desk, file)


def call(desk: Desk, fault: FaultKind, reports: int) -> list[str]:
    """So many reports from accounts spread over the area; their tickets."""
    accounts = islice(cycle(desk.store.company.sample_accounts(200)), reports)
    drafts = [Draft(fault, account_no=account["account_no"]) for account in accounts]
    with desk.store.transaction():
        return [take_report(desk, draft, BENCH).ticket.id for draft in drafts]
