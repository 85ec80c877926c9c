"""The time to vote: as long as the card promises, from when members can see it."""

from __future__ import annotations

import re
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from tests.wire.battles.test_follow_up import ask_on
from tests.wire.processes import NO_PAUSES
from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from pathlib import Path

    from bot.playground import Message
    from tests.wire.scenes import RunningBot

SECONDS = 60
PAUSES = replace(NO_PAUSES, before_redraws=(0.2,))
EDITS = re.compile("/messages/")
OPEN = "Vote with the reactions below"
RESULT = "select state, cast(closes_at as integer) from battles"


def promised(card: Message) -> int:
    (moment,) = set(re.findall(r"<t:(\d+):[TR]>", card.text))
    return int(moment)


def have_edits_fail(arena: RunningBot, times: int) -> None:
    """Have Discord refuse so many drawings, as those in an archived thread, once the card is posted."""
    arena.playground.faults.add("PATCH", EDITS, status=403, code=50083, times=times, passing=1)


async def assert_whole_time(arena: RunningBot, card: Message, opened_at: float) -> None:
    """See that the card comes to promise the whole time since it was drawn, and that it is what is given."""
    await arena.playground.world.until(lambda: promised(card) >= opened_at + SECONDS - 3)
    await arena.installation.until_true(
        lambda: arena.installation.rows(RESULT) == [("voting", promised(card))]
    )


async def test_edits_that_fail_take_nothing_from_it(tmp_path: Path) -> None:
    async with scene(tmp_path, voting_seconds=SECONDS) as arena:
        have_edits_fail(arena, times=25)
        async with connected_bot(arena, PAUSES):
            card = await arena.battle()
            await arena.until(card, OPEN)
            await assert_whole_time(arena, card, time.time())


async def test_an_edit_that_takes_long_is_made_good(tmp_path: Path) -> None:
    async with scene(tmp_path, voting_seconds=SECONDS) as arena:
        arena.installation.edit("[battle]", '[battle]\nstream = "off"')
        arena.playground.faults.add("PATCH", EDITS, delay=6.0, passing=1)
        async with connected_bot(arena, PAUSES):
            card = await arena.battle()
            await arena.until(card, OPEN)
            await assert_whole_time(arena, card, time.time())


async def test_a_restart_before_the_ballot_was_drawn_takes_nothing_from_it(tmp_path: Path) -> None:
    async with scene(tmp_path, voting_seconds=SECONDS) as arena:
        have_edits_fail(arena, times=10_000)
        async with connected_bot(arena, PAUSES) as process:
            card = await arena.battle()
            await arena.installation.until(RESULT, [("voting", None)])
            process.kill()
            await process.wait()

        arena.playground.faults.clear()
        async with connected_bot(arena, PAUSES):
            await arena.until(card, OPEN)
            await assert_whole_time(arena, card, time.time())


async def test_a_later_turn_has_it_anew_from_when_it_is_drawn(tmp_path: Path) -> None:
    async with scene(tmp_path, voting_seconds=SECONDS) as arena, connected_bot(arena, PAUSES):
        card = await arena.battle()
        await arena.until(card, OPEN)
        have_edits_fail(arena, times=25)
        await ask_on(arena, card, "And then?")
        await arena.until(card, "And then?")
        await arena.until(card, OPEN)
        await assert_whole_time(arena, card, time.time())


async def test_an_end_that_cannot_be_stored_voids_nothing(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena, connected_bot(arena):
        arena.installation.change(
            "create trigger full before update of closes_at on battles when new.closes_at is not null"
            " begin select raise(abort, 'disk full'); end"
        )
        card = await arena.battle()
        await arena.until(card, OPEN)
        await arena.installation.until_true(lambda: "disk full" in arena.installation.log())
        arena.playground.people.react(arena.members[1], card, "🅰️")
        await arena.installation.until("select vote from votes", [("a",)])
        arena.playground.people.press(arena.members[0], card, "arena:close:1")
        await arena.until(card, "🅰️ 1 · 🅱️ 0 · 🤝 0 · 👎 0 (1 vote)")
