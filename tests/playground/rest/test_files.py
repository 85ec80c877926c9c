"""Files of messages: their names, their addresses, their limits."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Self

import aiohttp
import discord
import msgspec
import pytest

from bot.playground import Playground
from bot.playground.world.messages.components import media as found_media
from tests.playground.gateway.test_client import TOKEN
from tests.playground.rest.test_bodies import HEADERS, Refused
from tests.playground.rest.test_interactions import bot_in_guild
from tests.playground.rest.test_messages import Room, room

if TYPE_CHECKING:
    from bot.playground.wire import JsonObject


class PictureView(discord.ui.LayoutView):
    """A picture, by its address."""

    def __init__(self, address: str) -> None:
        super().__init__(timeout=None)
        gallery = discord.ui.MediaGallery[Self]()
        gallery.add_item(media=address)
        self.add_item(gallery)


class Pressed(discord.ui.View):
    """A button that rewrites its message, and names its files or does not."""

    def __init__(self, *, keep: bool) -> None:
        super().__init__(timeout=None)
        self._keep = keep

    @discord.ui.button(label="Press", custom_id="press")
    async def press(self, interaction: discord.Interaction, _: discord.ui.Button[Self]) -> None:
        message = interaction.message
        if self._keep and message is not None:
            await interaction.response.edit_message(content="y", attachments=message.attachments)
        else:
            await interaction.response.edit_message(content="y")


def picture(content: bytes) -> discord.File:
    return discord.File(io.BytesIO(content), filename="a.png")


def media_of(message: discord.Message) -> discord.UnfurledMediaItem:
    (gallery,) = message.components
    assert isinstance(gallery, discord.MediaGalleryComponent)
    return gallery.items[0].media


async def fetched(address: str | None) -> bytes:
    async with aiohttp.ClientSession() as session, session.get(address or "") as got:
        return await got.read()


async def said_of_edit(here: Room, sent: discord.Message, body: JsonObject, upload: bytes = b"") -> int:
    """Edit a message by a body, and with it a file `b.png`; returns the error code of the answer."""
    url = f"{here.playground.api_url}/channels/{here.channel.id}/messages/{sent.id}"
    form = aiohttp.FormData()
    form.add_field("payload_json", msgspec.json.encode(body).decode(), content_type="application/json")
    if upload:
        form.add_field("files[0]", io.BytesIO(upload), filename="b.png")
    async with (
        aiohttp.ClientSession(headers=HEADERS) as session,
        session.patch(url, data=form if upload else None, json=None if upload else body) as got,
    ):
        content = await got.read()
    return 0 if got.status == 200 else msgspec.json.decode(content, type=Refused).code


async def test_a_file_can_be_fetched_again() -> None:
    async with room() as here:
        file = discord.File(io.BytesIO(b"a,b\n"), filename="votes.csv", description="All votes")

        (attachment,) = (await here.seen.send(file=file)).attachments

        assert (attachment.filename, attachment.description) == ("votes.csv", "All votes")
        assert await attachment.read() == b"a,b\n"


async def test_what_an_embed_or_a_gallery_shows_is_not_listed_and_can_be_fetched() -> None:
    async with room() as here:
        embed = discord.Embed(title="Votes").set_image(url="attachment://a.png")

        embedded = await here.seen.send(file=picture(b"a"), embed=embed)
        displayed = await here.seen.send(file=picture(b"b"), view=PictureView("attachment://a.png"))

        shown = media_of(displayed)
        assert embedded.attachments == displayed.attachments == []
        assert await fetched(embedded.embeds[0].image.url) == b"a"
        assert await fetched(shown.url) == b"b"
        assert shown.attachment_id in here.playground.world.attachments


@pytest.mark.parametrize(
    ("named", "code"),
    [
        (None, 50035),
        ([], 50035),
        ([{"id": "ID"}], 50035),
        ([{"id": "ID", "filename": "b.png"}], 50035),
        ([{"id": "ID", "filename": "a.png"}], 0),
    ],
    ids=str,
)
async def test_an_edit_shows_a_file_again_only_if_it_names_it(
    named: list[dict[str, str]] | None, code: int
) -> None:
    async with room() as here:
        sent = await here.seen.send(file=picture(b"a"), view=PictureView("attachment://a.png"))
        file_id = media_of(sent).attachment_id
        body: JsonObject = {"components": PictureView("attachment://a.png").to_components()}
        if named is not None:
            body["attachments"] = [{**each, "id": str(file_id)} for each in named]

        assert await said_of_edit(here, sent, body) == code
        assert list(here.playground.world.attachments) == [file_id]


async def test_an_edit_of_something_else_leaves_the_files_where_they_are() -> None:
    async with room() as here:
        sent = await here.seen.send("x", file=picture(b"a"))

        edited = await sent.edit(content="y")

        assert [each.id for each in edited.attachments] == [each.id for each in sent.attachments]


@pytest.mark.parametrize(
    ("named", "files"),
    [(None, {}), ([{"id": 0}], {"b.png": b"b"}), ([], {})],
    ids=["left out", "named", "not"],
)
async def test_an_edit_takes_the_uploads_that_it_names_and_drops_what_was_there(
    named: list[dict[str, int]] | None, files: dict[str, bytes]
) -> None:
    async with room() as here:
        sent = await here.seen.send("x", file=picture(b"a"))
        body: JsonObject = {} if named is None else {"attachments": named}

        code = await said_of_edit(here, sent, body, b"b")

        assert code == 0
        found = here.playground.world.attachments.values()
        assert {each.filename: each.content for each in found} == files


async def test_an_upload_that_an_edit_does_not_name_cannot_be_shown() -> None:
    async with room() as here:
        sent = await here.seen.send(view=PictureView("https://example.org/a.png"))
        body: JsonObject = {"components": PictureView("attachment://b.png").to_components()}

        refused = await said_of_edit(here, sent, body, b"b")
        taken = await said_of_edit(here, sent, body | {"attachments": [{"id": 0}]}, b"b")

        assert (refused, taken) == (50035, 0)


@pytest.mark.parametrize("keep", [True, False])
async def test_the_answer_to_a_press_drops_the_files_that_it_does_not_name(*, keep: bool) -> None:
    async with bot_in_guild() as stage:
        stage.people.slash(stage.alice, stage.channel, "hold")
        held = await stage.bot.tiny.next_held()
        view = Pressed(keep=keep)
        await held.response.send_message("x", file=picture(b"a"), view=view)
        (message,) = stage.channel.messages.values()

        await stage.people.press(stage.alice, message, "press").finished()

        assert bool(message.attachments) == keep


async def test_what_only_discord_fills_in_is_not_taken_from_a_bot() -> None:
    async with room() as here:
        media = {"url": "https://example.org/a.png", "attachment_id": "123456789012345678"}
        components = [{"type": 12, "items": [{"media": media}]}]

        sent = await here.seen.send(view=PictureView("https://example.org/b.png"))
        code = await said_of_edit(here, sent, {"components": components})

        (shown,) = found_media(here.channel.messages[sent.id].components)
        assert code == 0
        assert "attachment_id" not in shown


async def test_files_can_be_handled_as_kindly_as_before() -> None:
    async with room() as here:
        here.playground.world.strict.files = False
        sent = await here.seen.send(file=picture(b"a"), view=PictureView("attachment://a.png"))

        code = await said_of_edit(
            here, sent, {"components": PictureView("attachment://a.png").to_components()}
        )

        assert code == 0
        assert [each.filename for each in sent.attachments] == ["a.png"]


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
