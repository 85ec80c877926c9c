"""`arena-bot demo` itself, with a browser before it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.browser.demo import EMOJI, expect, visit
from tests.wire.cli.test_demo import demo

if TYPE_CHECKING:
    from tests.browser.demo import Visitor

FAST = 60_000


PEOPLE = ("Mika", "Nova", "Sam", "Yuki")
IN_JAPANESE = ("美香", "のぞみ", "悟", "ゆき")


async def vote_and_close(visitor: Visitor, close: str, people: tuple[str, ...] = PEOPLE) -> None:
    moderator, *voters = people
    for name, side in zip(voters, "aab", strict=True):
        await visitor.act_as(name)
        await visitor.vote(EMOJI[side])
    await visitor.act_as(moderator)
    await visitor.card.get_by_role("button", name=close).click()


async def test_toys_fight_in_japanese_with_no_download() -> None:
    async with demo("--toys", "--lang", "ja") as (url, _), visit(url) as visitor:
        await expect(visitor.tab.locator("#notice")).to_contain_text("内蔵のダミー")
        await visitor.battle("空はなぜ青いのですか？")
        await vote_and_close(visitor, "締め切る（質問した人）", IN_JAPANESE)

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


async def test_a_newcomer_sees_a_battle_and_holds_one_within_a_minute() -> None:
    async with demo("--toys") as (url, _), visit(url) as visitor:
        await expect(visitor.card).to_contain_text("What makes a good cup of tea?")
        await expect(visitor.card).to_contain_text("wins", timeout=FAST)
        await visitor.tab.get_by_role("button", name="Write a haiku about rain").click()
        await expect(visitor.cards).to_have_count(2)
        await expect(visitor.tab.locator(".idea")).to_have_count(0)
        await visitor.until_open()
        await visitor.vote(EMOJI["a"])
        await visitor.card.get_by_role("button", name="Close").click()
        await expect(visitor.card).to_contain_text("(1 vote)", timeout=FAST)

        assert await visitor.tab.evaluate("performance.now()") < FAST


async def test_the_first_battle_and_its_voters_are_japanese_on_a_japanese_page() -> None:
    async with demo("--toys", "--lang", "ja") as (url, _), visit(url) as visitor:
        await expect(visitor.card).to_contain_text("の勝ち", timeout=FAST)
        await visitor.tab.locator("#crowd").wait_for()
        await visitor.battle("雨について俳句を詠んでください")
        await visitor.tab.locator("#crowd").click()
        await expect(visitor.tab.locator("#members")).to_contain_text("葵")
        shown = await visitor.tab.locator("#members, #acting, #channels, .asked").all_inner_texts()

    assert not re.search("Mika|Alex|Yuki|Sam|Nova|Echo|Toy|Moderator|Newcomer", " ".join(shown))
