"""Commands about the chance of arriving in time: whether it came true, and when the weather is severe."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from dispatch.cli import door

if TYPE_CHECKING:
    from dispatch.plan.calibration import Bin, Calibration
    from dispatch.plan.chance import Learnt

MOMENT = "ISO 8601 with an offset, such as 2026-10-03T08:15:00+08:00."


@click.command()
@click.option("--from", "since", default="", help=f"Tickets opened from then on (default: 90 days). {MOMENT}")
@click.option("--until", default="", help=f"... and before then (default: now). {MOMENT}")
@click.option("--report", is_flag=True, help="Only report; learn nothing anew.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON.")
def calibrate(since: str, until: str, *, report: bool, as_json: bool) -> None:
    """Learn how long drives and works really take; print whether the chances said came true."""
    from dispatch.desk import chance

    desk = door.desk()
    span = [_moment(each, name) for each, name in ((since, "from"), (until, "until"))]
    found = chance.calibration(desk, *span)
    learnt = chance.outlook(desk, desk.clock()).learnt if report else chance.learn_now(desk)
    if as_json:
        click.echo(json.dumps({**asdict(found), "learnt": learnt.as_json()}, ensure_ascii=False))
        return
    for line in (*_lines(found), *_lessons(learnt)):
        click.echo(line)


@click.command()
@click.argument("kind")
@click.option("--from", "since", required=True, help=MOMENT)
@click.option("--until", required=True, help=MOMENT)
def weather(kind: str, since: str, until: str) -> None:
    """Say that the weather is severe (KIND: storm, snow, flood ...); arrivals are doubted accordingly."""
    from dispatch.desk import chance
    from dispatch.store.people import Person

    desk = door.desk()
    from_at, until_at = _at(since, "from"), _at(until, "until")
    chance.declare_weather(desk, from_at, until_at, _kind(kind), Person("command line", "supervisor"))
    click.echo(f"severe weather ({kind}) from {since} until {until}")


def _kind(text: str) -> str:
    from dispatch.errors import BadInput

    if not 1 <= len(text.strip()) <= 40 or not text.isprintable():
        raise BadInput("The kind of weather is a word of up to 40 letters, such as storm.")
    return text.strip()


def _moment(text: str, name: str) -> int | None:
    return _at(text, name) if text else None


def _at(text: str, name: str) -> int:
    """Epoch ms of a time as people write it; BadInput says how."""
    from dispatch.desk.rows import moment
    from dispatch.errors import BadInput

    try:
        return moment({name: text}, name)
    except ValueError as error:
        raise BadInput(str(error)) from None


def _lines(found: Calibration) -> list[str]:
    if not found.count:
        return ["no trip has come to its end yet: nothing to hold against what was said"]
    scores = f"Brier score {found.brier:.4f}, the ramp's {found.brier_ramp:.4f}"
    told = [
        f"{found.count} trips; {scores}, always saying the same {found.brier_base_rate:.4f} (0 is perfect)"
    ]
    told.append("  said        trips   mean said   in time")
    told += [_line(each) for each in found.bins]
    return told


def _line(each: Bin) -> str:
    low, high, said, came = (100 * share for share in (each.low, each.high, each.said, each.came))
    return f"  {low:3.0f}-{high:3.0f} %  {each.count:6}   {said:7.1f} %  {came:6.1f} %"


def _lessons(learnt: Learnt) -> list[str]:
    if not learnt.enough:
        return [f"{learnt.drives.count} proven drives are too few to learn from; the ramp holds"]
    usual = learnt.drives.spread(())
    told = [f"learnt from {learnt.drives.count} drives and {learnt.works.count} works; of the table's time"]
    told.append(
        f"  half the drives take at most x {usual.quantile(0.5):.2f}, nine in ten x {usual.quantile(0.9):.2f}"
    )
    for kind, effects in (("drive", learnt.drives), ("work", learnt.works)):
        told += [
            f"  {kind} {name}: x {effects.spread([name]).quantile(0.5):.2f}" for name in sorted(effects.of)
        ]
    return told


COMMANDS = (calibrate, weather)
