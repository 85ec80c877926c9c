"""Members who fill a card with other reactions before the ballot's are under it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.playground import Permission
from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from pathlib import Path

    from bot.playground import Message
    from tests.wire.scenes import RunningBot

STRANGE = "🍇🍈🍉🍊🍋🍌🍍🥭🍎🍏🍐🍑🍒🍓🥝🍅🥥🥑🍆🥔"
BALLOT = ("🅰️", "🅱️", "🤝", "👎")


async def fill(arena: RunningBot, card: Message) -> None:
    """Have a member clear the card and fill it with other reactions, which takes a moderator that fast."""
    await arena.playground.world.until(lambda: len(card.reactions) == 4)
    arena.playground.world.reactions.clear(card)
    for emoji in STRANGE:
        arena.playground.people.react(arena.members[1], card, emoji)


def keys(arena: RunningBot, emojis: str | tuple[str, ...]) -> set[str]:
    return {arena.playground.world.reactions.parse(emoji).key for emoji in emojis}


async def test_the_reactions_are_there_before_members_can_fill_the_card(tmp_path: Path) -> None:
    async with scene(tmp_path, reply="word " * 300) as arena, connected_bot(arena):
        world, people = arena.playground.world, arena.playground.people
        card = await arena.battle()
        await world.until(lambda: len(card.reactions) == 4)
        while_writing = card.text
        people.react(arena.members[2], card, "🅰️")
        for emoji in STRANGE[:16]:
            people.react(arena.members[1], card, emoji)
        await arena.until(card, "Vote with the reactions below")
        people.react(arena.members[1], card, "🅱️")
        people.press(arena.members[0], card, "arena:close:1")
        await arena.until(card, "🅰️ 0 · 🅱️ 1 · 🤝 0 · 👎 0 (1 vote)")

        assert "Reactions added before the vote opens do not count." in while_writing


@pytest.mark.parametrize("status", [400, 403])
async def test_a_card_that_was_filled_all_the_same_is_voted_on_with_buttons(
    tmp_path: Path, status: int
) -> None:
    async with scene(tmp_path) as arena:
        people = arena.playground.people
        put = "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me"
        arena.playground.faults.add("PUT", put, status=status, code=30010, times=20)
        async with connected_bot(arena) as process:
            card = await arena.battle()
            await arena.until(card, "Vote with the buttons below")
            await people.press(arena.members[1], card, "arena:vote:1:b").finished()
            process.kill()
            await process.wait()

        async with connected_bot(arena):
            await people.press(arena.members[2], card, "arena:vote:1:b").finished()
            people.press(arena.members[0], card, "arena:close:1")
            await arena.until(card, "🅰️ 0 · 🅱️ 2 · 🤝 0 · 👎 0 (2 votes)")


async def filled_while_away(arena: RunningBot) -> Message:
    """Hold a battle, kill the bot once members can vote, and fill the card with strange reactions."""
    async with connected_bot(arena) as process:
        card = await arena.battle()
        await arena.until(card, "Vote with the reactions below")
        process.kill()
        await process.wait()
    await fill(arena, card)
    return card


async def test_a_bot_that_may_takes_strange_reactions_away_from_a_full_card(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena:
        world, people = arena.playground.world, arena.playground.people
        world.set_overwrite(
            arena.channel, arena.guild.members[world.bot.id], allow=Permission.MANAGE_MESSAGES
        )
        card = await filled_while_away(arena)

        async with connected_bot(arena):
            await world.until(lambda: keys(arena, BALLOT) <= card.reactions.keys())
            people.react(arena.members[2], card, "🤝")
            people.press(arena.members[0], card, "arena:close:1")
            await arena.until(card, "🤝 1 · 👎 0 (1 vote)")

        assert not keys(arena, STRANGE) & card.reactions.keys()


async def test_a_ballot_that_was_cleared_and_filled_goes_on_with_buttons_and_keeps_its_votes(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path) as arena:
        people = arena.playground.people
        card = await filled_while_away(arena)

        async with connected_bot(arena):
            await arena.until(card, "Vote with the buttons below")
            await people.press(arena.members[2], card, "arena:vote:1:a").finished()
            people.press(arena.members[0], card, "arena:close:1")
            await arena.until(card, "🅰️ 1 · 🅱️ 0 · 🤝 0 · 👎 0 (1 vote)")

        assert arena.installation.rows("select state, voided from battles") == [("closed", None)]
