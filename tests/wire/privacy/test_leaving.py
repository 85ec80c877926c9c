"""What the bot makes of servers that it left while it could not be told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from pathlib import Path

    from bot.playground import Guild
    from tests.wire.scenes import RunningBot

LEAVE_OUT = "arena:privacy:leave_out"
LEFT = "select guild_id, left_at is not null from guilds order by guild_id"


async def known_servers(arena: RunningBot) -> tuple[Guild, Guild]:
    """Have the bot keep something of two servers."""
    world = arena.playground.world
    other = world.create_guild("Elsewhere")
    channel = world.create_channel(other, "general")
    stranger = world.create_member(other, "stranger")
    for member, place in ((arena.members[0], arena.channel), (stranger, channel)):
        await arena.press_in_answer(member, place, "privacy", LEAVE_OUT)
    return arena.guild, other


async def test_a_server_that_was_left_between_two_sessions_is_noticed(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena):
        staying, left = await known_servers(arena)
        await arena.playground.gateway.drop(forget=True)
        arena.playground.world.delete_guild(left)

        await arena.installation.until(LEFT, [(staying.id, 0), (left.id, 1)])


async def test_a_server_that_the_bot_joined_later_and_left_between_two_sessions_is_noticed(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path) as arena:
        world, installation = arena.playground.world, arena.installation
        async with connected_bot(arena):
            staying, left = await known_servers(arena)
        world.delete_guild(left)
        async with connected_bot(arena):
            await installation.until(LEFT, [(staying.id, 0), (left.id, 1)])  # it has compared them
            late = world.create_guild("Late")
            channel, member = world.create_channel(late, "general"), world.create_member(late, "latecomer")
            await arena.press_in_answer(member, channel, "privacy", LEAVE_OUT)
            await arena.playground.gateway.drop(forget=True)
            world.delete_guild(late)

            await installation.until(LEFT, [(staying.id, 0), (left.id, 1), (late.id, 1)])


async def test_a_server_that_was_left_while_the_bot_was_down_is_noticed(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena:
        async with connected_bot(arena):
            staying, left = await known_servers(arena)
        arena.playground.world.delete_guild(left)

        async with connected_bot(arena):
            await arena.installation.until(LEFT, [(staying.id, 0), (left.id, 1)])


async def test_a_server_that_takes_the_bot_back_is_not_left_any_more(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena):
        staying, left = await known_servers(arena)
        arena.playground.world.delete_guild(left)
        await arena.installation.until(LEFT, [(staying.id, 0), (left.id, 1)])
        arena.playground.world.create_guild("Elsewhere", guild_id=left.id)

        await arena.installation.until(LEFT, [(staying.id, 0), (left.id, 0)])
