"""The desk of okcounty, with roads as the crow flies, and the acts of its people in a line each."""

from __future__ import annotations

from itertools import count
from typing import TYPE_CHECKING

from shapely.geometry import mapping

from dispatch.config import load
from dispatch.desk import Desk, assign, field
from dispatch.desk.intake import Draft, take_report
from dispatch.desk.place import Pin
from dispatch.evidence import Fix
from dispatch.gazetteer import Candidate
from dispatch.outage import Notice
from dispatch.paths import POLICIES
from dispatch.rulebook import load_rulebook
from dispatch.store import open_store
from dispatch.store.people import Person
from tests.conftest import Clock
from tests.okcounty import CREWS, UNITS, ZONES, StraightRoads, at, spot, square

if TYPE_CHECKING:
    from pathlib import Path

LI = Person("Li", "dispatcher")
WANG = Person("Wang", "dispatcher")
CHEN = Person("Chen", "supervisor")
T1, T2, T3, T4 = spot(3, 4), spot(5, 4), spot(10, 4), spot(16, 4)  # as in okcounty
ACCOUNT = {"account_no": "7001", "name": "Sun", "phone": "555-7001", "address": "Mill Lane 2"}
NUMBERS = count(1)


class FakeGazetteer:
    """Knows one house for sure, and a name that two villages share."""

    def locate(self, text, limit=8):  # noqa: ARG002 -- it knows fewer
        if text == "Market 1":
            return [Candidate("Market 1, Town", *T2, "address", 99.0, 15.0, "A")]
        if text == "Church Road":
            places = (("Church Road, Hill", spot(9, 2)), ("Church Road, Dale", spot(12, 8)))
            return [Candidate(name, *place, "street", 80.0, 150.0, "B") for name, place in places]
        return []

    def place_near(self, lon, lat):  # noqa: ARG002 -- it is a small county
        return "Town" if lon < spot(6, 0)[0] else ""


def open_county(home: Path) -> Desk:
    """The county's desk on Monday at eight, with its units, crews, zones and one account."""
    (home / "config.toml").write_text(
        '[service]\ntimezone = "Asia/Shanghai"\n[policy]\nshadow = ["supervision-2009"]\n', encoding="utf-8"
    )
    store = open_store(f"sqlite:{home / 'county.db'}", create=True)
    rulebook = load_rulebook(POLICIES, "state-grid", ("supervision-2009",))
    desk = Desk(load(home / "config.toml", {}), store, rulebook, Clock(at("08:00")))
    vars(desk)["roads"] = StraightRoads()
    vars(desk)["gazetteer"] = FakeGazetteer()
    with store.transaction():
        store.company.put_units(UNITS)
        store.company.put_crews(map(crew_row, CREWS))
        place = {"lon": T1[0], "lat": T1[1], "transformer": "", "unit": "U2", "zone": "urban"}
        store.company.put_accounts([ACCOUNT | place])
        store.company.publish_zones("2026-1", at("00:00"), "Chen", [feature(each) for each in ZONES.polygons])
    return desk


def crew_row(crew, shift="", skills=None):
    """A crew as a row of the table `crew`; its shift and skills may be others."""
    usual = f"{crew.shift.from_min // 60:02d}:00-{crew.shift.until_min // 60 or 24:02d}:00"
    return {
        "id": crew.id,
        "name": crew.name,
        "unit": crew.unit,
        "lon": crew.depot[0],
        "lat": crew.depot[1],
        "skills": ";".join(sorted(crew.skills)) if skills is None else skills,
        "shift": shift or usual,
        "phone": crew.phone,
        "active": 1,
    }


def feature(polygon):
    names = ("code", "name", "priority", "source", "approved_by")
    properties = {name: getattr(polygon, name) for name in names}
    return {"type": "Feature", "properties": properties, "geometry": mapping(polygon.geometry)}


def take(desk, draft, by=LI, request=None):
    """A report as it comes, at the moment of the desk's clock."""
    return take_report(desk, draft, by, request)


def call(desk, time, place=None, fault="no_power", by=LI, **said):
    """Somebody calls at `time`; the desk pins the place at once if it is given."""
    desk.clock.at_ms = at(time)
    return take_report(desk, Draft(fault, pin=Pin(*place) if place else None, **said), by)


def send(desk, time, ticket, crew, by=LI):
    """The dispatcher sends a crew."""
    desk.clock.at_ms = at(time)
    return assign.assign(desk, ticket, crew, by)


def replan(desk, time):
    """The planner looks at the board at `time`."""
    desk.clock.at_ms = at(time)
    return assign.replan(desk)


def phone(crew):
    """The phone of a crew."""
    return Person(f"phone of {crew}", "crew", crew)


def a_step(kind, ticket, time, place=None, *, event_id="", seq=None, fix_at=None, **fix):
    """One tap on a phone at `time`, with a good fix if the place is given."""
    number = next(NUMBERS)
    where = Fix(place[0], place[1], fix.pop("accuracy_m", 8.0), at(fix_at or time), **fix) if place else None
    return field.Step(
        event_id or f"event-{number}", ticket, kind, at(time), number if seq is None else seq, where
    )


def taps(desk, crew, *steps, sent=None):
    """A delivery of a phone, at the moment of its last step unless `sent` says when."""
    desk.clock.at_ms = at(sent) if sent else max(each.at for each in steps)
    return field.record_field_events(desk, steps, phone(crew))


def tap(desk, crew, kind, ticket, time, *where, sent=None, **more):
    """One step, delivered at once unless `sent` says when; its result."""
    return taps(desk, crew, a_step(kind, ticket, time, *where, **more), sent=sent)[0]


def done(desk, crew, ticket, place, *times):
    """All five steps of a crew at five times of the day."""
    for kind, time in zip(("accepted", "departed", "arrived", "restored", "closed"), times, strict=False):
        assert tap(desk, crew, kind, ticket, time, place).result == "stored"


def ticket(desk, name):
    return desk.store.tickets.get(name)


def kinds(desk, name):
    """What happened to a ticket, in order."""
    return [event.kind for event in desk.store.tickets.events(name)]


def notice(corners, from_at, until_at, name="O1", published="00:00"):
    """An outage over a square of the county (west, south, east, north in km) on that Monday."""
    area = mapping(square(*corners))
    return Notice(name, "planned", "new cable", at(published), at(from_at), at(until_at), area)


def config_of(desk, path=None):
    """The configuration of a desk with its own database named in it, or the one at `path`."""
    store = desk.config.store.model_copy(update={"url": f"sqlite:{path or desk.store.database.path}"})
    return desk.config.model_copy(update={"store": store})
