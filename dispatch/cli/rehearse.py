"""Commands that try things out: a drawn day or a past month is played, nothing is written to the database."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import click

from dispatch.cli import door
from dispatch.cli.ask import Place

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)
PLANNERS = ("default", "lookahead", "nearest-free", "nearest-pair")
KINDS = ("storm", "busy", "ordinary")
AREA = click.option("--area", type=FOLDER, help="Built area to drive on (default: [area] path).")


@click.command()
@click.option("--crews", type=click.IntRange(1, 1000), required=True, help="How many crews there are.")
@click.option("--kind", type=click.Choice(KINDS), required=True, help="What the day is like.")
@click.option("--seed", type=int, required=True, help="The same seed draws the same day.")
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="Scenario file to write."
)
@click.option(
    "--hours", type=click.FloatRange(1, 744), default=24, show_default=True, help="How long reports come in."
)
@AREA
def scenario(*, crews: int, kind: Any, seed: int, out: Path, hours: float, area: Path | None) -> None:
    """Draw a day of reports on the real houses and roads of the area, to be played by `simulate`."""
    from dispatch.desk import scenarios

    drawn = scenarios.draw_day(door.config(), kind, crews, seed, hours=hours, area=area)
    scenarios.write(drawn, out)
    faults = len({report["fault"] for report in drawn["reports"]})
    reports, closures = len(drawn["reports"]), len(drawn["closures"])
    click.echo(
        f"{drawn['name']}: {reports} reports of {faults} faults, {closures} closures; written to {out}"
    )


@click.command()
@click.argument("file", type=FILE)
@click.option(
    "--planner",
    "planners",
    type=click.Choice(PLANNERS),
    multiple=True,
    help="Who decides; may be given more than once (default: default).",
)
@AREA
@click.option(
    "--json", "as_json", is_flag=True, help="Print JSON: one object, or a list of several planners."
)
@click.option(
    "--hindsight",
    type=click.FloatRange(0, 36_000, min_open=True),
    metavar="SECONDS",
    help="Search so long for the best plan of all, knowing everything, and show it too.",
)
def simulate(
    *, file: Path, planners: tuple[str, ...], area: Path | None, as_json: bool, hindsight: float | None
) -> None:
    """Play the scenario in FILE and print how its promises would have been kept."""
    from dispatch.desk import scenarios, simulated

    config = door.config()
    played = scenarios.read(file)
    drives = simulated.drives_of(config, played, area)
    days = [simulated.simulate(config, played, name, drives) for name in planners or ("default",)]
    results = [each for each, _ in days]
    if hindsight:
        results.append(simulated.hindsight(played, drives, days, hindsight))
    if as_json:
        shown = [each.as_json() for each in results]
        click.echo(json.dumps(shown if len(shown) > 1 else shown[0], ensure_ascii=False))
        return
    for line in _table(results):
        click.echo(line)


def _table(results: list[Any]) -> list[str]:
    """Two lines for each planner, under a heading."""
    head = f"{results[0].reports} reports"
    rows = [f"{head:<14} on time weighted  late, mean  P95 min  trips     km  changed  decision P50  P99 ms"]
    for each in results:
        zones = (f"{zone} {kept['on_time']:.1%} of {kept['reports']}" for zone, kept in each.by_zone.items())
        reached = f"; {each.unreached} not reached" if each.unreached else ""
        rows += [_row(each), f"{'':<14} {', '.join(zones)}{reached}"]
    return rows


def _row(each: Any) -> str:
    ms = each.decision_ms
    kept = f"{each.planner:<14} {each.on_time:>7.1%} {each.weighted_on_time:>8.1%}"
    late = f"{each.mean_late_min:>10.1f}  {each.p95_late_min:>7.1f}"
    took = f"{each.trips:>5} {each.km:>6.0f}  {each.told_changes:>7}"
    return f"{kept}  {late}  {took}  {ms['p50']:>12.1f}  {ms['p99']:>6.1f}"


@click.command()
@click.argument("month")
@click.option(
    "--crews", type=FILE, help="Crews instead of the company's, a table as `import crews` takes it."
)
@click.option("--drop", multiple=True, metavar="CREW", help="Leave a crew out; may be given again.")
@click.option(
    "--depot",
    "depots",
    nargs=2,
    type=(str, Place()),
    multiple=True,
    metavar="CREW LON,LAT",
    help="Let a crew start from there; may be given again.",
)
@click.option(
    "--depots",
    "units",
    type=FILE,
    help="Let the crews of each unit start from there, a table as `import units` takes it.",
)
@click.option("--policy", default="", help="Another rule book of data/policies.")
@click.option("--closures", type=FILE, help="Closures that hold as well, a JSON list.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def replay(
    *,
    month: str,
    crews: Path | None,
    drop: tuple[str, ...],
    depots: tuple[tuple[str, tuple[float, float]], ...],
    units: Path | None,
    policy: str,
    closures: Path | None,
    as_json: bool,
) -> None:
    """Play a past MONTH (such as 2026-10) again, as it was and with a change, and compare kept promises.

    The crews are today's, with their shifts and breaks: those of the past are not kept. Give those of that
    month with --crews, if you have their table.
    """
    from dataclasses import asdict

    from dispatch.desk import replay as replaying
    from dispatch.desk import what_if

    desk = door.desk()
    change = replaying.WhatIf(
        crews=what_if.read_crews(desk, crews) if crews else None,
        dropped=drop,
        units=what_if.read_depots(desk, units) if units else {},
        depots=dict(depots),
        policy=policy,
        closures=what_if.read_closures(desk, closures, month) if closures else (),
    )
    found = replaying.replay(desk, month, change)
    if as_json:
        click.echo(json.dumps(asdict(found)))
        return
    click.echo(f"{found.month}: {found.as_it_was.reports} reports played, {found.left_out} left out")
    click.echo(_crews(found))
    click.echo(_kept("as it was", found.as_it_was))
    click.echo(_kept("replayed unchanged", found.unchanged))
    if found.changed:
        click.echo(_kept("with the change", found.changed))
        click.echo(f"{'difference':<19}{found.changed.kept - found.unchanged.kept:>+6} promises kept")


def _crews(found: Any) -> str:
    gone = f"; sent then and gone since: {', '.join(found.gone)}" if found.gone else ""
    return f"with today's {found.crews} crews, as those of the past are not kept{gone}"


def _kept(what: str, kept: Any) -> str:
    zones = ", ".join(f"{zone} {ok} of {of}" for zone, (ok, of) in kept.by_zone.items())
    return f"{what:<19}{kept.kept:>6} of {kept.reports} kept ({kept.kept / kept.reports:.1%}): {zones}"


COMMANDS = (scenario, simulate, replay)
