"""Every text that a member sees is in every catalogue, whole, and as Discord takes it."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from string import Formatter
from typing import TYPE_CHECKING, TypeAlias, cast

import msgspec
import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg  # pyright: ignore[reportUnknownVariableType] - untyped
from babel.messages.pofile import read_po

from bot.app import open_arena
from bot.arena.models.keyring import Keyring
from bot.client import ArenaBot
from bot.config import Config, Storage
from bot.i18n import DEFAULT, LANGUAGES

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Mapping: TypeAlias = tuple[list[tuple[str, str]], dict[str, dict[str, str]]]

ROOT = Path(__file__).parents[1]
UPDATE = "run the two pybabel commands of CONTRIBUTING.md"

CHAT_INPUT, MESSAGE = 1, 3
SUBCOMMAND = 1

TYPED = re.compile(r"(?<![\w/:.>])/([a-z]+)\b(?: ([a-z]+))?", re.ASCII)
"""`/models list` in a text, also where Japanese stands around it."""

Forms: TypeAlias = tuple[str, ...]
"""The singular, and the plural forms where there are any."""

in_every_language = pytest.mark.parametrize("language", LANGUAGES)
in_every_translation = pytest.mark.parametrize("language", sorted({*LANGUAGES} - {DEFAULT}))


class CommandText(msgspec.Struct, frozen=True):
    """A command, a group or an option as it is registered; an entry of a menu has a name alone."""

    name: str
    type: int
    description: str | None = None
    name_localizations: dict[str, str] | None = None
    description_localizations: dict[str, str] | None = None
    options: tuple[CommandText, ...] = ()

    def walk(self) -> Iterator[CommandText]:
        yield self
        for option in self.options:
            yield from option.walk()

    def names(self) -> list[str]:
        return [self.name, *(self.name_localizations or {}).values()]

    def descriptions(self) -> list[str]:
        return [*filter(None, [self.description]), *(self.description_localizations or {}).values()]


@pytest.fixture(scope="module")
def marked() -> set[Forms]:
    """Return the messages that `pybabel extract -F babel.cfg .` finds in the code."""
    with (ROOT / "babel.cfg").open(encoding="utf-8") as file:
        methods, options = cast("Mapping", parse_mapping_cfg(file))
    found = extract_from_dir(ROOT, methods, options)
    catalog = Catalog()
    for _, _, message, _, _ in found:
        catalog.add(message)
    return set(texts(catalog))


@pytest.fixture
async def registered(tmp_path: Path) -> list[CommandText]:
    config = Config(storage=Storage(path=str(tmp_path / "arena.sqlite3")))
    async with open_arena(config, Keyring([])) as arena, ArenaBot(arena) as bot:
        await bot.add_cogs()
        assert bot.tree.translator is not None
        payloads = [
            await command.get_translated_payload(bot.tree, bot.tree.translator)
            for command in bot.tree.get_commands()
        ]
    return msgspec.convert(payloads, list[CommandText])


@pytest.fixture
def commands(registered: list[CommandText]) -> list[CommandText]:
    """Return what is typed: commands with their groups and options."""
    return [text for top in registered if top.type == CHAT_INPUT for text in top.walk()]


@pytest.fixture
def menu(registered: list[CommandText]) -> list[CommandText]:
    """Return what stands in the menu of a message."""
    return [top for top in registered if top.type == MESSAGE]


def catalogue(language: str) -> Catalog:
    with (ROOT / "bot" / "locales" / language / "LC_MESSAGES" / "arena.po").open("rb") as file:
        return read_po(file, locale=language)


def texts(catalog: Catalog) -> dict[Forms, Forms]:
    """Return each message with its translation, without the header."""
    return {forms(message.id): forms(message.string) for message in catalog if message.id}


def forms(text: str | Sequence[str] | None) -> Forms:
    return (text,) if isinstance(text, str) else tuple(text or ())


def placeholders(text: str) -> list[str]:
    parts = Formatter().parse(text)
    return sorted(f"{name}!{conversion}:{spec}" for _, name, spec, conversion in parts if name is not None)


def test_every_way_of_marking_a_text_is_known(marked: set[Forms]) -> None:
    assert {("Compare",), ("Reply A",), ("battle",), ("{count} vote", "{count} votes")} <= marked


def test_no_text_is_marked_where_it_is_not_found(marked: set[Forms]) -> None:
    """What extracts them looks into no f-string."""
    known = {form for forms_ in marked for form in forms_}
    said = [text for tree in ("bot", "cogs") for text in _given_to_gettext(ROOT / tree)]

    assert said
    assert not set(said) - known


def _given_to_gettext(tree: Path) -> Iterator[str]:
    for path in tree.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            match node:
                case ast.Call(
                    func=ast.Name(id="_" | "N_" | "locale_str") | ast.Attribute(attr="gettext" | "ngettext")
                ):
                    given = [each.value for each in node.args if isinstance(each, ast.Constant)]
                    yield from (each for each in given if isinstance(each, str))
                case _:
                    pass


@in_every_language
def test_a_catalogue_holds_the_messages_of_the_code_and_no_others(marked: set[Forms], language: str) -> None:
    held = set(texts(catalogue(language)))

    assert not marked - held, UPDATE
    assert not held - marked, UPDATE


@in_every_language
def test_a_catalogue_has_no_leftovers(language: str) -> None:
    catalog = catalogue(language)

    assert not catalog.obsolete, UPDATE
    assert not [message.id for message in catalog if message.fuzzy], "look these translations over"


@in_every_language
def test_a_translation_has_the_placeholders_of_its_message(language: str) -> None:
    differing = [
        form
        for message, translation in texts(catalogue(language)).items()
        for form in translation
        if form and placeholders(form) != placeholders(message[-1])
    ]

    assert not differing


@in_every_language
def test_every_plural_form_is_filled_in(language: str) -> None:
    """An empty text falls back to the code's English; an empty plural form would be shown."""
    catalog = catalogue(language)

    plurals = {message: text for message, text in texts(catalog).items() if len(message) > 1}

    assert plurals
    assert not {m: text for m, text in plurals.items() if len(text) != catalog.num_plurals or not all(text)}


@in_every_translation
async def test_everything_but_the_names_of_commands_is_translated(
    commands: list[CommandText], language: str
) -> None:
    names = {(text.name,) for text in commands}

    untranslated = {message for message, text in texts(catalogue(language)).items() if not any(text)}

    assert not untranslated - names


@in_every_translation
async def test_commands_and_options_are_described_in_every_language(
    commands: list[CommandText], language: str
) -> None:
    assert not [text.name for text in commands if language not in (text.description_localizations or {})]


async def test_discord_takes_every_name_and_description(commands: list[CommandText]) -> None:
    names = [name for text in commands for name in text.names()]
    descriptions = [description for text in commands for description in text.descriptions()]

    assert {"battle", "prompt", "leaderboard", "models", "list"} <= set(names)
    assert not [name for name in names if not re.fullmatch(r"[-_'\w]{1,32}", name) or name != name.lower()]
    assert not [text for text in descriptions if not 1 <= len(text) <= 100]


def named(message: Forms, below: dict[str, set[str]]) -> set[str]:
    """Return the commands that a text names; `below` are those of each group."""
    found = [match.groups("") for text in message for match in TYPED.finditer(text)]
    return {f"{top} {sub}" if below.get(top) else top for top, sub in found}


async def test_the_commands_that_texts_name_are_there(registered: list[CommandText]) -> None:
    below = {
        top.name: {option.name for option in top.options if option.type == SUBCOMMAND} for top in registered
    }
    there = {f"{top} {sub}".strip() for top, subs in below.items() for sub in subs or {""}}

    found = {command for message in texts(catalogue(DEFAULT)) for command in named(message, below)}

    assert {"battle", "history", "models list", "tournament start", "votes include"} <= found
    assert not found - there


@in_every_translation
def test_a_translation_names_the_commands_of_its_message(language: str) -> None:
    differing = [
        message
        for message, translation in texts(catalogue(language)).items()
        if any(translation) and named(message, {}) != named(translation, {})
    ]

    assert not differing


@in_every_translation
async def test_what_stands_in_the_menu_of_a_message_is_named_in_every_language(
    menu: list[CommandText], language: str
) -> None:
    assert [text.name for text in menu] == ["Battle this"]
    assert all(1 <= len(name) <= 32 for text in menu for name in text.names())
    assert not [text.name for text in menu if language not in (text.name_localizations or {})]
