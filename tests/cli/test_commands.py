from __future__ import annotations

import subprocess
import sys

import click
import pytest

from dispatch.cli import commands
from dispatch.paths import ROOT

HEAVY = {
    "flask", "gunicorn", "pydantic", "numpy", "scipy", "shapely", "sqlite_utils", "pysqlite3", "apscheduler",
    "spectree", "requests", "argon2", "openpyxl", "xlsxwriter", "osmnx", "geopandas", "pyogrio", "osmium",
    "pmtiles",
}  # fmt: skip


def walk(command, name="dispatch"):
    yield name, command
    for each in getattr(command, "commands", {}).values():
        yield from walk(each, f"{name} {each.name}")


COMMANDS = dict(walk(commands))


@pytest.mark.parametrize("name", COMMANDS)
def test_every_command_says_what_it_does(name):
    command = COMMANDS[name]
    assert command.help
    assert command.help.partition("\n")[0].endswith((".", ":"))
    context = click.Context(command, info_name=name)
    assert "Show this message" in command.get_help(context)


@pytest.mark.parametrize("name", COMMANDS)
def test_every_option_that_needs_a_word_has_one(name):
    options = [each for each in COMMANDS[name].params if isinstance(each, click.Option)]
    assert [each.name for each in options if not each.help and each.name not in {"role", "month"}] == []


def test_the_commands_of_the_public_interface_are_there():
    needed = ["init", "build", "run", "serve", "jobs", "demo", "locate", "zone", "travel", "import", "export"]
    needed += ["check", "backup", "restore", "user add", "token create", "phone pair"]
    assert {f"dispatch {name}" for name in needed} <= set(COMMANDS)


@pytest.mark.parametrize(
    "args", [["--help"], ["-h"], ["run", "--help"], ["build", "--help"], ["export", "-h"]]
)
def test_help_loads_nothing_heavy(args):
    code = f"""
import sys
sys.argv = ["dispatch", *{args!r}]
from dispatch.__main__ import main
try:
    main()
except SystemExit as ended:
    sys.stderr.write(f"{{ended.code}} {{sorted({HEAVY!r} & set(sys.modules))}}")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.stderr == "0 []"
    assert done.stdout.startswith("Usage: dispatch")


def test_a_mistake_has_one_line_that_leads_to_the_help(bare):
    assert "No such command 'nope'" in bare.refused("nope")
    assert "dispatch zone --help" in bare.refused("zone", "x", "53")
    assert "Missing argument" in bare.refused("travel", "13.2,53.5")
    assert "--nope" in bare.refused("check", "--nope")
    assert "not in the range" in bare.refused("serve", "--port", "99999")


def test_without_a_command_the_help_is_shown(bare):
    told = bare()
    assert told.code == 2
    assert told.err.startswith("Usage: dispatch")


@pytest.mark.parametrize("command", ["check", "jobs", "run"])
@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[web]\nprot = 1\n", "'prot'"),
        ("[wbe]\nport = 1\n", "[wbe]"),
        ("port = 1\n", "port"),
        ("[web]\nport = 'x'\n", "[web] port"),
        ("[service]\ntimezone = 'Mars/Base'\n", "Mars/Base"),
        ("[web\n", "TOML"),
        ("[policy]\nbinding = 'nope'\n", "nope.toml"),
        ("[store]\nurl = 'mysql://x'\n", "[store] url"),
    ],
)
def test_a_wrong_key_of_the_configuration_is_named(named_config, text, named, command):
    run = named_config(text)
    assert named in run.refused(command)


@pytest.fixture
def named_config(bare, monkeypatch, tmp_path):
    """The command line with a configuration of its own."""

    def write(text):
        (tmp_path / "config.toml").write_text(text, encoding="utf-8")
        monkeypatch.setenv("DISPATCH_CONFIG", str(tmp_path / "config.toml"))
        return bare

    return write


def test_a_configuration_that_is_not_there_is_named(bare, monkeypatch, tmp_path):
    monkeypatch.setenv("DISPATCH_CONFIG", str(tmp_path / "none.toml"))
    assert "none.toml" in bare.refused("check")


@pytest.mark.parametrize(
    "args", [("check",), ("zone", "1", "2"), ("token", "create", "--role", "auditor"), ("jobs",)]
)
def test_without_a_database_the_command_that_makes_one_is_named(command, monkeypatch, tmp_path, args):
    monkeypatch.setenv("DISPATCH_STORE_URL", f"sqlite:{tmp_path / 'none.db'}")
    assert "dispatch init" in command.refused(*args)
    assert not (tmp_path / "none.db").exists()


@pytest.mark.parametrize("args", [("locate", "Turmstraße"), ("travel", "13.26,53.55", "13.27,53.55")])
def test_without_an_area_the_command_that_makes_one_is_named(command, config_file, args):
    text = config_file.read_text(encoding="utf-8")
    config_file.write_text(text.replace("[area]\npath = ", "[area]\npath = '/none' #"), encoding="utf-8")
    assert "dispatch build" in command.refused(*args)


def test_a_file_that_is_no_database_is_refused(command, monkeypatch, tmp_path):
    (tmp_path / "words.db").write_text("no database " * 1000)
    monkeypatch.setenv("DISPATCH_STORE_URL", f"sqlite:{tmp_path / 'words.db'}")
    assert "words.db" in command.refused("check")
