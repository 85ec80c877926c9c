"""A tournament over the wire, through the death of the bot that holds it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.playground.world.permissions import Permission
from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from pathlib import Path

    from bot.playground import Message
    from tests.wire.scenes import RunningBot

LONG = "word " * 300


async def begin(arena: RunningBot, *prompts: str) -> None:
    """Let a moderator begin a tournament, and a member suggest prompts."""
    people, world = arena.playground.people, arena.playground.world
    moderator = world.create_member(arena.guild, "moderator")
    may = Permission.MANAGE_GUILD | Permission.MANAGE_MESSAGES
    world.set_member_roles(moderator, [world.create_role(arena.guild, "Moderators", may)])
    arena.members.append(moderator)
    await people.slash(moderator, arena.channel, "tournament start", models="4").finished()
    for prompt in prompts:
        await suggest(arena, prompt)


async def suggest(arena: RunningBot, prompt: str) -> None:
    """Let a member suggest a prompt with the button under what the channel was told."""
    people, member = arena.playground.people, arena.members[0]
    told = [each for each in arena.channel.messages.values() if "arena:suggest" in str(each.components)]
    form = await people.press(member, told[-1], "arena:suggest").finished()
    await people.submit_modal(member, form, {"prompt": prompt}).finished()


async def card_of(arena: RunningBot, battle: int) -> Message:
    """Return the card of a battle once its vote is open."""
    button = f"arena:close:{battle}"

    def found() -> list[Message]:
        return [each for each in arena.channel.messages.values() if button in str(each.components)]

    await arena.playground.world.until(lambda: bool(found()))
    (card,) = found()
    return card


async def test_a_bot_killed_in_the_middle_of_a_match_goes_on_with_the_tournament(tmp_path: Path) -> None:
    async with scene(tmp_path, models=4) as arena:
        people = arena.playground.people
        async with connected_bot(arena) as process:
            await begin(arena, "One?", "Two?", "Three?")
            card = await card_of(arena, 1)
            people.react(arena.members[1], card, "🅰️")
            await arena.installation.until("select vote from votes", [("a",)])
            process.kill()
            await process.wait()

        people.react(arena.members[2], card, "🅰️")
        async with connected_bot(arena):
            await arena.until(card, "Vote with the reactions below")
            people.press(arena.members[-1], card, "arena:close:1")
            await arena.installation.until(
                "select winner > 0, votes_won, announced from tournament_matches", [(1, 2, 1)]
            )
            second = await card_of(arena, 2)

    assert "Two?" in second.text
    assert "Semi-final" in second.text


async def test_a_bot_killed_while_the_models_write_plays_the_match_again(tmp_path: Path) -> None:
    async with scene(tmp_path, reply=LONG, models=4) as arena:
        async with connected_bot(arena) as process:
            await begin(arena, "One?")
            await arena.installation.until("select state from battles", [("generating",)])
            process.kill()
            await process.wait()

        async with connected_bot(arena):
            card = await card_of(arena, 2)

    assert "One?" in card.text
    assert arena.installation.rows("select state, voided from battles") == [
        ("voided", "restarted"),
        ("voting", None),
    ]


async def test_a_prompt_that_discord_refuses_stands_behind_a_notice_and_its_match_is_held(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path, models=4) as arena, connected_bot(arena):
        await begin(arena, "One?")
        first = await card_of(arena, 1)
        arena.playground.world.filter.every_link = True
        people = arena.playground.people
        await suggest(arena, "What is https://harmful.example/prize?")
        people.press(arena.members[-1], first, "arena:close:1")
        card = await card_of(arena, 2)

        assert card.text.count("Discord does not accept this text.") == 1
        assert "Short." in card.text
