"""A conversation that goes on, over the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from pathlib import Path

    from bot.playground import Message
    from tests.wire.scenes import RunningBot

LONG = "word " * 300
CONTINUE, CLOSE = "arena:continue:1", "arena:close:1"


async def ask_on(arena: RunningBot, card: Message, prompt: str) -> None:
    """Fill in the form of **Continue**, as soon as the card has its button."""
    people = arena.playground.people
    await arena.until(card, "Vote with the reactions below")
    form = people.press(arena.members[0], card, CONTINUE)
    await form.finished()
    await arena.fill_in(form, {"prompt": prompt})


async def test_a_second_turn_is_written_on_the_same_card(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena):
        card = await arena.battle()
        await ask_on(arena, card, "And then?")
        await arena.until(card, "And then?")
        await arena.until(card, "Vote with the reactions below")
        arena.playground.people.press(arena.members[0], card, CLOSE)
        await arena.until(card, "No votes")

        assert "Prompt, turn 2" in card.text
        assert arena.installation.rows("select number, prompt from turns") == [(2, "And then?")]


async def test_a_bot_killed_in_the_middle_of_a_turn_goes_on_with_the_turns_it_had(tmp_path: Path) -> None:
    async with scene(tmp_path, reply=LONG) as arena:
        people = arena.playground.people
        async with connected_bot(arena) as process:
            card = await arena.battle()
            await arena.until(card, "Your last reaction counts")
            people.react(arena.members[1], card, "🅰️")
            await arena.installation.until("select vote from votes", [("a",)])
            await ask_on(arena, card, "And then?")
            await arena.until(card, "Both models are writing")
            process.kill()
            await process.wait()

        people.react(arena.members[2], card, "🅰️")
        async with connected_bot(arena):
            await arena.until(card, "Vote with the reactions below")
            between = card.text
            people.press(arena.members[0], card, CLOSE)
            await arena.until(card, "🅰️ 2")

        assert "And then?" not in between
        assert not arena.installation.rows("select number from turns")
        assert arena.installation.rows("select state, votes_a from battles") == [("closed", 2)]
