from __future__ import annotations

import re
from typing import TYPE_CHECKING

from tests.behaviour.place import answer_to, buttons_of, place, text_of
from tests.competitors import competitor

if TYPE_CHECKING:
    from pathlib import Path

    from bot.arena.models.roster import Competitor

CODE = "Some code:\n```python\n" + "\n".join(f"print({number})" for number in range(900)) + "\n```\nDone."
FENCE = "```"


def pair(reply: str) -> list[Competitor]:
    return [competitor("Zephyrine", reply), competitor("Quillon", reply)]


async def test_two_short_replies_are_compared_on_one_page_where_each_can_be_reported(tmp_path: Path) -> None:
    async with place(tmp_path, pair("Short and good.")) as here:
        card = await here.battle()
        result = await here.bob.click(card, label="🔍 Compare")

        assert result.response
        assert answer_to(result) == (
            "### Compare\n### 🅰️ Reply A\nShort and good.\n### 🅱️ Reply B\nShort and good."
        )
        assert buttons_of(result.response.message) == ["arena:report:1:a", "arena:report:1:b"]


async def test_nothing_is_to_be_read_beside_a_reply_that_is_shown_whole(tmp_path: Path) -> None:
    short, long = "Short and good.", "A long reply. " * 100
    async with place(tmp_path, [competitor("Zephyrine", short), competitor("Quillon", long)]) as here:
        card = await here.battle()
        side = "a" if text_of(card).index(short) > text_of(card).index("A long reply") else "b"

        assert [each for each in buttons_of(card) if "read" in str(each)] == [f"arena:read:1:{side}"]
        assert re.search(r"-# continues: about \d+ more characters", text_of(card))


async def test_long_replies_are_compared_in_step_to_the_end_of_the_longer(tmp_path: Path) -> None:
    replies = "Once. " * 500 + "The end.", "Twice. " * 900 + "The very end."
    async with place(tmp_path, map(competitor, ("Zephyrine", "Quillon"), replies)) as here:
        card = await here.battle()
        result = await here.bob.click(card, label="🔍 Compare")
        assert result.response
        pages = [text_of(result.response.message)]
        while len(pages) < int(pages[0].partition("/")[2].partition(")")[0]):
            await here.bob.click(result.response.message, label="Next page")
            pages.append(text_of(result.response.message))

        assert [page.count("Once. Once.") > 0 for page in pages] == [True, True, False, False]
        assert [page.count("Twice. Twice.") > 0 for page in pages] == [True] * 4
        assert "It ended on an earlier page." in pages[2]
        assert ["The end." in page for page in pages] == [False, True, False, False]
        assert "The very end." in pages[3]
        assert [page.startswith(f"### Compare ({number}/4)") for number, page in enumerate(pages, 1)] == [
            True
        ] * 4


async def test_a_conversation_is_compared_turn_by_turn(tmp_path: Path) -> None:
    long = "First. " * 400
    models = [competitor("Zephyrine", long, later=("Second.",)), competitor("Quillon", "1.", later=("2.",))]
    async with place(tmp_path, models) as here:
        card = await here.battle("Why?")
        form = await here.alice.click(card, custom_id="arena:continue:1")
        await here.alice.submit_modal(form, {"prompt": "And then?"})
        await here.env.settle()
        result = await here.bob.click(here.card, label="🔍 Compare")
        assert result.response
        first = text_of(result.response.message)
        await here.bob.click(result.response.message, label="Next page")
        await here.bob.click(result.response.message, label="Next page")
        last = text_of(result.response.message)

        assert first.startswith("### Compare (1/3)\n**1.** Why?\n")
        assert last.startswith("### Compare (3/3)\n**2.** And then?\n")
        assert "Second." in last
        assert "2." in last
        assert "First." not in last


async def test_a_long_reply_is_cut_on_the_card_with_its_code_closed(tmp_path: Path) -> None:
    async with place(tmp_path, pair(CODE)) as here:
        text = text_of(await here.battle())

        assert "print(10)" in text
        assert f"{FENCE}\n-# continues: about " in text
        assert "print(899)" not in text
        assert text.count(FENCE) % 2 == 0


async def test_a_long_reply_is_read_in_pages_that_reopen_its_code(tmp_path: Path) -> None:
    async with place(tmp_path, pair(CODE)) as here:
        card = await here.battle()
        result = await here.bob.click(card, label="Read A")
        assert result.response
        first = text_of(result.response.message)
        await here.bob.click(result.response.message, label="Next page")
        second = text_of(result.response.message)

        assert first.startswith("### Reply A (1/")
        assert second.startswith("### Reply A (2/")
        assert second.split("\n")[1] == "```python"
        assert first.endswith(FENCE)
        assert first != second


async def test_turning_pages_changes_the_members_own_message_and_sends_no_other(tmp_path: Path) -> None:
    async with place(tmp_path, pair(CODE)) as here:
        card = await here.battle()
        result = await here.bob.click(card, label="Read A")
        assert result.response
        there = await here.bob.click(result.response.message, label="Next page")
        back = await here.bob.click(result.response.message, label="Previous page")

        assert [turned.response and turned.response.id for turned in (there, back)] == [
            result.response.id,
            result.response.id,
        ]
        assert text_of(result.response.message).startswith("### Reply A (1/")
        assert len(here.channel.history(viewer=here.carol)) == 1


async def test_the_last_page_ends_the_reply_and_leads_back_only(tmp_path: Path) -> None:
    async with place(tmp_path, pair(CODE)) as here:
        card = await here.battle()
        result = await here.bob.click(card, label="Read B")
        assert result.response
        message = result.response.message
        pages = int(text_of(message).partition("/")[2].partition(")")[0])
        for _ in range(pages - 1):
            await here.bob.click(result.response.message, label="Next page")

        assert text_of(result.response.message).endswith("Done.")
        assert text_of(result.response.message).startswith(f"### Reply B ({pages}/{pages})")


async def test_replies_can_be_read_after_the_reveal(tmp_path: Path) -> None:
    async with place(tmp_path, pair("Short and good.")) as here:
        await here.battle()
        card = await here.close()
        result = await here.carol.click(card, label="🔍 Compare")

        assert answer_to(result).count("Short and good.") == 2


async def test_a_prompt_too_long_for_the_card_can_be_read_whole(tmp_path: Path) -> None:
    prompt = "How? " * 500
    async with place(tmp_path, pair("So.")) as here:
        card = await here.battle(prompt)
        result = await here.carol.click(card, label="Read the prompt")

        assert answer_to(result) == f"### Prompt\n{prompt.strip()}"


async def test_a_prompt_that_fits_has_no_button(tmp_path: Path) -> None:
    async with place(tmp_path, pair("So.")) as here:
        card = await here.battle("How?")

        assert "arena:read:1:prompt" not in buttons_of(card)
