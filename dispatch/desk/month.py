"""The month for which the company answers: its reports, its table, and the head it was counted at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch import compliance
from dispatch.desk.merge import as_served

if TYPE_CHECKING:
    from dispatch.compliance import Month
    from dispatch.desk import Desk


def month(desk: Desk, name: str) -> Month:
    """The month `2026-10` as the last event that matters to it left it: counted twice, the same twice."""
    from_at, until_at = compliance.month_bounds(name, desk.timezone)
    with desk.store.snapshot():  # the rows and the head of one moment
        tickets = desk.store.tickets.list_received(from_at, until_at)
        served = [
            (report, as_served(desk, ticket, report)) for ticket in tickets for report in ticket.reports
        ]
        head, as_of = desk.store.tickets.head_of_months()
        notices, units = desk.store.company.notices(), desk.store.company.units()
    return compliance.month_table(
        name,
        [compliance.tell(report, ticket) for report, ticket in served],
        notices,
        desk.rulebook.binding,
        as_of=as_of,
        head=head,
        tz=desk.timezone,
        shadows=desk.rulebook.shadows,
        names={unit.id: unit.name for unit in units},
    )
