"""Why this crew and not another, and why a ticket waits: a plan with its reasons."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from dispatch.plan.board import Assignment, Cannot, Other, Plan, Rank, Reasons, Route, Terms, Waiting
from dispatch.plan.chance import around_mean, doubts
from dispatch.plan.cost import MS_PER_MIN, expected_miss
from dispatch.plan.lookahead import CODES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from dispatch.plan.board import Stop
    from dispatch.plan.lookahead import Outlook

    Breaks = Callable[[int], tuple[str, ...]]
    """What a crew (row of the outlook) would break by going, in codes of `Other`."""

OTHERS = 3  # as many as a dispatcher reads
SAME = 1e-6  # costs and minutes nearer than this are equal


def assignment(outlook: Outlook, crew: int, job: int, breaks: Breaks) -> Assignment:
    """The pair (indices of the outlook) as an order with its reasons."""
    on_time, p_on_time = chance(outlook, crew, job)
    return Assignment(
        ticket=outlook.jobs[job].ticket,
        crew=outlook.crews[crew].id,
        arrive_ms=arrival_ms(outlook, crew, job),
        travel_s=float(outlook.travel_s[crew, job]),
        on_time=on_time,
        p_on_time=p_on_time,
        reasons=_reasons(outlook, crew, job, breaks),
    )


def made(outlook: Outlook, stops: Sequence[tuple[Stop, ...]], by: str) -> Plan:
    """The plan of planner `by` that follows from each crew's stops in order, with its reasons."""
    number = {job.ticket: index for index, job in enumerate(outlook.jobs)}
    stops = _led(outlook, number, stops)
    planned = {crew: number[its[0].ticket] for crew, its in enumerate(stops) if its}
    starts = {crew for crew in planned if stops[crew][0].depart_ms <= outlook.now_ms}
    told = [
        assignment(outlook, crew, planned[crew], _by_plan(outlook, (crew, planned[crew]), planned))
        for crew in starts
    ]
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


def _led(
    outlook: Outlook, number: Mapping[str, int], stops: Sequence[tuple[Stop, ...]]
) -> list[tuple[Stop, ...]]:
    """The stops, where of two halves the one that carries the promise is done by the crew there first.

    The halves are alike but for their due times, so that they may change hands and nothing else changes.
    """
    routes = [list(its) for its in stops]
    at = {stop.ticket: (crew, nth) for crew, its in enumerate(stops) for nth, stop in enumerate(its)}
    for job, half in enumerate(outlook.jobs):
        first = number.get(half.apart_from or "", -1)
        if first < 0 or half.dues_ms or not outlook.jobs[first].dues_ms or half.ticket not in at:
            continue
        there, other = at[half.ticket], at.get(outlook.jobs[first].ticket)
        mine = routes[there[0]][there[1]]
        alike = all(outlook.code[one[0], job] == outlook.code[one[0], first] for one in (there, other) if one)
        if not alike or (other and routes[other[0]][other[1]].arrive_ms <= mine.arrive_ms):
            continue
        routes[there[0]][there[1]] = replace(mine, ticket=outlook.jobs[first].ticket)
        if other:
            routes[other[0]][other[1]] = replace(routes[other[0]][other[1]], ticket=half.ticket)
    return [tuple(its) for its in routes]


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


def arrival_ms(outlook: Outlook, crew: int, job: int) -> int:
    """When the crew would be there, epoch ms."""
    return outlook.now_ms + int(outlook.ahead_ms[crew, job])


def chance(outlook: Outlook, crew: int, job: int) -> tuple[bool, float]:
    """Whether the earliest due time is met, and how likely; a job without a due time is always met."""
    if not outlook.jobs[job].dues_ms:
        return True, 1.0
    due_ms = min(outlook.jobs[job].dues_ms)
    on_time = arrival_ms(outlook, crew, job) <= due_ms
    if len(outlook.jobs[job].dues_ms) == 1:  # then it is what the pair was charged for
        return on_time, 1.0 - float(outlook.terms.miss[crew, job])
    due_min = (due_ms - outlook.now_ms) / MS_PER_MIN
    ahead, road = (
        np.array([[minutes]])
        for minutes in (outlook.ahead_ms[crew, job] / MS_PER_MIN, outlook.travel_s[crew, job] / 60)
    )
    doubt, width = outlook.jobs[job].doubt, outlook.crews[crew].free_width
    by = doubts([doubt if doubt is None or width is None else replace(doubt, work=around_mean(width))])
    missed = expected_miss(ahead, road, np.array([due_min]), by, outlook.weights)
    return on_time, 1.0 - float(missed[0, 0])


def terms_of(outlook: Outlook, crew: int, job: int) -> Terms:
    """What its going would cost, term by term."""
    at = (crew, job)
    return Terms(
        miss=float(outlook.terms.miss[at]),
        late_min=float(outlook.terms.late_min[at]),
        drive_min=float(outlook.travel_s[at]) / 60,
        wait_min=float(outlook.terms.wait_min[at]),
        weight=float(outlook.job_weight[job]),
        total=float(outlook.total[at]),
    )


def _reasons(outlook: Outlook, crew: int, job: int, breaks: Breaks) -> Reasons:
    total, code = outlook.total[:, job], outlook.code[:, job]
    ranked = [int(row) for row in np.argsort(total, kind="stable") if row != crew and code[row] == 0]
    cannot = [Cannot(outlook.crews[row].id, CODES[code[row]]) for row in np.flatnonzero(code)]
    others = [_other(outlook, row, job, crew, breaks(row)) for row in ranked[:OTHERS]]
    return Reasons(terms_of(outlook, crew, job), tuple(others), tuple(cannot), _rank(outlook, crew, job))


def _rank(outlook: Outlook, crew: int, job: int) -> Rank:
    """Of equals each has the best rank."""
    by_cost, by_arrival = (
        1 + int((values[:, job] < values[crew, job] - SAME).sum())
        for values in (outlook.total, outlook.ahead_ms)
    )
    return Rank(by_cost, by_arrival, int((outlook.code[:, job] == 0).sum()))


def _other(outlook: Outlook, crew: int, job: int, chosen: int, broken: tuple[str, ...]) -> Other:
    against = []
    if outlook.total[crew, job] < outlook.total[chosen, job] - SAME and not broken:
        against.append("better")
    if outlook.ahead_ms[crew, job] > outlook.ahead_ms[chosen, job]:
        against.append("later")
    if outlook.crews[crew].free_at_ms > outlook.now_ms:
        against.append("busy")
    if outlook.travel_s[crew, job] < outlook.travel_s[chosen, job]:
        against.append("nearer")
    why = (*against, *broken) or ("equal",)
    return Other(outlook.crews[crew].id, arrival_ms(outlook, crew, job), terms_of(outlook, crew, job), why)


def _by_plan(outlook: Outlook, sent: tuple[int, int], planned: Mapping[int, int]) -> Breaks:
    """What each crew does in this plan, and so would leave, if it went in place of the one `sent`.

    `sent` is (crew, job), `planned` crew -> job.
    """

    def breaks(crew: int) -> tuple[str, ...]:
        if crew not in planned:
            return ()
        if outlook.jobs[planned[crew]].apart_from == outlook.jobs[sent[1]].ticket:
            return ("same_crew",)
        kind = "would_make_late" if _becomes_late(outlook, crew, sent, planned) else "would_delay"
        return (f"{kind}:{outlook.jobs[planned[crew]].ticket}",)

    return breaks


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
