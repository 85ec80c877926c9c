"""The world that a newcomer finds: two servers, their channels, and six people to act as."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from bot.playground.world.permissions import Permission

if TYPE_CHECKING:
    from bot.playground.world.model import Channel, Guild, Member
    from bot.playground.world.world import World

MODERATOR = (
    Permission.MANAGE_MESSAGES
    | Permission.MANAGE_GUILD
    | Permission.MANAGE_CHANNELS
    | Permission.KICK_MEMBERS
)
PEOPLE = ("Mika", "Alex", "Yuki", "Sam")
NEWCOMER, ECHO = "Nova", "Echo"
IN_JAPANESE = {
    "Mika": "美香",
    "Alex": "蓮",
    "Yuki": "ゆき",
    "Sam": "悟",
    "Nova": "のぞみ",
    "Echo": "エコー",
    "Moderator": "モデレーター",
    "Newcomer": "新メンバー",
}
"""Names on a server whose language is Japanese, as nicknames of the same accounts, and roles."""


@dataclass(frozen=True, slots=True)
class Seeded:
    """The first of the servers, whose language is the page's."""

    guild: Guild
    channels: tuple[Channel, ...]
    members: tuple[Member, ...]


def seed_world(world: World, *, language: str = "en") -> Seeded:
    """Fill an empty world."""
    places = [("Arena", "en-US", ("general", "arena", "日本語")), ("闘技場", "ja", ("総合", "対戦"))]
    first, second = reversed(places) if language == "ja" else places
    seeded = _guild(world, *first, known=())
    _guild(world, *second, known=seeded.members)
    return seeded


def _guild(
    world: World, name: str, locale: str, channels: tuple[str, ...], *, known: tuple[Member, ...]
) -> Seeded:
    guild = world.create_guild(name, locale=locale)
    names = IN_JAPANESE if locale == "ja" else {}
    moderator = world.create_role(guild, names.get("Moderator", "Moderator"), MODERATOR)
    newcomer = world.create_role(guild, names.get("Newcomer", "Newcomer"))
    made = tuple(world.create_channel(guild, channel) for channel in channels)
    first, *others = PEOPLE
    roles_of = {first: (moderator,), **dict.fromkeys(others, ()), NEWCOMER: (newcomer,)}
    accounts = {member.user.name: member.user for member in known}
    members = tuple(
        world.create_member(guild, each, roles=roles, user=accounts.get(each))
        for each, roles in roles_of.items()
    )
    echo = world.create_member(guild, ECHO, bot=True, user=accounts.get(ECHO))
    for member in (*members, echo):
        member.nick = names.get(member.user.name)
    return Seeded(guild, made, (*members, echo))
