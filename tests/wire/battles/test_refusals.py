"""What becomes of a card that Discord refuses to draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from pathlib import Path

BY_TOKEN = "/webhooks/{webhook_id}/{webhook_token}/messages/@original"
RESULT = "select state, voided, unrated from battles"


async def test_a_message_that_a_token_does_not_find_is_looked_for_by_the_bot_itself(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena):
        missed = arena.playground.faults.add("PATCH", BY_TOKEN, status=404, code=10008)
        card = await arena.battle()
        await arena.until(card, "Vote with the reactions below")

        assert missed.times == 0
        assert arena.installation.rows(RESULT) == [("voting", None, None)]
