"""Commands about zones: propose them from a map, for people to look at and decide."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from dispatch.cli import door

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
FOLDER = click.Path(exists=True, file_okay=False, path_type=Path)


@click.group()
def zones() -> None:
    """Urban, rural and remote: proposals for those who decide."""


@zones.command("propose")
@click.argument("extract", type=FILE, required=False)
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), required=True, help="GeoJSON to write."
)
@click.option("--area", type=FOLDER, help="Built area whose roads are driven (default: [area] path).")
@click.option(
    "--minutes",
    type=click.FloatRange(min=0),
    default=60,
    show_default=True,
    help="Remote beyond, by road from every depot.",
)
@click.option(
    "--metres",
    type=click.FloatRange(min=0),
    default=1000,
    show_default=True,
    help="Remote beyond, from a road.",
)
def propose(extract: Path | None, out: Path, area: Path | None, minutes: float, metres: float) -> None:
    """Propose zones from an OpenStreetMap EXTRACT; nothing is published, the page /zones shows it.

    Without EXTRACT the one that the area was built from, when it lies in data/sample or data/local.
    """
    from dispatch import proposal
    from dispatch.desk import proposed

    desk = door.desk()
    limits = proposal.Limits(remote_min=minutes, remote_m=metres)
    made = proposed.propose(desk, extract or _extract_of(area or desk.area), area, limits)
    proposal.write(made, out, proposal.KEPT)
    _tell(made, proposed.compare(desk, made))
    click.echo(f"written to {out}; look at it on the page /zones. Nothing was published.")


def _extract_of(area: Path) -> Path:
    import json

    from dispatch.errors import BadInput
    from dispatch.paths import LOCAL, SAMPLE

    name: str = json.loads((area / "area.json").read_text(encoding="utf-8"))["extract"]
    for folder in (SAMPLE, LOCAL):
        if (folder / name).is_file():
            return folder / name
    raise BadInput(f"{name}, of which the area was built, is not here; give its path")


def _tell(made: dict[str, Any], compared: Any) -> None:
    codes = [feature["properties"]["code"] for feature in made["features"]]
    for code in ("urban", "rural", "remote"):
        click.echo(f"{code:<7} {codes.count(code):>6} cells proposed")
    for change in compared.changes:
        kept = f", {change.by_record} of them keep the class on their record" if change.by_record else ""
        click.echo(f"{change.accounts} accounts would go from {change.before} to {change.after}{kept}")
    if not compared.changes:
        click.echo("no account would change")


COMMANDS = (zones,)
