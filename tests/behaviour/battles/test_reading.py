from __future__ import annotations

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


async def test_a_short_reply_is_read_on_one_page_that_leads_nowhere(tmp_path: Path) -> None:
    async with place(tmp_path, pair("Short and good.")) as here:
        card = await here.battle()
        result = await here.bob.click(card, label="Read A")

        assert result.response
        assert answer_to(result) == "### Reply A\nShort and good."
        assert buttons_of(result.response.message) == ["arena:report:1:a"]


async def test_a_long_reply_is_cut_on_the_card_with_its_code_closed(tmp_path: Path) -> None:
    async with place(tmp_path, pair(CODE)) as here:
        text = text_of(await here.battle())

        assert "print(10)" in text
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
        result = await here.carol.click(card, label="Read B")

        assert answer_to(result) == "### Reply B\nShort and good."


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
