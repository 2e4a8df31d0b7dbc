"""A small October, worked out by hand: reports by minute of 3 October 2026 from 08:00 on, and their trips."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from dispatch.compliance import month_table, tell
from dispatch.outage import Notice
from dispatch.promise import Policy, TableRow, make
from dispatch.ticket import Report, Ticket, Visit

CHINA = ZoneInfo("Asia/Shanghai")
MIN = 60_000
MORNING = int(datetime.fromisoformat("2026-10-03T08:00:00+08:00").timestamp()) * 1000
NOVEMBER = int(datetime.fromisoformat("2026-11-01T00:00:00+08:00").timestamp()) * 1000
ROWS = (
    TableRow("urban_arrival", "arrivals", 1, "urban"),
    TableRow("rural_arrival", "arrivals", 2, "rural"),
    TableRow("remote_arrival", "arrivals", 1, "remote"),
    TableRow("outages_announced", "notices", 1),
    TableRow("calls_answered", "by_hand", 1),
)
AHEAD = {"planned": 168, "temporary": 24}
BINDING = Policy("state-grid", "1", "十项承诺", {"urban": 45, "rural": 90, "remote": 120}, AHEAD, ROWS)
SHADOW = Policy(
    "supervision-2009", "1", "供电监管办法", {"urban": 60, "rural": 120, "remote": 240}, AHEAD, ROWS
)


def at(minute, ms=0):
    return MORNING + int(minute * MIN) + ms


def called(number, minute=0, zone="urban", **more):
    """Report R<number>, promised by both policies unless `zone` is None."""
    received = at(minute)
    promises = (
        {}
        if zone is None
        else {"promise": make(BINDING, zone, received), "shadows": (make(SHADOW, zone, received),)}
    )
    fields = {"channel": "phone", "fault": "no_power", "unit": "north", **promises, **more}
    return Report(f"R{number}", f"T{number}", received, **fields)


def trip(arrived=None, restored=None, crew="K1", closed=None, **more):
    """One visit of `crew`, in epoch ms; assigned as the day begins."""
    return Visit(crew, MORNING, "planner", arrived_at=arrived, restored_at=restored, closed_at=closed, **more)


def ticket(*reports, visits=()):
    return Ticket(reports[0].first_ticket, reports[0].received_at, reports=reports, visits=tuple(visits))


def one(number, minute=0, *, zone="urban", arrived=None, restored=None, evidence="B", **more):
    """One report on its own ticket, told to the month; minutes count from 08:00."""
    report = called(number, minute, zone, **more)
    visit = trip(arrived and at(arrived), restored and at(restored), evidence=evidence if arrived else "")
    return tell(report, ticket(report, visits=[visit]))


def october(*told, notices=(), as_of=NOVEMBER, **more):
    return month_table(
        "2026-10",
        told,
        notices,
        BINDING,
        as_of=as_of,
        head=(7, "ab" * 32),
        tz=CHINA,
        shadows=(SHADOW,),
        **more,
    )


def notice(number, kind="planned", hours=168):
    """An outage on 3 October, published `hours` before it begins."""
    return Notice(
        f"N{number}", kind, "检修", MORNING - int(hours * 60 * MIN), MORNING, MORNING + 60 * MIN, {}
    )
