"""Who calls, drives and calls back when nobody real does: a play over the same HTTP calls.

Callers, crews and one call-back clerk each have a token that marks what they do as simulated. The server's
state decides: a play that starts again goes on from where crews and tickets are.
"""

from __future__ import annotations

import logging
import random
from typing import TYPE_CHECKING

from dispatch.demo import loop
from dispatch.demo.callers import SCENARIOS, Callers, calls
from dispatch.demo.clerk import Clerk
from dispatch.demo.crews import Crew
from dispatch.demo.door import Door
from dispatch.demo.pace import Pace
from dispatch.demo.town import Town
from dispatch.desk.closures import roads_now
from dispatch.desk.people import create_token
from dispatch.errors import BadInput, DispatchError, Fault

if TYPE_CHECKING:
    import threading

    from dispatch.desk import Desk

__all__ = ["play"]

ACCOUNTS = 2000  # as many of the company's accounts may call
SIGNS_S = 0.5
log = logging.getLogger("dispatch.demo")


def play(desk: Desk, base: str, speed: float, scenario: str, stop: threading.Event) -> None:
    """Let simulated people work at `base` (http://host:port), `speed` x real time, until `stop` is set.

    What goes wrong is logged, never raised: this runs in a thread of its own.
    """
    try:
        actors = _cast(desk, base, speed, scenario)
    except DispatchError as error:
        log.error("nobody can be simulated: %s", error)  # noqa: TRY400 -- a sentence for the user, no trace
        return
    loop.run(actors, stop)


def _cast(desk: Desk, base: str, speed: float, scenario: str) -> list[loop.Actor]:
    """Everybody who plays, with new tokens; those of an earlier play are worthless from now on."""
    if scenario not in SCENARIOS:
        known = ", ".join(SCENARIOS)
        raise BadInput(
            f"There is no scenario {scenario!r}; use one of {known}.", (Fault("scenario", "unknown"),)
        )
    company = desk.store.company
    # Another start on the same database must not repeat the same calls.
    dice = random.Random(f"{scenario} {desk.store.tickets.head()[0]}")  # noqa: S311 -- a play, not a secret
    pace = Pace(speed, dice, desk.clock, desk.timezone)
    with desk.store.transaction():
        desk.store.people.drop_simulated_tokens()
        company.set_setting("simulated", "1")
        caller, clerk, *phones = _doors(desk, base)
    town = Town(
        company.sample_accounts(ACCOUNTS), desk.roads, dice, fictional=bool(company.setting("sample"))
    )
    office = Clerk(clerk, pace)
    callers = Callers(caller, pace, town, calls(SCENARIOS[scenario], dice), office)
    positions = company.positions()
    crews = [
        Crew(crew, phone, pace, desk.roads, faults=desk.rulebook.faults, last=positions.get(crew.id))
        for crew, phone in zip(company.crews(), phones, strict=True)
    ]
    return [RoadSigns(desk), office, callers, *crews]


class RoadSigns:
    """Tell simulated drivers what is closed: their roads follow the desk's closures within a second."""

    name = "road signs"

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def act(self, now_s: float) -> float:
        """Bring the roads up to date; the next look, on the same clock in seconds."""
        roads_now(self._desk, self._desk.clock())
        return now_s + SIGNS_S


def _doors(desk: Desk, base: str) -> list[Door]:
    """A door for the callers, one for the clerk, one for each crew's phone."""
    caller = create_token(desk, "intake", "simulated caller", simulated=True)
    clerk = create_token(desk, "dispatcher", "simulated desk", simulated=True)
    phones = [
        create_token(desk, "crew", f"simulated crew {crew.id}", crew.id, simulated=True)
        for crew in desk.store.company.crews()
    ]
    return [Door(base, token) for token in (caller, clerk, *phones)]
