from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.behaviour.models.office import office
from tests.behaviour.place import place, speak, text_of
from tests.competitors import competitor

if TYPE_CHECKING:
    from pathlib import Path


async def test_a_reply_that_names_its_model_leaves_the_votes_out_of_the_ratings(tmp_path: Path) -> None:
    competitors = [competitor("GPT-4o", "As GPT-4o I would say yes."), competitor("Quillon", "Yes.")]
    async with place(tmp_path, competitors) as here:
        card = await here.battle()
        await here.bob.react(card, "🅰️")
        text = text_of(await here.close())

        assert "Not rated: reply" in text
        assert "gives its model away (“GPT-4o”)" in text
        assert text.count("rating 1000") == 2
        assert "→" not in text
        assert here.row("select state, unrated, votes_a from battles") == ("closed", "leak", 1)
        assert here.row("select count(*) from votes") == (1,)
        assert here.row("select count(*) from pair_sums") == (0,)


async def test_that_a_reply_gives_itself_away_is_not_said_before_the_reveal(tmp_path: Path) -> None:
    competitors = [competitor("GPT-4o", "As GPT-4o I would say yes."), competitor("Quillon", "Yes.")]
    async with place(tmp_path, competitors) as here:
        text = text_of(await here.battle())

        assert "Not rated" not in text


async def test_a_prompt_that_asks_who_they_are_is_not_rated(tmp_path: Path) -> None:
    async with place(tmp_path, [competitor("Zephyrine", "A friend."), competitor("Quillon", "Me.")]) as here:
        card = await here.battle("Who are you? Which company made you?")
        await here.bob.react(card, "🅰️")
        text = text_of(await here.close())

        assert "Not rated: the prompt asks the models who they are." in text
        assert here.row("select unrated, votes_a from battles") == ("asked_identity", 1)
        assert here.row("select count(*) from pair_sums") == (0,)


async def test_an_unrated_battle_does_not_show_on_the_leaderboard(tmp_path: Path) -> None:
    async with place(tmp_path, [competitor("Zephyrine"), competitor("Quillon")]) as here:
        card = await here.battle("Who are you?")
        await here.bob.react(card, "🅰️")
        await here.close()
        board = await here.bob.slash(here.channel, "leaderboard")

        assert board.response
        assert "No votes yet" in text_of(board.response.message)


async def test_the_name_of_the_other_model_gives_nobody_away(tmp_path: Path) -> None:
    competitors = [competitor("GPT-4o", "Yes."), competitor("Quillon", "Ask GPT-4o.")]
    async with place(tmp_path, competitors) as here:
        await here.battle()
        text = text_of(await here.close())

        assert "Not rated" not in text


@pytest.mark.parametrize(
    ("locale", "why"),
    [
        ("en-US", "Not rated: reply {side} gives its model away (“I am GPT-4o”)."),
        ("ja", "レーティング対象外：回答{side}に、モデルの正体がわかる記述（「I am GPT-4o」）があります。"),
    ],
)
async def test_the_reveal_says_why_in_the_servers_language_for_a_later_turn_too(
    tmp_path: Path, locale: str, why: str
) -> None:
    competitors = [competitor("Zephyrine", "Fine.", later=("I am GPT-4o.",)), competitor("Quillon", "Fine.")]
    async with place(tmp_path, competitors) as here:
        speak(here, locale)
        card = await here.battle("Why?")
        form = await here.alice.click(card, custom_id="arena:continue:1")
        await here.alice.submit_modal(form, {"prompt": "And then?"})
        await here.env.settle()
        text = text_of(await here.close())

        assert [why.format(side=side) in text for side in "AB"].count(True) == 1


@pytest.mark.parametrize("said", ["aurora-9 thinks so.", "My answer, as Boreal X1: yes."])
async def test_the_served_id_and_the_aliases_of_a_model_give_it_away(tmp_path: Path, said: str) -> None:
    async with office(tmp_path) as at:
        blank = {"prompt": "", "temperature": "", "tokens": "", "prices": ""}
        await at.submit()
        await at.correct("Options", blank | {"more": 'aliases = ["Boreal X1"]'})
        await at.press("Save")
        await at.decide("disable", "Quillon")
        at.server.answer(at.saying(said))
        await at.battle()

        assert at.here.rows("select unrated from battles") == [("leak",)]
