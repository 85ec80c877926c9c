"""What Discord itself says of a thread that was started from a message."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.playground.world.model import Channel, Message

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bot.playground.world.state import WorldState

THREAD_CREATED, THREAD_STARTER = 18, 21
OLDER_SECONDS = 60.0
"""From when on a message is "older" (topics/threads), which Discord says to be "a very small value"."""


def messages_of(message: Message, thread: Channel, state: WorldState) -> Iterator[Message]:
    """Yield the first message of the thread, and of an older message what tells its channel of the thread."""
    yield Message(
        state.snowflakes.next(),
        thread.id,
        thread.guild_id,
        state.bot,
        state.clock(),
        kind=THREAD_STARTER,
        reference=_reference(message.channel_id, message) | {"message_id": str(message.id)},
    )
    if state.clock() - message.created_at > OLDER_SECONDS:
        yield Message(
            state.snowflakes.next(),
            message.channel_id,
            message.guild_id,
            state.bot,
            state.clock(),
            content=thread.name,
            kind=THREAD_CREATED,
            reference=_reference(thread.id, message),
        )


def _reference(channel_id: int, message: Message) -> dict[str, object]:
    return {"type": 0, "channel_id": str(channel_id), "guild_id": str(message.guild_id)}
