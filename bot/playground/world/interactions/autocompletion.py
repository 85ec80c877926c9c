"""What a bot offers for an option that a member is typing, and the limits on it."""

from collections.abc import Sequence

import msgspec

from bot.playground.errors import FormErrors
from bot.playground.wire import JsonObject
from bot.playground.world.interactions.commands import OptionChoice

MAX_CHOICES = 25
MAX_LENGTH = 100
MAX_INTEGER = 2**53 - 1
STRING, INTEGER, NUMBER = 3, 4, 10
VALUES: dict[int, tuple[str, tuple[type, ...]]] = {
    STRING: ("string", (str,)),
    INTEGER: ("int", (int,)),
    NUMBER: ("double", (int, float)),
}


class TypedOption(msgspec.Struct):
    """An option of an interaction, or a subcommand with its own."""

    type: int = 0
    focused: bool = False
    options: "list[TypedOption]" = []


def focused_type(data: JsonObject) -> int:
    """Find the type of the option that is being typed, in the data of its interaction."""
    return _focused(msgspec.convert(data, TypedOption).options)


def check_choices(choices: Sequence[OptionChoice], kind: int, *, strict: bool) -> None:
    """Raise DiscordError where Discord would not show the choices for an option of this type."""
    errors = FormErrors()
    if len(choices) > MAX_CHOICES:
        errors.add(("choices",), "BASE_TYPE_MAX_LENGTH", f"Must be {MAX_CHOICES} or fewer in length.")
    for index, choice in enumerate(choices):
        # A name of white space is refused as too short: Statsify/statsify#830.
        name = choice.name.strip() if strict else choice.name
        errors.length(("choices", index, "name"), name, 1, MAX_LENGTH)
        if strict:
            _check_value(index, choice.value, kind, errors)
    errors.raise_if_any()


def _focused(options: Sequence[TypedOption]) -> int:
    for option in options:
        if found := option.type if option.focused else _focused(option.options):
            return found
    return 0


def _check_value(index: int, value: str | float, kind: int, errors: FormErrors) -> None:
    """Complain of a value that is of another type than the option, or too much of it.

    The reference has a limit of 100 characters, the API description one of 6000; discord-net/Discord.Net#3182
    found the former to hold.
    """
    path = ("choices", index, "value")
    wanted, types = VALUES.get(kind, ("choice", ()))
    if isinstance(value, bool) or not isinstance(value, types):
        errors.add(path, "BASE_TYPE_COERCE", f'Could not interpret "{value}" as {wanted}.')
    elif isinstance(value, str):
        errors.length(path, value, 1, MAX_LENGTH)
    elif kind == INTEGER and abs(value) > MAX_INTEGER:
        text = f"int53 value should be less than or equal to {MAX_INTEGER}."
        errors.add(path, "NUMBER_TYPE_MAX", text)
