"""Cards of a member whose data was deleted, where Discord does not take them as they are to be."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.playground.world.messages.bodies import Upload
from bot.playground.world.messages.components import media
from tests.images import picture
from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from pathlib import Path

    from bot.playground import Message
    from tests.wire.scenes import RunningBot

EDITS = "/channels/{channel_id}/messages/{message_id}"
PROMPT = "Who is this?"


async def closed_battle(arena: RunningBot) -> Message:
    card = await arena.battle(PROMPT, image=Upload(0, "photo.png", "image/png", picture()))
    await arena.until(card, "Vote with the reactions below")
    arena.playground.people.press(arena.members[0], card, "arena:close:1")
    await arena.until(card, "No votes")
    return card


async def delete_data(arena: RunningBot) -> None:
    buttons = ("arena:privacy:delete", "arena:erase")
    await arena.press_in_answer(arena.members[0], arena.channel, "privacy", *buttons)


@pytest.mark.parametrize("refusals", [1, 2], ids=["for its image", "for more than its image"])
async def test_a_card_that_discord_refuses_is_cleaned_without_what_it_may_be_refused_for(
    tmp_path: Path, refusals: int
) -> None:
    async with scene(tmp_path, sees=True) as arena, connected_bot(arena):
        card = await closed_battle(arena)
        fault = arena.playground.faults.add(
            "PATCH", EDITS, status=400, code=50035, message="Invalid Form Body", times=refusals
        )
        await delete_data(arena)
        await arena.playground.world.until(lambda: PROMPT not in card.text)

        assert fault.times == 0
        assert not list(media(card.components))


async def test_a_card_that_cannot_be_cleaned_is_told_to_the_operator(tmp_path: Path) -> None:
    async with scene(tmp_path, sees=True) as arena, connected_bot(arena):
        await closed_battle(arena)
        arena.playground.faults.add(
            "PATCH", EDITS, status=400, code=50035, message="Invalid Form Body", times=9
        )
        await delete_data(arena)
        await arena.installation.until_true(
            lambda: "Discord does not let a card be cleaned" in arena.installation.log()
        )

        assert "failed" not in arena.installation.log()
