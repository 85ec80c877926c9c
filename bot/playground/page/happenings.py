"""What members and Discord can do in a channel, at a press of a button in the engine room."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.playground.errors import PlaygroundError
from bot.playground.world.messages.posting import HOUR
from bot.playground.world.messages.reactions import MAX_REACTIONS
from bot.playground.world.threads import MINUTE

if TYPE_CHECKING:
    from bot.playground.world.model import Channel, Member, Message
    from bot.playground.world.world import World

FRUIT = "🍇🍈🍉🍊🍋🍌🍍🥭🍎🍏🍐🍑🍒🍓🥝🍅🥥🥑🍆🥔"
BURSTS = 5


def make_happen(world: World, member: Member, channel: Channel, kind: str) -> None:
    """Let it happen. Raises PlaygroundError for a kind that is not known, or where it cannot happen."""
    match kind:
        case "bursts":
            _react_super(world, channel)
        case "twenty":
            _fill(world, member, _newest(channel))
        case "thread" | "private":
            world.create_thread(channel, member.user.name, owner=member, private=kind == "private")
        case "archive":
            world.archive_thread(_thread(channel))
        case "lock":
            # A moderator's client locks a thread and archives it at once.
            world.lock_thread(_thread(channel))
            world.archive_thread(channel)
        case "reopen":
            world.lock_thread(_thread(channel), locked=False)
            world.archive_thread(channel, archived=False)
        case "idle":
            _pass_idle_time(world, channel)
        case "hour":
            for message in channel.messages.values():
                message.created_at -= HOUR
            world.interactions.age(HOUR)
        case _:
            raise PlaygroundError(f"There is no such happening as {kind}.")


def _react_super(world: World, channel: Channel) -> None:
    """Let some members react super with what is under the newest message that has reactions, in turn."""
    reacted = [message for message in channel.messages.values() if message.reactions]
    message = reacted[-1] if reacted else _newest(channel)
    emoji = [each.emoji for each in message.reactions.values()] or [world.reactions.parse("👍")]
    guild = world.guild(channel.guild_id)
    people = [
        member for member in guild.members.values() if not member.user.bot and member.id != guild.owner_id
    ]
    for number, person in enumerate(people[:BURSTS]):
        world.reactions.add(message, emoji[number % len(emoji)], person.id, burst=True)


def _fill(world: World, member: Member, message: Message) -> None:
    for emoji in FRUIT:
        if len(message.reactions) < MAX_REACTIONS:
            world.people.react(member, message, emoji)


def _pass_idle_time(world: World, channel: Channel) -> None:
    """Let all threads of the guild have been idle for as long as it takes."""
    for thread in world.guild(channel.guild_id).channels.values():
        thread.active_at -= thread.auto_archive_minutes * MINUTE
    world.threads.archive_idle()


def _newest(channel: Channel) -> Message:
    if not channel.messages:
        raise PlaygroundError("There is no message in this channel.")
    return list(channel.messages.values())[-1]


def _thread(channel: Channel) -> Channel:
    if not channel.is_thread:
        raise PlaygroundError("This channel is no thread.")
    return channel
