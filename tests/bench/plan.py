"""Who keeps more promises: every planner beside the others and hindsight, on the same days, in the same run.

Days are drawn by `dispatch scenario`'s own rules: storms with the seeds 1 to 5, a busy and an ordinary day
with seed 1; 20 and 60 crews; on the sample company's area and on six of such towns side by side in the tiled
province of a million junctions. Calls are merged perfectly, by fault. As many days are played at a time as
there are cores. Figures are means over the seeds; "late" counts every report, those on time with 0; km hold
the drives home; "told crews changed" are orders that did not stand until the crew was there, those called off
for danger among them. Hindsight is the best plan found in the seconds named in `HINDSIGHT_S`, knowing
everything: no proven bound, and nobody is told. Decisions of the days are timed in the replay, where the
search counts rounds. Those "in service" search for `[plan] budget_s` of the clock on ten crowded boards over
the sample's roads, from no plan before, the matrix included, before and after the company's own trips have
taught how long drives and works last; P99 of ten is the slowest. Memory is the peak of `dispatch simulate`.
"""

from __future__ import annotations

import os
import random
import subprocess
import sys
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from dispatch.desk.chain import weights
from dispatch.paths import ROOT
from dispatch.plan import Board, CrewState, Job, plan
from dispatch.plan.chance import Doubt, Spread
from dispatch.simulate import PLANNERS
from tests.bench.figures import Figure, percentile
from tests.bench.month import timed
from tests.bench.plan_days import (
    Day,
    ground,
    in_province,
    in_sample,
    longest_first,
    mean,
    play,
    played,
    write_day,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dispatch.simulate import Result
    from tests.bench.house import House
    from tests.bench.plan_days import Ground, Where

    Played = Sequence[dict[str, Result]]

SEEDS = 5
HINDSIGHT_S = {20: 20.0, 60: 30.0}
NAMES = (*PLANNERS, "hindsight")
DECISIONS = 10
LEARNT = Doubt(Spread(0.05, 0.3), Spread(0.1, 0.5), 15.0)  # what a company might have learnt of its trips
NOW_MS = 1_790_000_000_000
CROWDS = ((60, 336, 500), (300, 1500, 1000))  # crews, tickets waiting, milliseconds that are the goal


def measure(house: House) -> list[Figure]:
    """Every planner on every kind of day, then the goals."""
    one = in_sample(house)
    figures = [_memory(house, ground(one)), *_in_service(ground(one))]
    grounds = (one, in_province(house))
    return figures + compared([(where, crews, SEEDS) for where in grounds for crews in (20, 60)])


def compared(companies: Sequence[tuple[Where, int, int]], quick: str = "") -> list[Figure]:
    """The planners on days of companies (where, crews, seeds of storms): what has a goal, then everything."""
    asked = {day for company in companies for days in _days(*company) for day in days}
    found = play(sorted(asked, key=longest_first), played)
    figures: list[Figure] = []
    for where, crews, seeds in companies:
        storms, busy, ordinary = ([found[day] for day in days] for days in _days(where, crews, seeds))
        what = f"{quick}{where.name}, {crews} crews"
        said = f"{what}, storm of {seeds} seed{'s' * (seeds > 1)}"
        figures += _goals(said, what, storms, busy)
        figures += _figures(said, storms)
        figures += _figures(f"{what}, busy day", busy)
        figures += _figures(f"{what}, ordinary day", ordinary)
    return figures


def _days(where: Where, crews: int, seeds: int) -> tuple[list[Day], list[Day], list[Day]]:
    """Storms, a busy and an ordinary day."""
    storms = [Day(where, "storm", crews, seed, HINDSIGHT_S[crews]) for seed in range(1, seeds + 1)]
    calm = HINDSIGHT_S[crews] / 2
    return storms, [Day(where, "busy", crews, 1, calm)], [Day(where, "ordinary", crews, 1, calm)]


def _goals(said: str, what: str, storms: Played, busy: Played) -> list[Figure]:
    weighted = {name: mean(storms, name, lambda each: each.weighted_on_time) for name in NAMES}
    km = {name: mean(storms, name, lambda each: each.km) for name in NAMES}
    kept = {name: mean(busy, name, lambda each: each.weighted_on_time) for name in NAMES}
    default = [each["default"] for each in [*storms, *busy]]
    changes = sum(each.told_changes - each.hazard_changes for each in default)
    ratio = weighted["default"] / weighted["nearest-pair"]
    return [
        Figure(
            f"{said}: weighted, default / hindsight",
            weighted["default"] / weighted["hindsight"],
            "x",
            0.88,
            "least",
        ),
        Figure(f"{said}: weighted, default / nearest-pair", ratio, "x", 1.40, "least"),
        Figure(f"{said}: km, default / nearest-pair", km["default"] / km["nearest-pair"], "x", 1.05),
        Figure(
            f"{what}, busy day: weighted, hindsight - default",
            100 * (kept["hindsight"] - kept["default"]),
            "pp",
            2,
        ),
        Figure(f"{said} and busy day: told crews changed without danger, default", changes, "", 0),
    ]


def _figures(said: str, days: Played) -> list[Figure]:
    return [figure for name in NAMES for figure in _of_planner(f"{said}, {name}", name, days)]


def _of_planner(said: str, name: str, days: Played) -> list[Figure]:
    zones = sorted({zone for each in days for zone in each[name].by_zone}, reverse=True)
    return [
        Figure(f"{said}: on time", 100 * mean(days, name, lambda each: each.on_time), "%"),
        Figure(f"{said}: weighted on time", 100 * mean(days, name, lambda each: each.weighted_on_time), "%"),
        *(Figure(f"{said}: {zone} on time", 100 * _of_zone(days, name, zone), "%") for zone in zones),
        Figure(f"{said}: late, mean", mean(days, name, lambda each: each.mean_late_min), "min"),
        Figure(f"{said}: late, P95", mean(days, name, lambda each: each.p95_late_min), "min"),
        Figure(f"{said}: driven", mean(days, name, lambda each: each.km), "km"),
        *([] if name == "hindsight" else _told(said, name, days)),
    ]


def _told(said: str, name: str, days: Played) -> list[Figure]:
    """What a planner that gives orders told crews otherwise, and how long it took to decide."""
    return [
        Figure(f"{said}: told crews changed", mean(days, name, lambda each: each.told_changes), ""),
        Figure(f"{said}: called off for danger", mean(days, name, lambda each: each.hazard_changes), ""),
        Figure(f"{said}: decision P50", mean(days, name, lambda each: each.decision_ms["p50"]), "ms"),
        Figure(f"{said}: decision P99", mean(days, name, lambda each: each.decision_ms["p99"]), "ms"),
    ]


def _of_zone(days: Played, name: str, zone: str) -> float:
    kept = [each[name].by_zone[zone] for each in days if zone in each[name].by_zone]
    return sum(each["on_time"] * each["reports"] for each in kept) / sum(each["reports"] for each in kept)


def _in_service(ground: Ground) -> list[Figure]:
    """Decisions as the service makes them, within its budget; the matrix of drives is asked in each."""
    figures = []
    for crews, tickets, goal_ms in CROWDS:
        for learnt, doubt in (("", None), (", learnt", LEARNT)):
            boards = [_crowded(ground, seed, crews, tickets, doubt) for seed in range(DECISIONS)]
            taken = [1000 * timed(lambda board=board: _decide(ground, board))[0] for board in boards]
            said = f"{crews} crews, {tickets} waiting{learnt}: decision in service"
            figures += [
                Figure(f"{said}, P50", percentile(taken, 50), "ms"),
                Figure(f"{said}, P99", percentile(taken, 99), "ms", goal_ms),
            ]
    return figures


def _decide(ground: Ground, board: Board) -> object:
    until = time.monotonic() + ground.config.plan.budget_s
    chosen = weights(ground.config)
    return plan(board, NOW_MS, ground.roads, chosen, keep_going=lambda _round: time.monotonic() < until)


def _crowded(ground: Ground, seed: int, crews: int, tickets: int, doubt: Doubt | None) -> Board:
    """Half of the crews are free, the others within the hour; tickets are up to three hours old."""
    dice, houses = random.Random(seed), ground.town.lonlat.tolist()
    teams = [
        CrewState(
            f"C{n}", tuple(dice.choice(houses)), NOW_MS + dice.choice((0, dice.randrange(3_600_000))),
            frozenset({"lv", "hv", "meter"} if n % 3 else {"lv"}), NOW_MS - 3_600_000, NOW_MS + 8 * 3_600_000,
        )
        for n in range(crews)
    ]  # fmt: skip
    jobs = [_ticket(number, dice, houses) for number in range(tickets)]
    return Board(tuple(teams), tuple(replace(job, doubt=doubt) for job in jobs))


def _ticket(number: int, dice: random.Random, houses: list[list[float]]) -> Job:
    opened = NOW_MS - dice.randrange(10_800_000)
    lon, lat = dice.choice(houses)
    due = opened + 60_000 * dice.choice((45, 90))
    return Job(
        f"T{number}", (lon, lat), frozenset({dice.choice(("lv", "lv", "hv"))}), (due,), opened,
        customers=dice.choice((1, 6, 24)), hazard=dice.random() < 0.05, work_s=2100.0,
    )  # fmt: skip


def _memory(house: House, ground: Ground) -> Figure:
    """Peak of a process that plays a storm of 60 crews with the default planner."""
    file = write_day(ground, "storm", 60, 1, house.folder() / "storm.json")
    command = [sys.executable, "-m", "dispatch", "simulate", str(file), "--area", str(house.area)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL) as process:
        _, status, used = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}")
    mb = used.ru_maxrss / (1024 if sys.platform == "linux" else 1024**2)
    return Figure("memory of dispatch simulate, storm of 60 crews", mb, "MB", 600)
