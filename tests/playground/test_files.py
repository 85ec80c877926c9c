"""Files of messages: their names, their addresses, their limits."""

from __future__ import annotations

import io

import aiohttp
import discord
import msgspec
import pytest

from bot.playground import Playground
from tests.playground.test_bodies import HEADERS, Refused
from tests.playground.test_client import TOKEN
from tests.playground.test_messages import room


async def test_a_file_can_be_fetched_again() -> None:
    async with room() as here:
        file = discord.File(io.BytesIO(b"a,b\n"), filename="votes.csv", description="All votes")
        embed = discord.Embed(title="Votes")
        embed.set_image(url="attachment://votes.csv")

        sent = await here.seen.send(file=file, embed=embed)

        attachment = sent.attachments[0]
        assert (attachment.filename, attachment.description) == ("votes.csv", "All votes")
        assert await attachment.read() == b"a,b\n"
        assert sent.embeds[0].image.url == attachment.url


@pytest.mark.parametrize(
    ("name", "kind"),
    [("board.png", "image/png"), ("votes.csv", "text/csv"), ("a", "application/octet-stream")],
)
async def test_a_file_has_the_type_that_its_name_says(name: str, kind: str) -> None:
    async with room() as here:
        (attachment,) = (await here.seen.send(file=discord.File(io.BytesIO(b"a"), filename=name))).attachments

        assert attachment.content_type == kind


async def test_a_files_name_is_made_safe_and_its_address_works() -> None:
    async with room() as here:
        file = discord.File(io.BytesIO(b"a"), filename="票 #1 ?.txt")

        (attachment,) = (await here.seen.send(file=file)).attachments

        assert attachment.filename == "票_1_.txt"
        assert attachment.url.isascii()
        assert await attachment.read() == b"a"


async def test_a_file_that_is_taken_off_its_message_is_gone() -> None:
    async with room() as here:
        sent = await here.seen.send("x", file=discord.File(io.BytesIO(b"a"), filename="a.txt"))

        await sent.edit(attachments=[])
        with pytest.raises(discord.NotFound):
            await sent.attachments[0].read()

        assert here.playground.world.attachments == {}


@pytest.mark.parametrize(("sizes", "code"), [([10 << 20, 1], 40005), ([1] * 11, 50035), ([10 << 20], 0)])
async def test_files_are_taken_within_the_limits(sizes: list[int], code: int) -> None:
    async with (
        Playground(token=TOKEN) as playground,
        aiohttp.ClientSession(headers=HEADERS) as session,
    ):
        channel = playground.world.create_channel(playground.world.create_guild())
        form = aiohttp.FormData()
        for number, size in enumerate(sizes):
            form.add_field(f"files[{number}]", io.BytesIO(bytes(size)), filename=f"{number}.bin")
        async with session.post(f"{playground.api_url}/channels/{channel.id}/messages", data=form) as got:
            content = await got.read()

    assert code == (0 if got.status == 200 else msgspec.json.decode(content, type=Refused).code)
