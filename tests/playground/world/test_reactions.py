"""Reactions: events, counts, pages of people, and their limits."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

import discord
import pytest

from bot.playground import DiscordError, Permission, Refusal
from tests.playground.rest.test_messages import Room, room

if TYPE_CHECKING:
    from bot.playground.world.events import GatewayEvent

REACTION = "/channels/{channel_id}/messages/{message_id}/reactions/{emoji_name}"


async def sent_in(here: Room) -> discord.Message:
    return await here.seen.send("Vote!")


async def test_reactions_come_and_go_as_events() -> None:
    async with room() as here:
        sent = await sent_in(here)

        here.playground.people.react(here.alice, sent.id, "🅰️")
        here.playground.people.unreact(here.alice, sent.id, "🅰️")
        added, removed = [await here.bot.reactions.get() for _ in range(2)]

        assert (added.event_type, removed.event_type) == ("REACTION_ADD", "REACTION_REMOVE")
        assert added.user_id == removed.user_id == here.alice.id
        assert added.member is not None
        assert removed.member is None
        assert added.message_author_id == here.playground.world.bot.id
        assert added.emoji.name == "🅰️"


async def test_super_reactions_count_and_are_told_and_listed_apart() -> None:
    async with room() as here:
        people, sent = here.playground.people, await sent_in(here)
        bob = here.playground.world.create_member(here.guild, "bob")
        told: list[GatewayEvent] = []
        here.playground.world.subscribers.append(told.append)

        people.react(here.alice, sent.id, "👍")
        people.react(bob, sent.id, "👍", burst=True)
        people.react(here.alice, sent.id, "👍", burst=True)
        heard = [await here.bot.reactions.get() for _ in range(3)]
        (reaction,) = (await here.seen.fetch_message(sent.id)).reactions
        normal = [user.id async for user in reaction.users()]
        burst = {user.id async for user in reaction.users(type=discord.ReactionType.burst)}

        assert [each.burst for each in heard] == [False, True, True]
        # discord.py looks for the colours under a name that Discord does not write.
        assert ["burst_colors" in each.data for each in told] == [False, True, True]
        assert (reaction.count, reaction.normal_count, reaction.burst_count) == (3, 1, 2)
        assert (reaction.me, reaction.me_burst) == (False, False)
        assert normal == [here.alice.id]
        assert burst == {here.alice.id, bob.id}


async def test_a_super_reaction_goes_with_its_person_or_its_emoji_and_not_with_a_normal_one() -> None:
    async with room() as here:
        people, sent = here.playground.people, await sent_in(here)
        here.playground.world.set_overwrite(here.channel, here.me(), allow=Permission.MANAGE_MESSAGES)
        for burst in (False, True):
            people.react(here.alice, sent.id, "👍", burst=burst)

        await sent.remove_reaction("👍", discord.Object(here.alice.id))
        with pytest.raises(discord.HTTPException) as gone:
            await sent.remove_reaction("👍", discord.Object(here.alice.id))
        (left,) = (await here.seen.fetch_message(sent.id)).reactions
        people.unreact(here.alice, sent.id, "👍", burst=True)
        heard = [await here.bot.reactions.get() for _ in range(4)]

        assert (gone.value.status, gone.value.code) == (400, 10014)
        assert (left.normal_count, left.burst_count) == (0, 1)
        assert [(each.event_type, each.burst) for each in heard[2:]] == [
            ("REACTION_REMOVE", False),
            ("REACTION_REMOVE", True),
        ]
        assert here.channel.messages[sent.id].reactions == {}


async def test_the_bots_own_reactions_come_as_events_too() -> None:
    async with room() as here:
        sent = await sent_in(here)

        await sent.add_reaction("👍")
        await sent.add_reaction("👍")
        await sent.remove_reaction("👍", discord.Object(here.playground.world.bot.id))
        heard = [(await here.bot.reactions.get()).event_type for _ in range(2)]

        assert heard == ["REACTION_ADD", "REACTION_REMOVE"]
        assert here.bot.reactions.empty()


async def test_spellings_with_and_without_the_variation_selector_are_one_reaction() -> None:
    async with room() as here:
        sent = await sent_in(here)

        await sent.add_reaction("🅰️")
        here.playground.people.react(here.alice, sent.id, "🅰")
        reaction = (await here.seen.fetch_message(sent.id)).reactions[0]

        assert (str(reaction.emoji), reaction.count, reaction.me) == ("🅰️", 2, True)


async def test_people_behind_a_reaction_are_paged_by_id() -> None:
    async with room() as here:
        sent = await sent_in(here)
        voters = [here.playground.world.create_member(here.guild, f"v{n}") for n in range(230)]
        for voter in reversed(voters):
            here.playground.people.react(voter, sent.id, "👍")

        reaction = (await here.seen.fetch_message(sent.id)).reactions[0]
        found = [user.id async for user in reaction.users()]

        pages = here.playground.requests.matching("GET", REACTION)
        assert sorted(found) == [voter.id for voter in voters]
        assert [record.response.count(b"username") for record in pages] == [100, 100, 30]


@pytest.mark.parametrize(("strict", "status"), [(True, 403), (False, 400)])
async def test_a_message_takes_twenty_emoji(*, strict: bool, status: int) -> None:
    async with room() as here:
        here.playground.world.strict.statuses = strict
        sent = await sent_in(here)
        emoji = [chr(ord("🍇") + offset) for offset in range(21)]
        for each in emoji[:20]:
            await sent.add_reaction(each)

        with pytest.raises(discord.HTTPException) as refused:
            await sent.add_reaction(emoji[20])

        assert (refused.value.status, refused.value.code) == (status, 30010)


@pytest.mark.parametrize("emoji", ["nonsense", "A", "5", "unknown:123456789012345678"])
async def test_what_is_no_emoji_is_unknown(emoji: str) -> None:
    async with room() as here:
        sent = await sent_in(here)

        with pytest.raises(discord.HTTPException) as refused:
            await sent.add_reaction(emoji)

        assert refused.value.code == 10014


@pytest.mark.parametrize("emoji", ["👍", "👍🏽", "🤝", "👎", "❤️", "5️⃣", "🇯🇵", "👩‍💻", "🏴󠁧󠁢󠁥󠁮󠁧󠁿", "‼️", "©️"])
async def test_all_kinds_of_emoji_are_known(emoji: str) -> None:
    async with room() as here:
        sent = await sent_in(here)

        await sent.add_reaction(emoji)

        (reaction,) = (await here.seen.fetch_message(sent.id)).reactions
        assert str(reaction.emoji) == emoji


async def test_a_guilds_own_emoji_works_as_a_reaction() -> None:
    async with room() as here:
        emoji = here.playground.world.create_emoji(here.guild, "llama")
        sent = await sent_in(here)

        await sent.add_reaction(f"llama:{emoji.id}")
        heard = await here.bot.reactions.get()

        assert heard.emoji.id == emoji.id


async def test_a_new_emoji_needs_permission_and_one_that_is_there_does_not() -> None:
    async with room() as here:
        sent = await sent_in(here)
        here.playground.people.react(here.alice, sent.id, "👍")
        here.playground.world.set_overwrite(here.channel, here.me(), deny=Permission.ADD_REACTIONS)

        await sent.add_reaction("👍")
        with pytest.raises(discord.Forbidden) as refused:
            await sent.add_reaction("👎")

        assert refused.value.code == 50013


async def test_clearing_needs_permission_and_tells_the_bot() -> None:
    async with room() as here:
        sent = await sent_in(here)
        here.playground.people.react(here.alice, sent.id, "👍")
        with pytest.raises(discord.Forbidden):
            await sent.clear_reactions()

        here.playground.world.set_overwrite(here.channel, here.me(), allow=Permission.MANAGE_MESSAGES)
        cleared = asyncio.ensure_future(here.bot.wait_for("raw_reaction_clear"))
        await sent.clear_reactions()

        assert (await cleared).message_id == sent.id
        assert here.channel.messages[sent.id].reactions == {}


async def test_people_may_not_do_more_than_their_permissions() -> None:
    async with room() as here:
        sent = await sent_in(here)
        here.playground.world.set_overwrite(here.channel, here.alice, deny=Permission.ADD_REACTIONS)

        with pytest.raises(DiscordError) as refused:
            here.playground.people.react(here.alice, sent.id, "👍")

        assert refused.value.refusal is Refusal.MISSING_PERMISSIONS


async def test_ten_thousand_reactions_arrive_within_seconds() -> None:
    async with room() as here:
        sent = await sent_in(here)
        voters = [here.playground.world.create_member(here.guild, f"v{n}") for n in range(10_000)]
        started = time.process_time()

        for voter in voters:
            here.playground.people.react(voter, sent.id, "👍")
        for _ in voters:
            await here.bot.reactions.get()

        assert time.process_time() - started < 10
