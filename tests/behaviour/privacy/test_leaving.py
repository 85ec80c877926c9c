from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from bot.arena.settings import guild_settings
from bot.arena.settings.guild_settings import GuildSettings
from bot.storage.database import open_database
from tests.behaviour.place import answer_to, place, restarted, unnoticed
from tests.competitors import competitor
from tests.traces import counts

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from bot.arena.models.roster import Competitor
    from tests.behaviour.place import SimulatedServer

DAY = 24 * 3600
OF_NO_SERVER = {"alembic_version", "registered_commands"}
PROMPT = "Tea or coffee?"


def pair() -> list[Competitor]:
    return [competitor("Zephyrine"), competitor("Quillon")]


async def judged(here: SimulatedServer) -> None:
    card = await here.battle(PROMPT)
    await here.bob.react(card, "🅰️")
    await here.close()


async def tell(here: SimulatedServer, event: str) -> None:
    """Let the bot learn of something that happened to it in the server, which stays there."""
    here.env.bot.dispatch(event, here.env.bot.get_guild(here.guild.id))
    told = [task for task in asyncio.all_tasks() if task.get_name() == f"discord.py: on_{event}"]
    await asyncio.gather(*told)


async def keep_texts_for(here: SimulatedServer, days: int) -> None:
    async with open_database(here.folder / "arena.sqlite3") as database, database.write() as connection:
        await guild_settings.write(connection, here.guild.id, GuildSettings(retention_days=days))


@asynccontextmanager
async def days_later(here: SimulatedServer, days: float) -> AsyncGenerator[None]:
    """Start the bot again after some days."""
    here.env.backend.clock.advance(days * DAY)
    async with restarted(here, pair()):
        yield


def rows_of_servers(here: SimulatedServer) -> int:
    kept = counts(here.folder / "arena.sqlite3")
    return sum(number for table, number in kept.items() if table not in OF_NO_SERVER)


async def test_a_server_that_was_left_is_kept_for_thirty_days_and_then_deleted(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        await judged(here)
        here.env.backend.remove_guild(here.guild.id)
        await here.env.settle()
        async with days_later(here, 29):
            kept = here.row("select prompt from battles")
            async with days_later(here, 2):
                assert kept == (PROMPT,)
                assert rows_of_servers(here) == 0


async def test_the_bot_that_goes_on_running_deletes_it_at_midnight(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        await judged(here)
        here.env.backend.remove_guild(here.guild.id)
        await here.env.settle()
        async with days_later(here, 29.9):
            kept = here.row("select prompt from battles")
            await here.env.advance_time(1.2 * DAY)

            assert kept == (PROMPT,)
            assert rows_of_servers(here) == 0


async def test_a_server_that_is_only_down_is_not_left(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        await judged(here)
        here.env.backend.emit("GUILD_DELETE", {"id": str(here.guild.id), "unavailable": True})
        await here.env.settle()

        assert here.row("select left_at from guilds") == (None,)


async def test_a_server_that_was_left_while_the_bot_was_down_is_noticed(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        await judged(here)
        with unnoticed(here):
            here.env.backend.remove_guild(here.guild.id)
        async with days_later(here, 40):
            kept = here.row("select prompt from battles")
            async with days_later(here, 31):
                assert kept == (PROMPT,)
                assert rows_of_servers(here) == 0


async def test_a_return_in_time_finds_everything_as_it_was(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        await judged(here)
        await tell(here, "guild_remove")
        left = here.row("select left_at is not null from guilds")
        await tell(here, "guild_join")
        async with days_later(here, 40):
            history = answer_to(await here.bob.slash(here.channel, "history"))

            assert left == (1,)
            assert here.row("select left_at from guilds") == (None,)
            assert PROMPT in history


async def test_a_return_while_the_bot_was_down_is_noticed_before_anything_is_deleted(
    tmp_path: Path,
) -> None:
    async with place(tmp_path, pair()) as here:
        await judged(here)
        await tell(here, "guild_remove")
        left = here.row("select left_at is not null from guilds")
        async with days_later(here, 40):
            assert left == (1,)
            assert here.row("select left_at from guilds") == (None,)
            assert PROMPT in answer_to(await here.bob.slash(here.channel, "history"))


async def test_old_texts_are_deleted_by_themselves(tmp_path: Path) -> None:
    async with place(tmp_path, pair()) as here:
        await judged(here)
        await keep_texts_for(here, 7)
        async with days_later(here, 6):
            kept = here.row("select prompt from battles")
            async with days_later(here, 2):
                history = answer_to(await here.bob.slash(here.channel, "history"))
                shown = answer_to(await here.alice.slash(here.channel, "privacy"))

                assert kept == (PROMPT,)
                assert here.row("select prompt, votes_a from battles") == ("", 1)
                assert "(deleted)" in history
                assert "deleted 7 days after their battle" in shown
                assert "of 1 of these battles were deleted already" in shown
