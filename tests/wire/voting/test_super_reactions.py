"""Votes that are super reactions, with the real bot over the wire."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest

from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from pathlib import Path

    from bot.playground import Message
    from tests.wire.scenes import RunningBot

VOTES = "select vote from votes order by user_id"
USERS = "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}"


async def open_card(arena: RunningBot) -> Message:
    card = await arena.battle()
    await arena.until(card, "Vote with the reactions below")
    await arena.until(card, "Your last reaction counts")
    return card


def lists_read(arena: RunningBot) -> dict[str, int]:
    """Count the requests for those behind each reaction."""
    read = [each for each in arena.playground.requests if each.template == USERS and each.method == "GET"]
    return Counter(unquote(each.path.rpartition("/")[2]) for each in read)


async def test_a_vote_by_a_super_reaction_outlives_a_restart(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena:
        people = arena.playground.people
        async with connected_bot(arena) as process:
            card = await open_card(arena)
            people.react(arena.members[1], card, "🅰️", burst=True)
            people.react(arena.members[2], card, "🅰️")
            await arena.installation.until(VOTES, [("a",), ("a",)])
            process.kill()
            await process.wait()

        async with connected_bot(arena):
            people.press(arena.members[0], card, "arena:close:1")
            await arena.until(card, "🅰️ 2 · 🅱️ 0 · 🤝 0 · 👎 0 (2 votes)")


async def test_super_reactions_while_the_gateway_was_away_are_read_and_only_where_there_are_any(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena):
        playground, people = arena.playground, arena.playground.people
        card = await open_card(arena)

        playground.gateway.delay = 0.0
        await playground.gateway.drop(forget=True)
        people.react(arena.members[1], card, "🅱️", burst=True)
        people.react(arena.members[2], card, "🤝")

        await arena.installation.until(VOTES, [("b",), ("tie",)])
        assert lists_read(arena) == {"🅱️": 2, "🤝": 1}


@pytest.mark.parametrize("is_super", [False, True])
async def test_who_takes_back_one_of_two_reactions_on_a_choice_keeps_the_vote_until_both_are_gone(
    tmp_path: Path, *, is_super: bool
) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena):
        people, (_, ann, bob) = arena.playground.people, arena.members
        card = await open_card(arena)
        people.react(ann, card, "🅰️")
        people.react(ann, card, "🅰️", burst=True)
        people.unreact(ann, card, "🅰️", burst=is_super)
        people.react(bob, card, "🅱️")
        await arena.installation.until("select count(*) from votes where vote = 'b'", [(1,)])
        kept = arena.installation.rows(VOTES)
        people.unreact(ann, card, "🅰️", burst=not is_super)
        await arena.installation.until(VOTES, [(None,), ("b",)])

        assert kept == [("a",), ("b",)]


async def test_a_later_reaction_counts_although_an_earlier_one_stands_as_a_super_one_as_well(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena):
        people, ann = arena.playground.people, arena.members[1]
        card = await open_card(arena)
        people.react(ann, card, "🅰️")
        people.react(ann, card, "🅰️", burst=True)
        people.unreact(ann, card, "🅰️")
        people.react(ann, card, "🅱️")
        await arena.installation.until(VOTES, [("b",)])
        people.press(arena.members[0], card, "arena:close:1")
        await arena.until(card, "(1 vote)")

        assert "🅰️ 0 · 🅱️ 1 · 🤝 0 · 👎 0 (1 vote)" in card.text
