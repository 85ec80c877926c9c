"""The engine room with the real bot: what passes, and how the bot copes when Discord misbehaves."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from tests.browser.demo import demo, expect, visit

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator
    from pathlib import Path

    from tests.browser.demo import Visitor
    from tests.browser.shown import Demo

FAST = 60_000


@asynccontextmanager
async def engine_room(folder: Path) -> AsyncGenerator[tuple[Demo, Visitor]]:
    async with demo(folder, rate_limits=True) as started, visit(started.page) as visitor:
        await visitor.tab.locator("#open-panel").click()
        await expect(visitor.tab.locator("#panel")).to_contain_text("1 connected · 1 identified · 0 resumed")
        yield started, visitor


async def make(visitor: Visitor, trouble: str) -> None:
    await visitor.tab.locator(f"[data-trouble={trouble}]").click()


async def test_the_bot_comes_back_however_it_is_cut_off_and_one_sees_what_passes(tmp_path: Path) -> None:
    async with engine_room(tmp_path) as (started, visitor):
        panel, requests = visitor.tab.locator("#panel"), started.playground.requests
        for trouble, figures in (
            ("drop", "1 identified · 1 resumed"),
            ("reconnect", "1 identified · 2 resumed"),
            ("forget", "2 identified · 2 resumed"),
        ):
            await make(visitor, trouble)
            await expect(panel).to_contain_text(f"1 connected · {figures}", timeout=FAST)
        await visitor.battle()
        calls = panel.get_by_role("list", name="REST calls")
        reactions = calls.locator("li", has_text="/reactions/")
        await expect(reactions).to_have_count(4)
        await expect(reactions.locator(".counted")).to_have_count(4)
        await expect(calls.locator("li", has_text="callback").locator(".counted")).to_have_count(0)
        await expect(panel.get_by_role("list", name="Gateway events")).to_contain_text("INTERACTION_CREATE")

        outside = requests.total - requests.limited
        await expect(panel).to_contain_text(f"{requests.limited} under the limit, {outside} outside it")


async def test_the_bot_copes_with_refusals_and_with_answers_that_are_lost_or_late(tmp_path: Path) -> None:
    async with engine_room(tmp_path) as (started, visitor):
        requests, world = started.playground.requests, started.playground.world
        for trouble, status in (("busy", 429), ("broken", 500)):
            await make(visitor, trouble)
            await visitor.ask(f"While it is {trouble}")
            await world.until(lambda status=status: requests.by_status[status] > 0)
            await expect(visitor.tab.locator(".status.bad", has_text=str(status)).first).to_be_visible()
            await make(visitor, "calm")
            await visitor.until_open()
        assert requests.by_status[429] < 3
        assert requests.by_status[500] < 3
        await make(visitor, "lost")
        await visitor.battle("While an answer is lost")
        await make(visitor, "slow")
        await visitor.ask("While it is slow")
        await make(visitor, "calm")
        await visitor.until_open()
        await visitor.vote("👎")
        await visitor.card.get_by_role("button", name="Close (asker)").click()

        await expect(visitor.card).to_contain_text("(1 vote)", timeout=FAST)
