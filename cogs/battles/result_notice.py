"""The message that a result is in: a reply to the battle's card, or in a thread of it."""

from __future__ import annotations

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


async def announce(bot: ArenaBot, card: discord.PartialMessage, battle: Battle) -> None:
    """Say that the result is in; by its nonce Discord knows a message that it took before."""
    said, nonce = _text(battle), f"r{battle.battle_id}"
    if battle.rules.result_notice == "thread" and not _is_thread(bot, battle):
        thread = await _thread_of(bot, card, battle)
        if thread is not None:
            await thread.send(said, nonce=nonce, allowed_mentions=SILENT)
            return
    reference = card.to_reference(fail_if_not_exists=False)
    await card.channel.send(said, reference=reference, nonce=nonce, allowed_mentions=_mentions(battle))


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


def _is_thread(bot: ArenaBot, battle: Battle) -> bool:
    return isinstance(bot.get_channel(battle.channel_id), discord.Thread)


async def _thread_of(
    bot: ArenaBot, card: discord.PartialMessage, battle: Battle
) -> discord.abc.Messageable | None:
    """Return the thread of a card, which has one at most, by its id; `None` where the bot may make none."""
    name = translations(battle.locale).gettext("Battle {number}").format(number=battle.battle_id)
    try:
        return await card.create_thread(name=name[:NAME_LIMIT])
    except discord.Forbidden:
        return None
    except discord.HTTPException as exc:
        if exc.code != THREAD_EXISTS:
            raise
        return bot.get_partial_messageable(card.id, guild_id=battle.guild_id)
