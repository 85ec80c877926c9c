"""What the bot may reach, in the words Discord refuses with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.playground.errors import DiscordError, Refusal
from bot.playground.world.effective_permissions import permissions_in
from bot.playground.world.permissions import NOTHING, Permission
from bot.playground.world.threads import can_view, check_open

if TYPE_CHECKING:
    from bot.playground.world.model import Channel, Guild, Message
    from bot.playground.world.state import WorldState


class Access:
    """Looks things up on behalf of the bot, and raises DiscordError where it may not have them."""

    def __init__(self, state: WorldState) -> None:
        self._state = state

    def guild(self, guild_id: int) -> Guild:
        return self._state.guild(guild_id)

    def channel(self, channel_id: int, needs: Permission = NOTHING) -> Channel:
        channel = self._state.channel(channel_id)
        if not can_view(self._state, channel, self._state.bot_in(channel.guild_id)):
            raise DiscordError(Refusal.MISSING_ACCESS)
        if needs not in self.permissions(channel):
            raise DiscordError(Refusal.MISSING_PERMISSIONS)
        return channel

    def open(self, channel_id: int, needs: Permission = NOTHING) -> Channel:
        """Find a channel in which the bot may make and change things: no archived thread, no locked one."""
        channel = self.channel(channel_id, needs)
        check_open(self._state, channel, self._state.bot_in(channel.guild_id))
        return channel

    def writable(self, channel_id: int, *, files: bool) -> Channel:
        """Find a channel that the bot may send to."""
        needs = Permission.ATTACH_FILES if files else NOTHING
        is_thread = self._state.channel(channel_id).is_thread
        send = Permission.SEND_MESSAGES_IN_THREADS if is_thread else Permission.SEND_MESSAGES
        return self.open(channel_id, needs | send)

    def readable(self, channel_id: int) -> Channel:
        """Find a channel whose past the bot may read; where it may not, Discord says missing access."""
        channel = self.channel(channel_id)
        if Permission.READ_MESSAGE_HISTORY not in self.permissions(channel):
            raise DiscordError(Refusal.MISSING_ACCESS)
        return channel

    def own(self, channel_id: int, message_id: int) -> Message:
        """Find a message that the bot may edit."""
        message = self._state.message_in(self.channel(channel_id), message_id)
        if message.author is not self._state.bot:
            raise DiscordError(Refusal.NOT_THE_AUTHOR)
        self.open(channel_id)
        return message

    def permissions(self, channel: Channel) -> Permission:
        guild_id = channel.guild_id
        return permissions_in(self._state.guild(guild_id), self._state.bot_in(guild_id), channel)
