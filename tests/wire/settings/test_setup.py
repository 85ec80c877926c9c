"""`/setup`, with the real bot over the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.playground import Permission
from tests.wire.scenes import connected_bot, scene

if TYPE_CHECKING:
    from pathlib import Path


async def test_what_stands_on_its_first_page_works_after_a_restart(tmp_path: Path) -> None:
    async with scene(tmp_path) as arena:
        people, world = arena.playground.people, arena.playground.world
        olga = arena.member_with(Permission.MANAGE_GUILD, "olga")
        async with connected_bot(arena):
            shown = await people.slash(olga, arena.channel, "setup").finished()
            page = shown.message
            assert page
            begun = page.text
        async with connected_bot(arena):
            await arena.use(olga, page, "arena:setup:test")
            await world.until(lambda: "2 of 2 models asked" in page.text)
            for step in ("step1", "step2"):
                await arena.use(olga, page, f"arena:settings:{step}")
            await world.until(lambda: "herding" in page.text)

        assert "Which models fight here?" in begun
        assert "ARENA_SECRET_KEYS" in begun
        assert "arena:setup:add" not in str(page.components)
