"""What happens by itself: old texts go, cards lose what was deleted, and servers that were left are noted."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING

import structlog
from discord.ext import commands, tasks

from bot.domain.battle import CardPart
from bot.domain.days import DAY_SECONDS
from bot.errors import MessageGoneError, MessageRefusedError, MessageUnavailableError
from cogs.background import logged
from cogs.battles.card_message import DiscordCard

if TYPE_CHECKING:
    from collections.abc import Sequence

    import discord

    from bot.client import ArenaBot
    from bot.domain.battle import Battle

ERASURE = "arena_erasure"
"""The event of a member's data having been deleted."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class HousekeepingCog(commands.Cog):
    def __init__(self, bot: ArenaBot) -> None:
        self.bot = bot
        self._seen: dict[int, discord.Guild] = {}
        self._cleaning = asyncio.Lock()

    async def cog_load(self) -> None:
        self.keep_house.start()

    async def cog_unload(self) -> None:
        task = self.keep_house.get_task()
        self.keep_house.cancel()
        if task:
            await asyncio.gather(task, return_exceptions=True)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        await self.bot.arena.departures.leave(guild.id)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        self._seen[guild.id] = guild
        await self.bot.arena.departures.return_to(guild.id)

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        if self.bot.arena.departures.is_left(guild.id):
            await self.bot.arena.departures.return_to(guild.id)

    @commands.Cog.listener(f"on_{ERASURE}")
    async def on_erasure(self) -> None:
        """Redraw the cards whose texts were deleted, however long it takes."""
        async with self._cleaning:
            while cards := await self.bot.arena.privacy.stale_cards():
                if not await self._clean_some(cards):
                    await asyncio.sleep(self.bot.arena.pauses.before_cleaning_again)

    @commands.Cog.listener()
    async def on_shard_ready(self, shard_id: int) -> None:
        """Compare the servers of the shard with those that are known; one that is down is there all the same.

        A session makes each server that it names anew. One that is the same object as before was not named:
        it was left while there was no session.
        """
        listed = {guild.id: guild for guild in self.bot.guilds if guild.shard_id == shard_id}
        present = {guild_id for guild_id, guild in listed.items() if self._seen.get(guild_id) is not guild}
        self._seen |= listed
        await self.bot.arena.departures.compare(present, lambda each: self.bot.shard_of(each) == shard_id)

    @tasks.loop(hours=24)
    async def keep_house(self) -> None:
        """Delete at the start and at each midnight UTC what is old, and have its cards redrawn."""
        self.keep_house.change_interval(seconds=DAY_SECONDS - self.bot.arena.clock() % DAY_SECONDS)
        with logged("housekeeping failed"):
            await self.bot.arena.retention.sweep()
        with logged("housekeeping failed"):
            await self.bot.arena.departures.sweep(self._is_absent)
        self.bot.dispatch(ERASURE)  # what an earlier process did not come to

    @keep_house.before_loop
    async def until_ready(self) -> None:
        await self.bot.wait_until_ready()

    async def _clean_some(self, cards: Sequence[Battle]) -> bool:
        """Redraw the cards that nobody else may redraw now; `False` where it is better to wait."""
        free = [battle for battle in cards if not self.bot.arena.supervisor.runner(battle.battle_id)]
        for battle in free:
            try:
                await self._clean(battle)
            except MessageUnavailableError as trouble:
                _log.warning("a card could not be cleaned", battle=battle.battle_id, error=str(trouble))
                return False
            await asyncio.sleep(self.bot.arena.pauses.between_cards)
        return bool(free)

    async def _clean(self, battle: Battle) -> None:
        try:
            await _show_what_is_taken(DiscordCard(self.bot, battle), battle)
        except MessageGoneError:
            _log.info("a card to be cleaned is out of reach", battle=battle.battle_id)
        except MessageRefusedError as refusal:
            _log.error("Discord does not let a card be cleaned", battle=battle.battle_id, error=str(refusal))
        await self.bot.arena.privacy.card_is_clean(battle)

    def _is_absent(self, guild_id: int) -> bool:
        return self.bot.get_guild(guild_id) is None


async def _show_what_is_taken(card: DiscordCard, battle: Battle) -> None:
    for refused in (frozenset[CardPart](), frozenset({CardPart.IMAGE})):
        with suppress(MessageRefusedError):
            return await card.show_end(replace(battle, refused=refused))
    return await card.show_end(replace(battle, refused=frozenset(CardPart)))


async def setup(bot: ArenaBot) -> None:
    await bot.add_cog(HousekeepingCog(bot))
