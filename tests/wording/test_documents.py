"""What the documents name exists: commands and their options, tables and keys of the config, links, twins."""

from __future__ import annotations

import re
from argparse import ArgumentParser
from itertools import takewhile
from typing import TYPE_CHECKING

import pytest
from discord import app_commands

from bot.app import open_arena
from bot.arena.models.keyring import Keyring
from bot.backends.protocols.providers import PROVIDERS
from bot.cli.arguments import ARGUMENTS
from bot.client import ArenaBot
from bot.config import BattleDefaults, Config, Discord, Limits, Security, Storage, parse
from tests.wording.markdown_pages import ROOT, TWIN, MarkdownPage, pages

if TYPE_CHECKING:
    from pathlib import Path

PAGES = {page.name: page for page in pages()}
TWINS = sorted(name for name in PAGES if name.endswith(TWIN))
TABLES = {
    "discord": Discord,
    "storage": Storage,
    "battle": BattleDefaults,
    "limits": Limits,
    "security": Security,
}

OPTION = re.compile(r" ([a-z]+):")
SHELL = re.compile(r"arena-bot (?!arena-bot)([a-z][a-z-]*)([^`#|&]*)")
KEYS = (
    re.compile(r"`\[(\w+)\] (\w+)"),
    re.compile(r"`\[(\w+)\]`の`(\w+)`"),
)
PLACES = {"data"}
"""Folders that stand in the documents like commands."""

on_every_page = pytest.mark.parametrize("name", sorted(PAGES))
on_every_twin = pytest.mark.parametrize("name", TWINS)


@pytest.fixture
async def registered(tmp_path: Path) -> dict[str, set[str]]:
    """Return each command and group by its whole name, with its options."""
    config = Config(storage=Storage(path=str(tmp_path / "arena.sqlite3")))
    async with open_arena(config, Keyring([])) as arena, ArenaBot(arena) as bot:
        await bot.add_cogs()
        return {each.qualified_name: options_of(each) for each in bot.tree.walk_commands()}


def command_in(code: str) -> str:
    """Return the command that code begins with, without its options; empty where it is something else."""
    if not code.startswith("/"):
        return ""
    return " ".join(takewhile(re.compile(r"[a-z]+").fullmatch, code[1:].split()))


def options_of(command: object) -> set[str]:
    if not isinstance(command, app_commands.Command):
        return set()
    return {option.display_name for option in command.parameters}


def shell_options(command: str) -> set[str]:
    """Return what a command of the shell takes; nothing for one that there is not."""
    if command not in ARGUMENTS:
        return set()
    parser = ArgumentParser()
    ARGUMENTS[command](parser)
    return set(re.findall(r"--[a-z-]+", parser.format_help()))


def linked(page: MarkdownPage, link: str) -> tuple[Path, str]:
    """Return the file that a link leads to, and the anchor in it."""
    place, _, anchor = link.partition("#")
    return ((page.path.parent / place).resolve() if place else page.path), anchor


@on_every_page
async def test_every_command_and_option_that_is_named_exists(
    name: str, registered: dict[str, set[str]]
) -> None:
    named = [
        (code, command) for code in PAGES[name].code if (command := command_in(code)) not in {"", *PLACES}
    ]

    assert not [code for code, command in named if command not in registered]
    assert not [
        code for code, command in named if not set(OPTION.findall(code)) <= registered.get(command, set())
    ]


@on_every_page
def test_every_command_and_option_of_the_shell_exists(name: str) -> None:
    named = [match for code in PAGES[name].code for match in SHELL.findall(code)]

    assert not [command for command, _ in named if command not in ARGUMENTS]
    assert not [
        f"{command}{rest}"
        for command, rest in named
        if not set(re.findall(r"--[a-z-]+", rest)) <= shell_options(command)
    ]


@on_every_page
def test_every_key_of_the_config_exists(name: str) -> None:
    found = [match for pattern in KEYS for match in pattern.findall(PAGES[name].text)]

    assert not [
        f"[{table}] {key}"
        for table, key in found
        if table not in TABLES or key not in TABLES[table].__struct_fields__
    ]


@on_every_page
def test_every_example_of_a_config_can_be_read(name: str) -> None:
    blocks = re.findall(r"^```toml\n(.*?)^```", PAGES[name].text, re.MULTILINE | re.DOTALL)

    for block in blocks:
        if "[[models]]" in block:
            assert parse(block, source=name)


@on_every_page
def test_every_link_leads_somewhere(name: str) -> None:
    places = [(link, *linked(PAGES[name], link)) for link in PAGES[name].links]

    assert not [link for link, file, _ in places if not file.exists()]
    assert not [
        link
        for link, file, anchor in places
        if anchor and file.suffix == ".md" and anchor not in MarkdownPage(file).anchors
    ]


@on_every_twin
def test_twins_have_the_same_headings(name: str) -> None:
    english = PAGES.get(name.replace(TWIN, ".md"), PAGES["README.md"])

    assert [depth for depth, _ in PAGES[name].headings] == [depth for depth, _ in english.headings]


@on_every_twin
def test_twins_lead_to_each_other(name: str) -> None:
    english = PAGES.get(name.replace(TWIN, ".md"), PAGES["README.md"])

    assert english.path in {linked(PAGES[name], link)[0] for link in PAGES[name].links}
    assert PAGES[name].path in {linked(english, link)[0] for link in english.links}


@on_every_twin
def test_a_japanese_page_links_japanese_pages(name: str) -> None:
    page = PAGES[name]
    own = page.path.with_name(page.path.name.replace(TWIN, ".md"))
    files = {linked(page, link)[0] for link in page.links} - {own, ROOT / "README.md"}

    assert not [
        file.name for file in files if file.suffix == ".md" and file.with_name(file.stem + TWIN).exists()
    ]


@pytest.mark.parametrize("name", ["docs/models.md", "docs/models.ja.md"])
def test_every_well_known_api_is_in_the_table(name: str) -> None:
    for each in PROVIDERS:
        row = [each.name, *(f"`{part}`" for part in (each.protocol, each.base_url, each.key_env) if part)]
        assert f"| {' | '.join(row)} |" in PAGES[name].text


@pytest.mark.parametrize("readme", ["README.md", "docs/README.ja.md"])
def test_the_readme_leads_to_every_page_of_its_language(readme: str) -> None:
    reached, left = set[str](), [readme]
    while left:
        name = left.pop()
        reached.add(name)
        files = [linked(PAGES[name], link)[0] for link in PAGES[name].links]
        names = {file.relative_to(ROOT).as_posix() for file in files}
        left += [
            each for each in names & set(PAGES) - reached if each.endswith(TWIN) == readme.endswith(TWIN)
        ]

    assert not {name for name in PAGES if name.endswith(TWIN) == readme.endswith(TWIN)} - reached
