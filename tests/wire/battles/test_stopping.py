"""Models that are not to write on: their servers see the connection close, over the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.playground.world.permissions import Permission
from tests.wire.battles.test_follow_up import ask_on
from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from bot.playground import Message
    from tests.wire.scenes import RunningBot

LONG = "word " * 6000
"""A minute's worth."""
WORDS_IN_TWO_SECONDS = 200
CANCEL, CLOSE = "arena:cancel:1", "arena:close:1"
STATE = "select state, voided from battles"


async def until_both_write(arena: RunningBot, turns: int = 1) -> None:
    await arena.installation.until_true(lambda: [server.asked for server in arena.servers] == [turns] * 2)


async def until_both_stopped(arena: RunningBot) -> None:
    """Wait for it; what is written meanwhile tells how long it took, also where the machine is slow."""
    before = [server.words for server in arena.servers]
    await arena.installation.until_true(lambda: [server.left for server in arena.servers] == [1, 1])
    more = [server.words - words for server, words in zip(arena.servers, before, strict=True)]
    assert max(more) <= WORDS_IN_TWO_SECONDS


def delete(arena: RunningBot, card: Message) -> None:
    arena.playground.world.messages.delete(card)


def delete_many(arena: RunningBot, card: Message) -> None:
    arena.playground.world.messages.delete_many([card])


def delete_channel(arena: RunningBot, _card: Message) -> None:
    arena.playground.world.delete_channel(arena.channel)


@pytest.mark.parametrize("style", ["lockstep", "together", "off"])
@pytest.mark.parametrize("lose", [delete, delete_many, delete_channel])
async def test_a_card_that_is_deleted_stops_both_models(
    tmp_path: Path, style: str, lose: Callable[[RunningBot, Message], None]
) -> None:
    async with scene(tmp_path, reply=LONG) as arena:
        arena.installation.edit("[battle]", f'[battle]\nstream = "{style}"')
        async with connected_bot(arena):
            card = await arena.battle()
            await until_both_write(arena)
            lose(arena, card)
            await until_both_stopped(arena)
            gone = "channel_gone" if lose is delete_channel else "message_gone"
            await arena.installation.until(STATE, [("voided", gone)])


async def test_a_thread_that_is_deleted_stops_both_models(tmp_path: Path) -> None:
    async with scene(tmp_path, reply=LONG) as arena:
        arena.channel = arena.playground.world.create_thread(
            arena.channel, "a thread", owner=arena.members[0]
        )
        async with connected_bot(arena):
            await arena.battle()
            await until_both_write(arena)
            arena.playground.world.delete_channel(arena.channel)
            await until_both_stopped(arena)
            await arena.installation.until(STATE, [("voided", "channel_gone")])


@pytest.mark.parametrize("style", ["lockstep", "off"])
async def test_its_asker_cancels_a_battle_while_the_models_write(tmp_path: Path, style: str) -> None:
    async with scene(tmp_path, reply=LONG) as arena:
        arena.installation.edit("[battle]", f'[battle]\nstream = "{style}"')
        arena.installation.edit("cooldown_seconds = 0", "cooldown_seconds = 3600")
        people, (asker, other, _) = arena.playground.people, arena.members
        async with connected_bot(arena):
            card = await arena.battle()
            await until_both_write(arena)
            refused = people.press(other, card, CANCEL)
            told = await refused.told()
            still = [server.left for server in arena.servers]
            people.press(asker, card, CANCEL)
            await until_both_stopped(arena)
            await arena.until(card, "cancelled by the member who asked")
            again = people.slash(asker, arena.channel, "battle", prompt="Again?")
            told_again = await again.told()

        assert "Only the member who asked" in told.text
        assert still == [0, 0]
        assert arena.installation.rows(STATE) == [("voided", "cancelled")]
        assert "Members wait a while between two battles here." in told_again.text


async def test_a_moderator_cancels_a_battle_and_the_card_does_not_say_who(tmp_path: Path) -> None:
    async with scene(tmp_path, reply=LONG) as arena:
        mona = arena.member_with(Permission.MANAGE_MESSAGES, "mona")
        async with connected_bot(arena):
            card = await arena.battle()
            await until_both_write(arena)
            arena.playground.people.press(mona, card, CANCEL)
            await until_both_stopped(arena)
            await arena.until(card, "cancelled by a moderator")

        assert "mona" not in card.text
        assert arena.installation.rows(STATE) == [("voided", "mod_cancelled")]


@pytest.mark.parametrize("style", ["lockstep", "off"])
async def test_a_cancelled_turn_leaves_the_conversation_and_its_vote(tmp_path: Path, style: str) -> None:
    async with scene(tmp_path) as arena:
        arena.installation.edit("[battle]", f'[battle]\nstream = "{style}"')
        people, asker = arena.playground.people, arena.members[0]
        async with connected_bot(arena):
            card = await arena.battle()
            await arena.until(card, "Vote with the reactions below")
            for server in arena.servers:
                server.hangs = True
            await ask_on(arena, card, "And then?")
            await arena.until(card, "And then?")
            await until_both_write(arena, turns=2)
            people.press(asker, card, CANCEL)
            await until_both_stopped(arena)
            await arena.until(card, "Vote with the reactions below")
            between = card.text
            people.press(asker, card, CLOSE)
            await arena.until(card, "No votes")

        assert "And then?" not in between
        assert "Short." in between
        assert arena.installation.rows("select count(*) from turns") == [(0,)]
        assert arena.installation.rows(STATE) == [("closed", None)]
