"""Trouble with Discord that goes on, and tokens that end: what is decided is drawn all the same."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from bot.playground.world.interactions.asking import TOKEN_LIFETIME
from bot.playground.world.permissions import Permission
from tests.wire.battles.test_follow_up import CLOSE, ask_on
from tests.wire.processes import NO_PAUSES
from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from pathlib import Path

    from bot.playground import Message
    from tests.wire.scenes import RunningBot

PAUSES = replace(NO_PAUSES, before_redraws=(0.05, 0.1))
"""Two, after which more tries follow."""
TRIES = 12
SHUT_STATUS, SHUT_CODE = 403, 50083
"""An error that discord.py does not try again itself, which would take it half a minute."""
EDITS, LOOKS = re.compile("/messages/"), "/channels/{channel_id}/messages/{message_id}"
LONG = "word " * 6000
TEXT = "word " * 100
BALLOT = "Your last reaction counts"
RESULT = "select state, voided from battles"


def have_edits_fail(arena: RunningBot, *, passing: int = 0) -> None:
    """Have Discord take no drawing of any card for a while, when so many have passed."""
    arena.playground.faults.add(
        "PATCH", EDITS, status=SHUT_STATUS, code=SHUT_CODE, times=TRIES, passing=passing
    )


async def open_card(arena: RunningBot) -> Message:
    card = await arena.battle()
    await arena.until(card, BALLOT)
    return card


async def test_a_ballot_is_drawn(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena:
        have_edits_fail(arena, passing=1)  # the card is posted by an edit, too
        async with connected_bot(arena, PAUSES):
            await open_card(arena)

        assert arena.installation.rows(RESULT) == [("voting", None)]


async def test_the_reactions_come(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena:
        arena.playground.faults.add(
            "PUT", re.compile("/reactions/"), status=SHUT_STATUS, code=SHUT_CODE, times=TRIES
        )
        async with connected_bot(arena, PAUSES):
            card = await open_card(arena)

        assert len(card.reactions) == 4


async def test_a_result_is_drawn(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena, PAUSES):
        card = await open_card(arena)
        have_edits_fail(arena)
        arena.playground.people.press(arena.members[0], card, "arena:close:1")
        await arena.until(card, "No votes")


async def test_a_cancelled_battle_says_so(tmp_path: Path) -> None:
    async with scene(tmp_path, reply=LONG) as arena, connected_bot(arena, PAUSES):
        card = await arena.battle()
        await arena.until(card, "Both models are writing")
        have_edits_fail(arena)
        arena.playground.people.press(arena.members[0], card, "arena:cancel:1")
        await arena.until(card, "cancelled by the member who asked")


async def test_a_battle_that_no_model_can_take_says_so(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena:
        for server in arena.servers:
            server.most_bytes = 0
        have_edits_fail(arena, passing=1)
        async with connected_bot(arena, PAUSES):
            card = await arena.battle("word " * 200)
            await arena.until(card, "was called off")

        assert arena.installation.rows(RESULT) == [("voided", "prompt_too_long")]


async def test_a_ruling_is_drawn_on_a_card_that_is_over(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena, PAUSES):
        people, mona = arena.playground.people, arena.member_with(Permission.MANAGE_GUILD, "mona")
        card = await open_card(arena)
        people.react(arena.members[1], card, "🅰️")
        people.press(arena.members[0], card, "arena:close:1")
        await arena.until(card, "(1 vote)")
        have_edits_fail(arena, passing=1)  # the answer to the moderator
        people.slash(mona, arena.channel, "void", battle="1", reason="A test.")
        await arena.until(card, "A test.")


async def test_a_later_turn_is_drawn_and_the_vote_goes_on(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena, PAUSES):
        card = await open_card(arena)
        have_edits_fail(arena)
        await ask_on(arena, card, "And then?")
        await arena.until(card, "And then?")
        await arena.until(card, BALLOT)

        assert arena.installation.rows(RESULT) == [("voting", None)]


@pytest.mark.parametrize("is_drawn", [True, False])
async def test_a_vote_is_taken_up_after_a_restart(tmp_path: Path, *, is_drawn: bool) -> None:
    async with scene(tmp_path) as arena:
        people, faults = arena.playground.people, arena.playground.faults
        if not is_drawn:
            faults.add("PATCH", EDITS, status=SHUT_STATUS, code=SHUT_CODE, times=10_000, passing=1)
        async with connected_bot(arena, PAUSES) as process:
            card = await (open_card(arena) if is_drawn else arena.battle())
            await arena.installation.until(RESULT, [("voting", None)])
            process.kill()
            await process.wait()
        faults.clear()
        people.react(arena.members[1], card, "🅰️")

        faults.add("GET", LOOKS, status=SHUT_STATUS, code=SHUT_CODE, times=TRIES)
        have_edits_fail(arena)
        async with connected_bot(arena, PAUSES):
            await arena.until(card, BALLOT)
            people.press(arena.members[0], card, "arena:close:1")
            await arena.until(card, "🅰️ 1")


def end_tokens(arena: RunningBot) -> None:
    arena.playground.world.interactions.age(TOKEN_LIFETIME + 1)


async def test_a_card_is_drawn_to_its_end_when_its_token_ends_while_models_write(tmp_path: Path) -> None:
    async with (
        scene(tmp_path, reply=TEXT) as arena,
        connected_bot(arena, replace(NO_PAUSES, between_edits=0.1)),
    ):
        card = await arena.battle()
        await arena.until(card, "word word")
        end_tokens(arena)
        await arena.until(card, "Your last reaction counts")
        arena.playground.people.react(arena.members[1], card, "🅰️")
        await arena.installation.until("select vote from votes", [("a",)])
        arena.playground.people.press(arena.members[0], card, CLOSE)
        await arena.until(card, "🅰️ 1")

        assert arena.installation.rows("select state, votes_a from battles") == [("closed", 1)]


async def test_a_later_turn_outlives_both_its_own_token_and_that_of_the_battle(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena):
        card = await arena.battle()
        await arena.until(card, "Vote with the reactions below")
        end_tokens(arena)
        for server in arena.servers:
            server.hangs = True
        asking = asyncio.create_task(ask_on(arena, card, "And then?"))
        await arena.until(card, "Both models are writing")
        end_tokens(arena)
        arena.playground.people.press(arena.members[0], card, "arena:cancel:1")
        await arena.until(card, "Vote with the reactions below")
        asking.cancel()
        arena.playground.people.press(arena.members[0], card, CLOSE)
        await arena.until(card, "No votes")
