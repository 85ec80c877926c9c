"""What becomes of a card that Discord refuses to draw."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from bot.playground.world.messages.bodies import Upload
from bot.playground.world.messages.components import media
from tests.images import picture
from tests.wire.battles.test_follow_up import ask_on
from tests.wire.scenes import MODELS, connected_bot, scene

if TYPE_CHECKING:
    from pathlib import Path

BY_TOKEN = "/webhooks/{webhook_id}/{webhook_token}/messages/@original"
EDITS = re.compile("/messages/")
BY_THE_BOT = "/channels/{channel_id}/messages/{message_id}"
RESULT = "select state, voided, unrated from battles"
HARMFUL = "https://harmful.example/prize"
NOTICE = "Discord does not accept this text."
SMALL = Upload(0, "photo.png", "image/png", picture())


async def test_a_message_that_a_token_does_not_find_is_looked_for_by_the_bot_itself(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena):
        missed = arena.playground.faults.add("PATCH", BY_TOKEN, status=404, code=10008, passing=1)
        card = await arena.battle()
        await arena.until(card, "Vote with the reactions below")

        assert missed.times == 0
        assert arena.installation.rows(RESULT) == [("voting", None, None)]


async def test_a_reply_with_a_harmful_link_stands_behind_a_notice_and_the_other_is_voted_on_for_fun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MODELS, "Northern Light", HARMFUL)
    async with scene(tmp_path, reply="word " * 30) as arena, connected_bot(arena):
        card = await arena.battle()
        await arena.until(card, "Vote with the reactions below")
        at_the_vote = card.text
        arena.playground.people.press(arena.members[0], card, "arena:close:1")
        await arena.until(card, "Not rated: Discord does not accept one of the texts.")

        for text in (at_the_vote, card.text):
            assert text.count(NOTICE) == 1
            assert "Two." in text
            assert HARMFUL not in text
        assert arena.installation.rows(RESULT) == [("closed", None, "refused")]


async def test_a_refused_reply_is_read_with_links_that_nobody_can_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MODELS, "Northern Light", HARMFUL)
    monkeypatch.setitem(MODELS, "Quiet Harbour", f"See {HARMFUL}, twice.")
    async with scene(tmp_path) as arena, connected_bot(arena):
        card = await arena.battle()
        await arena.until(card, "Vote with the reactions below")
        pressed = arena.playground.people.press(arena.members[1], card, "arena:compare:1")
        await pressed.finished()
        assert pressed.message
        read = pressed.message.text

        assert pressed.ephemeral
        assert read.count("Short.") == 2
        assert HARMFUL not in read
        assert read.count("hxxps://harmful[.]example/prize") == 2
        assert "Discord does not accept this text as it is," in read


async def test_a_later_prompt_and_replies_that_discord_refuses_leave_the_vote_open(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(MODELS, "Northern Light", HARMFUL)
    monkeypatch.setitem(MODELS, "Quiet Harbour", HARMFUL)
    async with scene(tmp_path) as arena, connected_bot(arena):
        card = await arena.battle()
        await ask_on(arena, card, f"What is {HARMFUL}?")
        await arena.until(card, "turn 2")
        await arena.until(card, "Vote with the reactions below")

        assert card.text.count(NOTICE) == 3
        assert arena.installation.rows(RESULT) == [("voting", None, "refused")]


async def test_a_prompt_that_discord_refuses_is_said_to_who_asked(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena):
        asked = arena.playground.people.slash(
            arena.members[0], arena.channel, "battle", prompt=f"What is {HARMFUL}?"
        )
        told = await asked.told()

        assert told.ephemeral
        assert told.text.startswith("Discord's filter stopped this")
        assert "went wrong" not in arena.installation.log()


async def test_an_image_that_discord_takes_for_explicit_is_said_to_who_asked_and_no_model_is_asked(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path, sees=True) as arena, connected_bot(arena):
        arena.playground.world.filter.every_image = True
        asked = arena.playground.people.slash(
            arena.members[0], arena.channel, "battle", prompt="Why?", image=SMALL
        )
        told = await asked.told()
        await arena.installation.until("select state from battles", [("voided",)])

        assert told.ephemeral
        assert told.text.startswith("Discord's filter stopped this")
        assert [server.asked for server in arena.servers] == [0, 0]


async def test_a_reply_that_discord_takes_for_explicit_stands_behind_a_notice(tmp_path: Path) -> None:
    async with scene(tmp_path, reply="word " * 100) as arena, connected_bot(arena):
        card = await arena.battle()
        arena.playground.faults.add("PATCH", EDITS, status=400, code=20009, message="Explicit", times=3)
        await arena.until(card, NOTICE)
        await arena.until(card, "Vote with the reactions below")
        await arena.installation.until(RESULT, [("voting", None, "refused")])


async def test_an_edit_that_is_refused_for_its_file_shows_the_card_without_it(tmp_path: Path) -> None:
    async with scene(tmp_path, sees=True) as arena, connected_bot(arena):
        card = await arena.battle(image=SMALL)
        await arena.until(card, "Vote with the reactions below")
        arena.playground.faults.add("PATCH", EDITS, status=400, code=50035, message="Invalid Form Body")
        arena.playground.people.press(arena.members[0], card, "arena:close:1")
        await arena.until(card, "No votes")

        assert not list(media(card.components))
        assert "One." in card.text
        assert arena.installation.rows(RESULT) == [("closed", None, None)]


async def test_a_card_that_is_refused_for_another_reason_is_tried_once_without_its_texts(
    tmp_path: Path,
) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena):
        card = await arena.battle()
        await arena.until(card, "Vote with the reactions below")
        arena.playground.faults.add("PATCH", EDITS, status=400, code=50035, message="Invalid Form Body")
        arena.playground.people.press(arena.members[0], card, "arena:close:1")
        await arena.until(card, "No votes")

        assert card.text.count(NOTICE) == 3
        assert arena.installation.rows(RESULT) == [("closed", None, None)]


@pytest.mark.parametrize("code", [50083, 160005], ids=["archived", "locked"])
async def test_a_thread_that_is_shut_for_a_moment_gets_its_result_afterwards(
    tmp_path: Path, code: int
) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena):
        card = await arena.battle()
        await arena.until(card, "Vote with the reactions below")
        for route in (BY_TOKEN, BY_THE_BOT):
            arena.playground.faults.add("PATCH", route, status=403, code=code)
        arena.playground.people.press(arena.members[0], card, "arena:close:1")
        await arena.until(card, "No votes")

        assert arena.installation.rows(RESULT) == [("closed", None, None)]


async def test_a_prompt_that_discord_does_not_take_back_hides_no_refusal(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena:
        arena.installation.edit("cooldown_seconds = 0", "cooldown_seconds = 3600")
        async with connected_bot(arena):
            await arena.battle()
            people = arena.playground.people
            asked = people.slash(arena.members[0], arena.channel, "battle", prompt=f"What is {HARMFUL}?")
            told = await asked.told()

        assert told.ephemeral
        assert "ask again" in told.text
        assert HARMFUL not in told.text
