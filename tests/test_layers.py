"""What holds for every module of the house, beside the import contracts that `lint-imports` checks."""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from importlib.metadata import distributions
from pathlib import Path

import pytest

import dispatch
from dispatch.paths import ROOT

MODULES = sorted(Path(dispatch.__file__).parent.rglob("*.py"))
SQL = re.compile(
    r"\b(SELECT\s.+\sFROM|INSERT\s+(OR\s+\w+\s+)?INTO|UPDATE\s+\w+\s+SET|DELETE\s+FROM|(CREATE|DROP|ALTER)\s+TABLE|PRAGMA)\b",
    re.DOTALL,
)


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def source_of(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def strings_in(path: Path) -> list[str]:
    return [
        node.value
        for node in ast.walk(ast.parse(source_of(path)))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_begins_with_a_sentence_that_says_what_it_answers(path):
    first = (ast.get_docstring(ast.parse(source_of(path))) or "").partition("\n")[0]
    assert re.search(r"\w+ .+[.:?]$", first), f"{name_of(path)} begins with {first!r}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_stays_under_300_lines(path):
    assert len(source_of(path).splitlines()) < 300


def test_sql_is_written_in_the_store_and_the_gazetteer_only():
    elsewhere = [p for p in MODULES if p.parent.name not in {"store", "gazetteer"}]
    assert [name_of(p) for p in elsewhere if any(SQL.search(text) for text in strings_in(p))] == []


def test_a_mistake_of_ours_is_swallowed_in_one_place_at_most():
    swallowed = [
        f"{name_of(path)}:{node.lineno}"
        for path in MODULES
        for node in ast.walk(ast.parse(source_of(path)))
        if isinstance(node, ast.ExceptHandler) and catches_all(node) and not hands_on(node)
    ]
    assert len(swallowed) <= 1, swallowed


def catches_all(handler: ast.ExceptHandler) -> bool:
    return handler.type is None or bool(re.search(r"\b(Base)?Exception\b", ast.unparse(handler.type)))


def hands_on(handler: ast.ExceptHandler) -> bool:
    last = handler.body[-1]
    return isinstance(last, ast.Raise) and last.exc is None


def test_nothing_installed_is_under_the_gpl():
    gpl = re.compile(r"(?<!L)(?<!Lesser )\b(A?GPL|GNU (Affero )?General Public)", re.IGNORECASE)
    found = []
    for package in distributions():
        said = [
            text
            for key in ("License-Expression", "License", "Classifier")
            for text in package.metadata.get_all(key) or []
        ]
        found += [(package.name, text) for text in said if gpl.search(text[:120])]
    assert found == []


@pytest.mark.parametrize("module", ["dispatch.web", "dispatch.jobs"])
def test_serving_loads_nothing_that_only_building_needs(module):
    heavy = "{'osmnx', 'geopandas', 'pyogrio', 'osmium', 'networkx'}"
    loaded = subprocess.run(
        [sys.executable, "-c", f"import sys, {module}; print(sorted({heavy} & set(sys.modules)))"],
        capture_output=True,
        text=True,
        check=True,
        cwd=ROOT,
    )
    assert loaded.stdout.strip() == "[]"
