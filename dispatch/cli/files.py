"""Commands that read and write files: set up, build an area, import, export."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path

import click

from dispatch.cli import door

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.command()
@click.option("--sample", is_flag=True, help="Set up the shipped sample company with its users.")
def init(sample: bool) -> None:
    """Create the database and take in the company's files named in config.toml."""
    from dispatch.desk import upkeep

    done = upkeep.create_sample(door.config()) if sample else upkeep.init(door.desk(create=True))
    for name, count in done.items():
        click.echo(f"{name}: {count}")
    if not done:
        click.echo(
            "the sample company is set up already"
            if sample
            else "the database is ready; config.toml names no files"
        )


@click.command()
@click.argument("extract", type=FILE)
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Area folder.")
@click.option("--json", "as_json", is_flag=True, help="Print the figures as JSON.")
def build(extract: Path, out: Path, as_json: bool) -> None:
    """Build an area (roads, gazetteer, basemap) from an OpenStreetMap EXTRACT."""
    from dispatch.area import build_area

    with click.progressbar(length=1000, label=f"building {extract.name}", hidden=as_json) as bar:

        def progress(stage: str, share: float) -> None:
            bar.label = f"building {extract.name}: {stage:<12}"
            bar.update(max(0, round(share * 1000) - bar.pos))

        built = build_area(extract, out, progress)
    if as_json:
        click.echo(json.dumps(built))
        return
    for name, value in built.items():
        click.echo(f"{name:<10} {value}")


def _read(rows: int) -> None:
    click.echo(f"{rows:,} rows read", err=True)


@click.command(name="import")
@click.argument("kind", type=click.Choice(["units", "crews", "accounts", "zones", "outages", "reports"]))
@click.argument("file", type=FILE)
@click.option(
    "--from", "begins", metavar="DAY", help="Zones only: hold from this day or time on (default: from now)."
)
def import_(kind: str, file: Path, begins: str | None) -> None:
    """Take in a FILE: all its rows or none; every bad row is named."""
    if begins and kind != "zones":
        raise click.UsageError("only zones may begin on a later day; leave --from out")
    from dispatch.desk import company, past, publish, zoning

    desk, by = door.desk(), door.operator()
    if kind == "zones":
        published = zoning.import_zones(desk, file, by, begins or "")
        for warning in published.warnings:
            click.echo(f"warning: {warning}", err=True)
        since = datetime.fromtimestamp(published.from_at / 1000, desk.timezone).isoformat(timespec="seconds")
        click.echo(f"published zone set {published.zone_set}, in force from {since} on")
        return
    acts = {
        "units": lambda: company.import_units(desk, file),
        "crews": lambda: company.import_crews(desk, file),
        "accounts": lambda: company.import_accounts(desk, file, _read),
        "outages": lambda: publish.import_outages(desk, file, by),
        "reports": lambda: past.import_reports(desk, file, by),
    }
    click.echo(f"{kind}: {acts[kind]()} imported")


@click.command()
@click.argument("month")
@click.option(
    "--out", type=click.Path(file_okay=False, path_type=Path), required=True, help="Folder for the files."
)
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language (default: [service] language).")
def export(month: str, out: Path, lang: str | None) -> None:
    """Write the files of MONTH, such as 2026-10: XLSX, CSV, JSON and a printable page."""
    from dispatch.desk.month import month as count
    from dispatch.export import write_month

    desk = door.desk()
    for path in write_month(count(desk, month), out, lang or desk.config.service.language):
        click.echo(path)


COMMANDS = (init, build, import_, export)
