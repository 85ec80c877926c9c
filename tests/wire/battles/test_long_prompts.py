"""A prompt that does not fit into the context of most models, over the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from pathlib import Path

LONG = "word " * 400


async def test_a_prompt_too_long_for_all_but_one_is_refused_in_its_own_words_and_not_asked_again(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path, models=3) as arena:
        small = arena.servers[:2]
        for server in small:
            server.most_bytes = 1000
        people, member = arena.playground.people, arena.members[0]
        async with connected_bot(arena):
            card = await arena.battle(LONG)
            await arena.until(card, "was called off")
            asked = [server.asked for server in small]
            again = people.slash(member, arena.channel, "battle", prompt=LONG)
            told = await again.told()
            short = await arena.battle("Why?")
            await arena.until(short, "Vote with the reactions below")

        assert "too large for the models" in card.text
        assert asked == [1, 1]
        assert "Please shorten it" in told.text
        states = arena.installation.rows("select state, voided from battles")
        assert states == [("voided", "prompt_too_long"), ("voting", None)]
        assert arena.installation.log().count("a model is benched") == 0
