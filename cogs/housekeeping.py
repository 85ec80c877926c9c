"""What happens by itself: old texts go, cards lose what was deleted, and servers that were left are noted."""

from __future__ import annotations

import asyncio
from contextlib import contextmanager
from typing import TYPE_CHECKING

import structlog
from bot.errors import StageLostError, StageTroubleError
from discord.ext import commands

from cogs.stage import DiscordStage

if TYPE_CHECKING:
    from collections.abc import Generator

    import discord
    from bot.client import ArenaBot
    from bot.domain import Battle

ERASURE = "arena_erasure"
"""The event of a member's data having been deleted."""
DAY_SECONDS = 24 * 3600
CARDS_SECONDS = 3600.0
"""After so long, what Discord did not take is tried again."""
CARD_PAUSE_SECONDS = 2.0
"""Between two cards, so that battles under way hardly notice."""

_log: structlog.stdlib.BoundLogger = structlog.get_logger(__name__)


class HousekeepingCog(commands.Cog):
    def __init__(self, bot: ArenaBot) -> None:
        self.bot = bot
        self._tasks: list[asyncio.Task[None]] = []
        self._seen: dict[int, discord.Guild] = {}
        self._compared: set[int] = set()
        self._cleaning = asyncio.Lock()

    async def cog_load(self) -> None:
        self._tasks = [
            asyncio.create_task(self._keep_house(), name="housekeeping"),
            asyncio.create_task(self._keep_cleaning(), name="cards"),
        ]

    async def cog_unload(self) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @commands.Cog.listener()
    async def on_guild_remove(self, guild: discord.Guild) -> None:
        await self.bot.arena.departures.leave(guild.id)

    @commands.Cog.listener()
    async def on_guild_join(self, guild: discord.Guild) -> None:
        await self.bot.arena.departures.return_to(guild.id)

    @commands.Cog.listener()
    async def on_guild_available(self, guild: discord.Guild) -> None:
        if self.bot.arena.departures.is_left(guild.id):
            await self.bot.arena.departures.return_to(guild.id)

    @commands.Cog.listener(f"on_{ERASURE}")
    async def on_erasure(self) -> None:
        await self._clean_cards()

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
        self._compared.add(shard_id)

    async def _keep_house(self) -> None:
        """Tidy up at the start, and at each midnight UTC."""
        arena = self.bot.arena
        await self.bot.wait_until_ready()
        while True:
            with _survived():
                await arena.retention.sweep()
            with _survived():
                await arena.departures.sweep(self._is_absent)
            await asyncio.sleep(DAY_SECONDS - arena.clock() % DAY_SECONDS)

    async def _keep_cleaning(self) -> None:
        await self.bot.wait_until_ready()
        while True:
            await self._clean_cards()
            await asyncio.sleep(CARDS_SECONDS)

    async def _clean_cards(self) -> None:
        with _survived():
            async with self._cleaning:
                while await self._clean_some():
                    pass

    async def _clean_some(self) -> bool:
        """Redraw a few cards whose texts were deleted; `False` where there is nothing to do for now."""
        cards = await self.bot.arena.privacy.stale_cards()
        free = [battle for battle in cards if not self.bot.arena.battles.is_conducted(battle.battle_id)]
        for battle in free:
            try:
                await self._clean(battle)
            except StageTroubleError as trouble:
                _log.warning("a card could not be cleaned", battle=battle.battle_id, error=str(trouble))
                return False
            await asyncio.sleep(CARD_PAUSE_SECONDS)
        return bool(free)

    async def _clean(self, battle: Battle) -> None:
        try:
            await DiscordStage(self.bot, battle).show_end(battle)
        except StageLostError:
            _log.info("a card to be cleaned is out of reach", battle=battle.battle_id)
        await self.bot.arena.privacy.card_is_clean(battle)

    def _is_absent(self, guild_id: int) -> bool:
        """Tell whether the server is for our shards to say, and the bot is not there."""
        return self.bot.shard_of(guild_id) in self._compared and self.bot.get_guild(guild_id) is None


@contextmanager
def _survived() -> Generator[None]:
    """Keep what fails once from ending the work for good."""
    try:
        yield
    except Exception:  # noqa: BLE001 - the boundary of the task
        _log.exception("housekeeping failed")


async def setup(bot: ArenaBot) -> None:
    await bot.add_cog(HousekeepingCog(bot))
