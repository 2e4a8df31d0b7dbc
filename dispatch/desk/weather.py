"""When the weather is severe: declared by the desk, ended or withdrawn, never forgotten."""

from __future__ import annotations

from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from dispatch.errors import BadInput, Conflict, Fault
from dispatch.store.weathers import Weather

if TYPE_CHECKING:
    from dispatch.desk import Desk
    from dispatch.store.people import Person

DAY_MS = 86_400_000
LONGEST_DAYS = 31  # a mistyped year would slow every drive for good
SHOWN_DAYS = 30
LONGEST_KIND = 40
_DECLARED = ("id", "kind", "from_at", "until_at")


def declare_weather(desk: Desk, kind: str, from_at: int, until_at: int, by: Person) -> Weather:
    """Say that the weather is severe from `from_at` to before `until_at` (epoch ms); drives then take longer.

    It moves no promise and excuses nothing: an exemption is asked for by itself. BadInput when it names no
    kind or its times make no sense.
    """
    now, kind = desk.clock(), kind.strip()
    _check(kind, from_at, until_at, now)
    with desk.store.transaction():
        number = desk.store.tickets.next_id("weather")
        made = Weather(f"W{number}", from_at, until_at, kind, by.name)
        desk.store.weathers.put(made)
        body = {name: said for name, said in asdict(made).items() if name in _DECLARED}
        desk.store.tickets.append("", "weather_declared", body, at=now, now=now, by=by.name)
    return made


def end_weather(desk: Desk, weather: str, by: Person) -> Weather:
    """Say that it is over now; one still to come is withdrawn and never holds. Both stay known.

    What once held is over and not withdrawn, though the clock was set back to before it began.

    NotFound when there is none of this id, Conflict when it is over already.
    """
    now = desk.clock()
    with desk.store.transaction():
        known = desk.store.weathers.get(weather)
        if known.over(now):
            raise Conflict(f"{known.id} is over already", code="weather_over", weather=known.id)
        held = known.from_at <= max(now, desk.store.tickets.latest_since("weather_declared", known.id))
        ended = replace(known, ended_at=max(now, known.from_at) if held else now, ended_by=by.name)
        desk.store.weathers.put(ended)
        body = {"id": known.id, "withdrawn": ended.withdrawn}
        desk.store.tickets.append("", "weather_ended", body, at=now, now=now, by=by.name)
    return ended


def list_weather(desk: Desk) -> list[Weather]:
    """What holds, is to come or was over within a month, the latest beginning first."""
    return desk.store.weathers.list_since(desk.clock() - SHOWN_DAYS * DAY_MS)


def state_of(weather: Weather, now: int) -> str:
    """holds, to_come, over (by itself or ended) or withdrawn (before it began)."""
    if weather.ended_at is not None:
        return "withdrawn" if weather.withdrawn else "over"
    if weather.over(now):
        return "over"
    return "holds" if weather.from_at <= now else "to_come"


def _check(kind: str, from_at: int, until_at: int, now: int) -> None:
    """Raise BadInput for the first thing that is wrong with what was said."""
    if not 1 <= len(kind) <= LONGEST_KIND or not kind.isprintable():
        raise _wrong("kind", f"must be a word of up to {LONGEST_KIND} letters, such as storm")
    if until_at <= from_at:
        raise _wrong("until", "must lie after `from`, which is now unless it is given")
    if until_at <= now:
        raise _wrong("until", "lies in the past: it would be over already")
    if until_at - from_at > LONGEST_DAYS * DAY_MS:
        raise _wrong(
            "until", f"lies more than {LONGEST_DAYS} days after `from`; declare it again when it lasts"
        )


def _wrong(field: str, message: str) -> BadInput:
    return BadInput(f"No such weather can be declared: `{field}` {message}.", (Fault(field, message),))
