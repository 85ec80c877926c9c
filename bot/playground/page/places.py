"""Servers, channels, members and commands as the page lists them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import UNSET

from bot.playground.world.effective_permissions import permissions_in
from bot.playground.world.interactions.commands import (
    CHAT_INPUT,
    MESSAGE_COMMAND,
    SUBCOMMAND,
    SUBCOMMAND_GROUP,
)
from bot.playground.world.permissions import Permission
from bot.playground.world.threads import can_view

if TYPE_CHECKING:
    from bot.playground.wire import JsonObject
    from bot.playground.world.interactions.commands import Command, CommandBody, Localizations, Option
    from bot.playground.world.model import Channel, Guild, Member
    from bot.playground.world.world import World


def draw_places(world: World, language: str) -> JsonObject:
    """Everything beside the messages."""
    return {
        "guilds": [_guild(guild, world, language) for guild in world.guilds.values()],
        "bot": str(world.bot.id),
    }


def visible_commands(world: World, guild_id: int) -> list[Command]:
    """List what a member of the guild is offered: the guild's own commands hide global namesakes."""
    own = world.commands.registered(guild_id)
    taken = {(each.body.type, each.body.name) for each in own}
    everywhere = world.commands.registered(None)
    return own + [each for each in everywhere if (each.body.type, each.body.name) not in taken]


def _guild(guild: Guild, world: World, language: str) -> JsonObject:
    commands = visible_commands(world, guild.id)
    channels = sorted(guild.channels.values(), key=lambda each: (each.parent_id or each.id, each.id))
    return {
        "id": str(guild.id),
        "name": guild.name,
        "channels": [_channel(channel, guild, world) for channel in channels],
        "members": [_member(member, guild) for member in guild.members.values()],
        "roles": [
            {"id": str(role.id), "name": role.name} for role in guild.roles.values() if role.id != guild.id
        ],
        "commands": [
            line for each in commands if each.body.type == CHAT_INPUT for line in _runnable(each, language)
        ],
        "message_commands": [each.body.name for each in commands if each.body.type == MESSAGE_COMMAND],
    }


def _channel(channel: Channel, guild: Guild, world: World) -> JsonObject:
    closed = [str(each.id) for each in guild.members.values() if not can_view(world, channel, each)]
    return {
        "id": str(channel.id),
        "name": channel.name,
        "thread": channel.is_thread,
        "private": channel.is_private,
        "archived": channel.archived,
        "locked": channel.locked,
        "hidden_from": closed,
    }


def _member(member: Member, guild: Guild) -> JsonObject:
    roles = [guild.roles[role_id].name for role_id in member.role_ids if role_id in guild.roles]
    allowed = permissions_in(guild, member)
    return {
        "id": str(member.id),
        "name": member.nick or member.user.name,
        "bot": member.user.bot,
        "roles": roles,
        "moderator": Permission.MANAGE_MESSAGES in allowed,
        "permissions": str(int(allowed)),
        "owner": member.id == guild.owner_id,
    }


def _runnable(command: Command, language: str) -> list[JsonObject]:
    """List the command, or each of its subcommands, with the whole path to it."""
    base = _described(command.body, language) | {"needs": str(int(command.body.needs()))}
    return _leaves(command.body.name, command.body.options, base, language)


def _leaves(path: str, options: list[Option], about: JsonObject, language: str) -> list[JsonObject]:
    inner = [each for each in options if each.type in (SUBCOMMAND, SUBCOMMAND_GROUP)]
    if not inner:
        return [about | {"path": path, "options": [_option(each, language) for each in options]}]
    found: list[JsonObject] = []
    for each in inner:
        below = [] if each.options in (UNSET, None) else each.options
        found += _leaves(f"{path} {each.name}", below, about | _described(each, language), language)
    return found


def _described(item: CommandBody | Option, language: str) -> JsonObject:
    return {
        "name": item.name,
        "shown": _localized(item.name_localizations, item.name, language),
        "description": _localized(item.description_localizations, item.description, language),
    }


def _localized(words: Localizations, plain: str, language: str) -> str:
    found = {} if words in (UNSET, None) else words
    return next((word for locale, word in found.items() if locale.startswith(language)), plain)


def _option(option: Option, language: str) -> JsonObject:
    choices = [] if option.choices in (UNSET, None) else option.choices
    return _described(option, language) | {
        "type": option.type,
        "required": option.required,
        "autocomplete": option.autocomplete,
        "choices": [
            {"name": _localized(each.name_localizations, each.name, language), "value": each.value}
            for each in choices
        ],
        "min": _given(option.min_value),
        "max": _given(option.max_value),
        "shortest": _given(option.min_length),
        "longest": _given(option.max_length),
    }


def _given(value: object) -> object:
    return None if value is UNSET else value
