"""Commands that keep the database sound and let people, programs and phones in."""

from __future__ import annotations

from pathlib import Path

import click

from dispatch.cli import door

ROLES = click.Choice(["dispatcher", "crew", "supervisor", "auditor", "intake"])


@click.command()
def check() -> None:
    """Prove the database: SQLite's own check, the chain of events, every row equal to its events."""
    from dispatch.desk import upkeep

    desk = door.desk()
    found = upkeep.check(desk)
    for sentence in found:
        click.echo(sentence, err=True)
    if found:
        raise SystemExit(1)
    seq, chained = desk.store.tickets.head()
    click.echo(f"sound: {seq} events, head {chained[:16] or '-'}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def backup(file: Path) -> None:
    """Write a verified copy of the database to FILE while work goes on."""
    from dispatch.desk import upkeep

    click.echo(f"copied and verified: {upkeep.backup(door.desk(), file)}")


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
def restore(file: Path) -> None:
    """Put a verified copy back in place; the present database is kept beside it."""
    from dispatch.desk import upkeep

    click.echo(f"restored: {upkeep.restore(door.config(), file)}")


@click.group()
def user() -> None:
    """People who sign in."""


@user.command("add")
@click.argument("name")
@click.option("--role", type=ROLES, required=True)
@click.option("--crew", default="", help="The crew of a person of the role crew.")
@click.password_option(help="At least 10 characters; asked for when left out.")
def add_user(name: str, role: str, crew: str, password: str) -> None:
    """Add the person NAME, or change role and password and end every session of theirs."""
    from dispatch.desk.people import add_person

    person = add_person(door.desk(), name, role, password, crew)
    click.echo(f"{person.name} may sign in as {person.role}")


@click.group()
def token() -> None:
    """Tokens of programs."""


@token.command("create")
@click.option("--role", type=ROLES, required=True)
@click.option("--name", default="", help="What the timeline calls the program (default: the role).")
@click.option("--crew", default="", help="The crew of a token of the role crew.")
def add_token(role: str, name: str, crew: str) -> None:
    """Create a token and print it: this is the only time it is seen."""
    from dispatch.desk.people import create_token

    click.echo(create_token(door.desk(), role, name or f"{role} token", crew))


@click.group()
def phone() -> None:
    """Phones of crews."""


@phone.command("pair")
@click.argument("crew")
def pair(crew: str) -> None:
    """Let a phone in as CREW: print the address to open on it, once."""
    from dispatch.desk.people import create_token

    desk = door.desk()
    web = desk.config.web
    secret = create_token(desk, "crew", f"phone of {crew}", crew)
    latest = desk.store.company.setting("address")  # of `dispatch run`, which may be told another port
    base = web.base_url.rstrip("/") or latest or f"http://{web.host}:{web.port}"
    click.echo(f"{base}/phone#pair={secret}")


COMMANDS = (check, backup, restore, user, token, phone)
