"""The language that the bot is told a guild has, and on what it depends."""

from __future__ import annotations

import asyncio

import pytest

from bot.playground import Playground
from tests.playground.gateway.test_client import TOKEN, connected


@pytest.mark.parametrize(("locale", "community", "told"), [("ja", False, "en-US"), ("ja", True, "ja")])
async def test_only_a_community_has_a_locale_of_its_own(locale: str, *, community: bool, told: str) -> None:
    async with Playground(token=TOKEN, rate_limits=False) as playground:
        guild = playground.world.create_guild(locale=locale, community=community)
        channel, alice = (
            playground.world.create_channel(guild),
            playground.world.create_member(guild, "alice"),
        )
        async with connected(playground) as bot:
            playground.people.slash(alice, channel, "hold")
            held = await bot.tiny.next_held()
            seen = bot.get_guild(guild.id)
            updated = asyncio.ensure_future(bot.wait_for("guild_update"))
            playground.world.set_community(guild, community=not community)
            await updated

    assert (str(held.guild_locale), str(held.locale)) == (told, locale)
    assert seen is not None
    assert str(seen.preferred_locale) == ("en-US" if told == locale else locale)
