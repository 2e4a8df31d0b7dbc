"""The command line: one verb for each act of the desk, the same acts as the pages."""

from __future__ import annotations

import click

from dispatch.cli import ask, chance, files, keep, rehearse, serve, zones


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
def commands() -> None:
    """Repair reports, the arrival promise, the right crew by road, and the month's table."""


for command in (
    *files.COMMANDS,
    *serve.COMMANDS,
    *ask.COMMANDS,
    *zones.COMMANDS,
    *rehearse.COMMANDS,
    *chance.COMMANDS,
    *keep.COMMANDS,
):
    commands.add_command(command)
