"""Warning the desk of clocks that run out and of crews that do not answer: once each, seen by a person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dispatch import escalation
from dispatch.errors import NotFound

if TYPE_CHECKING:
    from collections.abc import Iterable

    from dispatch.desk import Desk
    from dispatch.escalation import Alert
    from dispatch.store.alerts import Raised
    from dispatch.store.people import Person
    from dispatch.ticket import Ticket, Visit


def escalate(desk: Desk) -> int | None:
    """Raise every warning that holds now and was never raised; when the next may hold (epoch ms), or None.

    What is due is read from the tickets, not from a timetable: whoever asks after a pause, however long,
    misses nothing but what no longer holds.
    """
    now = desk.clock()
    with desk.store.snapshot():
        tickets = desk.store.tickets.list_open()
        holding, next_at = _holding(desk, tickets, now)
        known = {each.alert.name for each in _raised(desk, holding)}
    if fresh := [alert for alert in holding if alert.name not in known]:
        desk.store.alerts.raise_all(fresh, now)
    return next_at


def list_standing(desk: Desk, tickets: Iterable[Ticket], now: int) -> list[Raised]:
    """The warnings raised about these tickets that still hold: those nobody has seen first, each by age."""
    holding = _holding(desk, tickets, now)[0]
    names = {alert.name for alert in holding}
    standing = [each for each in _raised(desk, holding) if each.alert.name in names]
    return sorted(standing, key=lambda each: (each.acknowledged_at is not None, each.alert.at, each.id))


def acknowledge(desk: Desk, alert: str, by: Person) -> Raised:
    """A person has seen a warning (`A7`); the first to say so stays. NotFound when there is none."""
    number = alert.removeprefix("A")
    if not (number.isascii() and number.isdigit()) or len(number) > 15:
        raise NotFound(f"there is no alert {alert[:40]!r}")
    return desk.store.alerts.acknowledge(int(number), desk.clock(), by.name)


def acknowledge_all(desk: Desk, alerts: Iterable[str], by: Person) -> int:
    """A person has seen these warnings; how many. NotFound, and none is kept, when one is unknown."""
    named = dict.fromkeys(alerts)
    with desk.store.transaction():
        for alert in named:
            acknowledge(desk, alert, by)
    return len(named)


def accept_by(desk: Desk, visit: Visit) -> int | None:
    """When the desk will be warned that the crew has not accepted (epoch ms); None when it has, or never."""
    return escalation.accept_by(visit, _limits(desk))


def _holding(desk: Desk, tickets: Iterable[Ticket], now: int) -> tuple[list[Alert], int | None]:
    seen = {crew: position.at for crew, position in desk.store.company.positions().items()}
    return escalation.list_alerts(tickets, seen, now, _limits(desk), _out(desk, now))


def _out(desk: Desk, now: int) -> dict[str, escalation.Out]:
    """The word on each crew out of service: the first, for who was told of it knows that the crew is out."""
    words = desk.store.out_of_service
    first = {crew: words.first_of(said) for crew, said in words.holding(now).items()}
    # it holds though the clock was set back
    return {crew: escalation.Out(said.number, min(said.at, now)) for crew, said in first.items()}


def _limits(desk: Desk) -> escalation.Limits:
    chosen = desk.config.alerts
    return escalation.Limits(
        chosen.minutes_before_due, chosen.accept_min, chosen.silent_min, chosen.place_min
    )


def _raised(desk: Desk, alerts: Iterable[Alert]) -> list[Raised]:
    """Everything the desk was ever warned of about the tickets of these warnings."""
    return desk.store.alerts.list_of(*{alert.ticket for alert in alerts})
