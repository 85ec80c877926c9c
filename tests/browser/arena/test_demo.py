"""`arena-bot demo` itself, with a browser before it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.browser.demo import EMOJI, expect, visit
from tests.wire.cli.test_demo import demo

if TYPE_CHECKING:
    from tests.browser.demo import Visitor

FAST = 60_000


async def vote_and_close(visitor: Visitor, close: str) -> None:
    for name, side in (("Nova", "a"), ("Sam", "a"), ("Yuki", "b")):
        await visitor.act_as(name)
        await visitor.vote(EMOJI[side])
    await visitor.act_as("Mika")
    await visitor.card.get_by_role("button", name=close).click()


async def test_toys_fight_in_japanese_with_no_download() -> None:
    async with demo("--toys", "--lang", "ja") as (url, _), visit(url) as visitor:
        await expect(visitor.tab.locator("#notice")).to_contain_text("内蔵のおもちゃです")
        await visitor.battle("空はなぜ青いのですか？")
        await vote_and_close(visitor, "締め切る（質問した人）")

        await expect(visitor.card).to_contain_text("の勝ち", timeout=FAST)
        await expect(visitor.card).to_contain_text("（3票）")


@pytest.mark.usefixtures("cached_gguf")
async def test_the_small_model_fights_itself_and_the_page_says_so() -> None:
    async with demo() as (url, _), visit(url) as visitor:
        await expect(visitor.tab.locator("#notice")).to_contain_text("not which model is good")
        await visitor.ask("Why is the sky blue?")
        await visitor.until_open()
        await vote_and_close(visitor, "Close (asker)")

        await expect(visitor.card).to_contain_text("(3 votes)", timeout=FAST)
        await expect(visitor.card).to_contain_text("SmolLM2 ")
