"""What members read under a reply that ended otherwise than with the model's last word, over the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from pathlib import Path

ENDS = {
    "length": ("content", "length", "This reply was cut off by the model's length limit."),
    "unknown": ("content", "a_word_of_tomorrow", "It may be incomplete."),
    "refusal": ("refusal", "stop", "The model declined to answer."),
}
STORED = "select side, finish from contestants where finish != 'stop'"


@pytest.mark.parametrize("kind", ENDS)
async def test_a_reply_keeps_its_mark_over_a_restart_and_in_the_reveal(tmp_path: Path, kind: str) -> None:
    field, finish, mark = ENDS[kind]
    async with scene(tmp_path) as arena:
        arena.servers[0].field, arena.servers[0].finish = field, finish
        async with connected_bot(arena):
            card = await arena.battle()
            await arena.until(card, "Vote with the reactions below")
            before = card.text
            ((_side, stored),) = arena.installation.rows(STORED)
        async with connected_bot(arena):
            read = arena.playground.people.press(arena.members[1], card, "arena:compare:1")
            await read.finished()
            arena.playground.people.press(arena.members[0], card, "arena:close:1")
            await arena.until(card, "No votes")

        assert read.message
        assert stored == kind
        assert [text.count(mark) for text in (before, read.message.text, card.text)] == [1, 1, 1]
