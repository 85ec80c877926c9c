"""The message that a result is in: a reply to the battle's card, or in a thread of it."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import discord

from bot.acknowledgement import SILENT
from bot.i18n import translations
from cogs.battles.card_result import verdict

if TYPE_CHECKING:
    from bot.client import ArenaBot
    from bot.domain.battle import Battle

THREAD_EXISTS = 160004
NAME_LIMIT = 100
CLOCKS_DIFFER = 60.0
"""So many seconds Discord's clock may be behind ours."""

MOST_READ = 200
"""A notice comes right after its result, and so among the first messages that follow."""


async def announce(bot: ArenaBot, card: discord.PartialMessage, battle: Battle) -> None:
    """Say that the result is in, once: for a few minutes Discord knows a message again by its nonce."""
    said, nonce = _text(battle), f"r{battle.battle_id}"
    thread = await _thread_of(bot, card, battle) if _is_told_in_thread(bot, battle) else None
    if battle.first_drawn_at and await _is_told(bot, card, battle.first_drawn_at, thread):
        return
    if thread is not None:
        with suppress(discord.Forbidden):
            await thread.send(said, nonce=nonce, allowed_mentions=SILENT)
            return
    reference = card.to_reference(fail_if_not_exists=False)
    await card.channel.send(said, reference=reference, nonce=nonce, allowed_mentions=_mentions(battle))


async def _is_told(
    bot: ArenaBot, card: discord.PartialMessage, since: float, thread: discord.abc.Messageable | None
) -> bool:
    """Tell whether an earlier process, which has ended meanwhile, said already that the result is in."""
    begun = datetime.fromtimestamp(since - CLOCKS_DIFFER, UTC)
    places = (card.channel,) if thread is None else (thread, card.channel)
    said = [
        message.author == bot.user and _is_notice(message, card)
        for place in places
        async for message in place.history(after=begun, limit=MOST_READ)
    ]
    return any(said)


def _is_notice(message: discord.Message, card: discord.PartialMessage) -> bool:
    """Tell whether it replies to the card, or was sent to its thread, which has its id."""
    if message.type not in {discord.MessageType.default, discord.MessageType.reply}:
        return False  # what Discord itself says of a thread has its owner for its author
    replied = message.reference.message_id if message.reference else None
    return message.interaction_metadata is None and card.id in (message.channel.id, replied)


def _text(battle: Battle) -> str:
    _ = translations(battle.locale).gettext
    result = verdict(battle, _).removeprefix("## ")
    text = _("The result is in: {result}").format(result=result)
    return f"<@{battle.asker_id}> {text}" if _is_mentioned(battle) else text


def _is_mentioned(battle: Battle) -> bool:
    """Whether the member who asked is told; one who was forgotten is none any more."""
    return battle.rules.result_notice == "mention" and battle.asker_id > 0


def _mentions(battle: Battle) -> discord.AllowedMentions:
    asker = [discord.Object(battle.asker_id)] if _is_mentioned(battle) else False
    return discord.AllowedMentions(everyone=False, roles=False, users=asker, replied_user=False)


def _is_told_in_thread(bot: ArenaBot, battle: Battle) -> bool:
    """Tell whether the card is to have a thread, which none in a thread can have."""
    is_in_thread = isinstance(bot.get_channel(battle.channel_id), discord.Thread)
    return battle.rules.result_notice == "thread" and not is_in_thread


async def _thread_of(
    bot: ArenaBot, card: discord.PartialMessage, battle: Battle
) -> discord.abc.Messageable | None:
    """Return the thread of a card, which has one at most, by its id; `None` where the bot may make none."""
    name = translations(battle.locale).gettext("Battle {number}").format(number=battle.battle_id)
    try:
        return await card.create_thread(name=name[:NAME_LIMIT])
    except discord.HTTPException as exc:
        if exc.code == THREAD_EXISTS:
            return bot.get_partial_messageable(card.id, guild_id=battle.guild_id)
        if isinstance(exc, discord.Forbidden):
            return None
        raise
