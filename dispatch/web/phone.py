"""The crew's phone: its jobs, the steps it reports, where it is."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, g, jsonify, render_template

from dispatch.crew import Position
from dispatch.desk import alerts, field
from dispatch.desk.out_of_service import put_back, put_out
from dispatch.desk.recall import why_not_going
from dispatch.desk.standby import standing
from dispatch.errors import BadInput, Denied
from dispatch.evidence import Fix
from dispatch.ticket import visit_state
from dispatch.web import bodies, bodies_crews, shapes_road, standby
from dispatch.web.gate import allow, body, desk, person, tagged
from dispatch.web.parsing import parse
from dispatch.web.spec import More, speaks
from dispatch.web.tell import Teller
from dispatch.web.tell_crews import breaks, out_of_service, out_shown, rests_until, second

if TYPE_CHECKING:
    from dispatch.ticket import Ticket

pages = Blueprint("phone", __name__)


@pages.get("/phone")
@allow("public")
def page() -> str:
    """The phone page; a paired phone brings its token itself, others sign in."""
    return render_template("phone.html", page="phone", crew=_own_crew())


def _own_crew() -> str | None:
    """The crew of whoever is signed in; the page is open, so there may be nobody."""
    return g.person.crew or None if g.person else None


def _crew() -> str:
    crew = person().crew
    if not crew:
        raise Denied("this sign-in belongs to no crew")
    return crew


@pages.get("/api/phone/jobs")
@allow("crew")
@speaks(gives=shapes_road.JobsOut, more=More(etag=True))
def get_jobs() -> Response:
    """What this crew has been told, the one to do now first; 304 when nothing changed since the ETag."""
    teller = Teller(desk())
    crew = desk().store.company.get_crew(_crew())
    own = shapes_road.OwnCrewOut(
        id=crew.id,
        name=crew.name,
        unit=crew.unit,
        shift=teller.shift(crew),
        breaks=breaks(crew, teller),
        rests_until=rests_until(crew, teller),
        out_of_service=out_of_service(crew, teller),
    )
    jobs = [_job(teller, ticket, crew.id) for ticket in field.jobs_of(desk(), crew.id)]
    waits = standing(desk(), teller.now).get(crew.id)
    shown = shapes_road.JobsOut(
        crew=own,
        now=teller.iso(teller.now),
        jobs=jobs,
        stand_by=standby.shown(teller, waits) if waits else None,
    ).model_dump()
    return tagged(shown, (shown["crew"], shown["jobs"], shown["stand_by"]))


def _job(teller: Teller, ticket: Ticket, crew: str) -> shapes_road.JobOut:
    first = next((r for r in ticket.reports if r.needs_trip), ticket.reports[0])
    visit = ticket.trip_of(crew)
    assert visit is not None  # noqa: S101 -- it is this crew's trip
    own = {
        "state": visit_state(visit),  # of two crews each sees its own way
        "crew": crew,
        "crew_name": teller.crew_name(crew),
        "pinned": visit.pinned,
        "eta_at": teller.maybe(visit.eta_at),
        "assigned_at": teller.iso(visit.assigned_at),
    }
    return shapes_road.JobOut(
        **teller.brief(ticket).model_dump() | own,
        note="\n".join(r.note for r in ticket.reports if r.note),
        caller=teller.caller(first.id),
        route_url=_route_url(ticket),
        accept_by=teller.maybe(alerts.accept_by(desk(), visit)),
        visit=teller.visit(visit),
        beside=second(ticket, teller, crew),
    )


def _route_url(ticket: Ticket) -> str:
    """A link that the phone's own map application opens (RFC 5870)."""
    place = ticket.place
    return f"geo:{place.lat:.6f},{place.lon:.6f}?q={place.lat:.6f},{place.lon:.6f}" if place else ""


@pages.get("/api/phone/jobs/<ticket>/why_not")
@allow("crew")
@speaks(gives=shapes_road.NotGoingOut, also=(401, 403, 404))
def get_why_not(ticket: str) -> Response:
    """Why this crew need not go to a ticket any more that it was sent to."""
    teller, found = Teller(desk()), why_not_going(desk(), ticket, _crew())
    said = found.body if found else {}
    about = (
        said.get("into") or said.get("how") or said.get("for") or teller.crew_name(said.get("instead", ""))
    )
    shown = shapes_road.NotGoingOut(
        ticket=ticket,
        at=teller.iso(found.at) if found else None,
        code=said.get("code", "") if found else None,
        about=about,
        reason=said.get("reason", ""),
    )
    return jsonify(shown.model_dump())


@pages.post("/api/phone/out_of_service")
@allow("crew")
@speaks(takes=bodies_crews.OwnOutBody, gives=shapes_road.OutOfServiceOut, also=(401, 403, 404, 409))
def post_own_out_of_service() -> Response:
    """Say that this crew cannot go; what it was told meanwhile stays until the desk decides. 409 if known."""
    sent = body(bodies_crews.OwnOutBody)
    until_at = bodies.ms(sent.until) if sent.until else None
    said = put_out(desk(), _crew(), sent.reason, person(), until_at=until_at, replaces=sent.replaces)
    return jsonify(out_shown(said, Teller(desk())).model_dump())


@pages.delete("/api/phone/out_of_service/<said>")
@allow("crew")
@speaks(status=204, also=(401, 403, 404, 409))
def delete_own_out_of_service(said: str) -> Response:
    """Say that this crew is back in service; 409 when somebody else or the time ended it."""
    put_back(desk(), _crew(), said, person())
    return Response(status=204)


@pages.post("/api/phone/events")
@allow("crew")
@speaks(takes=bodies.StepsBody, gives=shapes_road.StepsOut)
def post_events() -> Response:
    """Steps of the crew, in any order, however late; each is stored once by its own id.

    A step that cannot be read is refused alone, with its reason; one without a usable id answers with none.
    """
    _crew()
    sent = [_read(each) for each in body(bodies.AnySteps)]
    read = [each for each in sent if isinstance(each, field.Step)]
    done = iter(field.record_field_events(desk(), read, person()))
    results = [next(done) if isinstance(each, field.Step) else each for each in sent]
    return jsonify([shapes_road.StepOut(**asdict(each)).model_dump() for each in results])


def _read(sent: Any) -> field.Step | field.StepResult:
    """One step of a delivery, or its refusal: one phone's slip must not hold up the steps beside it."""
    try:
        return _step(parse(bodies.StepBody, json.dumps(sent).encode()))
    except BadInput as error:
        why = "; ".join(f"{fault.field}: {fault.message}" for fault in error.errors)
        facts = {"fields": ", ".join(fault.field for fault in error.errors)}
        return field.StepResult(_id_of(sent), "refused", why, "step_unreadable", facts)


def _id_of(sent: Any) -> str:
    """The id that the phone gave a step, though the rest of it is wrong; empty when that is wrong too."""
    given = sent.get("id") if isinstance(sent, dict) else None
    return given if isinstance(given, str) and bodies.OWN_ID.fullmatch(given) else ""


def _step(sent: bodies.StepBody) -> field.Step:
    fix = sent.fix
    return field.Step(
        id=sent.id,
        ticket=sent.ticket,
        kind=sent.kind,
        at=bodies.ms(sent.at),
        seq=sent.seq,
        fix=Fix(fix.lon, fix.lat, fix.accuracy_m, bodies.ms(fix.at), fix.mock) if fix else None,
        note=sent.note,
        photos=tuple(sent.photos),
        boot_ms=sent.boot,
    )


@pages.post("/api/phone/positions")
@allow("crew")
@speaks(takes=bodies.PositionsBody, gives=shapes_road.StoredOut)
def post_positions() -> Response:
    """Where the phone was; the newest is kept."""
    crew = _crew()
    sent = body(bodies.PositionsBody).root
    places = [Position(crew, bodies.ms(p.at), p.lon, p.lat, p.accuracy_m) for p in sent]
    return jsonify({"stored": field.record_positions(desk(), places)})
