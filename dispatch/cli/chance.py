"""Commands about the chance of arriving in time: whether it came true, and when the weather is severe."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from dispatch.cli import door

if TYPE_CHECKING:
    from dispatch.desk import Desk
    from dispatch.plan.calibration import Bin, Calibration
    from dispatch.plan.chance import Effects, Learnt
    from dispatch.store.weathers import Weather

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
    for line in (*_lines(found), *lessons(learnt)):
        click.echo(line)


@click.command()
@click.argument("kind", required=False)
@click.option("--from", "since", help=f"When it begins (default: now). {MOMENT}")
@click.option("--until", help=f"When it will be over. {MOMENT}")
@click.option("--end", "ended", help="Say that a weather, such as W3, is over or will not come.")
def weather(kind: str | None, since: str | None, until: str | None, ended: str | None) -> None:
    """Say that the weather is severe (KIND: storm, snow, flood ...); arrivals are told accordingly.

    With nothing more the weather of the last 30 days is listed.
    """
    from dispatch.desk.weather import declare_weather, end_weather, list_weather

    _check_words(kind, since, until, ended)
    desk, by = door.desk(), door.operator()
    if ended is not None:
        click.echo(f"over: {_told(desk, end_weather(desk, ended, by))}")
    elif kind is not None and until is not None:
        from_at = desk.clock() if since is None else _at(since, "from")
        made = declare_weather(desk, kind, from_at, _at(until, "until"), by)
        click.echo(f"severe weather: {_told(desk, made)}")
    else:
        for each in list_weather(desk):
            click.echo(_told(desk, each))


def _check_words(kind: str | None, since: str | None, until: str | None, ended: str | None) -> None:
    """Raise BadInput for a missing word or one too many, lest it be believed declared or ended."""
    from dispatch.errors import BadInput

    timed = since is not None or until is not None
    if ended is not None and (kind is not None or timed):
        raise BadInput(
            "Either declare a weather or end one; --end goes with neither KIND, --from nor --until."
        )
    if kind is None and timed:
        raise BadInput(
            "Nothing was declared: say what weather it is, such as: dispatch weather storm --until ..."
        )
    if kind is not None and until is None:
        raise BadInput(f"Nothing was declared: --until is missing. Say when it will be over, {MOMENT}")


def _told(desk: Desk, weather: Weather) -> str:
    from dispatch.desk.weather import state_of
    from dispatch.export.plain import iso

    since, until = (iso(at, desk.timezone) for at in (weather.from_at, weather.until_at))
    state = state_of(weather, desk.clock()).replace("_", " ")
    return f"{weather.id} {weather.kind} from {since} until {until} ({state})"


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


def lessons(learnt: Learnt) -> list[str]:
    """What was learnt, a line each."""
    if not learnt.enough:
        return [f"{learnt.drives.count} proven drives are too few to learn from; the ramp holds"]
    usual = learnt.drives.spread(())
    told = [f"learnt from {learnt.drives.count} drives and {learnt.works.count} works; of the table's time"]
    told.append(
        f"  half the drives take at most x {usual.quantile(0.5):.2f}, nine in ten x {usual.quantile(0.9):.2f}"
    )
    for kind, effects in (("drive", learnt.drives), ("work", learnt.works)):
        told += [f"  {kind} {name}: x {_group(effects, name)}" for name in sorted(effects.of)]
    return told


def _group(effects: Effects, name: str) -> str:
    """The median of a group and, where it has a width of its own, between what eight in ten cases lie."""
    low, middle, high = (effects.spread([name]).quantile(share) for share in (0.1, 0.5, 0.9))
    return f"{middle:.2f}" + (f", 8 in 10 x {low:.2f} to {high:.2f}" if name in effects.widths else "")


COMMANDS = (calibrate, weather)
