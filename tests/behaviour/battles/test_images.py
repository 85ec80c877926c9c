"""`/battle image:`, from the attachment to the card, the models and the history."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from io import BytesIO
from typing import TYPE_CHECKING
from unittest.mock import AsyncMock

import discord
import pytest
from PIL import Image as Pillow

from bot.arena.battles.images.cleaner import ImageCleaner
from bot.arena.models.prices import Prices
from bot.backends.base import BackendError, Failure, Usage
from bot.config import BattleDefaults, Config, Limits
from bot.errors import ArenaError
from tests.behaviour.place import VOTING_SECONDS, answer_to, buttons_of, place, restarted, speak, text_of
from tests.behaviour.ratings.boards import leaderboard, refusal
from tests.competitors import ScriptedBackend, asked, competitor, images_shown
from tests.images import TOLD, animated, hollow_png, noise, picture, telling

if TYPE_CHECKING:
    from pathlib import Path

    import simcord

    from bot.arena.models.roster import Competitor
    from tests.behaviour.place import SimulatedServer

PHOTO = picture("JPEG")
CONTINUE = "arena:continue:1"
CARD_IMAGE = "image.jpeg"


def seeing(*names: str) -> list[Competitor]:
    return [competitor(name, sees=True) for name in names or ("Zephyrine", "Quillon")]


async def ask(
    here: SimulatedServer, content: bytes = PHOTO, name: str = "photo.jpg"
) -> simcord.InteractionResult:
    """Let Alice ask about an image."""
    result = await here.alice.slash(here.channel, "battle", prompt="What is this?", image=(name, content))
    await here.env.settle()
    return result


def shown_images(message: discord.Message) -> list[str]:
    """Return the addresses of the images on a card."""
    items = discord.ui.LayoutView.from_message(message).walk_children()
    galleries = [item for item in items if isinstance(item, discord.ui.MediaGallery)]
    return [image.media.url for gallery in galleries for image in gallery.items]


def is_the_photo(content: bytes) -> bool:
    photo = Pillow.open(BytesIO(content))
    return (photo.format, photo.size) == ("JPEG", (640, 480))


def stored_bytes(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


def refusal_after_thinking(here: SimulatedServer, result: simcord.InteractionResult) -> str:
    """Return what only the member is told, at once or later; nothing but a refusal went wrong."""
    assert all(isinstance(getattr(error, "original", error), ArenaError) for error in here.env.errors)
    told = result.followups[-1] if result.followups else result.response
    assert told
    assert told.message.flags.ephemeral
    return told.content


def nothing_began(here: SimulatedServer, competitors: list[Competitor]) -> bool:
    return not (here.rows("select 1 from battles") or here.channel.history() or any(map(asked, competitors)))


async def test_both_models_are_shown_the_image_with_the_prompt(tmp_path: Path) -> None:
    competitors = seeing()
    async with place(tmp_path, competitors) as here:
        await ask(here)

        for one in competitors:
            ((image,),) = images_shown(one)
            assert image
            assert is_the_photo(image.content)
            assert asked(one) == ["What is this?"]


async def test_everyone_sees_the_image_on_the_card_from_the_start_to_the_reveal(tmp_path: Path) -> None:
    async with place(tmp_path, seeing()) as here:
        await ask(here)
        open_card = here.card
        ended = await here.close()

        assert [url.rpartition("/")[2] for url in shown_images(open_card)] == [CARD_IMAGE]
        assert shown_images(ended) == shown_images(open_card)
        assert is_the_photo(await ended.attachments[0].read())
        assert "No votes" in text_of(ended)


@pytest.mark.parametrize("file_format", ["JPEG", "PNG", "WEBP", "GIF"])
async def test_neither_models_nor_the_channel_get_the_metadata_of_an_image(
    tmp_path: Path, file_format: str
) -> None:
    content = telling(file_format, orientation=1 if file_format == "GIF" else 6)
    competitors = seeing()
    async with place(tmp_path, competitors) as here:
        await ask(here, content, f"photo.{file_format.lower()}")
        on_the_card = await here.card.attachments[0].read()
        for_models = [image for one in competitors for (image,) in images_shown(one)]

        assert any(word in content for word in TOLD)
        assert len(for_models) == 2
        for shown in (on_the_card, *(image.content for image in for_models if image)):
            assert [word for word in TOLD if word in shown] == []
            assert Pillow.open(BytesIO(shown)).size == ((640, 480) if file_format == "GIF" else (480, 640))


async def test_an_animation_is_shown_as_its_first_frame(tmp_path: Path) -> None:
    competitors = seeing()
    async with place(tmp_path, competitors) as here:
        await ask(here, animated("GIF"), "clip.gif")

        assert shown_images(here.card)[0].endswith("image.png")
        assert [image.kind.name for one in competitors for (image,) in images_shown(one) if image] == [
            "PNG"
        ] * 2


async def test_the_image_is_uploaded_once(tmp_path: Path) -> None:
    async with place(tmp_path, seeing()) as here:
        await ask(here)
        await here.close()

        kept = here.card.attachments[0].id
        assert here.bodies.count('"attachments": [{"id": 0, "filename": "image.jpeg"}]') == 1
        assert here.bodies.count(f'"attachments": [{{"id": {kept}, "filename": "image.jpeg"}}]') == 2


async def test_a_member_s_own_name_for_the_file_is_repeated_nowhere(tmp_path: Path) -> None:
    async with place(tmp_path, seeing()) as here:
        await ask(here, name="@everyone secret.jpg")
        await here.close()

        assert "secret" not in here.bodies


async def test_the_image_is_nowhere_on_the_disk(tmp_path: Path) -> None:
    async with place(tmp_path, seeing()) as here:
        await ask(here)
        await here.close()
        stored = await asyncio.to_thread(stored_bytes, tmp_path)

        assert b"What is this?" in stored
        assert PHOTO[:60] not in stored
        assert PHOTO[-60:] not in stored
        assert here.row("select image_kind from battles") == ("jpeg",)


async def test_only_models_that_accept_images_are_drawn(tmp_path: Path) -> None:
    blind = [competitor("Marrowby"), competitor("Ostrava"), competitor("Pellinor")]
    competitors = [*seeing(), *blind]
    async with place(tmp_path, competitors) as here:
        for _ in range(5):
            await ask(here)

        assert not any(map(asked, blind))
        assert [len(asked(one)) for one in competitors[:2]] == [5, 5]


async def test_a_failing_model_is_replaced_by_one_that_accepts_images(tmp_path: Path) -> None:
    troubles = [BackendError(Failure.OVERLOADED, "tired")]
    sighted = [
        competitor(name, sees=True, troubles=troubles) for name in ("Zephyrine", "Quillon", "Marrowby")
    ]
    blind = [competitor(name) for name in ("Ostrava", "Pellinor", "Quarrington")]
    async with place(tmp_path, [*sighted, *blind]) as here:
        await ask(here)

        assert all(map(asked, sighted))
        assert not any(map(asked, blind))
        assert all(image for one in sighted for said in images_shown(one) for image in said)
        assert here.row("select state from battles") == ("voting",)


@pytest.mark.parametrize("sighted", [0, 1])
async def test_with_fewer_than_two_such_models_nothing_begins(tmp_path: Path, sighted: int) -> None:
    competitors = [*seeing("Zephyrine")[:sighted], competitor("Quillon"), competitor("Marrowby")]
    async with place(tmp_path, competitors) as here:
        result = await ask(here)

        assert f"needs two models that can be shown images, and this server has {sighted}" in refusal(
            here, result
        )
        assert nothing_began(here, competitors)


async def test_a_prompt_without_an_image_goes_to_any_model_and_shows_none(tmp_path: Path) -> None:
    competitors = [*seeing("Zephyrine"), competitor("Quillon")]
    async with place(tmp_path, competitors) as here:
        card = await here.battle()

        assert images_shown(competitors[0]) == [[None]]
        assert shown_images(card) == []
        assert here.row("select image_kind from battles") == (None,)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("drawing.svg", b"<svg/>", "This file is image/svg+xml."),
        ("notes.pdf", b"%PDF-1.7", "This file is application/pdf."),
        ("renamed.png", picture("BMP", (64, 64)), "This file is BMP."),
        ("renamed.jpg", b"\0\0\0\x18ftypheic" + bytes(40), "This photo is a HEIC file"),
        ("renamed.png", b"#!/bin/sh", "This file is not an image."),
        ("bomb.png", hollow_png(30_000, 30_000), "This one is 30000 × 30000."),
        ("cut.jpg", PHOTO[:-100], "damaged or incomplete"),
        ("wide.png", picture("PNG", (8001, 1)), "This one is 8001 × 1."),
        ("large.png", picture() + bytes(60_000), "0.05 MB at most. This one has 0.07 MB."),
    ],
    ids=[
        *("svg", "pdf", "bmp named png", "heic named jpg", "script named png"),
        *("bomb", "cut off", "too wide", "too large"),
    ],
)
async def test_an_image_that_cannot_be_shown_is_refused_before_anything_is_spent(
    tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    competitors = seeing()
    async with place(tmp_path, competitors, Config(limits=Limits(max_image_bytes=50_000))) as here:
        result = await ask(here, content, name)

        assert said in refusal_after_thinking(here, result)
        assert nothing_began(here, competitors)


async def test_a_jpeg_that_is_named_png_is_shown_as_what_it_is(tmp_path: Path) -> None:
    async with place(tmp_path, seeing()) as here:
        await ask(here, PHOTO, "photo.png")

        assert shown_images(here.card)[0].endswith(CARD_IMAGE)


async def test_the_conversation_goes_on_with_the_image_in_its_first_message(tmp_path: Path) -> None:
    competitors = seeing()
    async with place(tmp_path, competitors) as here:
        await ask(here)
        form = await here.alice.click(here.card, custom_id=CONTINUE)
        await here.alice.submit_modal(form, {"prompt": "And the colours?"})
        await here.env.settle()

        for one in competitors:
            first, *others = images_shown(one)[-1]
            assert first
            assert is_the_photo(first.content)
            assert others == [None, None]
        assert "Prompt, turn 2" in text_of(here.card)
        assert shown_images(here.card)


async def test_an_image_that_a_server_does_not_count_is_paid_for_in_every_turn(tmp_path: Path) -> None:
    competitors = [replace(one, prices=Prices(1.0, 0.0)) for one in seeing()]
    for one in competitors:
        assert isinstance(one.backend, ScriptedBackend)
        one.backend.usage = Usage()
    async with place(tmp_path, competitors) as here:
        await ask(here)
        ((first,), _) = here.rows("select cost from contestants")
        form = await here.alice.click(here.card, custom_id=CONTINUE)
        await here.alice.submit_modal(form, {"prompt": "And the colours?"})
        await here.env.settle()
        ((both,), _) = here.rows("select cost from contestants")

        assert isinstance(first, float)
        assert isinstance(both, float)
        assert 1600 < first * 1e6 < 1620
        assert 3200 < both * 1e6 < 3260


async def test_after_a_restart_the_vote_goes_on_and_the_conversation_does_not(tmp_path: Path) -> None:
    competitors = seeing()
    async with place(tmp_path, competitors) as here:
        await ask(here)
        card = here.card
        await here.bob.react(card, "🅰️")
        async with restarted(here, competitors):
            later = here.card
            await here.env.advance_time(VOTING_SECONDS)

        assert CONTINUE in buttons_of(card)
        assert CONTINUE not in buttons_of(later)
        assert shown_images(later) == shown_images(card)
        assert here.row("select state, votes_a from battles") == ("closed", 1)
        assert shown_images(here.card) == shown_images(card)


async def test_with_too_many_images_in_memory_the_oldest_conversation_cannot_go_on(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    large = noise()
    cleaned = await ImageCleaner().clean(large, len(large))  # once for all, as it takes a while
    monkeypatch.setattr(ImageCleaner, "clean", AsyncMock(return_value=cleaned))
    competitors = seeing()
    async with place(tmp_path, competitors, Config(battle=BattleDefaults(voting_seconds=3600))) as here:
        for _ in range(18):  # some 68 MB
            await ask(here, large)
        first, *_, last = here.channel.history()
        refused = await here.alice.click(first, custom_id=CONTINUE)
        form = await here.alice.click(last, custom_id="arena:continue:18")
        await here.env.advance_time(3600)

        assert "I do not have the image of this battle any more" in refusal(here, refused)
        assert form.modal
        assert here.rows("select distinct state from battles") == [("closed",)]


async def test_until_the_reveal_nothing_that_is_sent_names_a_model(tmp_path: Path) -> None:
    async with place(tmp_path, [*seeing(), competitor("Marrowby")]) as here:
        await ask(here)

        assert not [name for name in ("Zephyrine", "Quillon", "Marrowby") if name in here.bodies]


async def test_battles_about_images_have_a_board_of_their_own(tmp_path: Path) -> None:
    async with place(tmp_path, seeing()) as here:
        await ask(here)
        await here.bob.react(here.card, "🅰️")
        await here.close()

        assert "1 battle, 1 vote" in await leaderboard(here, category="With an image")


async def test_the_history_says_that_there_was_an_image(tmp_path: Path) -> None:
    async with place(tmp_path, seeing()) as here:
        await ask(here)
        await here.close()
        listed = answer_to(await here.alice.slash(here.channel, "history"))

        assert "with an image" in listed


async def test_a_battle_that_is_called_off_keeps_its_image_on_the_card(tmp_path: Path) -> None:
    broken = [
        competitor(name, BackendError(Failure.AUTH, "no"), sees=True) for name in ("Zephyrine", "Quillon")
    ]
    async with place(tmp_path, broken) as here:
        await ask(here)

        assert "called off" in text_of(here.card)
        assert shown_images(here.card)


async def test_a_refusal_is_said_in_japanese(tmp_path: Path) -> None:
    async with place(tmp_path, seeing()) as here:
        speak(here, "ja")
        result = await ask(here, picture("BMP", (64, 64)), "renamed.png")

        assert "PNG・JPEG・WebP・GIF" in refusal_after_thinking(here, result)
