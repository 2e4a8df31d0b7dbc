"""Crews, their depots, skills and shifts; who is on duty at a moment and until when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

DAY_MIN = 24 * 60
LONGEST_BREAK_MIN = 4 * 60  # what is longer is the end of a shift, or a slip of the pen


@dataclass(frozen=True, slots=True)
class Unit:
    """A supply unit (供电所) and its depot, (lon, lat) WGS-84."""

    id: str
    name: str
    depot: tuple[float, float]


@dataclass(frozen=True, slots=True)
class Shift:
    """A daily shift in local minutes of the day; it may pass midnight; equal ends mean round the clock.

    Both ends are read off the wall clock, so a night in which the clocks change is an hour shorter or longer.
    """

    from_min: int
    until_min: int

    @property
    def minutes(self) -> frozenset[int]:
        """Every minute of the day that it holds."""
        length = (self.until_min - self.from_min) % DAY_MIN or DAY_MIN
        return frozenset(minute % DAY_MIN for minute in range(self.from_min, self.from_min + length))

    def window(self, at_ms: int, zone: tzinfo) -> tuple[int, int]:
        """The shift (from, until) in epoch ms that holds `at_ms`, or the next one to begin after it."""
        today = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(zone).date()
        spans = (self._span(today + timedelta(days=day), zone) for day in (-1, 0, 1, 2))
        return next(span for span in spans if max(at_ms, span[0]) < span[1])

    def duty(self, at_ms: int, zone: tzinfo) -> tuple[int, int]:
        """As `window`, in which a drive may be begun and ended (epoch ms).

        Round the clock one shift passes into the next: nobody is refused a drive at 23:50 because a day ends.
        """
        begins, ends = self.window(at_ms, zone)
        round_the_clock = (self.until_min - self.from_min) % DAY_MIN == 0
        return begins, self.window(ends, zone)[1] if round_the_clock else ends

    def _span(self, day: date, zone: tzinfo) -> tuple[int, int]:
        midnight = datetime(day.year, day.month, day.day, tzinfo=zone)
        length = (self.until_min - self.from_min) % DAY_MIN or DAY_MIN
        ends = (midnight + timedelta(minutes=m) for m in (self.from_min, self.from_min + length))
        first, last = (int(end.timestamp() * 1000) for end in ends)
        return first, last


def parse_shift(text: str) -> Shift:
    """`08:00-20:00` → Shift; raises ValueError with a sentence when it is not of that form."""
    try:
        first, last = (_minutes(part) for part in text.strip().split("-"))
    except ValueError:
        raise ValueError(f"{text!r} is not a shift; write it as 08:00-20:00") from None
    return Shift(first % DAY_MIN, last % DAY_MIN)


def parse_breaks(text: str) -> tuple[Shift, ...]:
    """`12:00-12:30;18:00-18:30` → daily breaks; empty means none. ValueError says which one is wrong."""
    found = []
    for part in filter(None, (each.strip() for each in text.split(";"))):
        try:
            pause = parse_shift(part)
        except ValueError:
            raise ValueError(f"{part!r} is not a break; write it as 12:00-12:30") from None
        if not 0 < (pause.until_min - pause.from_min) % DAY_MIN <= LONGEST_BREAK_MIN:
            raise ValueError(f"the break {part!r} is empty or longer than four hours; a shift has two ends")
        found.append(pause)
    return tuple(found)


def leave_time(shift: Shift, breaks: Iterable[Shift]) -> bool:
    """Whether a crew with these breaks has a minute of its shift left to work in."""
    return bool(shift.minutes.difference(*(each.minutes for each in breaks)))


def _minutes(text: str) -> int:
    hours, minutes = text.strip().split(":")
    if not (0 <= int(hours) <= 24 and 0 <= int(minutes) < 60) or int(hours) * 60 + int(minutes) > DAY_MIN:
        raise ValueError(text)
    return int(hours) * 60 + int(minutes)


@dataclass(frozen=True, slots=True)
class Crew:
    """Two or more people with a van and a phone."""

    id: str
    name: str
    unit: str
    depot: tuple[float, float]
    skills: frozenset[str]
    shift: Shift
    phone: str = ""
    breaks: tuple[Shift, ...] = ()

    def breaks_within(self, since_ms: int, until_ms: int, zone: tzinfo) -> tuple[tuple[int, int], ...]:
        """Its breaks (from, until) that touch the span, in order; all in epoch ms."""
        found: set[tuple[int, int]] = set()
        for each in self.breaks:
            at = since_ms
            while (span := each.window(at, zone))[0] < until_ms:
                found.add(span)
                at = span[1]
        return tuple(sorted(found))

    def on_duty(self, at_ms: int, zone: tzinfo) -> bool:
        """Whether its shift holds the moment `at_ms`."""
        return self.shift.window(at_ms, zone)[0] <= at_ms


@dataclass(frozen=True, slots=True)
class Position:
    """Where a crew's phone last was, (lon, lat) WGS-84, and when it said so (epoch ms)."""

    crew: str
    at: int
    lon: float
    lat: float
    accuracy_m: float
