"""Leaderboards with their pictures, rulings and seasons, with the real process over the wire."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from bot.playground.world.interactions.asking import Callback
from bot.playground.world.permissions import Permission
from tests.wire.scenes import RunningBot, connected_bot, scene

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

    from bot.playground import Message

PNG = b"\x89PNG\r\n"


async def decided(arena: RunningBot, prompt: str) -> Message:
    """Hold a battle in which two members vote for A; return its card."""
    people, members = arena.playground.people, arena.members
    card = await arena.battle(prompt)
    await arena.until(card, "Your last reaction counts")
    number = arena.installation.rows("select max(battle_id) from battles")[0][0]
    for member in members[1:]:
        people.react(member, card, "🅰️")
    await people.press(members[0], card, f"arena:close:{number}").finished()
    await arena.until(card, "wins")
    return card


async def board(arena: RunningBot, **options: str) -> Message:
    """Ask for a leaderboard and wait until it is there with its picture."""
    asked = arena.playground.people.slash(arena.members[0], arena.channel, "leaderboard", **options)
    await asked.finished()
    await arena.playground.world.until(lambda: asked.message is not None and "🏆" in asked.message.text)
    assert asked.message
    return asked.message


async def test_each_style_of_the_board_comes_with_its_picture(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena):
        await decided(arena, "What is a good day?")
        boards = [
            await board(arena, style=style, theme=theme)
            for style in ("ratings", "matrix", "trend")
            for theme in ("dark", "light")
        ]

    pictures = [attachment.content for each in boards for attachment in each.attachments]
    assert len(pictures) == len(set(pictures)) == 6
    assert all(picture.startswith(PNG) for picture in pictures)
    assert all("1 battle, 2 votes of 2 members since" in each.text for each in boards)


async def test_a_picture_is_drawn_again_only_when_something_changed(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena):
        await decided(arena, "What is a good day?")
        first, again = await board(arena), await board(arena)
        await decided(arena, "And a bad one?")
        later = await board(arena)

    drawn, kept, changed = [each.attachments[0].content for each in (first, again, later)]
    assert drawn == kept
    assert drawn != changed


async def test_a_ruling_reaches_the_card_and_a_season_the_board(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena:
        world, people = arena.playground.world, arena.playground.people
        mona = arena.member_with(Permission.MANAGE_GUILD, "mona")
        async with connected_bot(arena):
            card = await decided(arena, "What is a good day?")
            await people.slash(mona, arena.channel, "void", battle="1", reason="Spam").finished()
            await arena.until(card, "took this battle out of the ratings: Spam")
            empty = (await board(arena)).text
            await people.slash(mona, arena.channel, "unvoid", battle="1").finished()
            await world.until(lambda: "out of the ratings" not in card.text)
            asked = await people.slash(mona, arena.channel, "season end", name="Spring").finished()
            assert asked.message
            people.press(mona, asked.message, "arena:season:end:Spring")
            await arena.until(asked.message, "The season is over")
            fresh, spring = [(await board(arena, **period)).text for period in ({}, {"period": "s1"})]

    assert "No votes yet" in empty
    assert "No votes yet" in fresh
    assert "Leaderboard · Spring" in spring
    assert "1 battle, 2 votes" in spring


async def test_a_page_of_the_longest_names_fits_and_the_next_comes_with_its_picture(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = {f"{'*_' * 39}{number}": "One." for number in range(10, 26)}
    monkeypatch.setattr("tests.wire.scenes.MODELS", names)
    async with scene(tmp_path, models=16) as arena, connected_bot(arena):
        await decided(arena, "What is a good day?")
        shown = await board(arena)
        (first,) = shown.attachments
        (following,) = re.findall(r"arena:board:1:[\w:-]+", str(shown.components))
        before, messages = arena.playground.requests.total, len(arena.channel.messages)
        turned = arena.playground.people.press(arena.members[0], shown, following)
        await turned.finished()
        await arena.playground.world.until(lambda: "(2/2)" in shown.text)
        asked = [each for each in arena.playground.requests if each.number >= before]

    # The answer to a press does not find files (discord-api-docs#6277).
    assert turned.callback is Callback.DEFERRED_UPDATE
    assert [(each.method, each.template.rpartition("/")[2], len(each.files)) for each in asked] == [
        ("POST", "callback", 0),
        ("PATCH", "@original", 1),
    ]
    assert len(arena.channel.messages) == messages
    assert [each.content.startswith(PNG) for each in shown.attachments] == [True]
    assert shown.attachments != [first]
