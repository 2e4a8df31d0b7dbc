"""Commands that answer a question: where an address is, in which zone, how far by road."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from dispatch.cli import door

if TYPE_CHECKING:
    from collections.abc import Iterator

    from dispatch.roads import Unreachable

FILE = click.Path(exists=True, dir_okay=False, path_type=Path)
JSON = click.option("--json", "as_json", is_flag=True, help="Print JSON.")


@click.command()
@click.argument("text", required=False)
@click.option("--account", help="An account number instead of, or before, the text.")
@click.option("--batch", type=FILE, help="A file with one query a line; one JSON object a line comes out.")
@JSON
def locate(text: str | None, account: str | None, batch: Path | None, as_json: bool) -> None:
    """Where TEXT is: candidates with score, tier A/B/C, lon and lat."""
    desk = door.desk()
    if batch:
        for line in _lines(batch):
            found = _located(desk, line, None)
            click.echo(json.dumps({"query": line, "candidates": found}, ensure_ascii=False))
        return
    if not text and not account:
        raise click.UsageError("give a TEXT, --account NO or --batch FILE")
    found = _located(desk, text or "", account)
    if as_json:
        click.echo(json.dumps({"query": text or "", "candidates": found}, ensure_ascii=False))
        return
    for each in found:
        place = f"{each['lon']:.6f} {each['lat']:.6f}"
        click.echo(f"{each['tier']}  {each['score']:5.1f}  {place}  {each['kind']:<10} {each['label']}")
    if not found:
        click.echo("nothing found; try the street's name alone, or a place")


def _lines(path: Path) -> Iterator[str]:
    """The lines of a UTF-8 file; only a line feed ends one, whatever odd separators a query may hold."""
    with path.open(encoding="utf-8-sig", errors="replace", newline="\n") as queries:
        for line in queries:
            yield line.removesuffix("\n").removesuffix("\r")


def _located(desk: Any, text: str, account: str | None) -> list[dict[str, Any]]:
    """The account's own place first, then what the text may mean."""
    from dispatch.desk.intake import list_candidates

    return [
        {
            name: getattr(each, name)
            for name in ("label", "lon", "lat", "kind", "score", "tier", "precision_m")
        }
        for each in list_candidates(desk, text, account or "")
    ]


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("lon", type=float)
@click.argument("lat", type=float)
@JSON
def zone(lon: float, lat: float, as_json: bool) -> None:
    """In which zone a place lies, by which zone set, how far from an edge."""
    from dispatch.desk.intake import zone_of

    found = zone_of(door.desk(), (lon, lat))
    if as_json:
        names = ("zone", "zone_set", "edge_m", "doubt", "method")
        click.echo(json.dumps({name: getattr(found, name) for name in names}))
        return
    doubt = f", in doubt: {found.doubt}" if found.doubt else ""
    click.echo(f"{found.zone} by zone set {found.zone_set}, {found.edge_m:.0f} m from an edge{doubt}")


class Place(click.ParamType[tuple[float, float]]):
    """Longitude and latitude, as `13.2722,53.5568`."""

    name = "LON,LAT"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """(lon, lat), or click's own failure that says how to write it."""
        if isinstance(value, tuple):
            return value
        try:
            lon, lat = (float(part) for part in value.split(","))
        except ValueError:
            self.fail(f"{value!r} is not LON,LAT in degrees, such as 13.2722,53.5568", param, ctx)
        return lon, lat


def _why(reason: Unreachable | None) -> str:
    """Why a drive cannot be, as a sentence; None when the roads changed between two questions."""
    if reason is None:
        return "the roads have just changed; ask again"
    place = "the way between the places" if reason.where == "way" else f"the {reason.where}"
    return {
        "too_far_from_road": f"{place} is {reason.distance_m:,.0f} m from the nearest road",
        "island": f"the roads at {place} hang together with no others (an island without a bridge or ferry)",
        "closed": f"{place} is closed off",
    }[reason.code]


@click.command(context_settings={"ignore_unknown_options": True})
@click.argument("origin", type=Place())
@click.argument("destination", type=Place())
@JSON
def travel(origin: tuple[float, float], destination: tuple[float, float], as_json: bool) -> None:
    """Seconds and metres by road from ORIGIN to DESTINATION, and the line."""
    from dispatch.desk.closures import roads_now
    from dispatch.errors import BadInput

    desk = door.desk()
    roads = roads_now(desk, desk.clock())
    found = roads.route(origin, destination)
    if found is None:
        raise BadInput(f"no road leads there: {_why(roads.why_unreachable(origin, destination))}")
    if as_json:
        line = {"type": "LineString", "coordinates": found.line}
        shown = {"travel_s": found.travel_s, "length_m": found.length_m, "line": line}
        click.echo(json.dumps(shown))
        return
    click.echo(f"{found.travel_s:.0f} s ({found.travel_s / 60:.1f} min), {found.length_m:.0f} m")


COMMANDS = (locate, zone, travel)
