"""The world: the shared state with all that acts on it, and the building of guilds."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from bot.playground.errors import PlaygroundError
from bot.playground.world import payloads, place_payloads
from bot.playground.world.events import GatewayEvent, Intent
from bot.playground.world.interactions.asking import Interactions
from bot.playground.world.interactions.commands import Commands
from bot.playground.world.messages.posting import Messages
from bot.playground.world.messages.reactions import Reactions
from bot.playground.world.model import (
    PRIVATE_THREAD,
    PUBLIC_THREAD,
    Channel,
    Emoji,
    Guild,
    Member,
    Message,
    Overwrite,
    Role,
    User,
)
from bot.playground.world.people import People
from bot.playground.world.permissions import EVERYONE, NOTHING, Permission
from bot.playground.world.state import WorldState
from bot.playground.world.threads import Threads

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from bot.playground.wire import JsonObject


class World(WorldState):
    """State and the services over it, and the methods that make, change and delete guilds."""

    def __init__(self, *, clock: Callable[[], float] = time.time, bot_name: str = "Arena") -> None:
        super().__init__(clock, bot_name)
        self.commands = Commands(self)
        self.threads = Threads(self)
        self.messages = Messages(self, self.threads)
        self.reactions = Reactions(self)
        self.interactions = Interactions(self)
        self.people = People(
            self, self.commands, self.messages, self.reactions, self.interactions, self.threads
        )

    def move(self, base_url: str) -> None:
        """Serve files at another address from now on, those of older messages too."""
        self.messages.move_files(f"{self.base_url}/attachments/", f"{base_url}/attachments/")
        self.base_url = base_url

    def create_guild(
        self,
        name: str = "Guild",
        *,
        guild_id: int | None = None,
        everyone: Permission = EVERYONE,
        locale: str = "en-US",
        community: bool | None = None,
        bot_permissions: Permission = NOTHING,
        channels: Iterable[str] = (),
    ) -> Guild:
        """Make a guild with the bot in it, an owner, and these channels.

        One with a locale of its own is a Community, unless it is said not to be: no other can set one.
        """
        guild_id = guild_id or self.snowflakes.next()
        owner = self.create_user(f"Owner of {name}")
        guild = Guild(guild_id, name, owner.id, self.clock(), locale)
        guild.community = locale != "en-US" if community is None else community
        guild.roles[guild_id] = Role(guild_id, guild_id, "@everyone", everyone, position=0)
        bot_role = Role(self.snowflakes.next(), guild_id, self.bot.name, bot_permissions, bot_id=self.bot.id)
        guild.roles[bot_role.id] = bot_role
        for user, role_ids in ((owner, list[int]()), (self.bot, [bot_role.id])):
            guild.members[user.id] = Member(user, guild_id, self.clock(), role_ids, locale=locale)
        self.guilds[guild_id] = guild
        for place, each in enumerate(channels):
            channel = Channel(self.snowflakes.next(), guild_id, each, position=place)
            guild.channels[channel.id] = self.channels[channel.id] = channel
        bot_only = place_payloads.guild_create(guild, [guild.members[self.bot.id]], (), self.bot.id)
        self.publish(GatewayEvent("GUILD_CREATE", bot_only, guild_id=guild_id))
        return guild

    def set_community(self, guild: Guild, *, community: bool) -> None:
        """Switch the Community features on or off, and with them the locale that bots are told."""
        guild.community = community
        self.publish(GatewayEvent("GUILD_UPDATE", place_payloads.guild(guild), guild_id=guild.id))

    def delete_guild(self, guild: Guild) -> None:
        """Delete the guild, or remove the bot from it: to the bot it is the same."""
        for channel in list(guild.channels.values()):
            self._forget_channel(channel)
        del self.guilds[guild.id]
        self.publish(GatewayEvent("GUILD_DELETE", {"id": str(guild.id)}, guild_id=guild.id))

    def create_role(self, guild: Guild, name: str, permissions: Permission = NOTHING) -> Role:
        role = Role(self.snowflakes.next(), guild.id, name, permissions, position=len(guild.roles))
        guild.roles[role.id] = role
        self._publish_role("GUILD_ROLE_CREATE", role)
        return role

    def set_role_permissions(self, role: Role, permissions: Permission) -> None:
        role.permissions = permissions
        self._publish_role("GUILD_ROLE_UPDATE", role)

    def create_member(
        self,
        guild: Guild,
        name: str,
        *,
        roles: Iterable[Role] = (),
        locale: str | None = None,
        user: User | None = None,
        bot: bool = False,
    ) -> Member:
        """Make a new account in the guild, or with `user` an account that other guilds know already."""
        account = user or self.create_user(name, bot=bot)
        role_ids = [role.id for role in roles]
        member = Member(account, guild.id, self.clock(), role_ids, locale=locale or guild.locale)
        guild.members[member.id] = member
        data = payloads.member(member) | {"guild_id": str(guild.id)}
        self.publish(GatewayEvent("GUILD_MEMBER_ADD", data, guild_id=guild.id, intent=Intent.GUILD_MEMBERS))
        return member

    def remove_member(self, member: Member) -> None:
        if member.user is self.bot:
            raise PlaygroundError("The bot leaves with delete_guild.")
        del self.guild(member.guild_id).members[member.id]
        data: JsonObject = {"guild_id": str(member.guild_id), "user": payloads.user(member.user)}
        event = GatewayEvent(
            "GUILD_MEMBER_REMOVE", data, guild_id=member.guild_id, intent=Intent.GUILD_MEMBERS
        )
        self.publish(event)

    def set_member_roles(self, member: Member, roles: Iterable[Role]) -> None:
        member.role_ids = [role.id for role in roles]
        data = payloads.member(member) | {"guild_id": str(member.guild_id)}
        # The bot hears of its own membership without the privileged intent.
        intent = Intent.ALWAYS if member.user is self.bot else Intent.GUILD_MEMBERS
        self.publish(GatewayEvent("GUILD_MEMBER_UPDATE", data, guild_id=member.guild_id, intent=intent))

    def create_channel(self, guild: Guild, name: str = "general") -> Channel:
        channel = Channel(self.snowflakes.next(), guild.id, name, position=len(guild.channels))
        return self._add_channel(guild, channel, "CHANNEL_CREATE")

    def create_thread(
        self,
        parent: Channel,
        name: str,
        *,
        owner: User | Member | None = None,
        private: bool = False,
        auto_archive_minutes: int = 1440,
        thread_id: int | None = None,
    ) -> Channel:
        """Make a thread with its owner in it, the bot if nobody else is named."""
        now = self.clock()
        owner_id = (owner or self.bot).id
        channel = Channel(
            thread_id or self.snowflakes.next(),
            parent.guild_id,
            name,
            PRIVATE_THREAD if private else PUBLIC_THREAD,
            parent.id,
            created_at=now,
            owner_id=owner_id,
            thread_members={owner_id: now},
            auto_archive_minutes=auto_archive_minutes,
            active_at=now,
        )
        return self._add_channel(self.guild(parent.guild_id), channel, "THREAD_CREATE")

    def start_thread(self, message: Message, name: str, *, auto_archive_minutes: int = 1440) -> Channel:
        """Have the bot make a thread of a message, whose id the thread has as well."""
        thread = self.create_thread(
            self.channels[message.channel_id],
            name,
            auto_archive_minutes=auto_archive_minutes,
            thread_id=message.id,
        )
        self.messages.note_thread(message, thread)
        return thread

    def archive_thread(self, thread: Channel, *, archived: bool = True) -> None:
        self.threads.set_archived(thread, archived=archived)

    def lock_thread(self, thread: Channel, *, locked: bool = True) -> None:
        """Lock a thread without archiving it; a moderator's client does both."""
        self.threads.set_locked(thread, locked=locked)

    def set_overwrite(
        self,
        channel: Channel,
        target: Role | Member,
        *,
        allow: Permission = NOTHING,
        deny: Permission = NOTHING,
    ) -> None:
        is_member = isinstance(target, Member)
        channel.overwrites[target.id] = Overwrite(target.id, is_member, allow, deny)
        self._publish_channel("CHANNEL_UPDATE", channel)

    def delete_channel(self, channel: Channel) -> None:
        threads = [each for each in self.channels.values() if each.parent_id == channel.id]
        for gone in (*threads, channel):
            self._forget_channel(gone)
            del self.guild(gone.guild_id).channels[gone.id]
        self._publish_channel("THREAD_DELETE" if channel.is_thread else "CHANNEL_DELETE", channel)

    def create_emoji(self, guild: Guild, name: str) -> Emoji:
        emoji_id = self.snowflakes.next()
        guild.emojis[emoji_id] = Emoji(name, emoji_id)
        emojis = [place_payloads.guild_emoji(each) for each in guild.emojis.values()]
        data: JsonObject = {"guild_id": str(guild.id), "emojis": emojis}
        intent = Intent.GUILD_EXPRESSIONS
        self.publish(GatewayEvent("GUILD_EMOJIS_UPDATE", data, guild_id=guild.id, intent=intent))
        return guild.emojis[emoji_id]

    def _add_channel(self, guild: Guild, channel: Channel, event: str) -> Channel:
        guild.channels[channel.id] = self.channels[channel.id] = channel
        self._publish_channel(event, channel)
        return channel

    def _forget_channel(self, channel: Channel) -> None:
        for message in list(channel.messages.values()):
            self.messages.forget(message)
        del self.channels[channel.id]

    def _publish_channel(self, name: str, channel: Channel) -> None:
        if channel.is_thread:
            about: JsonObject = {"newly_created": True} if name == "THREAD_CREATE" else {}
            self.threads.publish(name, channel, about)
            return
        self.publish(GatewayEvent(name, place_payloads.channel(channel), guild_id=channel.guild_id))

    def _publish_role(self, name: str, role: Role) -> None:
        data: JsonObject = {"guild_id": str(role.guild_id), "role": payloads.role(role)}
        self.publish(GatewayEvent(name, data, guild_id=role.guild_id))
