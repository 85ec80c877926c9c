from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from tests.forked import CommandLine, ForkedProcess

MODEL = """
[[models]]
name = "Zephyrine"
protocol = "openai"
base_url = "http://localhost:9/v1"
model = "zephyrine"
api_key_env = "ZEPHYRINE_KEY"
"""
TOKEN = "MTA.made-up.discord_token"


async def arena_bot(folder: Path, *arguments: str, **environment: str) -> tuple[int, str, str]:
    """Run the command line in `folder`; return its exit status, stdout and stderr."""
    with TemporaryDirectory() as elsewhere:
        out, err = Path(elsewhere) / "out", Path(elsewhere) / "err"
        status = await ForkedProcess(CommandLine(folder, arguments, environment, out, err)).wait()
        return status, out.read_text(), err.read_text()


def configure(folder: Path, text: str) -> None:
    (folder / "config.toml").write_text(text, encoding="utf-8")


async def test_without_a_config_one_line_says_where_to_begin(tmp_path: Path) -> None:
    status, _, err = await arena_bot(tmp_path, "run", DISCORD_TOKEN=TOKEN)

    assert status == 2
    assert err == "arena-bot: config.toml: no such file; `arena-bot init` writes a first one\n"


async def test_a_mistake_in_the_config_is_one_line_with_its_place(tmp_path: Path) -> None:
    configure(tmp_path, "[battle]\nvoting_seconds = 1\n")
    status, _, err = await arena_bot(tmp_path, "run", DISCORD_TOKEN=TOKEN)

    assert status == 2
    assert err.startswith("arena-bot: config.toml, line 2: [battle] voting_seconds: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize("token", ["", "   "])
async def test_without_a_token_one_line_says_how_to_get_one(tmp_path: Path, token: str) -> None:
    configure(tmp_path, "")
    status, _, err = await arena_bot(tmp_path, "run", DISCORD_TOKEN=token)

    assert status == 2
    assert err.startswith("arena-bot: DISCORD_TOKEN is not set: ")
    assert err.count("\n") == 1


async def test_a_missing_key_is_one_line_with_model_and_variable(tmp_path: Path) -> None:
    configure(tmp_path, MODEL)
    status, _, err = await arena_bot(tmp_path, "run", DISCORD_TOKEN=TOKEN)

    assert status == 2
    assert err == (
        "arena-bot: model 'Zephyrine': api_key_env names ZEPHYRINE_KEY, which is not set in the environment\n"
    )


async def test_a_file_that_is_no_database_is_one_line(tmp_path: Path) -> None:
    configure(tmp_path, "")
    (tmp_path / "arena.sqlite3").write_text("Dear diary, I am no database. " * 100)
    status, _, err = await arena_bot(tmp_path, "run", DISCORD_TOKEN=TOKEN)

    assert status == 2
    assert err == "arena-bot: database arena.sqlite3: file is not a database\n"


async def test_a_database_that_cannot_be_opened_is_one_line(tmp_path: Path) -> None:
    configure(tmp_path, '[storage]\npath = "nowhere/arena.sqlite3"')
    status, _, err = await arena_bot(tmp_path, "run", DISCORD_TOKEN=TOKEN)

    assert status == 2
    assert err == "arena-bot: database nowhere/arena.sqlite3: unable to open database file\n"


async def test_another_config_can_be_named(tmp_path: Path) -> None:
    (tmp_path / "other.toml").write_text("[battel]\n")
    status, _, err = await arena_bot(tmp_path, "run", "--config", "other.toml", DISCORD_TOKEN=TOKEN)

    assert status == 2
    assert err.startswith("arena-bot: other.toml, line 1: ")


async def test_check_says_all_that_does_not_work_and_ends_with_2(tmp_path: Path) -> None:
    configure(tmp_path, MODEL)
    (tmp_path / "arena.sqlite3").write_text("Dear diary, I am no database. " * 100)
    status, out, _ = await arena_bot(tmp_path, "check")
    failed = {line.removeprefix("FAIL  ").partition(":")[0] for line in out.splitlines()}

    assert status == 2
    assert failed == {"config", "database", "token", "model Zephyrine"}


async def test_the_help_names_the_commands(tmp_path: Path) -> None:
    status, out, _ = await arena_bot(tmp_path, "--help")

    assert status == 0
    assert "run" in out
    assert "check" in out


async def test_the_version_is_that_of_the_package(tmp_path: Path) -> None:
    status, out, _ = await arena_bot(tmp_path, "--version")

    assert (status, out) == (0, f"arena-bot {version('arena-bot')}\n")


async def test_without_a_command_the_help_is_shown_and_the_status_is_2(tmp_path: Path) -> None:
    shown, asked = await arena_bot(tmp_path), await arena_bot(tmp_path, "--help")

    assert shown == (2, asked[1], "")


@pytest.mark.parametrize(
    ("arguments", "mistake"),
    [
        ("bogus", "'bogus'"),
        ("run --conf config.toml", "--conf"),
        ("demo --port 65536", "--port"),
        ("demo --port -1", "--port"),
        ("demo --lang fr", "--lang"),
        ("demo --toys --config config.toml", "--config"),
        ("export --guild one --format csv --out .", "--guild"),
        ("export --guild 1 --format xls --out .", "--format"),
        ("member-data --guild 1 --out .", "--member"),
        ("backup", "FILE"),
    ],
)
async def test_arguments_that_say_nothing_that_can_be_done_are_named(
    tmp_path: Path, arguments: str, mistake: str
) -> None:
    status, out, err = await arena_bot(tmp_path, *arguments.split())

    assert (status, out) == (2, "")
    assert mistake in err.splitlines()[-1]
