"""Why this crew and not another, and what sending any crew to a ticket would do to the other tickets."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING

import numpy as np

from dispatch.errors import NotFound
from dispatch.plan.board import Assignment, Cannot, Other, Plan, Reasons, Route, Terms, Waiting
from dispatch.plan.chance import doubts
from dispatch.plan.cost import MS_PER_MIN, Weights, expected_miss
from dispatch.plan.delays import Delay, Delays
from dispatch.plan.lookahead import CODES, look, travel_between

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from dispatch.plan.board import Board, Stop, TravelTimes
    from dispatch.plan.lookahead import Outlook

OTHERS = 3  # as many as a dispatcher reads


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


def assignment(outlook: Outlook, crew: int, job: int, planned: Mapping[int, int]) -> Assignment:
    """The pair (indices of the outlook) as an order with its reasons; `planned` is crew -> job."""
    on_time, p_on_time = _chance(outlook, crew, job)
    return Assignment(
        ticket=outlook.jobs[job].ticket,
        crew=outlook.crews[crew].id,
        arrive_ms=_arrive_ms(outlook, crew, job),
        travel_s=float(outlook.travel_s[crew, job]),
        on_time=on_time,
        p_on_time=p_on_time,
        reasons=_reasons(outlook, crew, job, planned),
    )


def made(outlook: Outlook, stops: Sequence[tuple[Stop, ...]], by: str) -> Plan:
    """The plan of planner `by` that follows from each crew's stops in order, with its reasons."""
    number = {job.ticket: index for index, job in enumerate(outlook.jobs)}
    planned = {crew: number[its[0].ticket] for crew, its in enumerate(stops) if its}
    starts = {crew for crew in planned if stops[crew][0].depart_ms <= outlook.now_ms}
    told = [assignment(outlook, crew, planned[crew], planned) for crew in starts]
    waits = [each for crew in planned for each in _next(outlook, crew, stops[crew], told=crew in starts)]
    routed = {stop.ticket: crew for crew, each in enumerate(stops) for stop in each}
    for job, waiting in enumerate(outlook.jobs):
        if waiting.ticket not in routed:
            waits.append(
                Waiting(waiting.ticket, None, None, None, _why_nobody(outlook, job, planned, routed))
            )
    return Plan(
        told=tuple(sorted(told, key=lambda each: each.ticket)),
        waiting=tuple(sorted(waits, key=lambda each: each.ticket)),
        routes=tuple(Route(outlook.crews[crew].id, stops[crew]) for crew in planned),
        by=by,
    )


def _next(outlook: Outlook, crew: int, stops: Sequence[Stop], *, told: bool) -> Iterator[Waiting]:
    """What waits for this crew: everything on its route but a job it is told now."""
    codes = [_kept_by(outlook, crew), *(f"after:{stop.ticket}" for stop in stops)]
    for stop, code in list(zip(stops, codes, strict=False))[told:]:
        yield Waiting(stop.ticket, outlook.crews[crew].id, stop.depart_ms, stop.arrive_ms, (code,))


def _kept_by(outlook: Outlook, crew: int) -> str:
    return "best_crew_busy" if outlook.crews[crew].free_at_ms > outlook.now_ms else "break"


def _why_nobody(
    outlook: Outlook, job: int, planned: Mapping[int, int], routed: Mapping[str, int]
) -> tuple[str, ...]:
    code = outlook.code[:, job]
    able = set(np.flatnonzero(code == 0).tolist())
    if able and able == {routed.get(outlook.jobs[job].apart_from or "")}:
        return ("same_crew",)
    if able:  # once somebody could go, it does not matter why the rest cannot
        return ("outranked",) if able <= planned.keys() else ("better_soon",)
    return tuple(sorted({CODES[each] for each in code})) or ("no_crew",)


def _arrive_ms(outlook: Outlook, crew: int, job: int) -> int:
    return outlook.now_ms + int(outlook.ahead_ms[crew, job])


def _chance(outlook: Outlook, crew: int, job: int) -> tuple[bool, float]:
    """Whether the earliest due time is met, and how likely; a job without a due time is always met."""
    if not outlook.jobs[job].dues_ms:
        return True, 1.0
    due_ms = min(outlook.jobs[job].dues_ms)
    due_min = (due_ms - outlook.now_ms) / MS_PER_MIN
    ahead, road = (
        np.array([[minutes]])
        for minutes in (outlook.ahead_ms[crew, job] / MS_PER_MIN, outlook.travel_s[crew, job] / 60)
    )
    by = doubts([outlook.jobs[job].doubt])
    missed = expected_miss(ahead, road, np.array([due_min]), by, outlook.weights)
    return _arrive_ms(outlook, crew, job) <= due_ms, 1.0 - float(missed[0, 0])


def _terms(outlook: Outlook, crew: int, job: int) -> Terms:
    at = (crew, job)
    return Terms(
        miss=float(outlook.terms.miss[at]),
        late_min=float(outlook.terms.late_min[at]),
        drive_min=float(outlook.travel_s[at]) / 60,
        wait_min=float(outlook.terms.wait_min[at]),
        weight=float(outlook.job_weight[job]),
        total=float(outlook.total[at]),
    )


def _reasons(outlook: Outlook, crew: int, job: int, planned: Mapping[int, int]) -> Reasons:
    total, code = outlook.total[:, job], outlook.code[:, job]
    ranked = [int(row) for row in np.argsort(total, kind="stable") if row != crew and code[row] == 0]
    cannot = [Cannot(outlook.crews[row].id, CODES[code[row]]) for row in np.flatnonzero(code)]
    others = [_other(outlook, row, job, crew, planned) for row in ranked[:OTHERS]]
    return Reasons(_terms(outlook, crew, job), tuple(others), tuple(cannot))


def _other(outlook: Outlook, crew: int, job: int, chosen: int, planned: Mapping[int, int]) -> Other:
    against = []
    if outlook.ahead_ms[crew, job] > outlook.ahead_ms[chosen, job]:
        against.append("later")
    if outlook.crews[crew].free_at_ms > outlook.now_ms:
        against.append("busy")
    if outlook.travel_s[crew, job] < outlook.travel_s[chosen, job]:
        against.append("nearer")
    if crew in planned and outlook.jobs[planned[crew]].apart_from == outlook.jobs[job].ticket:
        against.append("same_crew")
    elif crew in planned:
        kind = "would_make_late" if _becomes_late(outlook, crew, (chosen, job), planned) else "would_delay"
        against.append(f"{kind}:{outlook.jobs[planned[crew]].ticket}")
    arrive_ms, terms = _arrive_ms(outlook, crew, job), _terms(outlook, crew, job)
    return Other(outlook.crews[crew].id, arrive_ms, terms, tuple(against) or ("equal",))


def _becomes_late(outlook: Outlook, crew: int, sent: tuple[int, int], planned: Mapping[int, int]) -> bool:
    """Whether the ticket the crew is planned for would surely miss its promise if it went for the one `sent`.

    `sent` is (crew, job). Nobody could be there in time then: not the one sent, which would be free, nor any
    that the plan leaves without a ticket, nor this one after its work, were both sites the same.
    """
    chosen, job = sent
    first = outlook.jobs[planned[crew]]
    if not first.dues_ms:
        return False
    due_ms = min(first.dues_ms) - outlook.now_ms
    ahead_ms = outlook.ahead_ms[:, planned[crew]]
    spare = [row for row in range(len(outlook.crews)) if row not in planned or row == chosen]
    after_ms = outlook.ahead_ms[crew, job] + outlook.jobs[job].work_s * 1000
    return bool(ahead_ms[crew] <= due_ms < min(after_ms, ahead_ms[spare].min(initial=np.inf)))


def options(
    board: Board, job_ticket: str, now: int, travel: TravelTimes, weights: Weights | None = None
) -> list[Option]:
    """Every crew for one ticket: who can go by arrival time, then who cannot by id, with the code.

    `now` is epoch ms. The travel engine is asked once. `would_delay` compares two plans of the other waiting
    tickets: as if this one did not exist, and with the crew busy on it until arrival and expected work.
    Raises NotFound when the ticket does not wait on the board.
    """
    weights = weights or Weights()
    job = next((job for job in board.jobs if job.ticket == job_ticket), None)
    if job is None:
        raise NotFound(f"Ticket {job_ticket} does not wait for a crew; choose one that is open on the board.")
    crews = tuple(sorted(board.crews, key=lambda crew: crew.id))
    rest = tuple(sorted((other for other in board.jobs if other is not job), key=lambda other: other.ticket))
    jobs = (job, *rest)
    places = [other.place for other in jobs]
    seconds = travel_between(travel, [crew.place for crew in crews] + places, places)
    here = look(crews, (job,), now, seconds[: len(crews), :1], weights)
    delays = Delays(
        here, look(crews, rest, now, seconds[: len(crews), 1:], weights), seconds[len(crews) :, 1:]
    )
    found = [_option(here, row, delays) for row in range(len(crews))]
    return sorted(found, key=lambda option: (option.arrives_ms is None, option.arrives_ms or 0, option.crew))


def _option(here: Outlook, crew: int, delays: Delays) -> Option:
    name, code = here.crews[crew].id, CODES[here.code[crew, 0]]
    if code:
        return Option(
            name, None, None, on_time=False, p_on_time=0.0, cost_terms={}, would_delay=(), not_possible=code
        )
    on_time, p_on_time = _chance(here, crew, 0)
    return Option(
        crew=name,
        arrives_ms=_arrive_ms(here, crew, 0),
        eta_s=math.ceil(here.ahead_ms[crew, 0] / 1000),
        on_time=on_time,
        p_on_time=p_on_time,
        cost_terms=asdict(_terms(here, crew, 0)),
        would_delay=delays.when_sent(crew),
        not_possible=None,
    )
