"""The bot's application commands, global and by guild."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import msgspec
import regex
from msgspec import UNSET, UnsetType

from bot.playground.errors import DiscordError, FormErrors, Refusal
from bot.playground.wire import JsonObject
from bot.playground.world.permissions import NOTHING, Permission
from bot.playground.world.state import WorldState

CHAT_INPUT = 1
MESSAGE_COMMAND = 3
SUBCOMMAND = 1
SUBCOMMAND_GROUP = 2
MAX_COMMANDS = 100
MAX_OPTIONS = 25
MAX_CHARACTERS = 8000
NAME = regex.compile(r"[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}")
LOCALES = frozenset(
    {"id", "da", "de", "en-GB", "en-US", "es-ES", "es-419", "fr", "hr", "it", "lt", "hu", "nl", "no", "pl"}
    | {"pt-BR", "ro", "fi", "sv-SE", "vi", "tr", "cs", "el", "bg", "ru", "uk", "hi", "th", "zh-CN", "ja"}
    | {"zh-TW", "ko"}
)

Localizations = dict[str, str] | UnsetType | None
Path = tuple[str | int, ...]


class OptionChoice(msgspec.Struct, omit_defaults=True, kw_only=True):
    """A value that a person can pick, under its name."""

    name: str
    value: str | int | float
    name_localizations: Localizations = UNSET


class Option(msgspec.Struct, omit_defaults=True, kw_only=True):
    """A parameter of a command; subcommands and their groups are options too."""

    type: int
    name: str
    description: str = ""
    name_localizations: Localizations = UNSET
    description_localizations: Localizations = UNSET
    required: bool = False
    autocomplete: bool = False
    choices: list[OptionChoice] | UnsetType | None = UNSET
    options: "list[Option] | UnsetType | None" = UNSET
    channel_types: list[int] | UnsetType | None = UNSET
    min_value: int | float | UnsetType | None = UNSET
    max_value: int | float | UnsetType | None = UNSET
    min_length: int | UnsetType | None = UNSET
    max_length: int | UnsetType | None = UNSET


class CommandBody(msgspec.Struct, kw_only=True):
    """A command as the bot registers it."""

    name: str
    type: int = CHAT_INPUT
    description: str = ""
    name_localizations: dict[str, str] | None = None
    description_localizations: dict[str, str] | None = None
    options: list[Option] = []
    default_member_permissions: str | int | None = None
    dm_permission: bool | None = True
    nsfw: bool = False
    contexts: list[int] | None = None
    integration_types: list[int] | None = msgspec.field(default_factory=lambda: [0])

    def needs(self) -> Permission:
        """Say what a member must be allowed, to be offered the command: with "0" only administrators are."""
        if self.default_member_permissions is None:
            return NOTHING
        return Permission(int(self.default_member_permissions)) or Permission.ADMINISTRATOR


@dataclass(slots=True, frozen=True)
class Command:
    """A registered command. `guild_id` is None for one that is offered everywhere."""

    id: int
    version: int
    guild_id: int | None
    body: CommandBody

    def payload(self, application_id: int) -> JsonObject:
        shape: JsonObject = msgspec.to_builtins(self.body)
        permissions = self.body.default_member_permissions
        shape |= {
            "id": str(self.id),
            "version": str(self.version),
            "application_id": str(application_id),
            "integration_types": self.body.integration_types or [0],
            "default_member_permissions": None if permissions is None else str(permissions),
        }
        return shape | self.place()

    def place(self) -> JsonObject:
        return {} if self.guild_id is None else {"guild_id": str(self.guild_id)}


class Commands:
    """The registry: within a guild, or globally, a command is known by its type and name."""

    def __init__(self, state: WorldState) -> None:
        self._state = state
        self._every: dict[int, Command] = {}

    @property
    def every(self) -> list[Command]:
        return list(self._every.values())

    def restore(self, commands: Iterable[Command]) -> None:
        """Take over commands that were registered before, their ids included."""
        self._every = {command.id: command for command in commands}

    def registered(self, guild_id: int | None) -> list[Command]:
        return [command for command in self._every.values() if command.guild_id == guild_id]

    def get(self, command_id: int, guild_id: int | None) -> Command:
        command = self._every.get(command_id)
        if command is None or command.guild_id != guild_id:
            raise DiscordError(Refusal.UNKNOWN_COMMAND)
        return command

    def find(self, name: str, guild_id: int, kind: int = CHAT_INPUT) -> Command | None:
        """Find what a member of the guild gets under this name: the guild's own command comes first."""
        for place in (guild_id, None):
            if found := self._named(name, kind, place):
                return found
        return None

    def replace_all(self, guild_id: int | None, bodies: Sequence[CommandBody]) -> list[Command]:
        errors = FormErrors()
        for index, body in enumerate(bodies):
            check_command((index,), body, errors)
        _check_unique((), [f"{body.type} {body.name}" for body in bodies], errors)
        errors.raise_if_any()
        if len(bodies) > MAX_COMMANDS:
            raise DiscordError(Refusal.MAX_COMMANDS)
        fresh = [self._make(guild_id, body) for body in bodies]
        for old in self.registered(guild_id):
            del self._every[old.id]
        self._every |= {command.id: command for command in fresh}
        self._state.touch()
        return fresh

    def put(self, guild_id: int | None, body: CommandBody, command_id: int | None = None) -> Command:
        """Register one command, in place of the one with this id, type or name."""
        errors = FormErrors()
        check_command((), body, errors)
        errors.raise_if_any()
        command = self._make(guild_id, body, command_id)
        self._every[command.id] = command
        self._state.touch()
        return command

    def delete(self, command: Command) -> None:
        del self._every[command.id]
        self._state.touch()

    def _make(self, guild_id: int | None, body: CommandBody, command_id: int | None = None) -> Command:
        old = self._named(body.name, body.type, guild_id)
        known_id = command_id or (old.id if old else self._state.snowflakes.next())
        return Command(known_id, self._state.snowflakes.next(), guild_id, body)

    def _named(self, name: str, kind: int, guild_id: int | None) -> Command | None:
        for command in self.registered(guild_id):
            if command.body.name == name and command.body.type == kind:
                return command
        return None


def check_command(path: Path, body: CommandBody, errors: FormErrors) -> None:
    if body.type != CHAT_INPUT:
        errors.length((*path, "name"), body.name, 1, 32)
        return
    _check_words(path, body, errors)
    _check_options(path, body.options, errors)
    if _characters(body) > MAX_CHARACTERS:
        errors.add(path, "APPLICATION_COMMAND_TOO_LARGE", f"Command exceeds maximum size ({MAX_CHARACTERS})")


def _check_words(path: Path, item: CommandBody | Option, errors: FormErrors) -> None:
    names = {("name",): item.name} | _localized("name_localizations", item.name_localizations)
    texts = {("description",): item.description} | _localized(
        "description_localizations", item.description_localizations
    )
    for step, name in names.items():
        if not NAME.fullmatch(name) or name != name.lower():
            text = "Command name is invalid"
            errors.add((*path, *step), "APPLICATION_COMMAND_INVALID_NAME", text)
    for step, text in texts.items():
        errors.length((*path, *step), text, 1, 100)
    for step in (*names, *texts):
        if len(step) > 1 and step[1] not in LOCALES:
            errors.add((*path, *step), "ENUM_TYPE_COERCE", f'Value "{step[1]}" is not a valid enum value.')


def _localized(field: str, words: Localizations) -> dict[tuple[str, ...], str]:
    return {(field, locale): word for locale, word in (words or {}).items()}


def _check_options(path: Path, options: Sequence[Option], errors: FormErrors) -> None:
    path = (*path, "options")
    if len(options) > MAX_OPTIONS:
        errors.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {MAX_OPTIONS} or fewer in length.")
    _check_unique(path, [option.name for option in options], errors)
    required = [option.required for option in options]
    if required != sorted(required, reverse=True):
        text = "Required options must be placed before non-required options"
        errors.add(path, "APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", text)
    for index, option in enumerate(options):
        _check_words((*path, index), option, errors)
        _check_choices((*path, index, "choices"), option.choices or [], errors)
        _check_options((*path, index), option.options or [], errors)


def _check_choices(path: Path, choices: Sequence[OptionChoice], errors: FormErrors) -> None:
    if len(choices) > MAX_OPTIONS:
        errors.add(path, "BASE_TYPE_MAX_LENGTH", f"Must be {MAX_OPTIONS} or fewer in length.")
    for index, choice in enumerate(choices):
        errors.length((*path, index, "name"), choice.name, 1, 100)
        if isinstance(choice.value, str):
            errors.length((*path, index, "value"), choice.value, 1, 100)


def _check_unique(path: Path, names: Sequence[str], errors: FormErrors) -> None:
    for index, name in enumerate(names):
        if name in names[:index]:
            text = "Application command names must be unique"
            errors.add((*path, index, "name"), "APPLICATION_COMMANDS_DUPLICATE_NAME", text)


def _characters(item: CommandBody | Option) -> int:
    options = item.options or []
    choices = item.choices or [] if isinstance(item, Option) else []
    own = len(item.name) + len(item.description)
    return own + sum(map(_characters, options)) + sum(len(f"{each.name}{each.value}") for each in choices)
