"""The dispatcher's board: what is open, one ticket's story, who could go, and the acts on it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response, current_app, jsonify, render_template, request

from dispatch.desk import assign, field
from dispatch.desk.recall import take_back
from dispatch.errors import BadInput, Fault
from dispatch.web import bodies, shapes, shapes_road
from dispatch.web.gate import DESK, READERS, allow, body, desk, person, tagged
from dispatch.web.map import bounds
from dispatch.web.spec import More, openapi, speaks
from dispatch.web.tell import Teller

if TYPE_CHECKING:
    from dispatch.ticket import Ticket
    from dispatch.web.told import Told

pages = Blueprint("board", __name__)
SINCE = {"since": "the `tag` of an earlier answer: only what changed since, if that is still known"}
BESIDE = {"second": "true: as a second crew beside the one that goes (default: in its place)"}


@pages.get("/")
@allow(*READERS)
def page() -> str:
    """The board."""
    return render_template("board.html", page="board", bounds=bounds())


@pages.get("/ticket/<ticket>")
@allow(*READERS)
def ticket_page(ticket: str) -> str:
    """One ticket's whole story."""
    found = desk().store.tickets.get(ticket)
    return render_template("ticket.html", page="ticket", ticket=found.id, bounds=bounds())


@pages.get("/api/board")
@allow(*READERS)
@speaks(gives=shapes_road.BoardOut, more=More(query=SINCE, etag=True))
def get_board() -> Response:
    """Every open ticket and every crew, or only what changed; 304 when nothing changed since the ETag."""
    told: Told = current_app.extensions["told"]
    shown = told.board(request.args.get("since", ""))
    return tagged(shown, shown["tag"])


def _told(ticket: Ticket) -> Response:
    return jsonify(Teller(desk()).ticket(ticket).model_dump())


@pages.get("/api/tickets/<ticket>")
@allow(*READERS)
@speaks(gives=shapes.TicketOut, also=(401, 403, 404))
def get_ticket(ticket: str) -> Response:
    """A ticket, its reports with their clocks, its timeline, and why its crew was chosen."""
    return _told(desk().store.tickets.get(ticket))


@pages.get("/api/tickets/<ticket>/options")
@allow(*READERS)
@speaks(gives=shapes_road.OptionsOut, also=(401, 403, 404, 409, 422, 503), more=More(query=BESIDE))
def get_options(ticket: str) -> Response:
    """Every crew by its arrival, or why it cannot go."""
    teller, said = Teller(desk()), request.args.get("second", "false")
    if said not in {"true", "false"}:
        raise BadInput("There is no such choice.", (Fault("second", "say true or false"),))
    found = assign.options(desk(), ticket, second=said == "true")
    return jsonify([teller.option(each).model_dump() for each in found])


@pages.post("/api/tickets/<ticket>/assign")
@allow(*DESK)
@speaks(takes=bodies.AssignBody, gives=shapes.TicketOut, also=(401, 403, 404, 409))
def post_assign(ticket: str) -> Response:
    """Send a crew by hand, with `second` beside the one that goes; 409 when somebody has sent another one.

    With `replaces` the crew that leads is taken off in the same step though a person sent it; 409 when
    another one leads by now. The planner leaves it alone; only without `pin` it may call the crew off for
    people in danger elsewhere.
    """
    said = body(bodies.AssignBody).model_dump()
    return _told(assign.assign(desk(), ticket, said.pop("crew"), person(), **said))


@pages.delete("/api/tickets/<ticket>/assign")
@allow(*DESK)
@speaks(
    takes=bodies.TakeBackBody,
    gives=shapes.TicketOut,
    also=(401, 403, 404, 409),
    more=More(body_optional=True),
)
def delete_assign(ticket: str) -> Response:
    """Take a crew off the ticket, the one that leads if none is named; with nobody left it waits again."""
    sent = body(bodies.TakeBackBody) if request.get_data() else bodies.TakeBackBody()
    return _told(take_back(desk(), ticket, sent.reason, person(), sent.crew))


@pages.post("/api/tickets/<ticket>/callback")
@allow(*DESK)
@speaks(takes=bodies.CallbackBody, gives=shapes.TicketOut, also=(401, 403, 404, 409))
def post_callback(ticket: str) -> Response:
    """What the customer said; `power_back: false` reopens the ticket."""
    said = field.Callback(**body(bodies.CallbackBody).model_dump())
    return _told(field.call_back(desk(), ticket, said, person()))


@pages.get("/api/openapi.json")
@allow("public")
def get_openapi() -> Response:
    """This interface, described."""
    return jsonify(openapi())


@pages.get("/api/health")
@allow("public")
@speaks(gives=shapes_road.HealthOut, also=(503,), more=More(public=True, same_at=503))
def get_health() -> Any:
    """Whether the store answers and the planner plans; 503 when it has been silent beyond its limit."""
    teller, store = Teller(desk()), desk().store
    age_s = None if teller.plan_at is None else (teller.now - teller.plan_at) / 1000
    alive = age_s is not None and age_s <= desk().config.plan.silent_after_s
    head = store.tickets.head()[0]
    health = shapes_road.HealthOut(
        store="ok", jobs_leader=alive, last_plan_age_s=age_s, last_plan_by=teller.plan_by, head=head
    )
    return jsonify(health.model_dump()), 200 if alive else 503
