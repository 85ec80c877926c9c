"""Prompts and conversations that are too long for some models."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from tests.behaviour.place import answer_to, place, text_of
from tests.behaviour.ratings.boards import refusal
from tests.competitors import asked, competitor

if TYPE_CHECKING:
    from pathlib import Path

    from bot.arena.models.roster import Competitor

CONTINUE = "arena:continue:1"


def limited(name: str, most: int | None) -> Competitor:
    return replace(competitor(name, "Fine."), max_prompt_chars=most)


async def test_a_model_is_not_drawn_for_a_prompt_that_is_too_long_for_it(tmp_path: Path) -> None:
    small, *others = competitors = [
        limited("Zephyrine", 10),
        limited("Quillon", None),
        limited("Marrowby", 100),
    ]
    async with place(tmp_path, competitors) as here:
        for _ in range(6):
            await here.alice.slash(here.channel, "battle", prompt="x" * 11)

        assert asked(small) == []
        assert all(len(asked(one)) == 6 for one in others)


async def test_a_prompt_too_long_for_two_is_refused_before_anything_is_spent(tmp_path: Path) -> None:
    competitors = [limited("Zephyrine", 10), limited("Quillon", None), limited("Marrowby", 20)]
    async with place(tmp_path, competitors) as here:
        refused = answer_to(await here.alice.slash(here.channel, "battle", prompt="x" * 21))

        assert "Your prompt has 21 characters." in refused
        assert "has 20. Please shorten it." in refused
        assert here.rows("select * from battles") == []
        assert not any(asked(one) for one in competitors)
        assert len(here.env.errors) == 1


async def test_a_conversation_has_the_room_that_the_smallest_model_leaves(tmp_path: Path) -> None:
    competitors = [limited("Zephyrine", 30), limited("Quillon", None)]
    async with place(tmp_path, competitors) as here:
        card = await here.battle("Why?")
        forms = [await here.alice.click(card, custom_id=CONTINUE) for _ in range(3)]
        await here.alice.submit_modal(forms[0], {"prompt": "x" * 10})
        await here.env.settle()
        late = await here.alice.submit_modal(forms[1], {"prompt": "x" * 7})
        await here.alice.submit_modal(forms[2], {"prompt": "x" * 6})
        await here.env.settle()
        full = await here.alice.click(here.card, custom_id=CONTINUE)

        assert "'max_length': 21" in str(forms[0].modal)
        assert "room for 6 more characters, and your prompt has 7" in late.followups[0].content
        assert "Prompt, turn 3" in text_of(here.card)
        assert "as long as the models here can take" in refusal(here, full)
        assert all(len(asked(one)) == 3 for one in competitors)


async def test_who_is_not_in_the_battle_limits_it_as_well_so_that_its_length_tells_nothing(
    tmp_path: Path,
) -> None:
    competitors = [limited("Zephyrine", 30), limited("Quillon", None), limited("Marrowby", None)]
    async with place(tmp_path, competitors) as here:
        for number in range(6):
            await here.alice.slash(here.channel, "battle", prompt="x" * 25)
            refused = await here.alice.click(
                here.channel.history()[number], custom_id=f"arena:continue:{number + 1}"
            )

            assert "as long as the models here can take" in refusal(here, refused)
        assert len(asked(competitors[0])) < 6
