"""More battles than the models take at a time, over the wire."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from pathlib import Path

    from bot.playground import Channel, Message
    from tests.wire.scenes import RunningBot

BATTLES = 20
ASKED = "select count(*) from battles where state != 'generating'"
STATES = "select state, voided, count(*) from battles group by 1, 2"
BREAKS = "a model is benched"


def let_one_reply_at_a_time(arena: RunningBot, limits: str) -> None:
    arena.installation.edit('protocol = "openai"', 'protocol = "openai"\nmax_concurrent = 1')
    arena.installation.edit("[battle]", f"[limits]\nconcurrent_battles = 100\n{limits}\n[battle]")


async def ask(arena: RunningBot, channel: Channel, name: str) -> Message:
    """Have somebody else ask each time: a member waits between two battles."""
    world = arena.playground.world
    member = world.create_member(world.guilds[channel.guild_id], name)
    asked = arena.playground.people.slash(member, channel, "battle", prompt="Why?")
    await asked.finished()
    assert asked.message is not None
    return asked.message


async def test_no_battle_fails_for_the_time_that_it_waited_for_others(tmp_path: Path) -> None:
    async with scene(tmp_path, reply="word " * 30) as arena:
        let_one_reply_at_a_time(arena, "first_token_seconds = 2\ntotal_seconds = 3")
        world = arena.playground.world
        elsewhere = world.create_channel(world.create_guild("Elsewhere"), "general")
        async with connected_bot(arena):
            cards = [await ask(arena, arena.channel, f"asker{number}") for number in range(BATTLES)]
            await arena.until(cards[-1], "in the queue")
            await ask(arena, elsewhere, "asker elsewhere")
            await arena.installation.until(ASKED, [(BATTLES + 1,)])

        assert arena.installation.rows(STATES) == [("voting", None, BATTLES + 1)]
        begun = arena.installation.rows("select guild_id from battles order by voting_at, battle_id")
        theirs = begun.index((elsewhere.guild_id,))
        late = [server for server in begun[theirs + 1 :] if server == (arena.guild.id,)]
        slowest = arena.installation.rows("select max(total_seconds) from contestants")
        assert len(late) > BATTLES // 4
        assert float(str(slowest[0][0])) < 3
        assert BREAKS not in arena.installation.log()


async def test_a_battle_that_waits_too_long_is_called_off_and_no_model_is_blamed(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena:
        let_one_reply_at_a_time(arena, "queue_seconds = 0.3")
        for server in arena.servers:
            server.hangs = True
        async with connected_bot(arena):
            await ask(arena, arena.channel, "first")
            await arena.installation.until_true(lambda: [server.asked for server in arena.servers] == [1, 1])
            cards = await asyncio.gather(*(ask(arena, arena.channel, f"asker{each}") for each in range(4)))
            for card in cards:
                await arena.until(card, "did not come in time")

        assert ("voided", "crowded", 4) in arena.installation.rows(STATES)
        assert [server.asked for server in arena.servers] == [1, 1]
        assert BREAKS not in arena.installation.log()
        assert arena.installation.rows("select distinct failed from draws") == [("[]",)]
