"""The message that a result is in, where the bot is killed around it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.playground.world.messages import posting
from tests.wire.processes import NO_PAUSES
from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from pathlib import Path

    from bot.playground import Message
    from tests.wire.scenes import RunningBot

POSTS = "/channels/{channel_id}/messages"
IN = "The result is in"
PATIENT = replace(NO_PAUSES, before_redraws=(3600.0,))
"""What Discord did not take is not tried again in these tests."""


def notices(arena: RunningBot) -> list[Message]:
    return [each for each in arena.playground.world.messages.every if IN in each.text]


async def closed_card(arena: RunningBot, number: int = 1) -> Message:
    """Hold the first battle, or a later one, to its end, which somebody calls for."""
    card = await arena.battle()
    await arena.until(card, "Your last reaction counts")
    arena.playground.people.press(arena.members[0], card, f"arena:close:{number}")
    await arena.until(card, "No votes")
    return card


async def until_tried(arena: RunningBot) -> None:
    """Wait until the bot has tried to post something."""
    await arena.installation.until_true(
        lambda: any((each.method, each.template) == ("POST", POSTS) for each in arena.playground.requests)
    )


@pytest.mark.parametrize("is_posted", [False, True])
@pytest.mark.parametrize("notice", ["reply", "mention", "thread"])
async def test_a_bot_killed_between_a_reveal_and_its_notice_has_said_once_that_the_result_is_in(
    tmp_path: Path, notice: str, monkeypatch: pytest.MonkeyPatch, *, is_posted: bool
) -> None:
    async with scene(tmp_path) as arena:
        arena.installation.edit('"silent"', f'"{notice}"')
        # The bot hears nothing of what it posts, if that was posted at all.
        arena.playground.faults.add("POST", POSTS, drop=True, after=is_posted)
        async with connected_bot(arena, PATIENT) as process:
            card = await closed_card(arena)
            await until_tried(arena)
            process.kill()
            await process.wait()
        assert len(notices(arena)) == is_posted
        # The next start comes when Discord knows the nonce no more.
        monkeypatch.setattr(posting, "NONCE_SECONDS", 0.0)

        async with connected_bot(arena):
            await arena.playground.world.until(lambda: not card.reactions)  # which go after the notice
            (told,) = notices(arena)

        replied = told.reference["message_id"] if told.reference else None
        assert str(card.id) == (str(told.channel_id) if notice == "thread" else replied)


async def test_a_result_that_is_no_news_any_more_is_not_told(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena:
        arena.installation.edit('"silent"', '"reply"')
        arena.playground.faults.add("POST", POSTS, drop=True)
        async with connected_bot(arena, PATIENT) as process:
            await closed_card(arena)
            await until_tried(arena)
            process.kill()
            await process.wait()
        arena.installation.change("update battles set closed_at = closed_at - 3601")

        async with connected_bot(arena):
            arena.playground.faults.clear()
            again = await closed_card(arena, 2)
            await arena.playground.world.until(lambda: not again.reactions)

        assert [each.reference["message_id"] for each in notices(arena) if each.reference] == [str(again.id)]
