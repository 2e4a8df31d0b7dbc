"""What sending any crew to one ticket would mean, there and for the other tickets; and an order by hand."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING

from dispatch.errors import NotFound
from dispatch.plan.board import Board, Cannot
from dispatch.plan.delays import Delays
from dispatch.plan.explain import arrival_ms, assignment, chance, terms_of
from dispatch.plan.lookahead import CODES, drives_to, look, weighed
from dispatch.plan.problem import pressing

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Sequence

    from dispatch.plan.board import Assignment, CrewState, Delay, Job, TravelTimes
    from dispatch.plan.cost import Weights
    from dispatch.plan.lookahead import Outlook

BROKEN = 2  # of the tickets that another crew's going would delay, as many as stand in a cell of a table


@dataclass(frozen=True, slots=True)
class Option:
    """One crew for one ticket; when `not_possible` names a code, there is no arrival and no cost."""

    crew: str
    arrives_ms: int | None
    eta_s: int | None
    on_time: bool
    p_on_time: float
    cost_terms: dict[str, float]
    would_delay: tuple[Delay, ...]
    not_possible: str | None


def options(
    board: Board, job_ticket: str, now: int, travel: TravelTimes, weights: Weights | None = None
) -> list[Option]:
    """Every crew for one ticket: who can go by arrival time, then who cannot by id, with the code.

    `now` is epoch ms. The travel engine is asked twice. `would_delay` compares two plans of the other waiting
    tickets (of very many, those that press most): as if this one did not exist, and with the crew busy on it
    until arrival and expected work. Raises NotFound when the ticket does not wait on the board.
    """
    here, delays = _weigh(board, job_ticket, now, travel, weights)
    found = [_option(here, row, delays) for row in range(len(here.crews))]
    return sorted(found, key=lambda option: (option.arrives_ms is None, option.arrives_ms or 0, option.crew))


def order(
    board: Board,
    job_ticket: str,
    crew: str,
    *,
    now: int,
    travel: TravelTimes,
    weights: Weights | None = None,
) -> Assignment | Cannot:
    """The crew sent to the ticket whatever the figures say, with what they say; Cannot where it cannot go.

    A crew that once declined the ticket may be sent to it. Other figures and errors as of `options`; raises
    NotFound for a crew that is not on the board, too.
    """
    asked = (_unbarred(job, crew) if job.ticket == job_ticket else job for job in board.jobs)
    here, delays = _weigh(Board(board.crews, tuple(asked)), job_ticket, now, travel, weights)
    row = _row(here, crew)
    if code := CODES[here.code[row, 0]]:
        return Cannot(crew, code)
    return explained(here, row, delays.when_sent)


def _unbarred(job: Job, crew: str) -> Job:
    return replace(job, barred=job.barred - {crew})


def delays_when_sent(
    board: Board,
    job_ticket: str,
    crew: str,
    *,
    now: int,
    travel: TravelTimes,
    weights: Weights,
    turned: tuple[CrewState, Job] | None = None,
) -> tuple[Delay, ...]:
    """What it does to the other tickets when the crew goes to this one; errors as of `order`.

    `turned` says that it is on its way to another: how it stands once it is called off, and the ticket it
    leaves. The board knows it as busy with that ticket, which is not on it.
    """
    on_the_way = None
    if turned:
        state, left = turned
        crews = tuple(state if each.id == crew else each for each in board.crews)
        board, on_the_way = Board(crews, (*board.jobs, left)), (crew, left.ticket)
    here, delays = _weigh(board, job_ticket, now, travel, weights, on_the_way=on_the_way)
    return delays.when_sent(_row(here, crew))


def explained(here: Outlook, row: int, delays_of: Callable[[int], tuple[Delay, ...]]) -> Assignment:
    """The crew of that row sent to the one ticket of the outlook, with what it and others would delay.

    `delays_of` says what sending a crew (its row) does to the other tickets.
    """
    made = assignment(here, row, 0, lambda other: _broken(delays_of(other)))
    return replace(made, reasons=replace(made.reasons, delays=delays_of(row)))


def _broken(delays: Sequence[Delay]) -> tuple[str, ...]:
    """The worst delays as codes of `Other`: without a crew, then late, then longest."""
    worst = sorted(delays, key=lambda delay: (delay.by_s is not None, not delay.becomes_late))
    return tuple(f"{_kind(delay)}:{delay.ticket}" for delay in worst[:BROKEN])


def _kind(delay: Delay) -> str:
    if delay.by_s is None:
        return "would_strand"
    return "would_make_late" if delay.becomes_late else "would_delay"


def _row(here: Outlook, crew: str) -> int:
    found = next((row for row, each in enumerate(here.crews) if each.id == crew), None)
    if found is None:
        raise NotFound(f"Crew {crew} is not on the board; choose one that is.")
    return found


def _weigh(
    board: Board,
    job_ticket: str,
    now: int,
    travel: TravelTimes,
    weights: Weights | None,
    *,
    on_the_way: tuple[str, str] | None = None,
) -> tuple[Outlook, Delays]:
    """The outlook of the one ticket, and what sending a crew to it does to the others.

    `on_the_way` is a crew and the other ticket that it goes on to unless it is sent here.
    """
    weights = weighed(board, now, weights)
    job = next((job for job in board.jobs if job.ticket == job_ticket), None)
    if job is None:
        raise NotFound(f"Ticket {job_ticket} does not wait for a crew; choose one that is open on the board.")
    crews = tuple(sorted(board.crews, key=lambda crew: crew.id))
    rest = tuple(sorted((other for other in board.jobs if other is not job), key=lambda other: other.ticket))
    seconds = drives_to(travel, [crew.place for crew in crews], [job, *rest])
    here = look(crews, (job,), now, seconds[:, :1], weights)
    others = look(crews, rest, now, seconds[:, 1:], weights)
    goes = [] if on_the_way is None else [(_row(here, on_the_way[0]), _column(rest, on_the_way[1]))]
    chosen = sorted({*pressing(others, per_crew=1), *(column for _, column in goes)})
    if len(chosen) < len(rest):
        rest = tuple(rest[column] for column in chosen)
        others = look(crews, rest, now, seconds[:, 1:][:, chosen], weights)
        goes = [(row, chosen.index(column)) for row, column in goes]
    sites = [job.place, *(other.place for other in rest)]
    return here, Delays(here, others, drives_to(travel, sites, rest), tuple(goes))


def narrowed(board: Board, now: int, travel: TravelTimes, weights: Weights, keep: Collection[str]) -> Board:
    """The board with no more tickets than are weighed against each other: those that press, and `keep`."""
    crews = tuple(sorted(board.crews, key=lambda crew: crew.id))
    jobs = tuple(sorted(board.jobs, key=lambda job: job.ticket))
    seconds = drives_to(travel, [crew.place for crew in crews], jobs)
    press = pressing(look(crews, jobs, now, seconds, weights), per_crew=1)
    kept = {jobs[job].ticket for job in press} | set(keep)
    return Board(crews, tuple(job for job in jobs if job.ticket in kept))


def _column(jobs: Sequence[Job], ticket: str) -> int:
    return next(column for column, job in enumerate(jobs) if job.ticket == ticket)


def _option(here: Outlook, crew: int, delays: Delays) -> Option:
    name, code = here.crews[crew].id, CODES[here.code[crew, 0]]
    if code:
        return Option(
            name, None, None, on_time=False, p_on_time=0.0, cost_terms={}, would_delay=(), not_possible=code
        )
    on_time, p_on_time = chance(here, crew, 0)
    return Option(
        crew=name,
        arrives_ms=arrival_ms(here, crew, 0),
        eta_s=math.ceil(here.ahead_ms[crew, 0] / 1000),
        on_time=on_time,
        p_on_time=p_on_time,
        cost_terms=asdict(terms_of(here, crew, 0)),
        would_delay=delays.when_sent(crew),
        not_possible=None,
    )
