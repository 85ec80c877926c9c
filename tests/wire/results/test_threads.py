"""Results that are told in a thread of their battle."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from bot.playground.world.permissions import Permission
from tests.wire.results.test_killed_before_notice import closed_card, notices
from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from pathlib import Path

NOT_ALLOWED = [Permission.CREATE_PUBLIC_THREADS, Permission.SEND_MESSAGES_IN_THREADS]


async def test_the_result_is_told_in_a_thread_of_the_battle(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena:
        arena.installation.edit('"silent"', '"thread"')
        async with connected_bot(arena):
            card = await closed_card(arena)
            await arena.installation.until_true(lambda: bool(notices(arena)))
            (told,) = notices(arena)
            thread = arena.playground.world.channels[card.id]

        assert told.channel_id == thread.id
        assert (thread.name, thread.parent_id) == ("Battle 1", arena.channel.id)
        assert told.text == "The result is in: No votes"


async def test_it_is_told_in_the_thread_that_somebody_has_started_meanwhile(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena:
        arena.installation.edit('"silent"', '"thread"')
        async with connected_bot(arena):
            card = await arena.battle()
            arena.playground.world.start_thread(card, "Talk")
            await arena.until(card, "Your last reaction counts")
            arena.playground.people.press(arena.members[0], card, "arena:close:1")
            await arena.installation.until_true(lambda: bool(notices(arena)))

        assert [each.channel_id for each in notices(arena)] == [card.id]


@pytest.mark.parametrize("denied", NOT_ALLOWED)
async def test_it_is_told_in_a_reply_where_the_bot_may_make_no_thread_or_not_write_in_it(
    tmp_path: Path, denied: Permission
) -> None:
    async with scene(tmp_path) as arena:
        arena.installation.edit('"silent"', '"thread"')
        world = arena.playground.world
        me = arena.guild.members[world.bot.id]
        world.set_overwrite(arena.channel, me, deny=denied)
        async with connected_bot(arena):
            card = await closed_card(arena)
            await arena.installation.until_true(lambda: bool(notices(arena)))
            (told,) = notices(arena)

        assert told.reference
        assert (told.channel_id, told.reference["message_id"]) == (arena.channel.id, str(card.id))
