"""What Discord blocks for its content, from bots as well, and what AutoMod blocks, from members only."""

from __future__ import annotations

import io

import discord
import pytest
from discord import ui

from bot.playground import DiscordError, Refusal
from tests.playground.rest.test_interactions import bot_in_guild
from tests.playground.rest.test_messages import Room, room

LINK = "See https://Harmful.example/prize"


def displayed() -> ui.LayoutView:
    view = ui.LayoutView()
    return view.add_item(ui.Container[ui.LayoutView](ui.TextDisplay[ui.LayoutView](LINK)))


def linked() -> ui.LayoutView:
    view = ui.LayoutView()
    button = ui.Button[ui.LayoutView](label="Prize", url="https://harmful.example")
    return view.add_item(ui.ActionRow[ui.LayoutView](button))


async def test_a_harmful_link_is_blocked_wherever_it_stands() -> None:
    async with room() as here:
        sent = await here.seen.send("Hello")
        codes: list[int] = []
        for deed in (
            here.seen.send(LINK),
            here.seen.send(embed=discord.Embed(description=LINK)),
            here.seen.send(view=displayed()),
            here.seen.send(view=linked()),
            sent.edit(content=LINK),
        ):
            with pytest.raises(discord.HTTPException) as refused:
                await deed
            codes.append(refused.value.code)
        await here.seen.send("See https://harmless.example")

        assert codes == [240000] * 5


async def test_a_token_opens_no_way_past_the_filter() -> None:
    async with bot_in_guild() as stage:
        stage.people.slash(stage.alice, stage.channel, "hold")
        held = await stage.bot.tiny.next_held()
        codes: list[int] = []

        with pytest.raises(discord.HTTPException) as callback:
            await held.response.send_message(LINK)
        await held.response.defer()
        for deed in (held.edit_original_response(content=LINK), held.followup.send(LINK)):
            with pytest.raises(discord.HTTPException) as refused:
                await deed
            codes.append(refused.value.code)

        assert [callback.value.code, *codes] == [240000] * 3


def picture(content: bytes, name: str = "a.png") -> discord.File:
    return discord.File(io.BytesIO(content), filename=name)


async def said_of(here: Room, file: discord.File) -> int:
    """Send a file; returns the error code of the answer."""
    try:
        await here.seen.send(file=file)
    except discord.HTTPException as exc:
        return exc.code
    return 0


async def test_an_explicit_image_is_blocked() -> None:
    async with room() as here:
        judged = here.playground.world.filter
        judged.explicit_images.add(b"explicit")

        known = await said_of(here, picture(b"explicit")), await said_of(here, picture(b"harmless"))
        judged.every_image = True
        every = await said_of(here, picture(b"harmless")), await said_of(here, picture(b"x", "a.txt"))

        assert known == (20009, 0)
        assert every == (20009, 0)


async def test_every_link_can_be_taken_for_harmful() -> None:
    async with room() as here:
        here.playground.world.filter.every_link = True

        with pytest.raises(discord.HTTPException) as refused:
            await here.seen.send("See https://harmless.example")
        await here.seen.send("See harmless.example")

        assert refused.value.code == 240000


async def test_automod_spares_bots_and_the_links_filter_spares_nobody() -> None:
    async with room() as here:
        here.playground.world.filter.blocked_words.add("bother")
        refusals: list[Refusal] = []

        for text in ("Oh, Bother!", LINK):
            with pytest.raises(DiscordError) as refused:
                here.playground.people.say(here.alice, here.channel, text)
            refusals.append(refused.value.refusal)
        sent = await here.seen.send("Oh, bother!")

        assert refusals == [Refusal.AUTOMOD, Refusal.HARMFUL_LINK]
        assert sent.id in here.channel.messages
