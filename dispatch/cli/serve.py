"""Commands that keep running: the pages, the timetable, both, and both with simulated people."""

from __future__ import annotations

import click

from dispatch.cli import door

HOST = click.option("--host", default=None, help="Address to listen on (default: [web] host of config.toml).")
PORT = click.option("--port", type=click.IntRange(1, 65535), default=None, help="Port to listen on.")


@click.command()
@HOST
@PORT
def serve(host: str | None, port: int | None) -> None:
    """Serve the pages and the HTTP interface, without the planner."""
    from dispatch.cli.processes import serve_pages

    desk = door.desk()
    serve_pages(desk, host or desk.config.web.host, port or desk.config.web.port)


@click.command()
def jobs() -> None:
    """Run the timetable and the planner; one process leads."""
    from dispatch.cli.children import Beat
    from dispatch.cli.parent import end_with_parent
    from dispatch.jobs import main

    end_with_parent()
    main(door.desk(), Beat())


@click.command()
@HOST
@PORT
def run(host: str | None, port: int | None) -> None:
    """Run both processes until stopped; one that ends or hangs is started again."""
    from dispatch.cli.processes import run_both

    web = door.config().web
    run_both(door.desk(), host or web.host, port or web.port)


@click.command()
@HOST
@PORT
@click.option(
    "--speed", type=click.FloatRange(0.1, 100), default=10, show_default=True, help="Times real time."
)
@click.option(
    "--scenario",
    type=click.Choice(["storm", "busy", "ordinary"]),
    default="ordinary",
    show_default=True,
    help="How many callers there are.",
)
def demo(host: str | None, port: int | None, speed: float, scenario: str) -> None:
    """Run both processes with simulated callers and crews, plainly marked as simulated."""
    from dispatch.cli.processes import run_both

    desk = door.desk()
    web = desk.config.web
    run_both(desk, host or web.host, port or web.port, demo=(speed, scenario))


COMMANDS = (serve, jobs, run, demo)
