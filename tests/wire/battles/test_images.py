"""A battle about an image, over the wire: from the member's upload to both models, the card and back."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import aiohttp

from bot.playground.world.messages.bodies import Upload
from bot.playground.world.messages.components import media
from tests.images import TOLD, hollow_png, telling
from tests.wire.battles.test_follow_up import ask_on
from tests.wire.cli.test_command_line import told
from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from pathlib import Path

    from bot.playground import Message, RequestRecord

SMALL = Upload(0, "photo.png", "image/png", telling("PNG"))
CLOSE = "arena:close:1"


def seen(content: bytes) -> str:
    """Return what the model server says of an image."""
    return f"[image/png:{len(content)}]"


async def shown(card: Message) -> bytes:
    """Fetch the image that the card shows, as a member's client does."""
    (found,) = media(card.components)
    async with aiohttp.ClientSession() as session, session.get(str(found["url"])) as response:
        assert response.status == 200
        return await response.read()


async def test_an_image_reaches_both_models_and_stays_on_the_card_but_not_on_the_disk(tmp_path: Path) -> None:
    async with scene(tmp_path, sees=True) as arena, connected_bot(arena):
        asked: list[RequestRecord] = []
        arena.playground.requests.observers.append(asked.append)
        card = await arena.battle(image=SMALL)
        await arena.until(card, "Vote with the reactions below")
        assert not [record for record in asked if record.method == "GET" and "/messages/" in record.path]
        at_the_vote = await shown(card)
        await ask_on(arena, card, "And then?")
        await arena.until(card, "And then?")
        await arena.until(card, "Vote with the reactions below")
        second_turn = card.text
        arena.playground.people.press(arena.members[0], card, CLOSE)
        await arena.until(card, "No votes")
        replies = arena.installation.rows("select reply from contestants")

        assert [word for word in TOLD if word in at_the_vote] == []
        assert [reply.split()[0] for (reply,) in replies if isinstance(reply, str)] == [seen(at_the_vote)] * 2
        assert second_turn.count("image/png:") == 2
        assert await shown(card) == at_the_vote
        assert [(file.filename, file.content_type) for file in card.attachments] == [
            ("image.png", "image/png")
        ]
        assert arena.installation.rows("select image_kind from battles") == [("png",)]
        assert not arena.installation.holds(at_the_vote[-200:].decode("latin-1"))


async def test_a_bot_that_is_killed_goes_on_with_the_vote_and_without_the_image(tmp_path: Path) -> None:
    async with scene(tmp_path, sees=True) as arena:
        people = arena.playground.people
        async with connected_bot(arena) as process:
            card = await arena.battle(image=SMALL)
            await arena.until(card, "Vote with the reactions below")
            before = await shown(card)
            process.kill()
            await process.wait()

        people.react(arena.members[1], card, "🅰️")
        async with connected_bot(arena):
            await arena.playground.world.until(lambda: "arena:continue" not in str(card.components))
            people.press(arena.members[0], card, CLOSE)
            await arena.until(card, "🅰️ 1")

        assert await shown(card) == before


async def test_a_bomb_is_refused_to_the_member_alone(tmp_path: Path) -> None:
    async with scene(tmp_path, sees=True) as arena, connected_bot(arena):
        bomb = replace(SMALL, content=hollow_png(30_000, 30_000))
        asked = arena.playground.people.slash(
            arena.members[0], arena.channel, "battle", prompt="Why?", image=bomb
        )
        await arena.playground.world.until(lambda: bool(asked.followups))
        (told,) = asked.followups

        assert "This one is 30000 × 30000." in told.content
        assert told.ephemeral
        assert not arena.channel.messages
        assert not arena.installation.rows("select 1 from battles")


async def test_an_image_that_discord_does_not_have_any_more_is_said(tmp_path: Path) -> None:
    async with scene(tmp_path, sees=True) as arena, connected_bot(arena):
        asked = arena.playground.people.slash(
            arena.members[0], arena.channel, "battle", prompt="Why?", image=SMALL
        )
        arena.playground.world.attachments.clear()
        await arena.playground.world.until(lambda: bool(asked.followups))

        said = asked.followups[0].content
        assert said.startswith("I could not fetch the image from Discord. Please try again.\n")
        assert not arena.installation.rows("select 1 from battles")


async def test_models_that_see_nothing_are_not_asked(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena):
        asked = arena.playground.people.slash(
            arena.members[0], arena.channel, "battle", prompt="Why?", image=SMALL
        )
        told = await asked.told()

        assert "needs two models that can be shown images, and this server has 0" in told.text
        assert told.ephemeral


async def test_check_repeats_what_a_model_says_of_an_image(tmp_path: Path) -> None:
    async with scene(tmp_path, sees=True) as arena:
        printed = await told(arena.installation, "check")

    assert printed.count("of an image in red and blue it says: [image/png:3900000] Short.") == 2
