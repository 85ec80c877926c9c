"""What a member fills in: the options of a command, the fields of a modal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET

from bot.playground.errors import PlaygroundError
from bot.playground.world.interactions.commands import SUBCOMMAND, SUBCOMMAND_GROUP, Command, Option
from bot.playground.world.interactions.resolved import FieldValue, OptionValue, Resolved
from bot.playground.world.messages.components import SELECTS, Component, ComponentType
from bot.playground.world.messages.uploads import Upload
from bot.playground.world.model import Channel, Member, Role, User

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from bot.playground.wire import JsonObject
    from bot.playground.world.state import WorldState


STRING_LIMIT = 6000
STRING, INTEGER, BOOLEAN, NUMBER = 3, 4, 5, 10
PLAIN: dict[int, tuple[type, ...]] = {
    STRING: (str,),
    INTEGER: (int,),
    BOOLEAN: (bool,),
    NUMBER: (int, float),
}
REFERENCES: dict[int, tuple[type, ...]] = {
    6: (Member, User),
    7: (Channel,),
    8: (Role,),
    9: (Member, User, Role),
    11: (Upload,),
}


class CommandForm:
    """Fills a command's options as the client does, and refuses what the client would."""

    def __init__(self, state: WorldState, channel: Channel) -> None:
        self._resolved = Resolved(state, channel)

    def fill(
        self,
        command: Command,
        path: Sequence[str],
        values: Mapping[str, OptionValue],
        *,
        focused: str | None = None,
    ) -> JsonObject:
        """Make the interaction's data; with `focused`, one option is still being typed."""
        options, nest = descend(command, path)
        filled = self._options(options, values, focused)
        for option in reversed(nest):
            filled = [{"type": option.type, "name": option.name, "options": filled}]
        about: JsonObject = {
            "id": str(command.id),
            "name": command.body.name,
            "type": command.body.type,
            "options": filled,
        }
        return about | command.place() | self._resolved.payload()

    def _options(
        self, options: Sequence[Option], values: Mapping[str, OptionValue], focused: str | None
    ) -> list[JsonObject]:
        unknown = values.keys() - {option.name for option in options}
        if unknown:
            raise PlaygroundError(f"The command has no option {', '.join(sorted(unknown))}.")
        filled: list[JsonObject] = []
        for option in options:
            if option.name in values:
                filled.append(self._one(option, values[option.name], typing=option.name == focused))
            elif option.required and focused is None:
                raise PlaygroundError(f"The option {option.name} is required.")
        return filled

    def _one(self, option: Option, value: OptionValue, *, typing: bool) -> JsonObject:
        shape: JsonObject = {"type": option.type, "name": option.name}
        if typing:
            if not option.autocomplete:
                raise PlaygroundError(f"The option {option.name} completes nothing.")
            return shape | {"value": str(value), "focused": True}
        if option.type in REFERENCES:
            return shape | {"value": self._reference(option, value)}
        _check_plain(option, value)
        return shape | {"value": value}

    def _reference(self, option: Option, value: OptionValue) -> str:
        if not isinstance(value, REFERENCES[option.type]):
            raise PlaygroundError(f"The option {option.name} does not take {value!r}.")
        match value:
            case Member() | User():
                return self._resolved.user(value.id)
            case Role():
                return self._resolved.role(value)
            case Channel():
                return self._resolved.channel(value)
            case Upload():
                return self._resolved.file(value)
            case _:
                raise TypeError(value)


def descend(command: Command, path: Sequence[str]) -> tuple[Sequence[Option], list[Option]]:
    """Find the options at the end of the path of subcommands, and the subcommands on the way."""
    options: Sequence[Option] = command.body.options
    nest: list[Option] = []
    for name in path:
        found = next((each for each in options if each.name == name), None)
        if found is None:
            raise PlaygroundError(f"The command {command.body.name} has no subcommand {name}.")
        nest.append(found)
        options = found.options or []
    if any(option.type in (SUBCOMMAND, SUBCOMMAND_GROUP) for option in options):
        raise PlaygroundError(f"The command {command.body.name} wants a subcommand.")
    return options, nest


def _check_plain(option: Option, value: OptionValue) -> None:
    wrong_bool = isinstance(value, bool) and option.type != BOOLEAN
    if wrong_bool or not isinstance(value, PLAIN[option.type]):
        raise PlaygroundError(f"The option {option.name} does not take {value!r}.")
    if option.choices and value not in [choice.value for choice in option.choices]:
        raise PlaygroundError(f"{value!r} is not among the choices of {option.name}.")
    if isinstance(value, str):
        low, high = option.min_length or 0, option.max_length or STRING_LIMIT
        _check_between(option, len(value), low, high)
    elif isinstance(value, int | float) and not isinstance(value, bool):
        low = value if option.min_value in (UNSET, None) else option.min_value
        high = value if option.max_value in (UNSET, None) else option.max_value
        _check_between(option, value, low, high)


def _check_between(option: Option, figure: float, low: float, high: float) -> None:
    if not low <= figure <= high:
        raise PlaygroundError(f"The option {option.name} takes {low} to {high}, not {figure}.")


def fill_modal(components: Sequence[Component], values: Mapping[str, FieldValue]) -> list[JsonObject]:
    """Make the components of a submitted modal. A text field that is not named keeps its prefilled value."""
    known = {child.custom_id for component in components for child in component.children()}
    if unknown := values.keys() - known:
        raise PlaygroundError(f"The modal has no field {', '.join(sorted(unknown))}.")
    return [_fill_row(component, values) for component in components]


def _fill_row(row: Component, values: Mapping[str, FieldValue]) -> JsonObject:
    shape: JsonObject = {"type": row.type, "id": row.id}
    fields = [_fill_field(child, values) for child in row.children()]
    match row.type:
        case ComponentType.LABEL:
            return shape | {"component": fields[0]}
        case ComponentType.ACTION_ROW:
            return shape | {"components": fields}
        case _:
            return shape


def _fill_field(field: Component, values: Mapping[str, FieldValue]) -> JsonObject:
    given = values.get(field.custom_id or "")
    shape: JsonObject = {"type": field.type, "id": field.id, "custom_id": field.custom_id}
    if field.type in SELECTS | {ComponentType.FILE_UPLOAD, ComponentType.CHECKBOX_GROUP}:
        return shape | {"values": [] if given is None else given}
    if field.type == ComponentType.TEXT_INPUT:
        text = given if given is not None else (field.value or "")
        _check_text(field, text)
        return shape | {"value": text}
    return shape | {"value": given}


def _check_text(field: Component, text: FieldValue) -> None:
    if not isinstance(text, str):
        raise PlaygroundError(f"The field {field.custom_id} takes text, not {text!r}.")
    required = field.required is UNSET or field.required
    low = (field.min_length or 1) if required else 0
    if not low <= len(text) <= (field.max_length or 4000):
        raise PlaygroundError(f"The text for {field.custom_id} is too short or too long.")
