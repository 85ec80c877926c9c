"""What discord.py asks and what the playground answers, against Discord's own description."""

from __future__ import annotations

import discord
import pytest

from tests.wire.contract import Contract, load_contract
from tests.wire.test_playground_messages import Room, room


@pytest.fixture(scope="module")
def contract() -> Contract:
    return load_contract()


def test_a_wrong_body_is_found(contract: Contract) -> None:
    errors = contract.request_errors("POST", "/channels/{channel_id}/messages", {"content": 5})

    assert errors


async def test_the_playgrounds_answers_keep_to_the_description(contract: Contract) -> None:
    async with room() as here:
        await _visit_everything(here)
        records = [each for each in here.playground.requests if each.status < 300]

        errors = [error for record in records for error in contract.errors_of(record)]

    assert len(records) > 15
    assert errors == []


async def _visit_everything(here: Room) -> None:
    people, alice = here.playground.people, here.alice
    card = (await people.slash(alice, here.channel, "card").finished()).message
    assert card is not None
    await people.press(alice, card, "update").finished()
    opened = await people.press(alice, card, "ask").answered()
    await people.submit_modal(alice, opened, {"topic": "x"}).finished()
    await people.slash(alice, here.channel, "whisper").finished()
    await people.autocomplete(alice, here.channel, "models show", "name", name="g").answered()
    sent = await here.seen.send("Hello", embed=discord.Embed(title="T", description="D"))
    await sent.add_reaction("👍")
    await sent.edit(content="Edited")
    fetched = await here.seen.fetch_message(sent.id)
    assert [user.id async for user in fetched.reactions[0].users()]
    await here.bot.fetch_guild(here.guild.id)
    await here.bot.fetch_channel(here.channel.id)
    guild = here.bot.get_guild(here.guild.id)
    assert guild is not None
    await guild.fetch_roles()
    await guild.fetch_member(alice.id)
    await here.bot.tree.fetch_commands()
    await sent.delete()
