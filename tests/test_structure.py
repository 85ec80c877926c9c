"""The house: rooms by subject, the field's words, each class name once, and the direction of imports."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
TREES = ("bot", "cogs", "tests", "bench")
MOST_LINES = 300
MOST_FILES = 14

WIDER = {"bot/storage": 39, "bot/playground/page": 22, "bot/playground/world": 20, "bench": 22}
"""One module a table, one a thing that the page shows, one a command."""

LAYERS = ("help", "ui")
"""Rooms of the cogs for which the arena has no subject."""

RENAMED = set(
    re.findall(
        r"\w+",
        "Stage DiscordStage Scene Glimpse Sighting Curtain Venue Noticeboard Told StageLostError "
        "StageTroubleError Referee Duel Corner Conductor Hall Challenge Fixture Forerunner Demand Fighter "
        "Player Bench Absence Workshop Trial Setback Candidate Draft Drafts Basics Contestants Franchise "
        "Paper BallotBox Tidying HouseRules Terms Allowances View Dossiers Disguise Gallery",
    )
)
"""Classes that have the field's names now (docs/architecture.md, Words)."""

RENAMED_MODULES = set(
    re.findall(
        r"\w+",
        "stage curtain venue noticeboard referee duel lockstep conductor challenge fixtures fighters "
        "workshop trial bench candidates contestants franchise permits ballot_paper ballot_box tidying "
        "house_rules allowances inert sight tongues rounds sheets reading views dossiers disguise hidings "
        "departures scrutiny headlines recording auditing painting lettering subjects gallery",
    )
)


def modules(*trees: str) -> list[Path]:
    found = [path for tree in trees for path in sorted((ROOT / tree).rglob("*.py"))]
    return [path for path in found if "versions" not in path.parts]


def shown(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def rooms(folder: str) -> set[str]:
    return {path.parent.name for path in (ROOT / folder).glob("*/__init__.py")}


@cache
def tree(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


@cache
def classes() -> list[str]:
    return [
        node.name
        for path in modules(*TREES)
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
    ]


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Copy what the contract is about, so that it can be broken."""
    for tree in ("bot", "cogs"):
        shutil.copytree(ROOT / tree, tmp_path / tree, ignore=shutil.ignore_patterns("__pycache__", "static"))
    shutil.copy(ROOT / ".importlinter", tmp_path)
    return tmp_path


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(  # noqa: S603 - our own words
        [sys.executable, "-c", program, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False
    )


def test_no_module_has_outgrown_its_subject() -> None:
    lines = {
        shown(path): len(path.read_text(encoding="utf-8").splitlines()) for path in modules("bot", "cogs")
    }

    assert {path: count for path, count in lines.items() if count > MOST_LINES} == {}


def test_no_folder_is_too_full_to_find_anything_in() -> None:
    files = Counter(
        path.parent.relative_to(ROOT).as_posix() for path in modules(*TREES) if path.name != "__init__.py"
    )

    assert {at: count for at, count in files.items() if count > WIDER.get(at, MOST_FILES)} == {}


def test_a_subject_has_the_same_name_in_every_layer() -> None:
    subjects = rooms("bot/arena")

    assert rooms("cogs") - subjects == set(LAYERS)
    assert rooms("tests/arena") <= subjects
    assert rooms("tests/behaviour") <= subjects | set(LAYERS)
    assert rooms("tests/cogs") <= rooms("cogs")


def test_no_class_name_means_two_things() -> None:
    counts = Counter(classes())

    assert [name for name, count in counts.items() if count > 1] == []


def test_no_class_or_module_has_a_name_of_before() -> None:
    names = {path.stem for path in modules(*TREES)}

    assert set(classes()) & RENAMED == set()
    assert names & RENAMED_MODULES == set()


def test_every_module_says_first_what_it_is() -> None:
    openings = {
        shown(path): ast.get_docstring(tree(path))
        for path in modules("bot", "cogs")
        if path.name not in {"__init__.py", "__main__.py", "env.py"}
    }

    assert [path for path, text in openings.items() if not text] == []
    assert [path for path, text in openings.items() if re.match(r"The words (of|for)\b", text or "")] == []


def test_the_imports_keep_their_direction(copied: Path) -> None:
    result = lint_imports(copied)

    assert result.returncode == 0, result.stdout


@pytest.mark.parametrize(
    ("path", "wrong"),
    [
        ("bot/storage/votes.py", "import bot.arena.keyed_locks"),
        ("bot/arena/keyed_locks.py", "import bot.arena.battles.card"),
        ("bot/arena/ratings/trends.py", "import bot.arena.matchmaking.odds"),
        ("bot/arena/voting/ballots.py", "import discord"),
        ("bot/services.py", "import cogs.access"),
        ("cogs/access.py", "import sqlalchemy"),
        ("bot/domain/vote.py", "import bot.config"),
    ],
)
def test_a_wrong_import_fails(copied: Path, path: str, wrong: str) -> None:
    module = copied / path
    module.write_text(f"{module.read_text(encoding='utf-8')}\n{wrong}\n", encoding="utf-8")

    assert lint_imports(copied).returncode == 1
