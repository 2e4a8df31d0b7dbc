from __future__ import annotations

import pytest

from dispatch.paths import ROOT
from tests.cli.test_commands import COMMANDS

NAMED = [name.removeprefix("dispatch ") for name, each in COMMANDS.items() if not hasattr(each, "commands")]


@pytest.mark.parametrize("name", NAMED)
def test_the_readme_names_every_command(name):
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = {part.removeprefix("dispatch ").partition(" --")[0] for part in readme.split("`")[1::2]}
    assert any(part == name or part.startswith(f"{name} ") for part in named)


def test_the_two_commands_stand_at_the_beginning():
    start = (ROOT / "README.md").read_text(encoding="utf-8").partition("## What to click")[0]
    assert "make run" in start
    assert "make test" in start
