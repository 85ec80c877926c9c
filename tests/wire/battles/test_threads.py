"""Battles in threads that are archived or locked meanwhile."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from tests.wire.processes import NO_PAUSES
from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from tests.wire.scenes import RunningBot

PATIENT = replace(NO_PAUSES, before_redraws=(3600.0,))
"""A card is drawn at once when its thread is open again, or not at all in these tests."""
REFUSED = 403
RESULT = "select state, voided from battles"
ARCHIVAL = "Discord archives this thread after 1 hour without a message"


def archive(arena: RunningBot, *, on: bool) -> None:
    arena.playground.world.archive_thread(arena.channel, archived=on)


def lock(arena: RunningBot, *, on: bool) -> None:
    arena.playground.world.lock_thread(arena.channel, locked=on)


def use_thread(arena: RunningBot, auto_archive_minutes: int = 1440) -> None:
    arena.channel = arena.playground.world.create_thread(
        arena.channel, "a thread", owner=arena.members[0], auto_archive_minutes=auto_archive_minutes
    )


async def until_refused(arena: RunningBot, method: str = "PATCH") -> None:
    """Wait until Discord has refused a drawing, or with `PUT` a reaction."""

    def is_refused() -> bool:
        return any(
            (each.method, each.status) == (method, REFUSED) and "/messages/" in each.path
            for each in arena.playground.requests
        )

    await arena.installation.until_true(is_refused)


@pytest.mark.parametrize("shut", [archive, lock])
async def test_a_result_is_drawn_as_soon_as_the_thread_is_open_again(
    tmp_path: Path, shut: Callable[..., None]
) -> None:
    async with scene(tmp_path, voting_seconds=10) as arena:
        use_thread(arena)
        async with connected_bot(arena, PATIENT):
            card = await arena.battle()
            await arena.until(card, "Your last reaction counts")
            arena.playground.people.react(arena.members[1], card, "🅰️")
            await arena.installation.until("select vote from votes", [("a",)])
            shut(arena, on=True)
            await arena.installation.until(RESULT, [("closed", None)])
            await until_refused(arena)
            shut(arena, on=False)
            await arena.until(card, "🅰️ 1 · 🅱️ 0 · 🤝 0 · 👎 0 (1 vote)")


@pytest.mark.parametrize("shut", [archive, lock])
async def test_a_ballot_is_opened_as_soon_as_the_thread_is_open_again(
    tmp_path: Path, shut: Callable[..., None]
) -> None:
    async with scene(tmp_path, reply="word " * 200) as arena:
        use_thread(arena)
        async with connected_bot(arena, PATIENT):
            card = await arena.battle()
            await arena.until(card, "Both models are writing")
            await arena.playground.world.until(lambda: len(card.reactions) == 4)
            shut(arena, on=True)
            await arena.installation.until(RESULT, [("voting", None)])
            await until_refused(arena)
            shut(arena, on=False)
            await arena.until(card, "Your last reaction counts")

        assert arena.installation.rows(RESULT) == [("voting", None)]


@pytest.mark.parametrize("shut", [archive, lock])
async def test_a_void_is_drawn_as_soon_as_the_thread_is_open_again(
    tmp_path: Path, shut: Callable[..., None]
) -> None:
    async with scene(tmp_path, reply="word " * 6000) as arena:
        use_thread(arena)
        async with connected_bot(arena, PATIENT) as process:
            card = await arena.battle()
            await arena.until(card, "Both models are writing")
            process.kill()
            await process.wait()

        shut(arena, on=True)
        async with connected_bot(arena, PATIENT):
            await until_refused(arena)
            shut(arena, on=False)
            await arena.until(card, "was called off")

        assert arena.installation.rows(RESULT) == [("voided", "restarted")]


async def test_reactions_wait_for_the_thread_and_hold_up_no_vote(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena:
        use_thread(arena)
        async with connected_bot(arena, PATIENT) as process:
            card = await arena.battle()
            await arena.until(card, "Your last reaction counts")
            arena.playground.people.react(arena.members[1], card, "🅰️")
            await arena.installation.until("select vote from votes", [("a",)])
            process.kill()
            await process.wait()
        arena.playground.world.reactions.clear_emoji(card, arena.playground.world.reactions.parse("🤝"))
        archive(arena, on=True)

        async with connected_bot(arena, PATIENT):
            await until_refused(arena, "PUT")
            archive(arena, on=False)
            await arena.playground.world.until(lambda: len(card.reactions) == 4)
            arena.playground.people.press(arena.members[0], card, "arena:close:1")
            await arena.until(card, "🅰️ 1 · 🅱️ 0 · 🤝 0 · 👎 0 (1 vote)")


@pytest.mark.parametrize(("minutes", "is_said"), [(60, True), (1440, False)])
async def test_a_vote_that_outlasts_the_threads_patience_says_so(
    tmp_path: Path, minutes: int, *, is_said: bool
) -> None:
    async with scene(tmp_path, reply="word " * 100, voting_seconds=7200) as arena:
        use_thread(arena, minutes)
        async with connected_bot(arena):
            card = await arena.battle()
            when_asked = card.text
            await arena.until(card, "Both models are writing")
            while_writing = card.text
            await arena.until(card, "Your last reaction counts")

        assert [ARCHIVAL in text for text in (when_asked, while_writing, card.text)] == [is_said] * 3
