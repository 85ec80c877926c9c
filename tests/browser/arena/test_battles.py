"""What people do on the page with the real bot behind it."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from tests.browser.demo import EMOJI, NAMES, PHONE, demo, expect, visit
from tests.wire.processes import Installation

if TYPE_CHECKING:
    from pathlib import Path

TOLD = "(it) => it.dataset.emoji ?? (it.matches('[data-spoiler]') && 'hidden')"
FAST = 60_000
LONG = " ".join(f"Sentence number {number} of a long reply." for number in range(250))


async def test_a_newcomer_finds_the_whole_way_from_the_command_to_the_leaderboard(tmp_path: Path) -> None:
    slow = (
        "**Blue** light is scattered most. " + "word " * 60,
        "The air does it. " + "word " * 60,
    )
    async with (
        demo(tmp_path, slow, pace=0.03, rule="close_at_votes = 3") as started,
        visit(started.page) as visitor,
    ):
        await visitor.entry.press_sequentially("/bat")
        await expect(visitor.tab.locator("#commands [role=option]")).to_have_count(1)
        await visitor.entry.press("Enter")
        await visitor.tab.locator(".option textarea").fill("Why is the sky blue?")
        await visitor.tab.keyboard.press("Enter")
        await expect(visitor.card).to_contain_text("Both models are writing", timeout=FAST)
        begun = (await visitor.card.inner_text()).count("word")
        await visitor.until_open()
        grown = (await visitor.card.inner_text()).count("word")
        before = await visitor.card.inner_text()
        for name, side in (("Nova", "a"), ("Sam", "a"), ("Yuki", "b")):
            await visitor.act_as(name)
            await visitor.vote(EMOJI[side])
        title = await visitor.reaction(EMOJI["a"]).get_attribute("title")
        await expect(visitor.card).to_contain_text("wins", timeout=FAST)
        after = await visitor.card.inner_text()
        await visitor.run("leaderboard")
        board = visitor.messages.last
        await expect(board).to_contain_text("Leaderboard")
        await expect(board).to_contain_text("1 battle, 3 votes")
        ranking = await board.inner_text()

    assert begun < grown
    assert not any(name in before for name in NAMES)
    assert all(name in after and name in ranking for name in NAMES)
    assert "(3 votes)" in after
    assert "Nova" in (title or "")
    assert "Sam" in (title or "")


async def test_a_member_can_change_their_mind(tmp_path: Path) -> None:
    async with demo(tmp_path) as started, visit(started.page) as visitor:
        await visitor.battle()
        await visitor.vote(EMOJI["a"])
        await visitor.reaction(EMOJI["a"]).click()
        await expect(visitor.reaction(EMOJI["a"])).to_have_attribute("aria-pressed", "false")
        await visitor.vote(EMOJI["b"])
        await visitor.act_as("Mika")
        await visitor.card.get_by_role("button", name="Close (asker)").click()
        await expect(visitor.card).to_contain_text("(1 vote)", timeout=FAST)

        await expect(visitor.card).to_contain_text("🅱️ 1")


async def test_only_the_asker_or_a_moderator_closes_early(tmp_path: Path) -> None:
    async with demo(tmp_path) as started, visit(started.page) as visitor:
        await visitor.battle()
        await visitor.act_as("Sam")
        await visitor.card.get_by_role("button", name="Close (asker)").click()
        await expect(visitor.tab.locator(".ephemeral")).to_be_visible()
        await expect(visitor.card).to_contain_text("Your last reaction counts")
        await visitor.act_as("Mika")
        await expect(visitor.tab.locator(".ephemeral")).to_have_count(0)
        await visitor.card.get_by_role("button", name="Close (asker)").click()

        await expect(visitor.card).to_contain_text("No votes", timeout=FAST)


async def test_a_long_reply_is_read_in_pages_that_nobody_else_sees(tmp_path: Path) -> None:
    async with demo(tmp_path, (LONG, LONG), pace=0) as started, visit(started.page) as visitor:
        await visitor.battle()
        async with visit(started.page) as other:
            await other.act_as("Yuki")
            await visitor.card.get_by_role("button", name="Read A").click()
            answer = visitor.tab.locator(".ephemeral")
            await expect(answer).to_contain_text("Only you can see this")
            await expect(answer).to_contain_text("(1/3)")
            await answer.get_by_role("button", name="Next page").click()
            await expect(answer).to_contain_text("(2/3)")
            await expect(answer.get_by_role("button", name="Next page")).to_be_focused()
            await expect(other.card).to_be_visible()
            await expect(other.tab.locator(".ephemeral")).to_have_count(0)
        await visitor.act_as("Sam")
        await expect(visitor.tab.locator(".ephemeral")).to_have_count(0)
        await visitor.act_as("Alex")
        await expect(answer).to_contain_text("(2/3)")
        await answer.get_by_role("button", name="Dismiss").click()

        await expect(visitor.tab.locator(".ephemeral")).to_have_count(0)


async def test_a_crowd_votes_and_every_vote_counts(tmp_path: Path) -> None:
    async with demo(tmp_path) as started, visit(started.page) as visitor:
        await visitor.battle()
        await visitor.tab.locator("#crowd").click()
        await expect(visitor.tab.locator("#members")).to_contain_text("24", timeout=FAST)
        async with asyncio.timeout(60):
            while sum([await visitor.count(emoji) for emoji in (*EMOJI.values(), "👎")]) < 24:  # noqa: ASYNC110 - people take their time
                await asyncio.sleep(0.05)
        await visitor.act_as("Mika")
        await visitor.card.get_by_role("button", name="Close (asker)").click()

        await expect(visitor.card).to_contain_text("(20 votes)", timeout=FAST)


async def test_a_secret_ballot_is_voted_on_with_buttons_by_one_and_by_a_crowd(tmp_path: Path) -> None:
    async with demo(tmp_path, rule='ballot = "secret"') as started, visit(started.page) as visitor:
        await visitor.ask("Why?")
        await visitor.card.get_by_role("button", name="A is better").click(timeout=FAST)
        await expect(visitor.messages.last).to_contain_text("Your vote: 🅰️ A is better")
        await visitor.act_as("Sam")
        await expect(visitor.messages.last).not_to_contain_text("Your vote")
        await visitor.tab.locator("#crowd").click()
        await Installation(tmp_path).until("select count(vote) from votes", [(21,)])
        during = await visitor.card.inner_text()
        await visitor.act_as("Mika")
        await visitor.card.get_by_role("button", name="Close (asker)").click()

        await expect(visitor.card).to_contain_text("(21 votes)", timeout=FAST)
        assert "votes)" not in during


async def test_a_bot_like_account_votes_in_vain(tmp_path: Path) -> None:
    async with demo(tmp_path) as started, visit(started.page) as visitor:
        await visitor.battle()
        await visitor.act_as("Echo")
        await visitor.vote(EMOJI["a"])
        await visitor.act_as("Mika")
        await visitor.card.get_by_role("button", name="Close (asker)").click()

        await expect(visitor.card).to_contain_text("No votes", timeout=FAST)


async def test_the_page_and_the_bot_speak_japanese(tmp_path: Path) -> None:
    replies = ("空気が青い光を散らすからです。", "**レイリー散乱**のためです。")
    async with demo(tmp_path, replies, language="ja") as started, visit(started.page) as visitor:
        await expect(visitor.tab.locator("html")).to_have_attribute("lang", "ja")
        await visitor.entry.fill("/")
        await expect(visitor.tab.locator("#commands")).to_contain_text("モデル")
        await visitor.battle("空はなぜ青いのですか？")
        await visitor.act_as("美香")
        await visitor.vote(EMOJI["b"])
        await visitor.card.get_by_role("button", name="締め切る（質問した人）").click()
        await expect(visitor.card).to_contain_text("1票", timeout=FAST)
        await visitor.tab.locator("#language").click()
        await expect(visitor.tab.locator("html")).to_have_attribute("lang", "en")

        await expect(visitor.card).to_contain_text("(edited)")


async def test_everything_is_in_reach_at_the_width_of_a_phone(tmp_path: Path) -> None:
    code = "```python\n" + "x = " + "1 + " * 60 + "1\n```"
    async with (
        demo(tmp_path, (code, "https://a.example/" + "x" * 300)) as started,
        visit(started.page, size=PHONE) as visitor,
    ):
        await visitor.tab.locator("#open-sidebar").click()
        await visitor.tab.locator(".channel", has_text="arena").click()
        await expect(visitor.tab.locator("#channel-name")).to_contain_text("arena")
        await visitor.battle()
        await visitor.vote(EMOJI["a"])
        await visitor.tab.locator("#open-panel").click()
        await expect(visitor.tab.locator("#panel")).to_contain_text("PUT")
        await visitor.tab.locator("#panel").get_by_role("button", name="Close").click()
        too_wide = await visitor.too_wide()

    assert too_wide == []


async def test_the_keyboard_alone_suffices(tmp_path: Path) -> None:
    async with demo(tmp_path, ("||hidden|| words", "others")) as started, visit(started.page) as visitor:
        keyboard, focused = visitor.tab.keyboard, visitor.tab.locator(":focus")
        await keyboard.press("Tab")
        await expect(focused).to_have_class("skip")
        await keyboard.press("Enter")
        await keyboard.type("/b")
        await keyboard.press("Tab")
        await keyboard.type("Why?")
        await keyboard.press("Enter")
        await visitor.until_open()
        await expect(visitor.entry).to_be_focused()
        for key in ("🅰️", "hidden"):
            for _attempt in range(20):
                await keyboard.press("Shift+Tab")
                told = await focused.evaluate(TOLD)
                if told == key:
                    break
            await keyboard.press("Enter")
        await expect(visitor.reaction(EMOJI["a"])).to_have_attribute("aria-pressed", "true")
        await expect(visitor.card.locator(".hidden-spoiler")).to_have_count(0)
