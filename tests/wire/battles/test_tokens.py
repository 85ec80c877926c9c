"""The end of an interaction's token, over the wire: the bot goes on by itself."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.playground.world.interactions.asking import TOKEN_LIFETIME
from tests.wire.battles.test_follow_up import CLOSE, ask_on
from tests.wire.processes import NO_PAUSES
from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from pathlib import Path

    from tests.wire.scenes import RunningBot

LONG = "word " * 100


def end_tokens(arena: RunningBot) -> None:
    arena.playground.world.interactions.age(TOKEN_LIFETIME + 1)


async def test_a_card_is_drawn_to_its_end_when_its_token_ends_while_models_write(tmp_path: Path) -> None:
    async with (
        scene(tmp_path, reply=LONG) as arena,
        connected_bot(arena, replace(NO_PAUSES, between_edits=0.1)),
    ):
        card = await arena.battle()
        await arena.until(card, "word word")
        end_tokens(arena)
        await arena.until(card, "Your last reaction counts")
        arena.playground.people.react(arena.members[1], card, "🅰️")
        await arena.installation.until("select vote from votes", [("a",)])
        arena.playground.people.press(arena.members[0], card, CLOSE)
        await arena.until(card, "🅰️ 1")

        assert arena.installation.rows("select state, votes_a from battles") == [("closed", 1)]


async def test_a_later_turn_outlives_both_its_own_token_and_that_of_the_battle(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena):
        card = await arena.battle()
        await arena.until(card, "Vote with the reactions below")
        end_tokens(arena)
        for server in arena.servers:
            server.hangs = True
        asking = asyncio.create_task(ask_on(arena, card, "And then?"))
        await arena.until(card, "Both models are writing")
        end_tokens(arena)
        arena.playground.people.press(arena.members[0], card, "arena:cancel:1")
        await arena.until(card, "Vote with the reactions below")
        asking.cancel()
        arena.playground.people.press(arena.members[0], card, CLOSE)
        await arena.until(card, "No votes")
