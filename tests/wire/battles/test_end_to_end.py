"""The main job over the wire: real processes, five voters, a kill in the middle of the vote."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from bot.playground import Playground
from tests.wire.model_server import model_server
from tests.wire.processes import TOKEN, Installation

if TYPE_CHECKING:
    from pathlib import Path

    from bot.playground import Message

NAMES = ("Northern Light", "Quiet Harbour")
REPLIES = ("Because of scattering by small molecules.", "Blue light is scattered the most.")


def is_voting(message: Message) -> bool:
    return "Your last reaction counts" in message.text and len(message.reactions) == 4


async def test_a_killed_bot_reveals_once_what_the_members_voted(tmp_path: Path) -> None:
    async with (
        Playground(token=TOKEN) as playground,
        model_server(REPLIES[0], pace=0.05) as first,
        model_server(REPLIES[1], pace=0.02) as second,
    ):
        models = {NAMES[0]: first, NAMES[1]: second}
        installation = Installation.make(tmp_path, playground, models, voting_seconds=600)
        world, people = playground.world, playground.people
        guild = world.create_guild("Arena")
        channel = world.create_channel(guild, "general")
        voters = [world.create_member(guild, f"voter{number}") for number in range(5)]
        async with installation.command("run") as process:
            await playground.ready()
            asked = people.slash(voters[0], channel, "battle", prompt="Why is the sky blue?")
            await asked.finished()
            card = asked.message
            assert card is not None
            await world.until(lambda: is_voting(card))
            before = card.text
            people.react(voters[0], card, "🅰️")
            people.react(voters[1], card, "🅰️")
            people.react(voters[1], card, "🅱️")
            people.react(voters[2], card, "🤝")
            people.unreact(voters[2], card, "🤝")
            people.react(voters[3], card, "👎")
            await installation.until("select count(*), count(vote) from votes", [(4, 3)])
            process.kill()
            await process.wait()
        installation.change("update battles set closes_at = unixepoch() + 3")
        people.unreact(voters[3], card, "👎")
        people.react(voters[3], card, "🅰️")
        people.react(voters[4], card, "🤝")
        people.react(voters[4], card, "🅱️")
        async with installation.command("run") as process:
            await world.until(lambda: "wins" in card.text, timeout=40)
            board = people.slash(voters[0], channel, "leaderboard")
            await board.finished()
            await playground.world.until(
                lambda: board.message is not None and "/about ratings" in board.message.text
            )
            assert board.message is not None
            ranking = board.message.text
            process.terminate()
            assert await asyncio.wait_for(process.wait(), 10) == 0
        edits = [
            record
            for record in playground.requests
            if record.method == "PATCH"
            and f"/messages/{card.id}" in record.path
            and "wins" in str(record.body)
        ]

    assert not any(name in before for name in NAMES)
    assert "🅰️ 2 · 🅱️ 1 · 🤝 0 · 👎 0 (3 votes)" in card.text
    assert "1 vote was unclear" in card.text
    assert len(edits) == 1
    assert all(name in card.text and name in ranking for name in NAMES)
    votes = installation.rows("select user_id, vote, unclear from votes order by user_id")
    battle = installation.rows("select state, votes_a, votes_b, votes_unclear from battles")
    assert votes == [
        (voters[0].id, "a", 0),
        (voters[1].id, "b", 0),
        (voters[2].id, None, 0),
        (voters[3].id, "a", 0),
        (voters[4].id, None, 1),
    ]
    assert battle == [("closed", 2, 1, 1)]
    assert TOKEN not in installation.log()
