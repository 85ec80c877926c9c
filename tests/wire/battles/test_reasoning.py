"""A model whose chat template opens its reasoning, so that only the closing marker comes, over the wire."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from pathlib import Path

THOUGHT = "Parrots " * 200
VOTE = "Vote with the reactions below"


async def test_its_reasoning_is_on_no_card_not_even_in_its_first_reply(tmp_path: Path) -> None:
    async with scene(tmp_path, reply="word " * 200) as arena:
        for server in arena.servers:
            server.thought = THOUGHT
        sent: list[str] = []
        arena.playground.requests.observers.append(lambda record: sent.append(json.dumps(record.body)))
        async with connected_bot(arena):
            await arena.until(await arena.battle(), VOTE)
            first = len(sent)
            await arena.until(await arena.battle("And?"), VOTE)

        assert "Both models are writing" in "".join(sent[:first])
        assert "Parrots" not in "".join(sent)
        assert arena.installation.rows("select count(*) from contestants where reply like '%word%'") == [(4,)]
        assert not arena.installation.holds("Parrots")


async def test_the_second_replies_of_ordinary_models_are_shown_as_they_are_written(tmp_path: Path) -> None:
    async with scene(tmp_path, reply="word " * 400) as arena, connected_bot(arena):
        await arena.until(await arena.battle(), VOTE)
        card = await arena.battle("And?")
        await arena.playground.world.until(
            lambda: "word word" in card.text and "Both models are writing" in card.text, timeout=30
        )
