"""Threads: who sees them, who is in them, and when they are archived or locked."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.playground.errors import DiscordError, Refusal
from bot.playground.world import payloads, place_payloads
from bot.playground.world.effective_permissions import permissions_in
from bot.playground.world.events import GatewayEvent, Intent
from bot.playground.world.permissions import Permission

if TYPE_CHECKING:
    from bot.playground.wire import JsonObject
    from bot.playground.world.model import Channel, Guild, Member, Message
    from bot.playground.world.state import WorldState

MINUTE = 60.0


def can_view(state: WorldState, channel: Channel, member: Member) -> bool:
    """Say whether the member sees the channel; a private thread is for who is in it, or manages threads."""
    allowed = permissions_in(state.guild(channel.guild_id), member, channel)
    if Permission.VIEW_CHANNEL not in allowed:
        return False
    is_closed = channel.is_private and state.strict.threads and member.id not in channel.thread_members
    return not is_closed or Permission.MANAGE_THREADS in allowed


def check_open(state: WorldState, channel: Channel, member: Member) -> None:
    """Raise DiscordError where the member can neither send, edit, delete nor react.

    Discord's documentation (topics/threads) lets messages be deleted in an archived thread, and has one that
    is sent unarchive it; bots were refused both (victornpb/undiscord#399, viet-aus-it/vait-discord-bot#286).
    It lets anyone react in a locked thread while that is active; discord-userdoccers (resources/channel,
    Thread Metadata) has only those who manage threads interact with it. Each is here as the stricter says.
    """
    if channel.archived:
        raise state.strict.error(Refusal.ARCHIVED_THREAD)
    if channel.locked and state.strict.threads and not can_manage(state, channel, member):
        raise DiscordError(Refusal.LOCKED_THREAD)


def can_manage(state: WorldState, channel: Channel, member: Member) -> bool:
    return Permission.MANAGE_THREADS in permissions_in(state.guild(channel.guild_id), member, channel)


class Threads:
    """Changes threads, each change an event for a bot that sees the thread."""

    def __init__(self, state: WorldState) -> None:
        self._state = state

    def told(self, guild: Guild) -> list[Channel]:
        """List the threads that a bot is told of when it connects: those that are active and that it sees."""
        bot = self._state.bot_in(guild.id)
        threads = [each for each in guild.channels.values() if each.is_thread]
        if not self._state.strict.threads:
            return threads
        return [each for each in threads if not each.archived and can_view(self._state, each, bot)]

    def set_archived(self, thread: Channel, *, archived: bool) -> None:
        thread.archived = archived
        thread.archived_at = self._state.clock()
        if not archived:
            thread.active_at = self._state.clock()
        self.publish("THREAD_UPDATE", thread)

    def set_locked(self, thread: Channel, *, locked: bool) -> None:
        thread.locked = locked
        self.publish("THREAD_UPDATE", thread)

    def wake(self, thread: Channel, member: Member) -> None:
        """Unarchive a thread as its client does for a member who acts in it, where that is allowed."""
        if thread.archived and self._state.strict.threads and self._may_wake(thread, member):
            self.set_archived(thread, archived=False)

    def archive_idle(self) -> None:
        """Archive the threads in which nothing was sent for as long as each of them waits.

        Discord documents that the time has become the one for which a thread is listed, and that a thread is
        archived "usually not" before it ends: here it is when it ends.
        """
        if not self._state.strict.threads:
            return
        now = self._state.clock()
        for thread in [each for each in self._state.channels.values() if each.is_thread]:
            # A world that was saved before threads were watched does not know.
            thread.active_at = thread.active_at or now
            if not thread.archived and now - thread.active_at >= thread.auto_archive_minutes * MINUTE:
                self.set_archived(thread, archived=True)

    def note_message(self, thread: Channel, message: Message) -> None:
        """Let a new message keep the thread awake, and bring in its author and whom it mentions.

        Only what is sent counts, no edit and no reaction. An answer to an interaction brings nobody in: the
        bot need not see the thread for it.
        """
        thread.active_at = self._state.clock()
        if message.is_webhook:
            return
        members = self._state.guild(thread.guild_id).members
        for user_id in (message.author.id, *message.mention_ids):
            if user_id in members:
                self.add(thread, members[user_id])

    def add(self, thread: Channel, member: Member) -> None:
        if member.id in thread.thread_members:
            return
        thread.thread_members[member.id] = self._state.clock()
        if member.user is self._state.bot:
            self.publish("THREAD_CREATE", thread)
        joined = place_payloads.thread_member(thread, member.id) | {"member": payloads.member(member)}
        self._publish_members(thread, member, {"added_members": [joined | {"presence": None}]})

    def remove(self, thread: Channel, member: Member) -> None:
        if thread.thread_members.pop(member.id, None) is not None:
            self._publish_members(thread, member, {"removed_member_ids": [str(member.id)]})

    def publish(self, name: str, thread: Channel, about: JsonObject | None = None) -> None:
        data = place_payloads.channel(thread, self._state.bot.id) | (about or {})
        unseen = not can_view(self._state, thread, self._state.bot_in(thread.guild_id))
        self._state.publish(GatewayEvent(name, data, guild_id=thread.guild_id, unseen=unseen))

    def _may_wake(self, thread: Channel, member: Member) -> bool:
        return not thread.locked or can_manage(self._state, thread, member)

    def _publish_members(self, thread: Channel, member: Member, change: JsonObject) -> None:
        is_bot = member.user is self._state.bot
        data: JsonObject = {
            "id": str(thread.id),
            "guild_id": str(thread.guild_id),
            "member_count": len(thread.thread_members),
        }
        event = GatewayEvent(
            "THREAD_MEMBERS_UPDATE",
            data | change,
            guild_id=thread.guild_id,
            # The bot hears of itself without the privileged intent, and that it is out as well.
            intent=Intent.GUILDS if is_bot else Intent.GUILD_MEMBERS,
            unseen=not (is_bot or can_view(self._state, thread, self._state.bot_in(thread.guild_id))),
        )
        self._state.publish(event)
