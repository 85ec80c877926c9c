"""Slash commands, buttons, forms and what follows them, between discord.py and the playground."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, NamedTuple

import aiohttp
import discord
import pytest

from bot.playground import Callback, Channel, Member, Permission, Playground, PlaygroundError
from tests.playground.gateway.test_client import TOKEN, Buttons, TinyBot, connected

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from bot.playground.world.people import People


class StillClock:
    """A clock that stands still until it is moved."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


class BotInGuild(NamedTuple):
    """A bot in a guild of one channel and one member."""

    playground: Playground
    bot: TinyBot
    channel: Channel
    alice: Member
    clock: StillClock

    @property
    def people(self) -> People:
        return self.playground.people


@asynccontextmanager
async def bot_in_guild() -> AsyncGenerator[BotInGuild]:
    clock = StillClock()
    async with Playground(token=TOKEN, rate_limits=False, clock=clock) as playground:
        guild = playground.world.create_guild(locale="ja")
        channel = playground.world.create_channel(guild)
        alice = playground.world.create_member(guild, "alice", locale="de")
        async with connected(playground) as bot:
            yield BotInGuild(playground, bot, channel, alice, clock)


async def test_the_first_followup_fills_the_thinking_message() -> None:
    async with bot_in_guild() as here:
        asked = here.people.slash(here.alice, here.channel, "card")
        await asked.finished()

        assert asked.callback is Callback.DEFERRED_MESSAGE
        assert asked.content == "A card\nAsk for more"
        assert asked.followups == []
        assert asked.message is not None
        assert asked.message.is_v2
        assert len(here.channel.messages) == 1


async def test_an_interaction_says_where_it_comes_from() -> None:
    async with bot_in_guild() as here:
        here.people.slash(here.alice, here.channel, "hold")
        held = await here.bot.tiny.next_held()

        assert isinstance(held.user, discord.Member)
        assert held.user.id == here.alice.id
        assert held.channel_id == here.channel.id
        assert held.locale is discord.Locale.german
        assert held.guild_locale is discord.Locale.japanese
        assert held.app_permissions.send_messages
        assert not held.app_permissions.manage_messages
        assert held.permissions.add_reactions


async def test_app_permissions_follow_the_channels_overwrites() -> None:
    async with bot_in_guild() as here:
        me = here.playground.world.guild(here.channel.guild_id).members[here.playground.world.bot.id]
        here.playground.world.set_overwrite(here.channel, me, deny=Permission.ADD_REACTIONS)

        here.people.slash(here.alice, here.channel, "hold")
        held = await here.bot.tiny.next_held()

        assert not held.app_permissions.add_reactions
        assert held.app_permissions.send_messages


async def test_in_a_channel_that_it_does_not_see_the_bot_may_nothing() -> None:
    async with bot_in_guild() as here:
        me = here.playground.world.guild(here.channel.guild_id).members[here.playground.world.bot.id]
        here.playground.world.set_overwrite(here.channel, me, deny=Permission.VIEW_CHANNEL)

        here.people.slash(here.alice, here.channel, "hold")
        held = await here.bot.tiny.next_held()

        assert held.app_permissions.value == 0


async def test_an_ephemeral_answer_is_not_in_the_channel() -> None:
    async with bot_in_guild() as here:
        asked = await here.people.slash(here.alice, here.channel, "whisper").finished()

        assert asked.ephemeral
        assert asked.content == "psst"
        assert here.channel.messages == {}


async def test_a_button_rewrites_its_message() -> None:
    async with bot_in_guild() as here:
        card = (await here.people.slash(here.alice, here.channel, "card").finished()).message
        assert card is not None

        pressed = await here.people.press(here.alice, card, "update").finished()

        assert pressed.callback is Callback.UPDATE_MESSAGE
        assert pressed.message is card
        assert "Updated by alice" in card.text


async def test_a_form_is_opened_filled_in_and_answered() -> None:
    async with bot_in_guild() as here:
        card = (await here.people.slash(here.alice, here.channel, "card").finished()).message
        assert card is not None

        opened = await here.people.press(here.alice, card, "ask").answered()
        sent = await here.people.submit_modal(here.alice, opened, {"topic": "Llamas"}).finished()

        assert opened.modal is not None
        assert opened.modal.title == "Question"
        assert sent.content == "You asked about Llamas"
        with pytest.raises(PlaygroundError):
            here.people.submit_modal(here.alice, opened, {"topic": "x" * 51})


async def test_an_acknowledgement_after_three_seconds_is_too_late() -> None:
    async with bot_in_guild() as here:
        here.people.slash(here.alice, here.channel, "hold")
        held = await here.bot.tiny.next_held()

        here.clock.now += 3.1
        with pytest.raises(discord.NotFound) as refused:
            await held.response.send_message("Sorry")

        assert refused.value.code == 10062


async def test_a_second_acknowledgement_is_refused() -> None:
    async with bot_in_guild() as here:
        here.people.slash(here.alice, here.channel, "hold")
        held = await here.bot.tiny.next_held()
        twin = discord.InteractionResponse[TinyBot](held)  # pyright: ignore[reportArgumentType] - the client's type is not known of a held interaction

        await held.response.defer()
        with pytest.raises(discord.HTTPException) as refused:
            await twin.send_message("Again")

        assert refused.value.code == 40060


async def test_a_followup_before_the_acknowledgement_finds_no_webhook() -> None:
    async with bot_in_guild() as here:
        here.people.slash(here.alice, here.channel, "hold")
        held = await here.bot.tiny.next_held()

        with pytest.raises(discord.NotFound) as refused:
            await held.followup.send("Too early")

        assert refused.value.code == 10015


async def test_a_token_dies_after_fifteen_minutes() -> None:
    async with bot_in_guild() as here:
        asked = here.people.slash(here.alice, here.channel, "hold")
        held = await here.bot.tiny.next_held()
        await held.response.send_message("Soon")

        here.clock.now += 15 * 60 - 1
        await held.edit_original_response(content="Still here")
        here.clock.now += 2
        with pytest.raises(discord.HTTPException) as refused:
            await held.edit_original_response(content="Too late")

        assert refused.value.code == 50027
        assert asked.content == "Still here"


async def test_answers_by_token_can_be_read_edited_and_deleted() -> None:
    async with bot_in_guild() as here:
        asked = here.people.slash(here.alice, here.channel, "hold")
        held = await here.bot.tiny.next_held()
        answer = await held.response.defer(thinking=True, ephemeral=True)
        thinking = asked.thinking
        await held.followup.send("First")
        second = await held.followup.send("Second", wait=True)
        await second.edit(content="Second, edited")
        original = await held.original_response()
        await held.delete_original_response()

        assert thinking
        assert answer is not None
        assert answer.message_id == original.id
        assert original.content == "First"
        assert original.flags.ephemeral
        assert [message.content for message in asked.followups] == ["Second, edited"]
        with pytest.raises(discord.NotFound) as gone:
            await held.edit_original_response(content="x")
        assert gone.value.code == 10008


async def test_a_refused_form_names_the_place_of_the_fault() -> None:
    async with bot_in_guild() as here:
        here.people.slash(here.alice, here.channel, "hold")
        held = await here.bot.tiny.next_held()

        with pytest.raises(discord.HTTPException) as refused:
            await held.response.send_message("x" * 2001)

        assert refused.value.code == 50035
        assert "In data.content: Must be 2000 or fewer in length." in refused.value.text


async def test_streaming_edits_do_not_count_under_the_global_limit() -> None:
    async with bot_in_guild() as here:
        since = here.playground.requests.total
        asked = here.people.slash(here.alice, here.channel, "hold")
        held = await here.bot.tiny.next_held()
        await held.response.defer()
        message = await held.followup.send(view=Buttons("one"), wait=True)
        for word in ("two", "three"):
            await message.edit(view=Buttons(word))
        await message.add_reaction("👍")

        assert asked.content.startswith("three")
        limited = here.playground.requests.limited_since(since)
        assert [record.template for record in limited] == [
            "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}/@me"
        ]


async def test_waiting_for_an_answer_that_does_not_come_ends() -> None:
    async with bot_in_guild() as here:
        asked = here.people.slash(here.alice, here.channel, "hold")

        with pytest.raises(asyncio.TimeoutError):
            await asked.answered(timeout=0.05)


async def test_a_followup_does_not_fill_a_thinking_message_that_was_deleted() -> None:
    async with bot_in_guild() as here:
        asked = here.people.slash(here.alice, here.channel, "hold")
        held = await here.bot.tiny.next_held()
        await held.response.defer()
        await held.delete_original_response()

        sent = await held.followup.send("Late", wait=True)

        assert asked.message is not None
        assert sent.id != asked.message.id
        assert [message.content for message in here.channel.messages.values()] == ["Late"]


async def test_a_token_that_was_never_given_out_is_invalid() -> None:
    async with bot_in_guild() as here, aiohttp.ClientSession() as session:
        webhook = f"{here.playground.api_url}/webhooks/{here.playground.world.bot.id}/made-up"

        async with session.post(webhook, json={"content": "x"}) as got:
            answer = await got.text()

        assert got.status == 401
        assert "50027" in answer


async def test_interactions_are_forgotten_when_their_token_is_dead() -> None:
    async with bot_in_guild() as here:
        for _ in range(3):
            here.people.slash(here.alice, here.channel, "hold")
        here.clock.now += 15 * 60 + 1

        here.people.slash(here.alice, here.channel, "hold")

        assert len(here.playground.world.interactions) == 1
