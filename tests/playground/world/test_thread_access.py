"""Threads that the bot is not in, and interactions in threads that are shut."""

from __future__ import annotations

import discord
import pytest

from bot.playground import Callback, DiscordError, Permission, Refusal
from tests.playground.gateway.test_client import connected
from tests.playground.rest.test_interactions import bot_in_guild
from tests.playground.rest.test_messages import room
from tests.playground.world.test_threads import DAY, sent_in


async def test_in_a_private_thread_only_an_interactions_token_works_for_the_bot() -> None:
    async with bot_in_guild() as stage:
        world, people = stage.playground.world, stage.people
        thread = world.create_thread(stage.channel, "Among us", owner=stage.alice, private=True)

        asked = people.slash(stage.alice, thread, "hold")
        held = await stage.bot.tiny.next_held()
        await held.response.send_message("Vote!")
        await held.edit_original_response(content="Vote, please!")
        assert asked.message is not None
        people.react(stage.alice, asked.message, "👍")
        seen = stage.bot.get_partial_messageable(thread.id).get_partial_message(asked.message.id)
        codes: list[int] = []
        for deed in (seen.fetch(), seen.add_reaction("👍"), seen.edit(content="x"), seen.channel.send("x")):
            with pytest.raises(discord.Forbidden) as refused:
                await deed
            codes.append(refused.value.code)
        people.react(stage.alice, people.say(stage.alice, stage.channel, "Aside"), "👎")
        first_heard = await stage.bot.reactions.get()

        assert asked.content == "Vote, please!"
        assert held.app_permissions.add_reactions
        assert held.permissions.send_messages_in_threads
        assert codes == [50001] * 4
        assert str(first_heard.emoji) == "👎"
        assert stage.bot.get_channel(thread.id) is None


async def test_mentioned_in_a_private_thread_the_bot_is_in_it() -> None:
    async with room() as here:
        world = here.playground.world
        thread = world.create_thread(here.channel, "Among us", owner=here.alice, private=True)
        mallory = world.create_member(here.guild, "mallory")

        with pytest.raises(DiscordError) as outside:
            here.playground.people.say(mallory, thread, "Let me in")
        said = here.playground.people.say(here.alice, thread, f"<@{world.bot.id}>, come")
        heard = await here.bot.messages.get()
        await here.bot.get_partial_messageable(thread.id).get_partial_message(heard.id).add_reaction("👍")
        known = here.bot.get_channel(thread.id)
        world.threads.remove(thread, here.me())

        assert outside.value.refusal is Refusal.MISSING_ACCESS
        assert heard.id == said.id
        assert isinstance(known, discord.Thread)
        assert known.me is not None
        with pytest.raises(discord.Forbidden):
            await here.bot.fetch_channel(thread.id)


async def test_a_member_who_sees_every_thread_is_not_kept_out_of_a_private_one() -> None:
    async with room() as here:
        world = here.playground.world
        thread = world.create_thread(here.channel, "Among us", owner=here.me(), private=True)
        moderator = world.create_member(
            here.guild, "mod", roles=[world.create_role(here.guild, "mod", Permission.MANAGE_THREADS)]
        )

        said = here.playground.people.say(moderator, thread, "I see you")

        assert said.id in thread.messages


@pytest.mark.parametrize("locked", [True, False])
async def test_an_answer_to_an_interaction_is_refused_once_its_thread_is_shut(*, locked: bool) -> None:
    async with bot_in_guild() as stage:
        world = stage.playground.world
        thread = world.create_thread(stage.channel, "Talk", owner=stage.alice)
        asked = stage.people.slash(stage.alice, thread, "hold")
        held = await stage.bot.tiny.next_held()
        await held.response.defer()

        (world.lock_thread if locked else world.archive_thread)(thread)
        with pytest.raises(discord.Forbidden) as refused:
            await held.edit_original_response(content="Late")
        stage.people.slash(stage.alice, thread, "hold")
        again = await stage.bot.tiny.next_held()

        assert asked.thinking
        assert refused.value.code == (160005 if locked else 50083)
        # Who asks anew wakes the thread, if it is not locked.
        if locked:
            with pytest.raises(discord.Forbidden):
                await again.response.send_message("Later", ephemeral=True)
        else:
            await again.response.send_message("Later", ephemeral=True)


async def test_a_press_in_an_archived_thread_wakes_it_and_in_a_locked_one_is_not_answered() -> None:
    async with bot_in_guild() as stage:
        world = stage.playground.world
        thread = world.create_thread(stage.channel, "Talk", owner=stage.alice)
        card = (await stage.people.slash(stage.alice, thread, "card").finished()).message
        assert card is not None

        world.archive_thread(thread)
        pressed = await stage.people.press(stage.alice, card, "update").finished()
        world.archive_thread(thread)
        world.lock_thread(thread)
        unanswered = stage.people.press(stage.alice, card, "update")
        await world.until(lambda: stage.playground.requests.by_status[403] > 0)

        assert pressed.callback is Callback.UPDATE_MESSAGE
        assert unanswered.callback is None
        assert thread.archived


async def test_the_bot_connects_to_the_active_threads_that_it_sees() -> None:
    async with room() as here:
        world = here.playground.world
        made = [
            world.create_thread(here.channel, "Seen", owner=here.alice),
            world.create_thread(here.channel, "Joined", private=True),
            world.create_thread(here.channel, "Hidden", owner=here.alice, private=True),
            world.create_thread(here.channel, "Over", owner=here.alice),
        ]
        world.archive_thread(made[3])

        async with connected(here.playground) as newcomer:
            guild = newcomer.get_guild(here.guild.id)

        assert guild is not None
        assert {thread.name: thread.me is not None for thread in guild.threads} == {
            "Seen": False,
            "Joined": True,
        }


async def test_threads_can_be_made_as_kind_as_before() -> None:
    async with room() as here:
        world = here.playground.world
        world.strict.threads = False
        thread = world.create_thread(here.channel, "Among us", owner=here.alice, private=True)
        world.lock_thread(thread)

        here.clock.now += 30 * DAY
        await (await sent_in(here, thread)).add_reaction("👍")

        assert (await here.bot.reactions.get()).channel_id == thread.id
