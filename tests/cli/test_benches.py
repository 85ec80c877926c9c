"""The benchmarks' commands: they keep up with the code and the tables that they measure."""

from __future__ import annotations

import ast
import re
import runpy
import sqlite3
import sys
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from bench.export import fill
from bench.setup.past import write_past

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
COMMANDS = sorted(path for path in (ROOT / "bench").glob("*.py") if path.name != "__init__.py")
PARSED = re.compile(r"ArgumentParser\(|parse_args\(")
MODULE = re.compile(r"\b(?:bot|bench|cogs|tests)(?:\.[a-z_]+){2,}\b")
"""Of two dots and more: with one, it may be a file."""


def modules_in_programs(path: Path) -> Iterator[str]:
    """Yield the modules that strings name, for another process to import."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    prose = {
        id(node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in prose:
            yield from MODULE.findall(node.value)


def rows_by_table(path: Path) -> dict[str, int]:
    tables = ("guilds", "models", "battles", "contestants", "votes")
    with closing(sqlite3.connect(path)) as database:
        return {
            table: database.execute(f"select count(*) from {table}").fetchone()[0]  # noqa: S608 - named above
            for table in tables
        }


@pytest.mark.parametrize("path", COMMANDS, ids=lambda path: path.stem)
def test_each_shows_its_help(
    path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", [path.name, "--help"])
    # One that does not read its arguments would run.
    assert set(PARSED.findall(path.read_text(encoding="utf-8"))) == {"ArgumentParser(", "parse_args("}

    with pytest.raises(SystemExit) as end:
        runpy.run_path(str(path), run_name="__main__")

    assert end.value.code == 0
    assert f"python -m bench.{path.stem}" in " ".join(capsys.readouterr().out.split())


def test_the_modules_that_they_name_for_another_process_are_there() -> None:
    named = {name: path.name for path in (ROOT / "bench").rglob("*.py") for name in modules_in_programs(path)}

    assert named
    assert {name: path for name, path in named.items() if not is_there(name)} == {}


def is_there(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except ModuleNotFoundError:
        return False


async def test_a_made_up_past_fits_todays_tables(tmp_path: Path) -> None:
    await write_past(tmp_path / "arena.sqlite3", 1, models=3, votes=20)

    assert rows_by_table(tmp_path / "arena.sqlite3") == {
        "guilds": 1,
        "models": 3,
        "battles": 4,
        "contestants": 8,
        "votes": 20,
    }


async def test_what_is_exported_fits_todays_tables(tmp_path: Path) -> None:
    await fill(tmp_path / "arena.sqlite3", 4)

    assert rows_by_table(tmp_path / "arena.sqlite3") == {
        "guilds": 1,
        "models": 20,
        "battles": 2,
        "contestants": 4,
        "votes": 4,
    }
